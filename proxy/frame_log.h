// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_FRAME_LOG_H_
#define VIOS_PROXY_PROXY_FRAME_LOG_H_

#include <atomic>
#include <cstdint>

#include "absl/time/time.h"
#include "channel/endpoint.h"
#include "channel/frame.h"
#include "channel/frame_trace.h"
#include "proxy/pacer.h"

namespace vios {

// The frames of one channel, each a DEBUG line:
//   channel PATH: sent SYN abcd/????, 36 bytes
// No more than kLinesPerSecond of them; the next line says how many are missing
// in front of it. Thread-safe; blocks as the log does.
class FrameLog {
 public:
  static constexpr int kLinesPerSecond = 100;

  // `endpoint` outlives it.
  explicit FrameLog(const Endpoint& endpoint) : endpoint_(endpoint) {}

  void Note(FrameWay way, const FrameHeader& header);

 private:
  const Endpoint& endpoint_;
  Pacer lines_{kLinesPerSecond, absl::Seconds(1)};
  std::atomic<uint64_t> untold_ = 0;
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_FRAME_LOG_H_
