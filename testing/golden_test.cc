// SPDX-License-Identifier: Apache-2.0
// Exchanges recorded from 0.2, replayed against our daemons: the recording
// plays one side, and the other says what ours has to send.
#include <sys/socket.h>

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/str_cat.h"
#include "channel/fd_pair.h"
#include "gtest/gtest.h"
#include "testing/our_side.h"
#include "testing/recording.h"

namespace vios {
namespace {

using Kind = SessionEnd::Kind;

std::string PathOf(const std::string& name) {
  return "testing/golden/" + name + ".txt";
}

// A name of a recording, and whether our side has its options on.
class GoldenTest
    : public testing::TestWithParam<std::tuple<std::string, bool>> {
 protected:
  std::string name() const { return std::get<0>(GetParam()); }
  bool options() const { return std::get<1>(GetParam()); }
  bool refused() const { return name() == "service-refuses"; }

  // Puts the tokens that our side chose in place of the recorded ones.
  std::string Mapped(const RecordedLine& line) {
    if (line.type == "PREAMBLE") return line.wire;
    return absl::StrCat(line.wire.substr(0, 4), Ours(line.guest()),
                        Ours(line.host()), line.wire.substr(12));
  }
  std::string Ours(const std::string& recorded) {
    const auto found = tokens_.find(recorded);
    return found != tokens_.end() ? found->second : recorded;
  }
  void Replay(OurSide& our_side, Role role) {
    for (const RecordedLine& line : ReadRecording(PathOf(name()))) {
      const bool ours = line.from_guest == (role == Role::kGuest);
      if (!ours) {
        our_side.peer().SendRaw(Mapped(line));
        if (line.type == "DATA") {
          ASSERT_EQ(
              ReadExactly(our_side.tcp.theirs.get(), line.payload().size()),
              line.payload());
        }
      } else if (line.type == "DATA") {
        ExpectData(our_side, line);
      } else if (line.type != "PREAMBLE") {
        ExpectSame(our_side, line);
      }
    }
  }
  // The same bytes; how they are cut into frames is each side's affair.
  void ExpectData(OurSide& our_side, const RecordedLine& line) {
    ASSERT_TRUE(WriteAll(our_side.tcp.theirs.get(), line.payload()));
    std::string got;
    while (got.size() < line.payload().size()) {
      const RawFrame frame = our_side.peer().ExpectFrame('D');
      ASSERT_EQ(frame.guest, Ours(line.guest()));
      ASSERT_EQ(frame.host, Ours(line.host()));
      ASSERT_LE(frame.payload.size(), 32754u);
      ASSERT_NE(frame.payload, "");
      got += frame.payload;
    }
    EXPECT_TRUE(got == line.payload());
  }
  void ExpectSame(OurSide& our_side, const RecordedLine& line) {
    if (line.type == "RESET" && line.from_guest) CloseClient(our_side);
    const RawFrame frame = our_side.peer().ExpectFrame(line.wire[3]);
    if (line.type == "SYN") tokens_[line.guest()] = frame.guest;
    if (line.type == "SYNACK") tokens_[line.host()] = frame.host;
    if (line.type == "RESET" && !line.from_guest) {
      // 0.2 refuses without a name; we say whom, and why.
      EXPECT_EQ(frame.host, "????");
      EXPECT_EQ(frame.payload, "\x01");
      return;
    }
    EXPECT_EQ(frame.guest, Ours(line.guest()));
    EXPECT_EQ(frame.host, Ours(line.host()));
    if (line.type == "SYN" && options()) {
      EXPECT_EQ(frame.payload.substr(0, 2), "O1");
    } else {
      EXPECT_EQ(frame.payload, "");
    }
  }
  void CloseClient(OurSide& our_side) {
    if (name() == "half-close-answer-lost") {
      ASSERT_EQ(::shutdown(our_side.tcp.theirs.get(), SHUT_WR), 0);
    } else {
      our_side.tcp.theirs.Reset();
    }
  }

  std::map<std::string, std::string> tokens_;  // Recorded to ours.
};

TEST_P(GoldenTest, OurHostServesAGuestOf02) {
  OurSide host(Role::kHost, options());
  host.StartHost(refused());
  Replay(host, Role::kHost);
  const SessionEnd end = host.End();
  EXPECT_EQ(end.kind, refused() ? Kind::kReset : Kind::kBasePeer);
  EXPECT_TRUE(refused() || AtEndOfFile(host.tcp.theirs.get()));
  host.peer().SendRaw(std::string(32768, 'V'));
  host.peer().SendFrame('A', "next", "????");
  EXPECT_EQ(host.peer().ExpectFrame('H').guest, "next");
}

TEST_P(GoldenTest, OurGuestIsServedByAHostOf02) {
  OurSide guest(Role::kGuest, options());
  guest.StartGuest();
  if (options()) {
    const RawFrame ping = guest.peer().ExpectFrameBehindPreamble('I');
    EXPECT_EQ(ping.guest + ping.host, "RRRRRRRR");
  } else {
    EXPECT_EQ(ReadExactly(guest.peer().fd(), 65549), std::string(65549, 'V'));
  }
  Replay(guest, Role::kGuest);
  if (refused()) {
    const RawFrame reset = guest.peer().ExpectFrame('H');
    EXPECT_EQ(reset.host, "????");
    EXPECT_EQ(reset.payload, "\x01");
  }
  const SessionEnd end = guest.End();
  EXPECT_EQ(end.kind, refused() ? Kind::kPeerReset : Kind::kBaseClosed);
  // The client still waits for its answer: that it is lost is not to look like
  // an empty one.
  if (name() == "half-close-answer-lost") {
    EXPECT_FALSE(AtEndOfFile(guest.tcp.theirs.get()));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Recordings, GoldenTest,
    testing::Combine(testing::Values("client-closes-first",
                                     "half-close-answer-lost",
                                     "service-closes-first", "service-refuses",
                                     "upload-100000"),
                     testing::Bool()),
    [](const auto& one) {
      std::string name = std::get<0>(one.param);
      std::erase(name, '-');
      return name + (std::get<1>(one.param) ? "WithOptions" : "Base");
    });

TEST(RecordingTest, EveryRecordingIsThere) {
  for (const char* name :
       {"client-closes-first", "half-close-answer-lost", "service-closes-first",
        "service-refuses", "upload-100000"}) {
    const auto lines = ReadRecording(PathOf(name));
    ASSERT_GE(lines.size(), 3u) << name;
    EXPECT_EQ(lines[0].wire, std::string(32768, 'V'));
    EXPECT_EQ(lines[1].wire.substr(0, 4), "VS1A");
  }
}

}  // namespace
}  // namespace vios
