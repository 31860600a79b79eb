// SPDX-License-Identifier: Apache-2.0
// One host daemon and the guests that come and go below its directory.
#include <filesystem>
#include <fstream>
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

class TwoGuestsTest : public ::testing::TestWithParam<int> {
 protected:
  // The host daemon is there first, its directory empty.
  void SetUp() override {
    std::filesystem::create_directory(guests_);
    auto service = TrafficService::Start(temp_ / "service");
    ASSERT_TRUE(service.ok()) << service.status();
    service_ = *std::move(service);
    auto host = Process::Start({Runfile("proxy/vios-proxy-host"), guests_,
                                absl::StrCat(service_->port()), "INFO"},
                               temp_ / "host");
    ASSERT_TRUE(host.ok()) << host.status();
    host_ = *std::move(host);
  }

  void TearDown() override {
    if (HasFailure() && host_) std::cerr << host_->Log() << std::endl;
  }

  std::unique_ptr<ProxyVm> Boot(const std::string& name) {
    VmOptions options;
    options.name = name;
    options.vcpus = GetParam();
    options.guests_directory = guests_;
    auto guest = ProxyVm::Boot(options);
    EXPECT_TRUE(guest.ok()) << guest.status();
    if (!guest.ok()) return nullptr;
    (*guest)->StartGuest();
    return *std::move(guest);
  }

  // Sessions on all three channels of `guest` at once.
  std::vector<Job> HoldAll(ProxyVm& guest, const std::string& name) {
    std::vector<Job> clients;
    for (int i = 0; i < 3; ++i) {
      const std::string request = absl::StrCat("echo ", name, i);
      clients.push_back(guest.StartClient(request, "--stay"));
      EXPECT_TRUE(service_->Began(request, kLimit)) << request;
    }
    return clients;
  }
  void FinishAll(ProxyVm& guest, const std::vector<Job>& clients) {
    for (const Job& client : clients) {
      EXPECT_EQ(guest.FinishClient(client).outcome(), "clean-eof");
    }
  }

  const ScratchDir temp_;
  const std::string guests_ = temp_ / "guests";
  std::unique_ptr<TrafficService> service_;
  std::unique_ptr<Process> host_;
};

TEST_P(TwoGuestsTest, ShareAHostDaemonAndComeAndGo) {
  std::ofstream(guests_ + "/a-file") << "no guest";
  std::filesystem::create_directory(guests_ + "/empty");
  const std::unique_ptr<ProxyVm> first = Boot("g1");
  ASSERT_NE(first, nullptr);
  std::unique_ptr<ProxyVm> second = Boot("g2");
  ASSERT_NE(second, nullptr);
  const std::vector<Job> of_first = HoldAll(*first, "first");
  HoldAll(*second, "second");

  second->vm().Kill();
  EXPECT_TRUE(service_->Ended("echo second0", "outcome=reset", kLimit));
  second.reset();
  std::filesystem::remove_all(guests_ + "/g2");
  std::filesystem::remove(guests_ + "/empty");

  second = Boot("g2");
  ASSERT_NE(second, nullptr);
  FinishAll(*second, HoldAll(*second, "again"));
  FinishAll(*first, of_first);
  EXPECT_TRUE(host_->running());
}

INSTANTIATE_TEST_SUITE_P(Vcpus, TwoGuestsTest, ::testing::Values(1, 2));

}  // namespace
}  // namespace vios::testing
