// SPDX-License-Identifier: Apache-2.0
// A channel that has bytes without telling anybody who waits for them: who
// looks for them again after which time.
#include <fcntl.h>
#include <stdlib.h>
#include <termios.h>

#include <future>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "channel/cancel.h"
#include "channel/channel.h"
#include "channel/channel_counters.h"
#include "channel/fd_pair.h"
#include "channel/handshake.h"
#include "channel/raw_frame.h"
#include "channel/session_end.h"
#include "channel/wakeup.h"
#include "gtest/gtest.h"

namespace vios {
namespace {

constexpr RetryIntervals kOnlyInSession = {.in_session = absl::Milliseconds(20),
                                           .idle = absl::Hours(1)};
constexpr RetryIntervals kOnlyIdle = {.in_session = absl::Hours(1),
                                      .idle = absl::Milliseconds(20)};

Deadline Late() { return Deadline::After(absl::Seconds(10)); }

// The two ends of a terminal that says "readable" only from 255 bytes on,
// though a read gives whatever is there: a wake-up that is lost for certain.
FdPair TerminalThatKeepsQuiet() {
  UniqueFd theirs(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  EXPECT_EQ(::grantpt(theirs.get()), 0);
  EXPECT_EQ(::unlockpt(theirs.get()), 0);
  char name[64] = "";
  EXPECT_EQ(::ptsname_r(theirs.get(), name, sizeof name), 0);
  UniqueFd ours(::open(name, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
  termios settings = {};
  EXPECT_EQ(::tcgetattr(ours.get(), &settings), 0);
  ::cfmakeraw(&settings);
  settings.c_cc[VMIN] = 255;
  settings.c_cc[VTIME] = 0;
  EXPECT_EQ(::tcsetattr(ours.get(), TCSANOW, &settings), 0);
  return {std::move(ours), std::move(theirs)};
}

class QuietPortTest : public testing::Test {
 protected:
  void Make(Role role, RetryIntervals retry) {
    FdPair pair = TerminalThatKeepsQuiet();
    channel_.emplace(std::move(pair.ours), role, true, retry, &counters_);
    theirs_ = std::move(pair.theirs);
  }
  void Send(const std::string& bytes) {
    ASSERT_TRUE(WriteAll(theirs_.get(), bytes));
  }

  Cancel cancel_;
  const std::unique_ptr<Wakeup> wakeup_ = *Wakeup::Create(cancel_);
  ChannelCounters counters_;
  std::optional<Channel> channel_;
  UniqueFd theirs_;
  const SynRequest syn_ = {.guest = {0x67676767}};  // "gggg"
};

TEST_F(QuietPortTest, AtRestItIsReadEveryIdleIntervalWhichIsCounted) {
  Make(Role::kHost, kOnlyIdle);
  Send(Raw('A', "gggg", "????"));
  const auto syn = AwaitSyn(*channel_, Late(), *wakeup_);
  ASSERT_TRUE(syn.ok() && syn->has_value()) << syn.status();
  EXPECT_EQ((**syn).guest, syn_.guest);
  EXPECT_EQ(counters_.read.recoveries.value(), 1u);
}

// A client that waits for its session is not to wait for an idle channel's
// turn.
TEST_F(QuietPortTest, AGuestThatAsksForASessionReadsAsInOne) {
  Make(Role::kGuest, kOnlyInSession);
  const FdPair client = ConnectedPair();
  auto opened = std::async(std::launch::async, [&] {
    return OpenSession(*channel_, RandomToken(), "", client.ours.get(), Late(),
                       *wakeup_);
  });
  const auto syn = ReadRawFrame(theirs_.get());
  ASSERT_TRUE(syn.has_value());
  Send(Raw('C', syn->guest, "host"));
  EXPECT_TRUE(std::holds_alternative<SessionId>(opened.get()));
}

TEST_F(QuietPortTest, AHostThatWaitsForTheAckReadsAsInASession) {
  Make(Role::kHost, kOnlyInSession);
  auto accepted = std::async(std::launch::async, [&] {
    return AcceptSession(*channel_, syn_, Late(), *wakeup_);
  });
  const auto synack = ReadRawFrame(theirs_.get());
  ASSERT_TRUE(synack.has_value());
  Send(Raw('B', "gggg", synack->host));
  EXPECT_TRUE(std::holds_alternative<SessionId>(accepted.get()));
}

// Nor while the host waits for its turn to dial, where there is no socket yet.
TEST_F(QuietPortTest, AHostThatDialsReadsAsInASession) {
  Make(Role::kHost, kOnlyInSession);
  Send(Raw('H', "gggg", "????", "\x0c"));
  const auto end = WatchGuest(*channel_, syn_, nullptr, Late(), *wakeup_);
  ASSERT_TRUE(end.has_value());
  EXPECT_EQ(end->kind, SessionEnd::Kind::kPeerReset);
}

}  // namespace
}  // namespace vios
