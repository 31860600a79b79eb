// SPDX-License-Identifier: Apache-2.0
#include "testing/vm/proxy_vm.h"

#include <csignal>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "channel/scratch_dir.h"
#include "gtest/gtest.h"
#include "testing/vm/eventually.h"
#include "testing/vm/vm_states.h"

namespace vios::testing {
namespace {

// Of the guest's TCP sockets: one on port 5672 that listens.
constexpr char kAwaitListening[] =
    "until grep -q ':1628 0*:0000 0A' /proc/net/tcp; do usleep 20000; done";

constexpr char kPrograms[] = "testing/vm/proxy.cpio";

std::string ClientCommand(const std::string& request,
                          const std::string& flags) {
  return absl::StrCat("traffic client --port=5672 --request='", request, "' ",
                      flags);
}

template <typename T>
T ValueOr(const absl::StatusOr<T>& value, T otherwise) {
  if (value.ok()) return *value;
  ADD_FAILURE() << value.status();
  return otherwise;
}

void Expect(const absl::Status& status) { EXPECT_TRUE(status.ok()) << status; }

}  // namespace

absl::StatusOr<std::unique_ptr<ProxyVm>> ProxyVm::Boot(VmOptions options) {
  options.programs.push_back(kPrograms);
  absl::StatusOr<std::unique_ptr<Vm>> vm = Vm::Boot(options);
  if (!vm.ok()) return vm.status();
  return std::unique_ptr<ProxyVm>(new ProxyVm(*std::move(vm)));
}

void ProxyVm::MigrateTo(VmOptions destination) {
  const ScratchDir way;
  destination.incoming = absl::StrCat("unix:", way.path(), "/way");
  destination.programs.push_back(kPrograms);
  absl::StatusOr<std::unique_ptr<Vm>> vm = Vm::Boot(destination);
  ASSERT_TRUE(vm.ok()) << vm.status();
  const absl::Status status = Migrate(*vm_, destination.incoming);
  ASSERT_TRUE(status.ok()) << status;
  vm_ = *std::move(vm);
}

void ProxyVm::StartGuest(const std::string& flags) {
  const absl::StatusOr<Job> job = vm_->agent().Start(
      absl::StrCat("vios-proxy-guest /dev/virtio-ports 5672 INFO ", flags));
  Expect(job.status());
  if (!job.ok()) return;
  guest_ = *job;
  const absl::Status status = vm_->Run(kAwaitListening, kLimit).status();
  EXPECT_TRUE(status.ok()) << status << "\n" << GuestLog();
}

void ProxyVm::SignalGuest(int signal) {
  ASSERT_TRUE(guest_.has_value());
  Expect(vm_->agent().Signal(*guest_, signal));
}

std::string ProxyVm::AwaitGuestEnd(absl::Duration limit) {
  if (!guest_) return "not started";
  return ValueOr<std::string>(vm_->agent().Wait(*guest_, limit), "");
}

void ProxyVm::KillGuest() {
  SignalGuest(SIGKILL);
  EXPECT_EQ(AwaitGuestEnd(kLimit), "signal 9");
}

std::string ProxyVm::GuestLog() {
  if (!guest_) return "not started";
  return ValueOr<std::string>(vm_->agent().ReadFile(guest_->log), "");
}

bool ProxyVm::AwaitGuestLog(const std::string& text, absl::Duration limit) {
  return Eventually(limit, [&] { return absl::StrContains(GuestLog(), text); });
}

absl::StatusOr<Figures> ProxyVm::GuestFigures() {
  if (!guest_) return absl::FailedPreconditionError("not started");
  const absl::StatusOr<std::string> output =
      vm_->Run(FiguresCommand(guest_->handle));
  if (!output.ok()) return output.status();
  return ParseFigures(*output);
}

ClientResult ProxyVm::Client(const std::string& request,
                             const std::string& flags) {
  const absl::StatusOr<CommandResult> result =
      vm_->agent().Run(ClientCommand(request, flags), 2 * kLimit);
  if (!result.ok()) return ClientResult(std::string(result.status().message()));
  return ClientResult(result->end == "timeout" ? "still running" : result->out);
}

Job ProxyVm::StartClient(const std::string& request, const std::string& flags) {
  const Job job =
      ValueOr<Job>(vm_->agent().Start(ClientCommand(request, flags)), Job());
  EXPECT_TRUE(AwaitSaid(job, "connected\n")) << job.log;
  return job;
}

bool ProxyVm::AwaitSaid(const Job& client, const std::string& text) {
  std::string said;
  Eventually(kLimit, [&] {
    said = ValueOr<std::string>(vm_->agent().ReadFile(client.log), "outcome=");
    return absl::StrContains(said, text) || absl::StrContains(said, "outcome=");
  });
  return absl::StrContains(said, text);
}

void ProxyVm::AwaitArrived(const Job& client) {
  EXPECT_TRUE(AwaitSaid(client, "arrived\n")) << client.log;
}

void ProxyVm::SignalClient(const Job& client, int signal) {
  Expect(vm_->agent().Signal(client, signal));
}

ClientResult ProxyVm::AwaitClient(const Job& client, absl::Duration limit) {
  const absl::StatusOr<std::string> end = vm_->agent().Wait(client, limit);
  if (!end.ok()) return ClientResult(std::string(end.status().message()));
  if (*end == "running") return ClientResult("still running");
  return ClientResult(
      ValueOr<std::string>(vm_->agent().ReadFile(client.log), ""));
}

ClientResult ProxyVm::FinishClient(const Job& client) {
  SignalClient(client, SIGTERM);
  return AwaitClient(client);
}

void ProxyVm::KillAll() {
  guest_.reset();
  // Nothing is left once no name of ours is: then the ports are closed, too.
  Expect(vm_->Run("while killall -q -9 traffic vios-proxy-guest; do "
                  "usleep 20000; done; true")
             .status());
}

}  // namespace vios::testing
