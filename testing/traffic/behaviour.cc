// SPDX-License-Identifier: Apache-2.0
#include "testing/traffic/behaviour.h"

#include <array>
#include <cstdint>
#include <map>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "testing/traffic/stream.h"
#include "testing/traffic/tcp.h"

namespace vios::testing {
namespace {

constexpr size_t kMaxRequest = 256;

using Words = std::vector<std::string>;

struct Result {
  Received received;
  ReceiveOptions expected;
  Sent sent;
};

// The words `at` and `at` + 1 as size and seed; nothing for garbage.
Content ContentAt(const Words& words, size_t at) {
  Content content;
  if (at + 1 >= words.size() || !absl::SimpleAtoi(words[at], &content.size) ||
      !absl::SimpleAtoi(words[at + 1], &content.seed)) {
    return {};
  }
  return content;
}

// Sends text as well, and remembers the first thing that went wrong.
void SendText(const Exchange& exchange, const std::string& text, Sent& sent) {
  if (!sent.status.ok()) return;
  sent.status = WriteText(exchange.socket, text);
  if (sent.status.ok()) sent.bytes += text.size();
}

void End(const Exchange& exchange, Sent& sent) {
  if (sent.status.ok()) sent.status = ShutdownWrite(exchange.socket);
}

Result Echo(const Words&, const Exchange& exchange) {
  Result result;
  std::vector<uint8_t> piece(64 * 1024);
  while (result.sent.status.ok()) {
    const absl::StatusOr<size_t> n =
        ReadSome(exchange.socket, absl::MakeSpan(piece));
    result.received.end = n.status();
    if (!n.ok() || *n == 0) break;
    result.received.content.Add({piece.data(), *n});
    result.sent.status = WriteAll(exchange.socket, {piece.data(), *n});
    result.sent.bytes += *n;
  }
  End(exchange, result.sent);
  return result;
}

Result Sink(const Words&, const Exchange& exchange) {
  Result result;
  result.received = ReceiveAll(exchange.socket, {});
  SendText(exchange, Report(result.received), result.sent);
  End(exchange, result.sent);
  return result;
}

Result Source(const Words& words, const Exchange& exchange) {
  Result result;
  result.sent = SendContent(exchange.socket, ContentAt(words, 1));
  End(exchange, result.sent);
  result.received = ReceiveAll(exchange.socket, {});
  return result;
}

Result SourceAfterEof(const Words& words, const Exchange& exchange) {
  Result result;
  result.received = ReceiveAll(exchange.socket, {});
  result.sent = SendContent(exchange.socket, ContentAt(words, 1));
  End(exchange, result.sent);
  return result;
}

Result Both(const Words& words, const Exchange& exchange) {
  Result result;
  std::thread sender(
      [&] { result.sent = SendContent(exchange.socket, ContentAt(words, 1)); });
  result.expected.expect = ContentAt(words, 3);
  result.received = ReceiveAll(exchange.socket, result.expected);
  sender.join();
  SendText(exchange, Report(result.received), result.sent);
  End(exchange, result.sent);
  return result;
}

Result Answer(const Words& words, const Exchange& exchange) {
  Result result;
  result.expected.expect = ContentAt(words, 3);
  result.received = ReceiveAll(exchange.socket, result.expected);
  result.sent = SendContent(exchange.socket, ContentAt(words, 1));
  SendText(exchange, Report(result.received), result.sent);
  End(exchange, result.sent);
  return result;
}

Result First(const Words& words, const Exchange& exchange) {
  Result result;
  result.sent = SendContent(exchange.socket, ContentAt(words, 1));
  End(exchange, result.sent);
  result.expected.expect = ContentAt(words, 3);
  result.received = ReceiveAll(exchange.socket, result.expected);
  return result;
}

Result SourceReset(const Words& words, const Exchange& exchange) {
  Result result;
  result.sent = SendContent(exchange.socket, ContentAt(words, 1));
  result.received.end = ResetOnClose(exchange.socket);
  return result;
}

Result CloseFirst(const Words& words, const Exchange& exchange) {
  Result result;
  SendText(exchange, words.size() > 1 ? words[1] : "", result.sent);
  End(exchange, result.sent);
  result.received = ReceiveAll(exchange.socket, {});
  return result;
}

Result Hold(const Words&, const Exchange& exchange) {
  Result result;
  result.received = ReceiveAll(exchange.socket, {});
  End(exchange, result.sent);
  return result;
}

Result Stall(const Words&, const Exchange& exchange) {
  exchange.stopping->WaitForNotificationWithTimeout(exchange.no_progress);
  return {};
}

Result Reset(const Words&, const Exchange& exchange) {
  Result result;
  result.received.end = ResetOnClose(exchange.socket);
  return result;
}

Result Ping(const Words&, const Exchange& exchange) {
  Result result;
  SendText(exchange, ".", result.sent);
  End(exchange, result.sent);
  result.received = ReceiveAll(exchange.socket, {});
  return result;
}

using Behaviour = Result (*)(const Words&, const Exchange&);

Behaviour Find(const std::string& verb) {
  static const auto& behaviours = *new std::map<std::string, Behaviour>{
      {"echo", Echo},
      {"sink", Sink},
      {"source", Source},
      {"source-after-eof", SourceAfterEof},
      {"both", Both},
      {"answer", Answer},
      {"first", First},
      {"source-reset", SourceReset},
      {"close-first", CloseFirst},
      {"hold", Hold},
      {"stall", Stall},
      {"reset", Reset},
      {"p", Ping},
  };
  const auto found = behaviours.find(verb);
  return found == behaviours.end() ? nullptr : found->second;
}

}  // namespace

absl::StatusOr<std::string> ReadRequest(int socket) {
  std::string line;
  while (line.size() < kMaxRequest) {
    std::array<uint8_t, 1> byte;
    const absl::StatusOr<size_t> n = ReadSome(socket, absl::MakeSpan(byte));
    if (!n.ok()) return n.status();
    if (*n == 0) return absl::OutOfRangeError("ended before its request");
    if (byte[0] == '\n') return line;
    line.push_back(static_cast<char>(byte[0]));
  }
  return absl::InvalidArgumentError("request too long");
}

std::string Behave(const std::string& request, const Exchange& exchange) {
  const Words words = absl::StrSplit(request, ' ');
  const Behaviour behaviour = Find(words[0]);
  if (behaviour == nullptr) return "outcome=unknown-request";
  const Result result = behaviour(words, exchange);
  // More than was expected is not what was expected.
  const std::string outcome =
      result.received.tail.empty()
          ? Outcome(result.received, result.expected, result.sent)
          : "different";
  return absl::StrFormat("outcome=%s received=%d digest=%016x sent=%d", outcome,
                         result.received.content.bytes(),
                         result.received.content.value(), result.sent.bytes);
}

}  // namespace vios::testing
