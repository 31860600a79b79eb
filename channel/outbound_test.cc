// SPDX-License-Identifier: Apache-2.0
#include "channel/outbound.h"

#include <algorithm>
#include <optional>
#include <string>

#include "channel/fd_pair.h"
#include "channel/raw_frame.h"
#include "gtest/gtest.h"

namespace vios {
namespace {

class OutboundTest : public testing::Test {
 protected:
  void Make(Role role, bool options) {
    FdPair pair = ConnectedPair();
    channel_.emplace(std::move(pair.ours), role, /*options_enabled=*/true);
    theirs_ = std::move(pair.theirs);
    session_.emplace(SessionId{{0x67676767}, {0x68686868}, options, ""}, role);
    outbound_.emplace(*channel_, *session_);
  }
  void SendData(const std::string& text) {
    ASSERT_LE(text.size(), outbound_->Room().size());
    std::copy(text.begin(), text.end(), outbound_->Room().begin());
    outbound_->CommitData(text.size());
  }
  void ExpectWire(const std::string& wire) {
    ASSERT_TRUE(channel_->writer().TryFlush(channel_->fd()).ok());
    ASSERT_FALSE(channel_->writer().pending());
    EXPECT_EQ(ReadExactly(theirs_.get(), wire.size()), wire);
  }
  static std::string Numbered(char type, uint32_t index,
                              const std::string& body = "") {
    return Raw(type, "gggg", "hhhh", body + RawNumber("gggg", index));
  }

  std::optional<Channel> channel_;
  std::optional<Session> session_;
  std::optional<Outbound> outbound_;
  UniqueFd theirs_;
};

TEST_F(OutboundTest, EveryFrameEndsWithTheNextNumber) {
  Make(Role::kGuest, true);
  SendData("one");
  ASSERT_TRUE(outbound_->Ping().ok());
  ASSERT_TRUE(outbound_->FinAck().ok());
  SendData("two");
  ASSERT_TRUE(outbound_->Fin().ok());
  ExpectWire(Numbered('D', 0, "one") + Numbered('I', 1) + Numbered('F', 2) +
             Numbered('D', 3, "two") + Numbered('E', 4));
}

TEST_F(OutboundTest, TheHostsNumbersBeginWithItsOwnToken) {
  Make(Role::kHost, true);
  SendData("x");
  ExpectWire(Raw('D', "gggg", "hhhh", "xhhhh"));
}

TEST_F(OutboundTest, AResetHasAReasonAndNoNumber) {
  Make(Role::kGuest, true);
  ASSERT_TRUE(
      outbound_->Reset(ResetBecause(ResetReason::kIdleTimeout, "our log"))
          .ok());
  ASSERT_TRUE(outbound_->Fin().ok());
  ExpectWire(Raw('H', "gggg", "hhhh", "\x04") + Numbered('E', 0));
}

TEST_F(OutboundTest, BaseFramesHaveNoNumbersAndTheirEndNoReason) {
  Make(Role::kHost, false);
  SendData("x");
  ASSERT_TRUE(outbound_->Reset({SessionEnd::Kind::kBaseClosed}).ok());
  ExpectWire(Raw('D', "gggg", "hhhh", "x") + Raw('H', "gggg", "hhhh"));
}

TEST_F(OutboundTest, TheBiggestFrameIsOneWriteOfAPort) {
  for (const bool options : {false, true}) {
    Make(Role::kGuest, options);
    const size_t most = options ? 32750 : 32754;
    ASSERT_EQ(outbound_->Room().size(), most);
    SendData(std::string(most, 'x'));
    EXPECT_TRUE(outbound_->Room().empty());
    EXPECT_FALSE(outbound_->Reset({SessionEnd::Kind::kBaseClosed}).ok());
    const std::string body(most, 'x');
    ExpectWire(options ? Numbered('D', 0, body)
                       : Raw('D', "gggg", "hhhh", body));
  }
}

TEST_F(OutboundTest, RoomIsNeverLessThanOneByteAndItsNumber) {
  Make(Role::kGuest, true);
  // Leaves a header's place and 4 bytes more: no room for data.
  SendData(std::string(32750 - 14 - 4, 'x'));
  EXPECT_TRUE(outbound_->Room().empty());
  EXPECT_TRUE(outbound_->Fin().ok());
}

}  // namespace
}  // namespace vios
