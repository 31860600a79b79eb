// SPDX-License-Identifier: Apache-2.0
// A host daemon whose guests say nothing: when it asks, leaves and comes back.
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <future>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "channel/deadline.h"
#include "channel/fd_io.h"
#include "channel/fd_pair.h"
#include "channel/raw_frame.h"
#include "channel/silence.h"
#include "channel/unique_fd.h"
#include "gtest/gtest.h"
#include "proxy/listener.h"
#include "proxy/socket_address.h"
#include "testing/daemon_pair.h"
#include "testing/scripted_peer.h"
#include "testing/traffic/tcp.h"

namespace vios::testing {
namespace {

using std::chrono::milliseconds;

constexpr absl::Duration kSoon = absl::Seconds(10);
constexpr absl::Duration kShort = absl::Milliseconds(300);

class HostSilenceTest : public ::testing::Test {
 protected:
  // In the place of QEMU, for so many channels of one guest.
  void Start(int channels, const SilenceLimits& limits) {
    daemons_.host_options().silence = limits;
    for (int i = 0; i < channels; ++i) {
      listeners_.push_back(*OpenListener(
          *ParseSocketAddress(
              absl::StrCat("unix:", daemons_.dir() / "hosts/g1/", i), 0),
          0600));
      const int fd = listeners_.back().get();
      ASSERT_EQ(::fcntl(fd, F_SETFL, 0), 0);  // Blocks,
      ASSERT_TRUE(SetNoProgressTimeout(fd, kSoon).ok());
    }
    daemons_.StartHost();
  }
  // Another host daemon; nothing that the one before left is accepted.
  void StartAnew() {
    daemons_.StopHost();
    for (const UniqueFd& listener : listeners_) {
      while (ReadyNow(listener.get(), POLLIN) != 0) {
        AcceptNext(listener.get());
      }
    }
    daemons_.StartHost();
  }
  UniqueFd Connection(size_t channel) {
    UniqueFd fd = AcceptNext(listeners_[channel].get());
    EXPECT_TRUE(fd.ok()) << "the host does not come";
    EXPECT_TRUE(SetNoProgressTimeout(fd.get(), kSoon).ok());
    return fd;
  }
  // When the host, having said nothing, leaves its next connection.
  Clock::time_point NextLeave(size_t channel) {
    const UniqueFd connection = Connection(channel);
    EXPECT_TRUE(AtEndOfFile(connection.get())) << "the host does not leave";
    return Clock::now();
  }

  // From the first channel that it leaves to the last.
  milliseconds TimeToLeave(int channels) {
    std::vector<std::future<Clock::time_point>> leaving;
    for (int i = 0; i < channels; ++i) {
      leaving.push_back(
          std::async(std::launch::async, [this, i] { return NextLeave(i); }));
    }
    std::vector<Clock::time_point> left;
    for (auto& one : leaving) left.push_back(one.get());
    const auto [first, last] = std::minmax_element(left.begin(), left.end());
    return std::chrono::duration_cast<milliseconds>(*last - *first);
  }

  DaemonPair daemons_{0};
  std::vector<UniqueFd> listeners_;
};

TEST_F(HostSilenceTest, AGuestWithOptionsIsAskedBeforeItIsLeft) {
  // Long where the guest has to speak in time.
  constexpr absl::Duration kNotSoShort = absl::Seconds(4);
  Start(1, {.first = kNotSoShort,
            .jitter = 0,
            .ask_after = kShort,
            .answer_within = kNotSoShort});
  ScriptedPeer guest(Connection(0));
  guest.SendOutOfSession('I', "12345678");
  EXPECT_EQ(guest.ExpectFrameBehindPreamble('J').payload, "12345678");
  for (int i = 0; i < 3; ++i) {
    const RawFrame ping = guest.ExpectFrame('I');
    EXPECT_EQ(ping.guest + ping.host, "RRRRRRRR");
    EXPECT_EQ(ping.payload.size(), 8u);
    guest.SendOutOfSession('J', ping.payload);
  }
  guest.ExpectFrame('I');
  guest.ExpectHangUp();
}

TEST_F(HostSilenceTest, TheChannelsOfAGuestAreLeftOneAfterTheOther) {
  constexpr int kChannels = 5;
  Start(kChannels, {.first = kShort, .jitter = 0});
  // With time for the first to be noticed late.
  constexpr milliseconds kWanted(100 * (kChannels - 2));
  milliseconds longest(0);
  // One of several daemons will do, for a machine that stands still meanwhile
  // makes them leave at once.
  for (int tries = 0; tries < 5 && longest < kWanted; ++tries) {
    if (tries > 0) StartAnew();
    longest = std::max(longest, TimeToLeave(kChannels));
  }
  EXPECT_GE(longest, kWanted);
}

// So that the guest sees it leave.
TEST_F(HostSilenceTest, ItStaysAwayForAWhile) {
  Start(1, {.first = kShort, .jitter = 0, .away = absl::Seconds(5)});
  const Clock::time_point left = NextLeave(0);  // Maybe noticed late.
  Connection(0);
  EXPECT_GE(Clock::now() - left, milliseconds(1500));
}

TEST_F(HostSilenceTest, AGuestThatIsNeverHeardIsLeftEverMoreRarely) {
  Start(1, {.first = kShort, .jitter = 0, .away = absl::Milliseconds(10)});
  bool more_rarely = false;
  // Several daemons, for the machine may stand still before the second time.
  for (int tries = 0; tries < 5 && !more_rarely; ++tries) {
    if (tries > 0) StartAnew();
    const Clock::time_point first = NextLeave(0);
    const Clock::time_point second = NextLeave(0);
    const Clock::time_point third = NextLeave(0);
    more_rarely = (third - second) * 2 >= (second - first) * 3;
  }
  EXPECT_TRUE(more_rarely);
}

}  // namespace
}  // namespace vios::testing
