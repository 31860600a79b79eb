// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_VM_PROXY_VM_H_
#define VIOS_PROXY_TESTING_VM_PROXY_VM_H_

#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "testing/vm/client_result.h"
#include "testing/vm/vm.h"

namespace vios::testing {

// Long enough for anything but a stuck session, also where every instruction
// of the guest is interpreted and the machine is busy.
inline constexpr absl::Duration kLimit = absl::Seconds(120);
// What the manual promises "within a second": many times that, because an
// interpreted guest on a busy machine is that much slower.
inline constexpr absl::Duration kPromptly = absl::Seconds(15);

// A guest with our guest daemon and clients in it. What goes wrong in the
// harness itself is a failure of the running test. Not thread-safe.
class ProxyVm {
 public:
  static absl::StatusOr<std::unique_ptr<ProxyVm>> Boot(VmOptions options);

  Vm& vm() { return *vm_; }
  // Moves the guest with all that runs in it into a QEMU of its own, whose
  // ports are those of `destination`, and ends the old one.
  void MigrateTo(VmOptions destination);

  // Starts the daemon on /dev/virtio-ports and port 5672 with more `flags`, and
  // waits until it listens.
  void StartGuest(const std::string& flags = "");
  void SignalGuest(int signal);
  // The end ("exit 0", "signal 9"), "running" after `limit`.
  std::string AwaitGuestEnd(absl::Duration limit);
  void KillGuest();
  std::string GuestLog();
  bool AwaitGuestLog(const std::string& text, absl::Duration limit);
  absl::StatusOr<Figures> GuestFigures();

  // `request` is a line of testing/traffic/behaviour.h, `flags` are those of
  // the program. Client() waits for the result.
  ClientResult Client(const std::string& request,
                      const std::string& flags = "");
  // Goes on while the test does; returns once its connection is made.
  Job StartClient(const std::string& request, const std::string& flags = "");
  // Until it has got all of its --expect, which must not be empty.
  void AwaitArrived(const Job& client);
  void SignalClient(const Job& client, int signal);
  ClientResult AwaitClient(const Job& client, absl::Duration limit = kLimit);
  // Ends a client that was started with --stay as it would by itself.
  ClientResult FinishClient(const Job& client);
  // Everything that a test may have left in the guest.
  void KillAll();

 private:
  explicit ProxyVm(std::unique_ptr<Vm> vm) : vm_(std::move(vm)) {}

  // False when it ended without.
  bool AwaitSaid(const Job& client, const std::string& text);

  std::unique_ptr<Vm> vm_;
  std::optional<Job> guest_;
};

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_VM_PROXY_VM_H_
