// SPDX-License-Identifier: Apache-2.0
#include "testing/fuzz/script.h"

#include "absl/strings/str_cat.h"
#include "channel/raw_frame.h"

namespace vios::fuzz {
namespace {

constexpr uint8_t kOptionsOff = 1;
constexpr uint8_t kEndsAtOnce = 2;
// Room for a preamble inside the longest frame, and for more behind it.
constexpr size_t kMostBytes = 150000;
constexpr size_t kPreamble = 14 + 65535;

bool IsNumbered(char type) {
  return type == 'D' || type == 'E' || type == 'F' || type == 'I';
}

}  // namespace

Script::Script(Role role, Input input)
    : role_(role),
      input_(input),
      flags_(input_.Byte()),
      driver_(role, (flags_ & kOptionsOff) == 0) {}

void Script::Run() {
  while (!input_.empty() && emitted_ < kMostBytes &&
         driver_.model().sessions().size() <= SessionModel::kMaxSessions) {
    Step(input_.Byte());
  }
  Flush();
  if ((flags_ & kEndsAtOnce) == 0) driver_.Settle();
  driver_.Finish();
}

void Script::Step(uint8_t byte) {
  if (byte < 0xf0 || byte > 0xfa) {
    plain_.push_back(static_cast<char>(byte));
    return;
  }
  if (byte == 0xf7) {
    plain_.push_back(static_cast<char>(input_.Byte()));
    return;
  }
  Flush();
  switch (byte) {
    case 0xf0:
      return Emit(OurToken());
    case 0xf1:
      return Emit(NextNumber());
    case 0xf2:
      return Emit(std::string(kPreamble, 'V'));
    case 0xf3:
      return driver_.AppCloses();
    case 0xf4:
      return driver_.AppWrites(size_t{1} + input_.Byte());
    case 0xf5:
      return driver_.AppResets();
    case 0xf6:
      return Emit(std::string(input_.Size(), 'x'));
    case 0xf9:
      return driver_.Settle();
    default:
      break;
  }
  const char type = static_cast<char>(input_.Byte());
  const size_t size = input_.Byte();
  Emit(byte == 0xf8 ? RightFrame(type, size)
                    : Raw(type, "RRRR", "RRRR", std::string(size, 'p')));
}

void Script::Flush() {
  Emit(plain_);
  plain_.clear();
}

void Script::Emit(absl::string_view bytes) {
  emitted_ += bytes.size();
  driver_.Send(bytes);
}

// Something else while there is no session, or none that needs to be known.
std::string Script::OurToken() {
  if (driver_.model().sessions().empty()) return "none";
  if (driver_.model().sessions().back().ours.empty()) driver_.Settle();
  return driver_.model().sessions().back().ours;
}

std::string Script::PeerToken() const {
  const auto& sessions = driver_.model().sessions();
  if (sessions.empty() || sessions.back().peer.empty()) return "peer";
  return sessions.back().peer;
}

std::string Script::NextNumber() const {
  const auto& sessions = driver_.model().sessions();
  return RawNumber(PeerToken(),
                   sessions.empty() ? 0 : sessions.back().numbered);
}

std::string Script::Greeting(size_t size) {
  const std::string block = size % 2 == 1 ? "O1\x01\x01\x01" : "";
  if (role_ == Role::kGuest) return Raw('C', OurToken(), "peer", block);
  const std::string token =
      absl::StrCat("syn", std::string(1, static_cast<char>('0' + size % 64)));
  return Raw('A', token, "????", block);
}

std::string Script::RightFrame(char type, size_t size) {
  if (type == (role_ == Role::kGuest ? 'C' : 'A')) return Greeting(size);
  const auto& sessions = driver_.model().sessions();
  const bool numbered =
      IsNumbered(type) && !sessions.empty() && sessions.back().options;
  std::string payload(size, static_cast<char>('a' + size % 26));
  if (numbered) absl::StrAppend(&payload, NextNumber());
  const std::string ours = OurToken();
  return role_ == Role::kGuest ? Raw(type, ours, PeerToken(), payload)
                               : Raw(type, PeerToken(), ours, payload);
}

}  // namespace vios::fuzz
