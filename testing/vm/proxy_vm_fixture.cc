// SPDX-License-Identifier: Apache-2.0
#include "testing/vm/proxy_vm_fixture.h"

#include <filesystem>
#include <iostream>
#include <map>
#include <system_error>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "testing/vm/eventually.h"
#include "testing/vm/runfile.h"

namespace vios::testing {
namespace {

// By number of processors.
std::map<int, std::unique_ptr<ProxyVm>>& SharedGuests() {
  static auto& guests = *new std::map<int, std::unique_ptr<ProxyVm>>;
  return guests;
}

int OpenSockets(pid_t pid) {
  int sockets = 0;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(
           absl::StrCat("/proc/", pid, "/fd"), error)) {
    const std::string what =
        std::filesystem::read_symlink(entry.path(), error).string();
    if (absl::StartsWith(what, "socket:")) ++sockets;
  }
  return sockets;
}

}  // namespace

void ProxyVmTest::TearDownTestSuite() { SharedGuests().clear(); }

void ProxyVmTest::SetUp() {
  const VmOptions options = Options();
  std::unique_ptr<ProxyVm>& guest = SharedGuests()[options.vcpus];
  if (!guest) {
    absl::StatusOr<std::unique_ptr<ProxyVm>> booted = ProxyVm::Boot(options);
    ASSERT_TRUE(booted.ok()) << booted.status();
    guest = *std::move(booted);
  }
  guest_ = guest.get();
  Restart("");
}

void ProxyVmTest::TearDown() {
  if (guest_ == nullptr) return;
  if (HasFailure()) {
    std::cerr << "service:\n"
              << (service_ ? service_->Log() : "none\n") << "host daemon:\n"
              << (host_ ? host_->Log() : "none\n") << "guest daemon:\n"
              << guest_->GuestLog() << std::endl;
  }
  StopAll();
}

void ProxyVmTest::StartService() {
  const std::string log = absl::StrCat(temp_.path(), "/service.", ++names_);
  absl::StatusOr<std::unique_ptr<TrafficService>> service =
      TrafficService::Start(log, service_port_);
  ASSERT_TRUE(service.ok()) << service.status();
  service_ = *std::move(service);
  service_port_ = service_->port();
}

void ProxyVmTest::StartHost(const std::vector<std::string>& flags) {
  RunHost({Runfile("proxy/vios-proxy-host")}, flags);
}

void ProxyVmTest::StartHastyHost(int haste,
                                 const std::vector<std::string>& flags) {
  // By its name the tools know a host daemon.
  const std::filesystem::path program =
      absl::StrCat(temp_.path(), "/vios-proxy-host");
  if (!std::filesystem::is_symlink(program)) {
    std::filesystem::create_symlink(
        std::filesystem::absolute(Runfile("testing/vm/hasty-host")), program);
  }
  RunHost({"env", absl::StrCat("VIOS_HASTE=", haste), program.string()}, flags);
}

void ProxyVmTest::RunHost(std::vector<std::string> argv,
                          const std::vector<std::string>& flags) {
  argv.insert(argv.end(),
              {vm().guests_directory(), absl::StrCat(service_port_), "INFO"});
  argv.insert(argv.end(), flags.begin(), flags.end());
  const std::string log = absl::StrCat(temp_.path(), "/host.", ++names_);
  absl::StatusOr<std::unique_ptr<Process>> host =
      Process::Start(std::move(argv), log);
  ASSERT_TRUE(host.ok()) << host.status();
  host_ = *std::move(host);
}

void ProxyVmTest::AwaitConnected(int count) {
  // One socket is not of a channel: the lock against a second instance.
  const auto connected = [this] { return OpenSockets(host_->pid()) - 1; };
  EXPECT_TRUE(Eventually(kLimit, [&] { return connected() >= count; }))
      << connected() << " of " << count;
}

void ProxyVmTest::StopAll() {
  guest_->KillAll();
  StopHost();
  StopService();
}

void ProxyVmTest::Restart(const std::string& guest_flags,
                          const std::vector<std::string>& host_flags) {
  StopAll();
  StartService();
  StartHost(host_flags);
  guest_->StartGuest(guest_flags);
}

std::vector<Job> ProxyVmTest::StayingClients(const std::string& name,
                                             int count) {
  std::vector<Job> clients;
  for (int i = 0; i < count; ++i) {
    const std::string request = absl::StrCat("echo ", name, i);
    clients.push_back(guest_->StartClient(
        request, "--send=100000:5 --expect=100000:5 --stay"));
  }
  for (const Job& client : clients) guest_->AwaitArrived(client);
  return clients;
}

void ProxyVmTest::FinishAll(const std::vector<Job>& clients) {
  for (const Job& client : clients) {
    const ClientResult result = guest_->FinishClient(client);
    EXPECT_EQ(result.outcome(), "clean-eof") << result;
  }
}

void ProxyVmTest::ExpectChannelsWork(int count) {
  const std::string name = absl::StrCat("check", ++names_, ".");
  FinishAll(StayingClients(name, count));
}

VmOptions ProxyVmTestWithVcpus::Options() const {
  VmOptions options;
  options.vcpus = GetParam();
  return options;
}

}  // namespace vios::testing
