// SPDX-License-Identifier: Apache-2.0
// A guest that moves to another QEMU while sessions run, a host daemon and a
// service at each side.
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "channel/scratch_dir.h"
#include "gtest/gtest.h"
#include "testing/vm/process.h"
#include "testing/vm/proxy_vm.h"
#include "testing/vm/runfile.h"
#include "testing/vm/traffic_service.h"

namespace vios::testing {
namespace {

// What a machine that can run guests has.
struct Side {
  const ScratchDir temp;
  const std::string guests = temp / "guests";
  std::unique_ptr<TrafficService> service;
  std::unique_ptr<Process> host;

  void Start() {
    std::filesystem::create_directory(guests);
    auto started = TrafficService::Start(temp / "service");
    ASSERT_TRUE(started.ok()) << started.status();
    service = *std::move(started);
    auto daemon = Process::Start(
        {"env", "VIOS_HASTE=20", Runfile("testing/vm/hasty-host"), guests,
         absl::StrCat(service->port()), "INFO"},
        temp / "host");
    ASSERT_TRUE(daemon.ok()) << daemon.status();
    host = *std::move(daemon);
  }
  VmOptions Options() const {
    VmOptions options;
    options.guests_directory = guests;
    return options;
  }
};

class MigrationTest : public ::testing::Test {
 protected:
  void SetUp() override {
    here_.Start();
    there_.Start();
    auto guest = ProxyVm::Boot(here_.Options());
    ASSERT_TRUE(guest.ok()) << guest.status();
    guest_ = *std::move(guest);
    guest_->StartGuest();
  }
  void TearDown() override {
    if (!HasFailure() || guest_ == nullptr) return;
    std::cerr << "host daemon here:\n"
              << here_.host->Log() << "host daemon there:\n"
              << there_.host->Log() << "guest daemon:\n"
              << guest_->GuestLog() << std::endl;
  }

  Side here_;
  Side there_;
  std::unique_ptr<ProxyVm> guest_;
};

TEST_F(MigrationTest, SessionsAreResetAndChannelsWorkAtTheDestination) {
  const std::string down = "source 100000000000 7 down";
  const std::vector<Job> sessions = {
      guest_->StartClient(down, "--expect=100000000000:7"),
      guest_->StartClient("sink up", "--send=100000000000:7"),
      guest_->StartClient("hold silent", "--stay")};
  ASSERT_TRUE(here_.service->Began(down, kLimit));
  ASSERT_TRUE(here_.service->Began("sink up", kLimit));
  ASSERT_TRUE(here_.service->Began("hold silent", kLimit));
  guest_->MigrateTo(there_.Options());
  for (const Job& session : sessions) {
    const ClientResult result = guest_->AwaitClient(session);
    EXPECT_EQ(result.outcome(), "reset") << result;
    EXPECT_TRUE(result.same()) << result;
  }
  EXPECT_TRUE(here_.service->Ended("hold silent", "outcome=reset", kLimit));
  std::vector<Job> clients;
  for (int i = 0; i < 3; ++i) {
    const std::string request = absl::StrCat("echo there", i);
    clients.push_back(guest_->StartClient(
        request, "--send=100000:5 --expect=100000:5 --stay"));
    EXPECT_TRUE(there_.service->Began(request, kLimit)) << request;
  }
  for (const Job& client : clients) {
    EXPECT_EQ(guest_->FinishClient(client).outcome(), "clean-eof");
  }
}

}  // namespace
}  // namespace vios::testing
