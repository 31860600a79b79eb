// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_FAKE_QEMU_H_
#define VIOS_PROXY_TESTING_FAKE_QEMU_H_

#include <cstddef>
#include <memory>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "channel/cancel.h"
#include "channel/unique_fd.h"
#include "channel/wakeup.h"

namespace vios::testing {

// One virtio-serial port with both of its ends in this process: a unix socket
// for the host daemon, and one for the guest daemon in place of the device.
// As the real one it
//   - serves one host at a time, others wait in the backlog;
//   - tells the guest when the host leaves (its connection ends, new ones end
//     at once), but never the host when the guest does;
//   - loses what the host has not read when it leaves, what it sent and then
//     left behind, and what waits for a guest that leaves;
//   - takes nothing from the host while no guest has it open.
// Thread-safe.
class FakeQemu {
 public:
  // `buffer` bytes each way lie between the two sockets' own buffers.
  FakeQemu(std::string host_path, std::string guest_path,
           size_t buffer = 64 * 1024);
  ~FakeQemu();

  // Unplugs the port: both sockets and all connections are gone.
  void Remove();
  // Plugs it in again under the same names.
  void Create();
  // A paused machine: connections stay, nothing moves.
  void Pause(bool paused);
  void DropHost();
  void DropGuest();
  // Puts bytes between those that the daemons send.
  void InjectToHost(absl::string_view bytes);
  void InjectToGuest(absl::string_view bytes);
  bool host_attached() const;
  bool guest_attached() const;

 private:
  struct Side {
    std::string path;
    UniqueFd listener;
    UniqueFd peer;
    std::string incoming;  // On its way to the peer.
  };

  void Run();
  void Step() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void Accept(Side& side) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // False when the peer of `from` has left.
  bool Take(Side& from, Side& to) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void Give(Side& to) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void HostLeft() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void GuestLeft() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  bool HungUp(const Side& side) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  short Wanted(const Side& side, const Side& other) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void Plug(bool in) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  const size_t buffer_;
  Cancel stop_;
  const std::unique_ptr<Wakeup> wakeup_;
  mutable absl::Mutex mu_;
  Side host_ ABSL_GUARDED_BY(mu_);
  Side guest_ ABSL_GUARDED_BY(mu_);
  bool paused_ ABSL_GUARDED_BY(mu_) = false;
  std::thread thread_;  // Last: it uses all of the above.
};

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_FAKE_QEMU_H_
