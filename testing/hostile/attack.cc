// SPDX-License-Identifier: Apache-2.0
#include "testing/hostile/attack.h"

#include <array>
#include <functional>
#include <random>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "channel/raw_frame.h"

namespace vios::testing {
namespace {

// What a virtio port takes in one write.
constexpr size_t kOneWrite = 32768;
constexpr char kDraw[] = "source 1000000000 1\n";

std::mt19937& Engine() {
  thread_local std::mt19937 engine;
  return engine;
}

std::string RandomToken() {
  std::string token;
  while (token.size() < 4) {
    token.push_back(static_cast<char>(0x21 + Engine()() % (0x7f - 0x21)));
  }
  return token;
}

std::string Block() { return "O1\x01\x01\x01"; }

std::string TextBlock() {
  const std::string text = ControlText();
  return absl::StrCat(Block(), "\x02",
                      std::string(1, static_cast<char>(text.size())), text);
}

// The same kind of frames again and again, as many as fit into one write.
void Flood(Line& line, const std::function<std::string()>& next) {
  while (true) {
    std::string bytes;
    uint64_t frames = 0;
    for (std::string frame = next(); bytes.size() + frame.size() <= kOneWrite;
         frame = next()) {
      bytes += frame;
      ++frames;
    }
    if (!line.Send(bytes, frames)) return;
  }
}

std::string SynOf(Side side) {
  if (side == Side::kGuest) return Raw('A', RandomToken(), "????", Block());
  return Raw('C', RandomToken(), RandomToken(), Block());
}

std::string ResetText() {
  return absl::StrCat(std::string(1, static_cast<char>(Engine()() % 16)),
                      ControlText());
}

// Valid types of sessions that are not there, too.
std::string UnknownFrame() {
  std::string frame = Raw(static_cast<char>('0' + Engine()() % 75),
                          RandomToken(), RandomToken(), "payload");
  if (Engine()() % 4 == 0) frame[2] = '2';
  return frame;
}

std::string Noise() {
  std::string bytes;
  while (bytes.size() < 1000) bytes.push_back(static_cast<char>(Engine()()));
  return bytes;
}

struct Session {
  std::string guest;
  std::string host;
};

// The first half of a handshake: what has come back for it.
std::optional<Session> Begin(Line& line, Side side, const std::string& block) {
  if (side == Side::kHost) {
    const auto syn = line.Next('A');
    if (!syn.has_value()) return std::nullopt;
    const std::string host = RandomToken();
    if (!line.SendFrame('C', syn->guest, host, block)) return std::nullopt;
    return Session{syn->guest, host};
  }
  while (true) {
    if (!line.SendFrame('A', RandomToken(), "????", block)) return std::nullopt;
    const auto answer = line.Next();
    if (!answer.has_value()) return std::nullopt;
    if (answer->type == 'C') return Session{answer->guest, answer->host};
    absl::SleepFor(absl::Milliseconds(50));  // Refused.
  }
}

std::optional<Session> Establish(Line& line, Side side,
                                 const std::string& block) {
  auto session = Begin(line, side, block);
  if (!session.has_value()) return std::nullopt;
  const bool agreed = side == Side::kHost
                          ? line.Next('B').has_value()
                          : line.SendFrame('B', session->guest, session->host);
  return agreed ? session : std::nullopt;
}

// The longest frame, a byte a second.
void Trickle(Line& line, const std::string& guest, const std::string& host) {
  const std::string frame = Raw('D', guest, host, std::string(65535, 'x'));
  for (const char& byte : frame) {
    if (!line.Send({&byte, 1}, 0)) return;
    absl::SleepFor(absl::Seconds(1));
  }
}

void SlowData(Line& line, Side side) {
  const auto session = Establish(line, side, Block());
  if (session.has_value()) Trickle(line, session->guest, session->host);
}

// Reads on, so that it goes on when it has been given up.
void Unacknowledged(Line& line, Side side) {
  if (side == Side::kHost) {
    while (line.Next().has_value()) {
    }
    return;
  }
  while (Begin(line, side, Block()).has_value() && line.Next('H').has_value()) {
  }
}

void Unread(Line& line, Side side) {
  const auto session = Establish(line, side, Block());
  if (!session.has_value()) return;
  if (side == Side::kGuest) {
    line.SendFrame('D', session->guest, session->host,
                   kDraw + RawNumber(session->guest, 0));
  }
  absl::SleepFor(absl::InfiniteDuration());
}

// Resets by turns before and behind the ACK.
void Text(Line& line, Side side) {
  for (bool established = false;; established = !established) {
    const auto session = established ? Establish(line, side, TextBlock())
                                     : Begin(line, side, TextBlock());
    if (!session.has_value() ||
        !line.SendFrame('H', session->guest, session->host, ResetText())) {
      return;
    }
  }
}

struct NamedAttack {
  Attack attack;
  const char* name;
};
constexpr std::array<NamedAttack, 11> kAttacks = {{
    {Attack::kSyn, "syn"},
    {Attack::kReset, "reset"},
    {Attack::kPing, "ping"},
    {Attack::kUnknown, "unknown"},
    {Attack::kNoise, "noise"},
    {Attack::kSlowFrame, "slow-frame"},
    {Attack::kSlowData, "slow-data"},
    {Attack::kUnacknowledged, "unacknowledged"},
    {Attack::kUnread, "unread"},
    {Attack::kText, "text"},
    {Attack::kFlap, "flap"},
}};

}  // namespace

std::string ControlText() {
  static constexpr absl::string_view kText =
      "\x1b]0;owned\x07\x1b[2J\r\n2026-01-01T00:00:00Z ALERT forged\x7f\x9b"
      "31m\xc2\x85\xe2\x80\xae";
  return std::string(kText) + std::string(1, '\0') + "end";
}

void SeedThisThread(uint32_t seed) { Engine().seed(seed); }

std::vector<Attack> AttacksOf(Side side) {
  std::vector<Attack> attacks;
  for (const NamedAttack& it : kAttacks) {
    if (it.attack != Attack::kFlap || side == Side::kHost) {
      attacks.push_back(it.attack);
    }
  }
  return attacks;
}

std::string Name(Attack attack) {
  return kAttacks[static_cast<size_t>(attack)].name;
}

std::optional<Attack> ParseAttack(absl::string_view name) {
  for (const NamedAttack& it : kAttacks) {
    if (it.name == name) return it.attack;
  }
  return std::nullopt;
}

void CarryOut(Attack attack, Side side, Line& line) {
  switch (attack) {
    case Attack::kSyn:
      return Flood(line, [side] { return SynOf(side); });
    case Attack::kReset:
      return Flood(line, [] {
        return Raw('H', RandomToken(), RandomToken(), ResetText());
      });
    case Attack::kPing:
      return Flood(line, [] {
        return Raw('I', "RRRR", "RRRR", RandomToken() + "ping");
      });
    case Attack::kUnknown:
      return Flood(line, UnknownFrame);
    case Attack::kNoise:
      return Flood(line, Noise);
    case Attack::kSlowFrame:
      return Trickle(line, RandomToken(), RandomToken());
    case Attack::kSlowData:
      return SlowData(line, side);
    case Attack::kUnacknowledged:
      return Unacknowledged(line, side);
    case Attack::kUnread:
      return Unread(line, side);
    case Attack::kText:
      return Text(line, side);
    case Attack::kFlap:
      // Not faster: thousands of connections a second leave QEMU 7.2 with a
      // port that takes nothing from its guest until it is plugged in anew.
      return absl::SleepFor(absl::Milliseconds(20));
  }
}

}  // namespace vios::testing
