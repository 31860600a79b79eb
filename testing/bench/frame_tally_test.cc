// SPDX-License-Identifier: Apache-2.0
#include "testing/bench/frame_tally.h"

#include <string>

#include "channel/raw_frame.h"
#include "gtest/gtest.h"

namespace vios::testing {
namespace {

// All of `stream`, in pieces of `size`; -1 on failure.
int DataIn(FrameTally& tally, const std::string& stream, size_t size) {
  size_t data = 0;
  for (size_t at = 0; at < stream.size(); at += size) {
    const std::string piece = stream.substr(at, size);
    const auto n = tally.Add(
        {reinterpret_cast<const uint8_t*>(piece.data()), piece.size()});
    if (!n.ok()) return -1;
    data += *n;
  }
  return static_cast<int>(data);
}

TEST(FrameTally, CountsTheDataOfFramesHoweverTheyAreCut) {
  const std::string stream = Raw('D', "gggg", "hhhh", "twelve bytes1234") +
                             Raw('I', "gggg", "hhhh", "1234") +
                             Raw('D', "gggg", "hhhh", "x1234");
  for (const size_t size : {1u, 13u, 14u, 15u, 1000u}) {
    FrameTally tally;
    EXPECT_EQ(DataIn(tally, stream, size), 13) << size;
    EXPECT_FALSE(tally.fin() || tally.fin_ack());
  }
}

TEST(FrameTally, SeesTheEndOnceItIsWhole) {
  FrameTally tally;
  const std::string stream =
      Raw('E', "gggg", "hhhh", "1234") + Raw('F', "gggg", "hhhh", "1234");
  EXPECT_EQ(DataIn(tally, stream.substr(0, 17), 100), 0);
  EXPECT_FALSE(tally.fin());
  EXPECT_EQ(DataIn(tally, stream.substr(17), 100), 0);
  EXPECT_TRUE(tally.fin() && tally.fin_ack());
}

TEST(FrameTally, FailsOnAResetAndOnWhatIsNoFrame) {
  for (const std::string& stream :
       {Raw('H', "gggg", "hhhh"), Raw('D', "gggg", "hhhh", "123"),
        std::string("no frame at all")}) {
    FrameTally tally;
    EXPECT_EQ(DataIn(tally, stream, 100), -1) << stream;
  }
}

}  // namespace
}  // namespace vios::testing
