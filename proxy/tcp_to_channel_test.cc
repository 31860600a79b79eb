// SPDX-License-Identifier: Apache-2.0
#include "proxy/tcp_to_channel.h"

#include <sys/socket.h>

#include <string>
#include <thread>
#include <utility>

#include "absl/time/clock.h"
#include "channel/cancel.h"
#include "channel/fd_pair.h"
#include "gtest/gtest.h"

namespace vios {
namespace {

constexpr size_t kWrittenBytes = 60000;
constexpr absl::Duration kPingInterval = absl::Milliseconds(50);
constexpr absl::Duration kHalfCloseTimeout = absl::Milliseconds(500);

class TcpToChannelTest : public ::testing::Test {
 protected:
  TcpToChannelTest() : channel_(std::move(link_.ours), Role::kHost, true) {
    pump_ = std::thread([this] { TcpToChannel(state_, *writer_).Run(); });
  }
  ~TcpToChannelTest() override {
    state_.End(ResetBecause(ResetReason::kShuttingDown, ""));
    pump_.join();
  }

  // The type of the next frame but DATA, which is counted, and PING; 0 when
  // none comes.
  char NextEvent() {
    while (true) {
      const std::string header = ReadExactly(link_.theirs.get(), kHeaderSize);
      if (header.size() < kHeaderSize) return 0;
      const size_t size = static_cast<uint8_t>(header[12]) * size_t{256} +
                          static_cast<uint8_t>(header[13]);
      if (ReadExactly(link_.theirs.get(), size).size() != size) return 0;
      const auto type = static_cast<FrameType>(header[3]);
      if (type == FrameType::kData) data_bytes_ += size;
      if (type != FrameType::kData && type != FrameType::kPing) {
        return header[3];
      }
    }
  }
  // Far more than the channel takes.
  void FillTheWay() {
    ASSERT_TRUE(WriteAll(tcp_.theirs.get(), std::string(kWrittenBytes, 'x')));
  }

  size_t data_bytes_ = 0;
  // Takes far less than what the test writes.
  FdPair link_ = ConnectedPair(1);
  FdPair tcp_ = ConnectedPair();
  Cancel cancel_;
  std::unique_ptr<Wakeup> reader_ = *Wakeup::Create(cancel_);
  std::unique_ptr<Wakeup> writer_ = *Wakeup::Create(cancel_);
  Channel channel_;
  RelayState state_{
      channel_,
      {RandomToken(), RandomToken(), /*options=*/true, ""},
      tcp_.ours.get(),
      {.half_close_timeout = kHalfCloseTimeout, .ping_interval = kPingInterval},
      *reader_,
      *writer_};
  std::thread pump_;
};

// As behind a guest that was paused: nothing could be sent for long, and then
// there is more to say than that we are still there.
TEST_F(TcpToChannelTest, GoesOnBehindAWriteThatTookLongerThanThePingInterval) {
  FillTheWay();
  absl::SleepFor(3 * kPingInterval);
  ASSERT_EQ(::shutdown(tcp_.theirs.get(), SHUT_WR), 0);
  EXPECT_EQ(NextEvent(), static_cast<char>(FrameType::kFin));
}

TEST_F(TcpToChannelTest, BytesThatWaitForTheChannelStopTheHalfCloseClock) {
  state_.session().SetFinReceived();
  state_.WakeWriter();
  ASSERT_EQ(NextEvent(), static_cast<char>(FrameType::kFinAck));
  FillTheWay();
  absl::SleepFor(3 * kHalfCloseTimeout);
  // Once they have gone, it goes.
  EXPECT_EQ(NextEvent(), static_cast<char>(FrameType::kReset));
  EXPECT_GE(data_bytes_, kWrittenBytes);  // Frames have numbers, too.
}

}  // namespace
}  // namespace vios
