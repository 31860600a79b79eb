// SPDX-License-Identifier: Apache-2.0
#include "proxy/channel_to_tcp.h"

#include <sys/socket.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "channel/cancel.h"
#include "channel/channel.h"
#include "channel/counter.h"
#include "channel/deadline.h"
#include "channel/fd_io.h"
#include "channel/fd_pair.h"
#include "channel/frame.h"
#include "channel/raw_frame.h"
#include "channel/reset_reason.h"
#include "channel/session_end.h"
#include "channel/wakeup.h"
#include "gtest/gtest.h"
#include "proxy/relay_state.h"

namespace vios {
namespace {

constexpr absl::Duration kPatience = absl::Milliseconds(1500);
constexpr absl::Duration kSoon = absl::Seconds(10);

// A host's pump towards its service. The guest is played by hand, and so is the
// service.
class ChannelToTcpTest : public ::testing::Test {
 protected:
  explicit ChannelToTcpTest(absl::Duration peer_timeout = absl::ZeroDuration())
      : state_(channel_, {{0x61626364}, {0x65666768}, true, ""},
               tcp_.ours.get(), {.peer_timeout = peer_timeout}, *reader_,
               *writer_) {}
  ~ChannelToTcpTest() override {
    state_.End(ResetBecause(ResetReason::kShuttingDown, ""));
    state_.SetWriterDone();
    if (pump_.joinable()) pump_.join();
  }

  void Begin() {
    pump_ = std::thread([this] { ChannelToTcp(state_, *reader_).Run(); });
  }
  void Send(char type, const std::string& body = "") {
    ASSERT_TRUE(
        WriteAll(link_.theirs.get(),
                 Raw(type, "abcd", "efgh", body + RawNumber("abcd", sent_++))));
  }
  // With as much as it takes; returns how much that is.
  size_t FillTcp() {
    const std::string piece(4096, 'f');
    size_t filled = 0;
    while (true) {
      const ssize_t n =
          ::send(tcp_.ours.get(), piece.data(), piece.size(), MSG_DONTWAIT);
      if (n < 0) return filled;
      filled += static_cast<size_t>(n);
    }
  }
  std::string Delivered(size_t size) {
    return ReadExactly(tcp_.theirs.get(), size);
  }
  // Whether `happened` does, soon.
  template <typename Condition>
  bool Becomes(Condition happened) {
    const Deadline limit = Deadline::After(kSoon);
    while (!happened() && !limit.passed()) {
      absl::SleepFor(absl::Milliseconds(5));
    }
    return happened();
  }
  bool Ends() {
    return Becomes([this] { return state_.session().ended(); });
  }
  ResetReason reason() { return state_.session().end().reason; }

  uint32_t sent_ = 0;
  FdPair link_ = ConnectedPair();
  FdPair tcp_ = ConnectedTcpPair();
  Cancel cancel_;
  std::unique_ptr<Wakeup> reader_ = *Wakeup::Create(cancel_);
  std::unique_ptr<Wakeup> writer_ = *Wakeup::Create(cancel_);
  Channel channel_{std::move(link_.ours), Role::kHost, true};
  RelayState state_;
  std::thread pump_;
};

TEST_F(ChannelToTcpTest, AnEndOfFileIsPassedOnBeforeItIsAcknowledged) {
  Send('D', "last");
  Send('E');
  Begin();
  EXPECT_EQ(Delivered(4), "last");
  EXPECT_TRUE(AtEndOfFile(tcp_.theirs.get()));
  EXPECT_TRUE(Becomes([this] { return state_.session().fin_received(); }));
  EXPECT_FALSE(state_.session().ended());
}

// FINACK would say that it was.
TEST_F(ChannelToTcpTest, AnEndOfFileThatCannotBePassedOnEndsTheSession) {
  ASSERT_TRUE(CloseByReset(tcp_.theirs));
  ASSERT_NE(ReadyBy(tcp_.ours.get(), 0, Deadline::After(kSoon)), 0);
  Send('E');
  Begin();
  EXPECT_TRUE(Ends());
  EXPECT_EQ(reason(), ResetReason::kConnectionReset);
  EXPECT_FALSE(state_.session().fin_received());
}

TEST_F(ChannelToTcpTest, ASilentPeerIsNoReasonToEndByDefault) {
  Begin();
  absl::SleepFor(2 * channel_.retry().in_session);
  EXPECT_FALSE(state_.session().ended());
}

class PeerTimeoutTest : public ChannelToTcpTest {
 protected:
  explicit PeerTimeoutTest(absl::Duration timeout = kPatience)
      : ChannelToTcpTest(timeout) {}
};

TEST_F(PeerTimeoutTest, EndsASessionWithASilentPeer) {
  const Clock::time_point begin = Clock::now();
  Begin();
  EXPECT_TRUE(Ends());
  EXPECT_EQ(reason(), ResetReason::kTimedOut);
  EXPECT_GE(absl::FromChrono(Clock::now() - begin),
            kPatience - absl::Milliseconds(50));
}

// Which is long, for the machine may stand still between two of them.
class LongPeerTimeoutTest : public PeerTimeoutTest {
 protected:
  LongPeerTimeoutTest() : PeerTimeoutTest(absl::Seconds(5)) {}
};

TEST_F(LongPeerTimeoutTest, BeginsAnewWithWhateverThePeerSends) {
  Begin();
  for (int i = 0; i < 12; ++i) {  // Longer than the time-out in all.
    absl::SleepFor(absl::Milliseconds(500));
    Send('I');
  }
  EXPECT_FALSE(state_.session().ended());
  EXPECT_TRUE(Ends());
  EXPECT_EQ(reason(), ResetReason::kTimedOut);
}

// What keeps us busy then is not the guest.
TEST_F(PeerTimeoutTest, DoesNotRunWhileTheServiceTakesNothing) {
  const size_t before = FillTcp();
  Begin();
  Send('D', "x");
  absl::SleepFor(3 * kPatience);
  ASSERT_EQ(state_.to_tcp.value(), 0u) << "the service took it";
  EXPECT_FALSE(state_.session().ended());
  const Clock::time_point taken = Clock::now();
  EXPECT_EQ(Delivered(before + 1).size(), before + 1);
  EXPECT_TRUE(Ends());
  EXPECT_EQ(reason(), ResetReason::kTimedOut);
  EXPECT_GE(absl::FromChrono(Clock::now() - taken),
            kPatience - absl::Milliseconds(50));
}

class PeerTimeoutInAMomentTest : public PeerTimeoutTest {
 protected:
  PeerTimeoutInAMomentTest() : PeerTimeoutTest(absl::Microseconds(1)) {}
};

// As behind a standstill of ours: the time is over, but the peer has spoken.
TEST_F(PeerTimeoutInAMomentTest, WhatIsThereWhenItIsOverCounts) {
  Send('D', "x");
  Begin();
  EXPECT_TRUE(Ends());
  EXPECT_EQ(state_.to_tcp.value(), 1u);
}

TEST_F(ChannelToTcpTest, WhatTcpTakesBeginsTheIdleTimeAnew) {
  const Clock::time_point before = state_.session().touched();
  Begin();
  // The clock is a coarse one.
  EXPECT_TRUE(Becomes([&] {
    Send('D', "x");
    return Delivered(1) == "x" && state_.session().touched() > before;
  }));
}

TEST_F(ChannelToTcpTest, WhatAWaitWasToldOfIsNoRecovery) {
  const Counter& recoveries = channel_.counters().read.recoveries;
  Begin();
  // Several times: of a wait that is over when the machine stands still, what
  // comes in that moment is one.
  bool told = false;
  for (int i = 0; i < 5 && !told; ++i) {
    const uint64_t before = recoveries.value();
    Send('D', "x");
    ASSERT_EQ(Delivered(1), "x");
    told = recoveries.value() == before;
  }
  EXPECT_TRUE(told);
}

TEST_F(ChannelToTcpTest, AResetDoesNotWaitUntilTheServiceTakesWhatWasSent) {
  FillTcp();
  Send('D', "x");
  ASSERT_TRUE(WriteAll(link_.theirs.get(), Raw('H', "abcd", "efgh", "\x03")));
  Begin();
  EXPECT_TRUE(Ends());
}

TEST_F(ChannelToTcpTest, WhatFollowsASynIsLeftForItsSession) {
  ASSERT_TRUE(WriteAll(link_.theirs.get(),
                       Raw('A', "next", "????") + Raw('H', "next", "????")));
  std::atomic<bool> done = false;
  pump_ = std::thread([&] {
    ChannelToTcp(state_, *reader_).Run();
    done = true;
  });
  // Nor does it wait for the other pump.
  EXPECT_TRUE(Becomes([&] { return done.load(); }));
  state_.SetWriterDone();
  pump_.join();
  ASSERT_TRUE(channel_.pending_syn().has_value());
  EXPECT_EQ(ToString(channel_.pending_syn()->guest), "next");
  const auto reset = channel_.reader().Hunt(AnyFrame);
  ASSERT_TRUE(reset.has_value());
  EXPECT_EQ(reset->header.type, FrameType::kReset);
}

}  // namespace
}  // namespace vios
