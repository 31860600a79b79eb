// SPDX-License-Identifier: Apache-2.0
// The exchange that channel/README.md shows is what our host sends and takes.
#include <sys/socket.h>

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "channel/fd_pair.h"
#include "gtest/gtest.h"
#include "testing/our_side.h"
#include "testing/recording.h"

namespace vios {
namespace {

class WireExampleTest : public testing::Test {
 protected:
  // Puts the token that our host chose in place of the one in the text.
  void Send(const RecordedLine& line) {
    const std::string host = line.host() == "????" ? "????" : host_token_;
    host_.peer().SendRaw(
        absl::StrCat(line.wire.substr(0, 8), host, line.wire.substr(12)));
  }
  void Expect(const RecordedLine& line, bool behind_preamble) {
    const char type = line.wire[3];
    const RawFrame frame = behind_preamble
                               ? host_.peer().ExpectFrameBehindPreamble(type)
                               : host_.peer().ExpectFrame(type);
    EXPECT_EQ(frame.guest, line.guest());
    if (line.type == "SYNACK") {
      host_token_ = frame.host;
      EXPECT_EQ(frame.payload, line.payload());
      return;
    }
    EXPECT_EQ(frame.host, host_token_);
    ExpectNumbered(frame, line);
  }
  void ExpectNumbered(const RawFrame& frame, const RecordedLine& line) {
    const std::string body =
        line.payload().substr(0, line.payload().size() - 4);
    EXPECT_EQ(frame.payload, body + RawNumber(host_token_, numbered_));
    EXPECT_TRUE(
        absl::EndsWith(line.payload(), RawNumber(line.host(), numbered_)));
    ++numbered_;
  }
  // What the service does about a line, or for one to come.
  void Serve(const RecordedLine& line) {
    const int service = host_.tcp.theirs.get();
    const std::string text =
        line.payload().substr(0, line.payload().size() - 4);
    if (line.from_guest && line.type == "DATA") {
      EXPECT_EQ(ReadExactly(service, text.size()), text);
    } else if (line.from_guest && line.type == "FIN") {
      EXPECT_TRUE(AtEndOfFile(service));
    } else if (!line.from_guest && line.type == "DATA") {
      EXPECT_TRUE(WriteAll(service, text));
    } else if (!line.from_guest && line.type == "FIN") {
      EXPECT_EQ(::shutdown(service, SHUT_WR), 0);
    }
  }

  OurSide host_{Role::kHost, true};
  std::string host_token_;
  uint32_t numbered_ = 0;
};

TEST_F(WireExampleTest, OurHostPlaysItsPart) {
  host_.StartHost();
  const auto lines = ReadRecording("channel/README.md");
  ASSERT_EQ(lines.size(), 10u);
  bool behind_preamble = false;
  for (const RecordedLine& line : lines) {
    if (line.from_guest) {
      Send(line);
      if (!line.payload().empty()) Serve(line);
    } else if (line.type != "PREAMBLE") {
      Serve(line);
      Expect(line, behind_preamble);
    }
    behind_preamble = line.type == "PREAMBLE";
  }
  EXPECT_EQ(host_.End().kind, SessionEnd::Kind::kClean);
}

}  // namespace
}  // namespace vios
