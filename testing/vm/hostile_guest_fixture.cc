// SPDX-License-Identifier: Apache-2.0
#include "testing/vm/hostile_guest_fixture.h"

#include <csignal>
#include <filesystem>
#include <iostream>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "testing/vm/client_result.h"
#include "testing/vm/eventually.h"
#include "testing/vm/runfile.h"

namespace vios::testing {

std::unique_ptr<HostileGuestTest::World> HostileGuestTest::world_;

std::unique_ptr<ProxyVm> HostileGuestTest::Boot(const std::string& name) {
  VmOptions options;
  options.name = name;
  options.guests_directory = world_->guests;
  options.ports = kPorts;
  options.programs = {"testing/vm/hostile.cpio"};
  auto guest = ProxyVm::Boot(options);
  EXPECT_TRUE(guest.ok()) << guest.status();
  return guest.ok() ? *std::move(guest) : nullptr;
}

void HostileGuestTest::SetUpTestSuite() {
  world_ = std::make_unique<World>();
  std::filesystem::create_directory(world_->guests);
  auto service = TrafficService::Start(world_->temp.path() + "/service");
  ASSERT_TRUE(service.ok()) << service.status();
  world_->service = *std::move(service);
  auto host =
      Process::Start({Runfile("proxy/vios-proxy-host"), world_->guests,
                      absl::StrCat(world_->service->port()), "INFO",
                      // So that what is given up is also seen to be given up.
                      "--connect_timeout=5s"},
                     world_->temp.path() + "/host");
  ASSERT_TRUE(host.ok()) << host.status();
  world_->host = *std::move(host);
  world_->honest = Boot("honest");
  world_->hostile = Boot("hostile");
  ASSERT_TRUE(world_->honest && world_->hostile);
  world_->honest->StartGuest();
}

void HostileGuestTest::SetUp() {
  ASSERT_TRUE(world_ && world_->honest && world_->hostile);
}

void HostileGuestTest::TearDown() {
  if (world_ && world_->hostile) world_->hostile->KillAll();
  if (HasFailure() && world_ && world_->host) {
    std::cerr << "host daemon:\n" << world_->host->Log() << std::endl;
  }
}

void HostileGuestTest::StartAttack(Attack attack) {
  std::string command = "hostile guest " + Name(attack);
  for (int i = 0; i < kPorts; ++i) {
    absl::StrAppend(&command, " /dev/virtio-ports/qpid.", i);
  }
  StartInHostileGuest(command);
}

void HostileGuestTest::StartBusyLoop() {
  StartInHostileGuest("sh -c 'while :; do :; done'");
}

void HostileGuestTest::StartInHostileGuest(const std::string& command) {
  const auto job = hostile().vm().agent().Start(command);
  ASSERT_TRUE(job.ok()) << job.status();
  attack_ = *job;
}

std::string HostileGuestTest::AttackReport() {
  return ClientResult(hostile().vm().agent().ReadFile(attack_.log).value_or(""))
      .line();
}

void HostileGuestTest::AwaitAttack() {
  EXPECT_TRUE(Eventually(kLimit, [&] {
    const std::string report = AttackReport();
    return !report.empty() && !absl::StrContains(report, "bytes=0");
  }));
}

void HostileGuestTest::StopAttack() {
  Agent& agent = hostile().vm().agent();
  EXPECT_TRUE(agent.Signal(attack_, SIGKILL).ok());
  EXPECT_EQ(agent.Wait(attack_, kLimit).value_or("unknown"), "signal 9");
}

// The service says one of two things of each connection when it begins.
size_t HostileGuestTest::Dials() const {
  size_t dials = 0;
  const std::string log = world_->service->Log();
  for (const absl::string_view line : absl::StrSplit(log, '\n')) {
    if (absl::StartsWith(line, "begin ") || absl::StartsWith(line, "no req")) {
      ++dials;
    }
  }
  return dials;
}

void HostileGuestTest::ExpectChannelsWork(ProxyVm& guest) {
  const std::string name = absl::StrCat("echo check", ++world_->names, ".");
  std::vector<Job> clients;
  for (int i = 0; i < kPorts; ++i) {
    clients.push_back(guest.StartClient(
        absl::StrCat(name, i), "--send=100000:5 --expect=100000:5 --stay"));
  }
  for (int i = 0; i < kPorts; ++i) {
    const std::string request = absl::StrCat(name, i);
    EXPECT_TRUE(service().Began(request, kLimit)) << request;
  }
  for (const Job& client : clients) {
    const ClientResult result = guest.FinishClient(client);
    EXPECT_EQ(result.outcome(), "clean-eof") << result;
  }
}

}  // namespace vios::testing
