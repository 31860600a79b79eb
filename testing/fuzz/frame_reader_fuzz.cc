// SPDX-License-Identifier: Apache-2.0
// The frame reader on any bytes cut into any reads, against a second decoder
// that sees the stream as a whole. An input is a list of steps:
//   step  = what (1 byte)  piece
//   what  : bits 0-2 what is wanted of a header; bit 3: Read() in place of
//           Hunt() where a session may begin; bit 4: a large Fill(); bit 5:
//           the piece is a run of its first byte; bits 6 and 7
//           both: Clear() first
//   piece = size (2 bytes) bytes, or size (2 bytes) byte
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "channel/frame_reader.h"
#include "channel/unique_fd.h"
#include "glog/logging.h"
#include "testing/fuzz/input.h"
#include "testing/fuzz/wire.h"

namespace vios::fuzz {
namespace {

// The same question in the terms of both decoders.
bool Wants(int question, char type, bool out_of_session, bool own,
           size_t length) {
  switch (question) {
    case 0:
      return true;
    case 1:  // A guest in SYN_SENT.
      return own ? type == 'C' || type == 'H'
                 : out_of_session && ((type == 'H' && length == 0) ||
                                      (type == 'I' && length == 8));
    case 2:
      return false;
    case 3:
      return length % 2 == 0;
    default:
      return type - 'A' == question;
  }
}

bool Wants(int question, const FrameHeader& header) {
  return Wants(question, static_cast<char>(header.type),
               header.IsOutOfSession(), header.guest.value == 0x67676767,
               header.length);
}

bool Wants(int question, const WireFrame& frame) {
  return Wants(question, frame.type, frame.out_of_session(),
               frame.guest == "gggg", frame.length);
}

class Reader {
 public:
  Reader() {
    int fds[2];
    PCHECK(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0,
                        fds) == 0);
    ours_ = UniqueFd(fds[0]);
    theirs_ = UniqueFd(fds[1]);
  }

  void Feed(absl::string_view piece, bool large, int question, bool session) {
    while (!piece.empty()) {
      // Small enough for the socket to take it.
      const auto part = piece.substr(
          0, large ? FrameReader::kStreamRead : FrameReader::kIdleRead);
      piece.remove_prefix(part.size());
      Fill(part, large);
      Look(question, session);
    }
  }
  void Clear() {
    reader_.Clear();
    at_ = came_.size();
    skipped_ = reader_.skipped();  // What it forgets it does not count.
    in_step_ = true;
  }

 private:
  void Fill(absl::string_view part, bool large) {
    PCHECK(::write(theirs_.get(), part.data(), part.size()) ==
           static_cast<ssize_t>(part.size()));
    const auto n = reader_.Fill(
        ours_.get(), large ? FrameReader::kStreamRead : FrameReader::kIdleRead);
    CHECK(n.ok() && n->has_value() && **n == part.size());
    absl::StrAppend(&came_, part);
    const auto nothing = reader_.Fill(ours_.get(), FrameReader::kIdleRead);
    CHECK(nothing.ok() && !nothing->has_value());
  }

  // A session begins behind a frame, so only there Read() takes over. How much
  // Hunt() drops early is its own affair.
  void Look(int question, bool session) {
    while (session && in_step_ ? ReadOne() : HuntOne(question)) {
    }
  }

  bool ReadOne() {
    const Sight sight = LookAt(absl::string_view(came_).substr(at_));
    Frame frame;
    switch (reader_.Read(&frame)) {
      case FrameReader::Next::kIncomplete:
        CHECK(sight.fit == Fit::kPart || sight.fit == Fit::kHeader);
        return false;
      case FrameReader::Next::kOutOfStep:
        CHECK(sight.fit == Fit::kNone);
        in_step_ = false;
        return true;  // The hunt begins.
      case FrameReader::Next::kFrame:
        CHECK(sight.fit == Fit::kFrame);
        CheckSame(frame, sight.frame);
        at_ += sight.frame.size();
        return true;
    }
    return false;
  }

  bool HuntOne(int question) {
    const Sight sight = HuntOnPaper(question);
    const auto frame = reader_.Hunt([question](const FrameHeader& header) {
      return Wants(question, header);
    });
    CHECK_EQ(frame.has_value(), sight.fit == Fit::kFrame);
    // What may still become a wanted header has not been dropped.
    CHECK_LE(reader_.skipped(), skipped_);
    if (sight.fit == Fit::kFrame || sight.fit == Fit::kHeader) {
      CHECK_EQ(reader_.skipped(), skipped_);
      in_step_ = true;
    }
    if (!frame.has_value()) return false;
    CheckSame(*frame, sight.frame);
    at_ += sight.frame.size();
    return true;
  }

  // Moves at_ to the first place where a wanted frame begins or may begin.
  Sight HuntOnPaper(int question) {
    while (true) {
      const Sight sight = LookAt(absl::string_view(came_).substr(at_));
      if (sight.fit == Fit::kPart) return sight;
      if (sight.fit != Fit::kNone && Wants(question, sight.frame)) return sight;
      const size_t next = std::min(came_.find('V', at_ + 1), came_.size());
      skipped_ += next - at_;
      at_ = next;
      in_step_ = false;
    }
  }

  static void CheckSame(const Frame& frame, const WireFrame& expected) {
    CHECK_EQ(static_cast<char>(frame.header.type), expected.type);
    CHECK_EQ(ToString(frame.header.guest), expected.guest);
    CHECK_EQ(ToString(frame.header.host), expected.host);
    CHECK_EQ(frame.header.length, expected.length);
    CHECK(AsText(frame.payload.data(), frame.payload.size()) ==
          expected.payload);
  }

  UniqueFd ours_, theirs_;
  FrameReader reader_;
  // What the second decoder knows: the stream, where it is in it, how much it
  // has dropped so far, and whether the reader is at the very same place.
  std::string came_;
  size_t at_ = 0;
  uint64_t skipped_ = 0;
  bool in_step_ = false;
};

// Room for a preamble inside the longest frame, and for more behind it.
constexpr size_t kMostBytes = 150000;

void Play(Input input) {
  Reader reader;
  size_t total = 0;
  while (!input.empty() && total < kMostBytes) {
    const uint8_t what = input.Byte();
    const size_t size = input.Size();
    const bool run = (what & 0x20) != 0;
    const std::string piece =
        run ? std::string(size, static_cast<char>(input.Byte()))
            : std::string(input.Bytes(size));
    if ((what & 0xc0) == 0xc0) reader.Clear();
    reader.Feed(piece, (what & 0x10) != 0, what & 7, (what & 8) != 0);
    total += piece.size();
  }
}

}  // namespace
}  // namespace vios::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  vios::fuzz::Play(vios::fuzz::Input(vios::fuzz::AsText(data, size)));
  return 0;
}
