// SPDX-License-Identifier: Apache-2.0
#include "testing/campaign/injector.h"

#include <csignal>

#include "absl/strings/str_format.h"
#include "testing/campaign/cut.h"
#include "testing/vm/vm_states.h"

namespace vios::testing {
namespace {

constexpr char kSnapshot[] = "campaign";
constexpr char kNoBackend[] = R"({"type":"null","data":{}})";

std::string SocketBackend(const std::string& path) {
  return absl::StrFormat(
      R"({"type":"socket","data":{"addr":{"type":"unix","data":{"path":"%s"}},)"
      R"("server":true,"wait":false}})",
      path);
}

}  // namespace

absl::Status Injector::Begin(const PlannedFault& fault,
                             std::vector<RunningClient>& clients) {
  const uint32_t port = world_.Port(fault.which);
  switch (fault.fault) {
    case Fault::kNone:
      return absl::OkStatus();
    case Fault::kHostKilled:
      world_.KillHost();
      return absl::OkStatus();
    case Fault::kHostStopped:
      world_.host()->Signal(SIGSTOP);
      return absl::OkStatus();
    case Fault::kGuestKilled:
      return world_.KillGuest();
    case Fault::kGuestStopped:
      return world_.SignalGuest(SIGSTOP);
    case Fault::kServiceKilled:
      world_.KillService();
      return absl::OkStatus();
    case Fault::kServiceStopped:
      world_.service().Signal(SIGSTOP);
      return absl::OkStatus();
    case Fault::kClientKilled:
      return KillClient(fault.which, clients);
    case Fault::kHostEndClosed:
      return CutHostEnd(port);
    case Fault::kSocketReplaced:
      return ChangeSocket(port, kNoBackend);
    case Fault::kPortUnplugged:
      return world_.vm().UnplugPort(World::PortName(port));
    case Fault::kVmPaused:
      return world_.vm().Pause();
    case Fault::kVmSuspended:
      return Suspend(world_.vm());
    case Fault::kVmReset:
      return Reset(clients);
    case Fault::kSnapshotLoaded:
      return LoadSnapshot(clients);
  }
  return absl::InternalError("no such fault");
}

absl::Status Injector::End(const PlannedFault& fault) {
  const uint32_t port = world_.Port(fault.which);
  switch (fault.fault) {
    case Fault::kHostKilled:
      return world_.StartHost();
    case Fault::kHostStopped:
      world_.host()->Signal(SIGCONT);
      return absl::OkStatus();
    case Fault::kGuestKilled:
    case Fault::kVmReset:
      return world_.StartGuest();
    case Fault::kGuestStopped:
      return world_.SignalGuest(SIGCONT);
    case Fault::kServiceKilled:
      return world_.StartService();
    case Fault::kServiceStopped:
      world_.service().Signal(SIGCONT);
      return absl::OkStatus();
    case Fault::kSocketReplaced:
      return ChangeSocket(port, SocketBackend(world_.SocketPath(port)));
    case Fault::kPortUnplugged:
      return world_.vm().HotPlugPort(World::PortName(port),
                                     world_.SocketPath(port));
    case Fault::kVmPaused:
      return world_.vm().Continue();
    case Fault::kVmSuspended:
      return WakeUp(world_.vm());
    default:
      return absl::OkStatus();  // Was over at once.
  }
}

absl::Status Injector::KillClient(uint32_t which,
                                  std::vector<RunningClient>& clients) {
  RunningClient& client = clients[which % clients.size()];
  client.killed = true;
  // One that has ended by itself is still there for its parent.
  return world_.vm().agent().Signal(client.job, SIGKILL);
}

// The daemon may have none just now: while it connects again.
absl::Status Injector::CutHostEnd(uint32_t port) {
  if (world_.host() == nullptr) return absl::OkStatus();
  const absl::Status status =
      CutConnection(world_.host()->pid(), world_.SocketPath(port));
  return absl::IsNotFound(status) ? absl::OkStatus() : status;
}

absl::Status Injector::ChangeSocket(uint32_t port, const std::string& backend) {
  return world_.vm()
      .qmp()
      .Execute("chardev-change",
               absl::StrFormat(R"({"id":"%s","backend":%s})",
                               ChardevId(World::PortName(port)), backend))
      .status();
}

absl::Status Injector::Reset(std::vector<RunningClient>& clients) {
  for (RunningClient& client : clients) client.wiped = true;
  return world_.vm().Reset();
}

absl::Status Injector::TakeSnapshot(const std::vector<RunningClient>& clients) {
  clients_in_snapshot_ = clients.size();
  return SaveSnapshot(world_.vm(), kSnapshot);
}

absl::Status Injector::LoadSnapshot(std::vector<RunningClient>& clients) {
  for (size_t i = clients_in_snapshot_; i < clients.size(); ++i) {
    clients[i].wiped = true;
  }
  return vios::testing::LoadSnapshot(world_.vm(), kSnapshot);
}

}  // namespace vios::testing
