// SPDX-License-Identifier: Apache-2.0
#include "testing/traffic/client.h"

#include <cerrno>
#include <csignal>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_format.h"
#include "absl/synchronization/mutex.h"
#include "channel/deadline.h"
#include "testing/traffic/stream.h"
#include "testing/traffic/tcp.h"

namespace vios::testing {
namespace {

struct ClientResult {
  std::string outcome;
  Received received;
  Sent sent;
};

double SecondsSince(Clock::time_point start) {
  return absl::ToDoubleSeconds(absl::FromChrono(Clock::now() - start));
}

void AwaitTerm(absl::Duration limit) {
  sigset_t term;
  sigemptyset(&term);
  sigaddset(&term, SIGTERM);
  const Deadline deadline = Deadline::After(limit);
  // A machine that sleeps meanwhile interrupts the wait.
  timespec left = absl::ToTimespec(limit);
  while (::sigtimedwait(&term, nullptr, &left) < 0 && errno == EINTR) {
    left = absl::ToTimespec(deadline.remaining());
  }
}

Sent Send(const ClientOptions& options, int socket) {
  Sent sent;
  sent.status = WriteText(socket, options.request + "\n");
  if (sent.status.ok()) sent = SendContent(socket, options.send);
  return sent;
}

void EndSending(int socket, Sent& sent) {
  if (sent.status.ok()) sent.status = ShutdownWrite(socket);
}

// Reads in a thread of its own while this one sends. The reader's end also
// ends a stay: nothing more is to come.
ClientResult Exchange(const ClientOptions& options,
                      const ReceiveOptions& expected, int socket) {
  ClientResult result;
  std::thread reader([&] {
    result.received = ReceiveAll(socket, expected);
    if (options.stay) ::kill(::getpid(), SIGTERM);
  });
  result.sent = Send(options, socket);
  if (options.stay) AwaitTerm(options.no_progress);
  if (options.half_close) EndSending(socket, result.sent);
  reader.join();
  if (!options.half_close && result.sent.status.ok()) {
    const Sent more = SendContent(socket, options.send_after_eof);
    result.sent = {result.sent.bytes + more.bytes, more.status};
    EndSending(socket, result.sent);
  }
  return result;
}

std::string Judge(const ClientOptions& options, const ReceiveOptions& expected,
                  const ClientResult& result) {
  const std::string outcome = Outcome(result.received, expected, result.sent);
  if (outcome != "clean-eof") return outcome;
  const std::string tail =
      options.expect_report ? ReportOf(options.send) : options.expect_tail;
  if (result.received.tail == tail) return outcome;
  return result.received.tail.size() < tail.size() ? "short" : "different";
}

ClientResult Vanish(const ClientOptions& options, int socket) {
  ClientResult result{"vanished", {}, Send(options, socket)};
  if (options.stay) AwaitTerm(options.no_progress);
  return result;
}

ClientResult Failed(const absl::Status& status) {
  return {Outcome(status), {}, {0, status}};
}

ClientResult Connection(const ClientOptions& options) {
  const absl::StatusOr<UniqueFd> socket =
      ConnectTcp(options.host, options.port, options.no_progress,
                 options.vanish || options.kill_resets);
  if (!socket.ok()) return Failed(socket.status());
  options.on_connected();
  if (options.vanish) return Vanish(options, socket->get());
  const ReceiveOptions expected{options.expect, options.read_delay,
                                options.on_arrived};
  ClientResult result = Exchange(options, expected, socket->get());
  result.outcome = Judge(options, expected, result);
  if (options.kill_resets && result.outcome == "clean-eof") {
    EndOnClose(socket->get()).IgnoreError();
  }
  return result;
}

// How the short connections of all clients ended.
struct ShortTally {
  absl::Mutex mu;
  int ok ABSL_GUARDED_BY(mu) = 0;
  int failed ABSL_GUARDED_BY(mu) = 0;
  std::string first_failure ABSL_GUARDED_BY(mu) = "none";
};

void ShortConnections(const ClientOptions& options, int count,
                      ShortTally& tally) {
  ClientOptions each = options;
  each.request = "p";
  each.expect = Content{};
  each.expect_tail = ".";
  for (int i = 0; i < count; ++i) {
    const std::string outcome = Connection(each).outcome;
    absl::MutexLock lock(&tally.mu);
    if (outcome == "clean-eof") {
      ++tally.ok;
    } else if (++tally.failed == 1) {
      tally.first_failure = outcome;
    }
  }
}

}  // namespace

std::string RunClient(const ClientOptions& options) {
  const Clock::time_point start = Clock::now();
  const ClientResult result = Connection(options);
  const Digest& content = result.received.content;
  return absl::StrFormat(
      "outcome=%s bytes=%d same=%d digest=%016x sent=%d upload=%s seconds=%.3f "
      "tail=\"%s\"",
      result.outcome, content.bytes(), result.received.same, content.value(),
      result.sent.bytes, Outcome(result.sent.status), SecondsSince(start),
      absl::CHexEscape(result.received.tail));
}

std::string RunShortConnections(const ClientOptions& options, int count,
                                int clients) {
  const Clock::time_point start = Clock::now();
  ShortTally tally;
  std::vector<std::thread> threads;
  for (int i = 0; i < clients; ++i) {
    const int share = count / clients + (i < count % clients ? 1 : 0);
    threads.emplace_back(
        [&, share] { ShortConnections(options, share, tally); });
  }
  for (std::thread& thread : threads) thread.join();
  absl::MutexLock lock(&tally.mu);
  return absl::StrFormat("ok=%d failed=%d seconds=%.3f first-failure=%s",
                         tally.ok, tally.failed, SecondsSince(start),
                         tally.first_failure);
}

}  // namespace vios::testing
