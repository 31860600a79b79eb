// SPDX-License-Identifier: Apache-2.0
// Every start order, and either daemon replaced in the middle of sessions: a
// cut stream is a reset, never an end, and every channel works afterwards.
#include <algorithm>
#include <csignal>
#include <functional>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "testing/vm/eventually.h"
#include "testing/vm/proxy_vm_fixture.h"

namespace vios::testing {
namespace {

// Too long to be over before somebody is killed.
constexpr char kEndless[] = "source 100000000000 7 endless";
constexpr char kExpectEndless[] = "--expect=100000000000:7";

class RestartTest : public ProxyVmTestWithVcpus {
 protected:
  // A stream, and a session that says nothing, are both cut by `cut`.
  void ExpectResetsFrom(const std::function<void()>& cut) {
    const Job stream = guest().StartClient(kEndless, kExpectEndless);
    const Job silent = guest().StartClient("hold silent", "--stay");
    ASSERT_TRUE(service().Began(kEndless, kLimit));
    ASSERT_TRUE(service().Began("hold silent", kLimit));
    cut();
    const ClientResult result = guest().AwaitClient(stream);
    EXPECT_EQ(result.outcome(), "reset") << result;
    EXPECT_TRUE(result.same()) << result;
    const ClientResult silent_result = guest().AwaitClient(silent);
    EXPECT_EQ(silent_result.outcome(), "reset") << silent_result;
    EXPECT_TRUE(service().Ended("hold silent", "outcome=reset", kLimit));
  }
  // Whatever the guest was in the middle of.
  void ExpectHostToldOfRestarts(size_t count) {
    const auto told = [this] {
      const std::vector<std::string> parts =
          absl::StrSplit(host().Log(), " why=peer_restarted");
      return parts.size() - 1;
    };
    EXPECT_TRUE(Eventually(kLimit, [&] { return told() >= count; }))
        << host().Log();
    EXPECT_FALSE(absl::StrContains(host().Log(), "why=stream_damaged"))
        << host().Log();
  }
};

TEST_P(RestartTest, StartOrderDoesNotMatter) {
  std::vector<int> order = {0, 1, 2};
  const std::vector<std::function<void()>> starts = {
      [this] { StartService(); },
      [this] { StartHost(); },
      [this] { guest().StartGuest(); },
  };
  do {
    StopAll();
    for (int which : order) starts[static_cast<size_t>(which)]();
    ExpectChannelsWork(3);
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST_P(RestartTest, HostDaemonStoppedAndStarted) {
  StopHost();
  StartHost({"--drain_timeout=500ms"});
  ExpectResetsFrom([this] {
    host().Signal(SIGTERM);
    EXPECT_EQ(host().Wait(kLimit), 0);
    StartHost();
  });
  ExpectChannelsWork(3);
}

TEST_P(RestartTest, HostDaemonKilledAndStarted) {
  ExpectResetsFrom([this] {
    StopHost();
    StartHost();
  });
  ExpectChannelsWork(3);
}

TEST_P(RestartTest, GuestDaemonStoppedAndStarted) {
  Restart("--drain_timeout=500ms");
  ExpectResetsFrom([this] {
    guest().SignalGuest(SIGTERM);
    EXPECT_EQ(guest().AwaitGuestEnd(kLimit), "exit 0");
    guest().StartGuest();
  });
  ExpectChannelsWork(3);
}

TEST_P(RestartTest, GuestDaemonKilledAndStarted) {
  ExpectResetsFrom([this] {
    guest().KillGuest();
    guest().StartGuest();
  });
  ExpectHostToldOfRestarts(2);
  ExpectChannelsWork(3);
}

TEST_P(RestartTest, GuestDaemonKilledInTheMiddleOfAnUpload) {
  const Job upload = guest().StartClient("sink", "--send=100000000000:7");
  ASSERT_TRUE(service().Began("sink", kLimit));
  guest().KillGuest();
  guest().StartGuest();
  EXPECT_EQ(guest().AwaitClient(upload).outcome(), "reset");
  EXPECT_TRUE(service().Ended("sink", "outcome=reset", kLimit));
  ExpectHostToldOfRestarts(1);
  ExpectChannelsWork(3);
}

TEST_P(RestartTest, HostDaemonKilledAgainAndAgain) {
  for (int i = 0; i < 5; ++i) {
    StopHost();
    StartHost();
  }
  ExpectChannelsWork(3);
}

// The host hears nothing of it until the guest is back.
TEST_P(RestartTest, GuestThatWasResetIsServedAgain) {
  guest().StartClient(kEndless, kExpectEndless);
  guest().StartClient("sink up", "--send=100000000000:7");
  guest().StartClient("hold silent", "--stay");
  for (const std::string request : {kEndless, "sink up", "hold silent"}) {
    ASSERT_TRUE(service().Began(request, kLimit)) << request;
  }
  const absl::Status status = vm().Reset();
  ASSERT_TRUE(status.ok()) << status;
  guest().StartGuest();
  for (const std::string request : {kEndless, "sink up", "hold silent"}) {
    EXPECT_TRUE(service().Ended(request, "outcome=reset", kLimit)) << request;
  }
  ExpectHostToldOfRestarts(3);
  ExpectChannelsWork(3);
}

TEST_P(RestartTest, PausedGuestGoesOnWhereItWas) {
  const std::vector<Job> clients = StayingClients("paused", 2);
  const std::string request = "source 20000000 1 paused";
  const Job stream = guest().StartClient(request, "--expect=20000000:1");
  ASSERT_TRUE(service().Began(request, kLimit));
  ASSERT_TRUE(vm().Pause().ok());
  EXPECT_FALSE(service().Ended(request, "outcome=", absl::Milliseconds(300)));
  ASSERT_TRUE(vm().Continue().ok());
  FinishAll(clients);
  EXPECT_EQ(guest().AwaitClient(stream).outcome(), "clean-eof");
}

INSTANTIATE_TEST_SUITE_P(Vcpus, RestartTest, ::testing::Values(1, 2));

}  // namespace
}  // namespace vios::testing
