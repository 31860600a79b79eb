// SPDX-License-Identifier: Apache-2.0
#include "testing/bench/farm_port.h"

#include <vector>

#include "channel/fd_pair.h"
#include "channel/raw_frame.h"
#include "gtest/gtest.h"
#include "testing/bench/line.h"
#include "testing/relay_pair.h"

namespace vios::testing {
namespace {

// A host's end of a session for the port to talk to.
class FarmPortTest : public ::testing::Test {
 protected:
  FdPair pair_ = ConnectedPair();
  FarmPort port_{std::move(pair_.theirs)};
  RelayEnd host_{Role::kHost, std::move(pair_.ours), {}};
};

TEST_F(FarmPortTest, GreetsAndRunsASessionToItsCleanEnd) {
  host_.Begin();
  ASSERT_TRUE(port_.Greet().ok());
  ASSERT_TRUE(port_.Open().ok());
  Line line(port_, std::move(host_.app()));
  const std::vector<uint8_t> piece(FarmPort::kMaxData);
  std::vector<uint8_t> buffer(piece.size());
  for (int i = 0; i < 20; ++i) {
    for (const Direction direction : {Direction::kUp, Direction::kDown}) {
      ASSERT_TRUE(line.Send(direction, piece).ok());
      const absl::Status taken =
          line.TakeAll(direction, piece.size(), absl::MakeSpan(buffer));
      ASSERT_TRUE(taken.ok()) << taken;
    }
  }
  const absl::Status closed = line.Close();
  EXPECT_TRUE(closed.ok()) << closed;
  const RelayResult* result = host_.Await();
  ASSERT_NE(result, nullptr);
  EXPECT_EQ(result->end.kind, SessionEnd::Kind::kClean);
  EXPECT_EQ(result->up_bytes, 20 * piece.size());
}

TEST(FarmPort, AnswersThePingsOfAnIdleDaemon) {
  FdPair pair = ConnectedPair();
  FarmPort port(std::move(pair.theirs));
  EXPECT_TRUE(port.Tend().ok());
  ASSERT_TRUE(WriteAll(pair.ours.get(), Raw('I', "RRRR", "RRRR", "12345678")));
  EXPECT_TRUE(port.Tend().ok());
  const std::string pong = Raw('J', "RRRR", "RRRR", "12345678");
  EXPECT_EQ(ReadExactly(pair.ours.get(), pong.size()), pong);
  pair.ours.Reset();
  EXPECT_TRUE(absl::IsUnavailable(port.Tend()));
}

TEST(FarmPort, GreetsAGuestThatComes) {
  FdPair pair = ConnectedPair();
  FarmPort port(std::move(pair.theirs));
  ASSERT_TRUE(WriteAll(pair.ours.get(),
                       "VVVVV" + Raw('I', "RRRR", "RRRR", "12345678")));
  EXPECT_TRUE(port.AwaitGreeting().ok());
}

}  // namespace
}  // namespace vios::testing
