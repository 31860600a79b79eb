// SPDX-License-Identifier: Apache-2.0
// What becomes of clients that still wait for a channel when the guest daemon
// drains or stops. It has none here.
#include <poll.h>
#include <signal.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "channel/deadline.h"
#include "channel/fd_io.h"
#include "channel/unique_fd.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proxy/socket_address.h"
#include "testing/cli.h"
#include "testing/http_client.h"
#include "testing/subprocess.h"
#include "testing/vm/eventually.h"

namespace vios {
namespace {

using ::testing::HasSubstr;
using testing::HttpConnect;
using testing::HttpGet;
using testing::HttpPost;

constexpr absl::Duration kLimit = absl::Seconds(20);

class LastClientsTest : public CliTest {
 protected:
  std::unique_ptr<Subprocess> StartGuest(Words args) const {
    for (const std::string& arg :
         {"--host_directory=" + NewDirectory("ports"), ListenFlag("clients"),
          absl::StrCat("--http_address=unix:", Path("http")),
          std::string("--http_control"), std::string("--rescan_interval=1h")}) {
      args.push_back(arg);
    }
    return StartUp(GuestProgram(), args);
  }
  SocketAddress At(const std::string& name) const {
    return *ParseSocketAddress("unix:" + Path(name), 0);
  }
  // As many clients, once they wait in the queue.
  std::vector<UniqueFd> Connect(int count = 1) const {
    std::vector<UniqueFd> clients;
    for (int i = 0; i < count; ++i)
      clients.push_back(HttpConnect(At("clients")));
    EXPECT_TRUE(
        testing::Eventually(kLimit, [&] { return QueueLength() == count; }));
    return clients;
  }
  double QueueLength() const {
    return testing::Sample(HttpGet(At("http"), "/metrics").body,
                           absl::StrCat("viosproxy_queue_length{service=\"",
                                        At("clients").ToString(), "\"}"));
  }
  void Ask(const std::string& what) const {
    EXPECT_EQ(HttpPost(At("http"), what).status, 200);
  }
};

TEST_F(LastClientsTest, TheFirstSignalBehindARequestToQuitIsNoSecondOne) {
  const auto daemon = StartGuest({"--queue_timeout=1h", "--drain_timeout=1h"});
  const auto clients = Connect();
  Ask("/quitquitquit");
  ASSERT_TRUE(daemon->AwaitStderr("stopping: running", Soon()).ok());
  daemon->Signal(SIGTERM);
  EXPECT_FALSE(daemon->Wait(Deadline::After(absl::Milliseconds(500))).ok());
  daemon->Signal(SIGINT);  // Another one: two of a kind that wait are one.
  EXPECT_EQ(daemon->Wait(Soon()).value_or(-1), 0);
  EXPECT_THAT(daemon->err(), HasSubstr("cutting the sessions that are left"));
}

TEST_F(LastClientsTest, WhoWaitsAtTheEndIsResetAndToldOf) {
  const auto daemon =
      StartGuest({"--queue_timeout=1h", "--drain_timeout=100ms"});
  const auto clients = Connect(3);
  daemon->Signal(SIGTERM);
  EXPECT_EQ(daemon->Wait(Soon()).value_or(-1), 0);
  const std::string& log = daemon->err();
  size_t told = 0;
  for (size_t at = 0; (at = log.find("got no channel: the daemon stops", at)) !=
                      std::string::npos;
       ++at) {
    ++told;
  }
  EXPECT_EQ(told, clients.size()) << log;
}

TEST_F(LastClientsTest, WhileItDrainsTheQueueTimeoutHolds) {
  const auto daemon = StartGuest({"--queue_timeout=6s"});
  const auto clients = Connect();
  Ask("/drain");
  EXPECT_NE(ReadyBy(clients[0].get(), POLLIN, Soon()), 0) << "still waits";
  EXPECT_TRUE(daemon->AwaitStderr("none was free for", Soon()).ok());
}

// Another daemon may have taken the path when this one ends.
TEST_F(LastClientsTest, WhenItDrainsThePathOfItsSocketIsFree) {
  const auto daemon = StartGuest({"--queue_timeout=1h"});
  const auto clients = Connect();
  Ask("/drain");
  EXPECT_TRUE(testing::Eventually(absl::Seconds(20), [this] {
    return !std::filesystem::exists(Path("clients"));
  }));
}

}  // namespace
}  // namespace vios
