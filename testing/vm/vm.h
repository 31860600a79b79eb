// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_VM_VM_H_
#define VIOS_PROXY_TESTING_VM_VM_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "channel/scratch_dir.h"
#include "testing/vm/agent.h"
#include "testing/vm/figures.h"
#include "testing/vm/process.h"
#include "testing/vm/qemu_command.h"
#include "testing/vm/qmp.h"

namespace vios::testing {

struct VmOptions {
  std::string name = "g1";
  // Holds one directory of sockets per guest; empty: a temporary one.
  std::string guests_directory;
  std::string cpu = "max";  // As QEMU's -cpu takes it.
  int vcpus = 1;
  int devices = 1;     // virtio-serial devices; ports go round them.
  int max_ports = 31;  // Of each, a console included; as QEMU has it.
  int ports = 3;       // qpid.N, its socket GUESTS/NAME/N.
  // Ports of other programs, their sockets GUESTS/NAME/PORT.
  std::vector<std::string> other_ports;
  std::vector<std::string> more;  // Arguments of QEMU.
  // Archives with programs for /bin, as paths in the workspace.
  std::vector<std::string> programs;
  bool snapshots = false;  // Has a disk that can hold them.
  // Has eth0, not up yet, on QEMU's user-mode network: the host is 10.0.2.2.
  bool network = false;
  // Not to boot: to go on with a guest that comes from there (vm_states.h).
  std::string incoming;
};

// A real guest under QEMU, with an agent in it. QEMU is killed when the object
// or the thread that made it ends. The console's last lines are printed when
// a test has failed by then. Not thread-safe. All calls block, with a limit.
class Vm {
 public:
  // Until the agent answers and all ports are in /dev/virtio-ports.
  static absl::StatusOr<std::unique_ptr<Vm>> Boot(const VmOptions& options);
  ~Vm();

  const std::string& guests_directory() const { return guests_directory_; }
  std::string guest_directory() const;
  std::string SocketPath(const std::string& file_name) const;
  absl::Duration boot_time() const { return boot_time_; }

  Agent& agent() { return *agent_; }
  Qmp& qmp() { return *qmp_; }
  // The output of `command` in the guest; an error unless it exits with 0.
  absl::StatusOr<std::string> Run(const std::string& command,
                                  absl::Duration limit = absl::Seconds(60));

  // A new port on the first virtio-serial device.
  absl::Status HotPlugPort(const std::string& name, const std::string& socket);
  // The guest's half goes first, then the socket.
  absl::Status UnplugPort(const std::string& name);
  absl::Status Pause();
  absl::Status Continue();
  // As the reset button; until the agent answers again.
  absl::Status Reset();
  // QEMU itself, with SIGKILL: the sockets stay behind.
  void Kill();
  std::string Console() const;
  // Of QEMU itself.
  absl::StatusOr<Figures> ReadFigures() const { return qemu_->ReadFigures(); }

 private:
  explicit Vm(const VmOptions& options);
  absl::Status Start();
  absl::Status AwaitBoot();

  const VmOptions options_;
  const ScratchDir temp_;
  const std::string guests_directory_;
  QemuCommand command_;
  std::unique_ptr<Process> qemu_;
  std::unique_ptr<Agent> agent_;
  std::unique_ptr<Qmp> qmp_;
  absl::Duration boot_time_;
};

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_VM_VM_H_
