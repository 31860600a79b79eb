// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_TRAFFIC_CLIENT_H_
#define VIOS_PROXY_TESTING_TRAFFIC_CLIENT_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "testing/traffic/content.h"

namespace vios::testing {

// One connection to the service of service.h: the request line, then `send`,
// then the end of the stream, while the answer is read and checked.
struct ClientOptions {
  std::string host = "127.0.0.1";
  uint16_t port = 5672;
  std::string request;     // A line of behaviour.h.
  Content send;            // Behind the request.
  Content send_after_eof;  // After the service's end; needs no half_close.
  std::optional<Content> expect;  // What is to come; unset: anything.
  std::string expect_tail;        // Exactly this behind it.
  bool expect_report = false;     // As expect_tail: the report of `send`.
  // True: this side ends when it has sent all; false: after the service.
  bool half_close = true;
  // Stay until SIGTERM (which the caller has blocked in every thread) before
  // this side ends.
  bool stay = false;
  bool vanish = false;        // Reset instead of an end; killing does it too.
  bool kill_resets = false;   // Killing resets; nothing else changes.
  absl::Duration read_delay;  // Before each read.
  absl::Duration no_progress = absl::Minutes(2);
  std::function<void()> on_connected = [] {};
  std::function<void()> on_arrived = [] {};  // All of `expect`.
};

// Returns one line of NAME=VALUE words: outcome (clean-eof, reset, refused,
// timeout, short, different, failed, vanished), bytes received, same (1 while
// what came was right, however it ended), digest, sent, upload (an outcome),
// seconds, tail.
std::string RunClient(const ClientOptions& options);

// `count` connections, each with a request of two bytes and an answer of one,
// made by `clients` threads, each one after another:
// "ok=N failed=N seconds=S first-failure=OUTCOME".
std::string RunShortConnections(const ClientOptions& options, int count,
                                int clients = 1);

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_TRAFFIC_CLIENT_H_
