// SPDX-License-Identifier: Apache-2.0
#include "proxy/tcp_to_channel.h"

#include <sys/socket.h>

#include <cerrno>
#include <string>
#include <thread>
#include <utility>

#include "absl/time/clock.h"
#include "channel/cancel.h"
#include "channel/deadline.h"
#include "channel/fd_io.h"
#include "channel/fd_pair.h"
#include "gtest/gtest.h"
#include "proxy/tcp.h"

namespace vios {
namespace {

constexpr size_t kWrittenBytes = 60000;
constexpr absl::Duration kPingInterval = absl::Milliseconds(50);
constexpr absl::Duration kHalfCloseTimeout = absl::Milliseconds(500);
constexpr absl::Duration kFinishTimeout = absl::Milliseconds(100);

class TcpToChannelTest : public ::testing::Test {
 protected:
  explicit TcpToChannelTest(FdPair tcp = ConnectedPair(), bool options = true)
      : tcp_(std::move(tcp)),
        options_(options),
        channel_(std::move(link_.ours), Role::kHost, true) {}
  ~TcpToChannelTest() override {
    state_.End(ResetBecause(ResetReason::kShuttingDown, ""));
    if (pump_.joinable()) pump_.join();
  }

  void Begin() {
    pump_ = std::thread([this] { TcpToChannel(state_, *writer_).Run(); });
  }

  // The type of the next frame; 0 when none comes. Counts what DATA holds.
  char NextFrame() {
    const std::string header = ReadExactly(link_.theirs.get(), kHeaderSize);
    if (header.size() < kHeaderSize) return 0;
    const size_t size = static_cast<uint8_t>(header[12]) * size_t{256} +
                        static_cast<uint8_t>(header[13]);
    if (ReadExactly(link_.theirs.get(), size).size() != size) return 0;
    if (header[3] == static_cast<char>(FrameType::kData)) data_bytes_ += size;
    return header[3];
  }
  // The next one that is neither DATA nor PING.
  char NextEvent() {
    while (true) {
      const char type = NextFrame();
      if (type != static_cast<char>(FrameType::kData) &&
          type != static_cast<char>(FrameType::kPing)) {
        return type;
      }
    }
  }
  // Until the pump has written and the channel takes no more.
  void AwaitFullChannel() {
    const Deadline limit = Deadline::After(absl::Seconds(10));
    while (ReadyNow(channel_.fd(), POLLOUT) != 0 && !limit.passed()) {
      std::this_thread::yield();
    }
    ASSERT_EQ(ReadyNow(channel_.fd(), POLLOUT), 0);
  }
  // Far more than the channel takes.
  void FillTheWay() {
    ASSERT_TRUE(WriteAll(tcp_.theirs.get(), std::string(kWrittenBytes, 'x')));
  }

  size_t data_bytes_ = 0;
  // Takes far less than what the test writes.
  FdPair link_ = ConnectedPair(1);
  FdPair tcp_;
  const bool options_;
  Cancel cancel_;
  std::unique_ptr<Wakeup> reader_ = *Wakeup::Create(cancel_);
  std::unique_ptr<Wakeup> writer_ = *Wakeup::Create(cancel_);
  Channel channel_;
  RelayState state_{channel_,
                    {RandomToken(), RandomToken(), options_, ""},
                    tcp_.ours.get(),
                    {.half_close_timeout = kHalfCloseTimeout,
                     .ping_interval = kPingInterval,
                     .finish_timeout = kFinishTimeout},
                    *reader_,
                    *writer_};
  std::thread pump_;
};

// As behind a guest that was paused: nothing could be sent for long, and then
// there is more to say than that we are still there.
TEST_F(TcpToChannelTest, GoesOnBehindAWriteThatTookLongerThanThePingInterval) {
  Begin();
  FillTheWay();
  AwaitFullChannel();
  absl::SleepFor(3 * kPingInterval);
  ASSERT_EQ(::shutdown(tcp_.theirs.get(), SHUT_WR), 0);
  EXPECT_EQ(NextEvent(), static_cast<char>(FrameType::kFin));
}

TEST_F(TcpToChannelTest, BytesThatWaitForTheChannelStopTheHalfCloseClock) {
  FillTheWay();
  state_.session().SetFinReceived();
  Begin();
  ASSERT_EQ(NextFrame(), static_cast<char>(FrameType::kFinAck));
  // That one has been written, and the clock runs, as soon as what went in the
  // same write has, too. The next frame is there already and does not fit.
  ASSERT_EQ(NextFrame(), static_cast<char>(FrameType::kData));
  ASSERT_LT(data_bytes_, kWrittenBytes);
  AwaitFullChannel();
  absl::SleepFor(3 * kHalfCloseTimeout);
  // Once they have gone, it goes.
  EXPECT_EQ(NextEvent(), static_cast<char>(FrameType::kReset));
  EXPECT_GE(data_bytes_, kWrittenBytes);  // Frames have numbers, too.
}

class TcpToChannelBaseTest : public TcpToChannelTest {
 protected:
  TcpToChannelBaseTest() : TcpToChannelTest(ConnectedPair(), false) {}
};

// The ordinary end of a base session, with a peer that is slow or paused: its
// channel has no room for the RESET.
TEST_F(TcpToChannelBaseTest, ItsEndWaitsUntilTheChannelHasRoomForIt) {
  constexpr size_t kAllThatTheChannelTakes = 4000;
  ASSERT_TRUE(
      WriteAll(tcp_.theirs.get(), std::string(kAllThatTheChannelTakes, 'x')));
  ASSERT_EQ(::shutdown(tcp_.theirs.get(), SHUT_WR), 0);
  Begin();
  AwaitFullChannel();
  absl::SleepFor(3 * kFinishTimeout);
  EXPECT_EQ(ReadyNow(channel_.fd(), POLLOUT), 0);
  EXPECT_EQ(NextEvent(), static_cast<char>(FrameType::kReset));
  EXPECT_EQ(data_bytes_, kAllThatTheChannelTakes);
}

class TcpToChannelResetTest : public TcpToChannelTest {
 protected:
  TcpToChannelResetTest() : TcpToChannelTest(ConnectedTcpPair()) {}

  // What our other pump does at any moment; the errno, or 0.
  int Write() {
    return ::send(tcp_.ours.get(), "x", 1, MSG_NOSIGNAL) < 0 ? errno : 0;
  }
  // What a close of our leg does.
  bool WouldReset() const { return ResetsAtClose(tcp_.ours.get()); }
  void AwaitItsEnd() {
    EXPECT_NE(ReadyBy(tcp_.ours.get(), 0, Deadline::After(absl::Seconds(10))),
              0);
  }
};

// The error is told once; behind it a read finds what looks like an end.
TEST_F(TcpToChannelResetTest, AResetThatTheOtherPumpWasToldOfIsNoEndOfFile) {
  ASSERT_TRUE(CloseByReset(tcp_.theirs));
  AwaitItsEnd();
  ASSERT_EQ(Write(), ECONNRESET);
  Begin();
  EXPECT_EQ(NextEvent(), static_cast<char>(FrameType::kReset));
  EXPECT_EQ(state_.session().end().reason, ResetReason::kConnectionReset);
}

// It had ended in good order before it refused what came for it.
TEST_F(TcpToChannelResetTest, AResetBehindAnEndOfFileLeavesThatAnEnd) {
  ASSERT_TRUE(WriteAll(tcp_.theirs.get(), "the last words"));
  tcp_.theirs.Reset();
  ASSERT_EQ(Write(), 0);
  AwaitItsEnd();
  Begin();
  EXPECT_EQ(NextEvent(), static_cast<char>(FrameType::kFin));
  // And then it is told of, not waited for.
  EXPECT_EQ(NextEvent(), static_cast<char>(FrameType::kReset));
  EXPECT_EQ(state_.session().end().reason, ResetReason::kConnectionReset);
}

// The same state of the socket, behind two ends of file.
TEST_F(TcpToChannelResetTest, AnEndOfFileBehindOursIsNoReset) {
  state_.BeginEof();
  ASSERT_EQ(::shutdown(tcp_.ours.get(), SHUT_WR), 0);
  tcp_.theirs.Reset();
  AwaitItsEnd();
  Begin();
  EXPECT_EQ(NextEvent(), static_cast<char>(FrameType::kFin));
}

// Between its FIN and the peer's there may be more to deliver.
TEST_F(TcpToChannelResetTest, BehindItsOwnFinALegWouldStillBeReset) {
  ASSERT_TRUE(PrepareLeg(tcp_.ours.get()).ok());
  ASSERT_EQ(::shutdown(tcp_.theirs.get(), SHUT_WR), 0);
  Begin();
  EXPECT_EQ(NextEvent(), static_cast<char>(FrameType::kFin));
  NextFrame();  // By now it has said that FIN is written.
  EXPECT_TRUE(WouldReset());
}

TEST_F(TcpToChannelResetTest, BehindTheOtherEndOfFileTooItWouldNot) {
  ASSERT_TRUE(PrepareLeg(tcp_.ours.get()).ok());
  state_.EofPassedOn();
  ASSERT_EQ(::shutdown(tcp_.theirs.get(), SHUT_WR), 0);
  Begin();
  EXPECT_EQ(NextEvent(), static_cast<char>(FrameType::kFin));
  NextFrame();
  EXPECT_FALSE(WouldReset());
}

// Behind which there may be no room for another frame.
TEST_F(TcpToChannelTest, WhatItsStartLeftGoesFirst) {
  FillTheWay();
  pump_ = std::thread([this] {
    TcpToChannel pump(state_, *writer_);
    pump.Start();
    state_.session().SetFinReceived();
    pump.Run();
  });
  EXPECT_EQ(NextEvent(), static_cast<char>(FrameType::kFinAck));
}

TEST_F(TcpToChannelResetTest, BehindBothEndsOfFileAResetIsNoNews) {
  state_.session().SetFinReceived();
  ASSERT_EQ(::shutdown(tcp_.theirs.get(), SHUT_WR), 0);
  Begin();
  NextEvent();
  NextEvent();  // FIN and FINACK.
  ASSERT_TRUE(CloseByReset(tcp_.theirs));
  AwaitItsEnd();
  // The first may have been under way before; it would end with the rest.
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(NextFrame(), static_cast<char>(FrameType::kPing));
  }
  EXPECT_FALSE(state_.session().ended());
}

}  // namespace
}  // namespace vios
