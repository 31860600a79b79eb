// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_CONTROL_REQUESTS_H_
#define VIOS_PROXY_PROXY_CONTROL_REQUESTS_H_

#include <atomic>

namespace vios {

// What an operator has asked for through the status server, for the main thread
// to look at. Thread-safe, never blocks; what was asked for stays so.
class ControlRequests {
 public:
  // Begin no new sessions, and stay.
  void RequestDrain() { drain_ = true; }
  // The same, and then end: as SIGTERM.
  void RequestQuit() { quit_ = true; }

  bool drain() const { return drain_; }
  bool quit() const { return quit_; }

 private:
  std::atomic<bool> drain_ = false;
  std::atomic<bool> quit_ = false;
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_CONTROL_REQUESTS_H_
