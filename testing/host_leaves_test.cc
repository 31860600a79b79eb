// SPDX-License-Identifier: Apache-2.0
// A host daemon that is told to stop, and a guest that is slow to read.
#include <sys/socket.h>

#include <chrono>
#include <future>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "channel/deadline.h"
#include "channel/raw_frame.h"
#include "channel/unique_fd.h"
#include "gtest/gtest.h"
#include "proxy/listener.h"
#include "proxy/socket_address.h"
#include "testing/daemon_pair.h"
#include "testing/scripted_peer.h"
#include "testing/traffic/tcp.h"
#include "testing/vm/eventually.h"

namespace vios::testing {
namespace {

constexpr absl::Duration kSoon = absl::Seconds(10);
constexpr size_t kAnswer = 100'000;  // Less than a socket takes.

class HostLeavesTest : public ::testing::Test {
 protected:
  HostLeavesTest() {
    listener_ = *OpenListener(
        *ParseSocketAddress("unix:" + (daemons_.dir() / "hosts/g1/0"), 0),
        0600);
    daemons_.StartHost();
    EXPECT_TRUE(Eventually(kSoon, [this] {
      channel_ =
          UniqueFd(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      return channel_.ok();
    }));
    EXPECT_TRUE(SetNoProgressTimeout(channel_.get(), kSoon).ok());
    peer_.emplace(std::move(channel_));
  }

  // A base session in which the service answers a lot and closes.
  void LetTheServiceAnswer() {
    peer_->SendFrame('A', "gggg", "????");
    token_ = peer_->ExpectFrame('C').host;
    peer_->SendFrame('B', "gggg", token_);
    peer_->SendFrame('D', "gggg", token_, "source 100000 7\n");
    ASSERT_TRUE(Eventually(kSoon, [this] {
      for (const std::string& line : daemons_.ServiceLog()) {
        if (absl::StartsWith(line, "end ")) return true;
      }
      return false;
    }));
  }
  std::future<void> Stop() {
    return std::async(std::launch::async, [this] {
      daemons_.host().Drain();
      EXPECT_TRUE(daemons_.host().WaitDrained(Deadline::After(kSoon)));
      daemons_.StopHost();
    });
  }

  DaemonPair daemons_{0};
  UniqueFd listener_;
  UniqueFd channel_;
  std::optional<ScriptedPeer> peer_;
  std::string token_;
};

// QEMU drops what it has not read when its host closes.
TEST_F(HostLeavesTest, ItStaysUntilWhatItSaidLastIsTaken) {
  LetTheServiceAnswer();
  const Clock::time_point told = Clock::now();
  std::future<void> stopped = Stop();
  // It stays for a second, which a machine that stands still is over at once.
  EXPECT_TRUE(stopped.wait_for(std::chrono::milliseconds(300)) ==
                  std::future_status::timeout ||
              Clock::now() - told > std::chrono::seconds(1));
  size_t got = 0;
  RawFrame frame = {.type = 'D'};
  while (frame.type == 'D') {
    got += frame.payload.size();
    frame = ReadRawFrame(peer_->fd()).value_or(RawFrame{});
  }
  EXPECT_EQ(got, kAnswer);
  EXPECT_EQ(frame.type, 'H');
  peer_->ExpectHangUp();
  stopped.get();
}

TEST_F(HostLeavesTest, ItWaitsForNoGuestThatTakesNothing) {
  LetTheServiceAnswer();
  std::future<void> stopped = Stop();
  EXPECT_EQ(stopped.wait_for(std::chrono::seconds(10)),
            std::future_status::ready);
}

TEST_F(HostLeavesTest, AFreeChannelIsLeftAtOnce) {
  daemons_.host().Drain();
  peer_->ExpectHangUp();
}

}  // namespace
}  // namespace vios::testing
