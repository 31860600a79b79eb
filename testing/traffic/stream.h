// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_TRAFFIC_STREAM_H_
#define VIOS_PROXY_TESTING_TRAFFIC_STREAM_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "testing/traffic/content.h"

namespace vios::testing {

// One direction of a connection, sent or received as a whole. Everything
// blocks, up to the socket's no-progress time-out; see tcp.h for the errors.

struct Sent {
  uint64_t bytes = 0;
  absl::Status status;
};
Sent SendContent(int socket, const Content& content);

struct ReceiveOptions {
  // Compared as it comes. Without it any bytes are content.
  std::optional<Content> expect;
  // A pause before each read.
  absl::Duration read_delay;
  // Called once, when all that is expected has come.
  std::function<void()> on_arrived = [] {};
};

struct Received {
  Digest content;    // Without the tail.
  bool same = true;  // As far as it came, it was what was expected.
  std::string tail;  // What came behind the expected, at most 1 KiB.
  absl::Status end;  // OK: a clean end of the stream.
};
Received ReceiveAll(int socket, const ReceiveOptions& options);

// The line in which a service tells what it has received.
std::string Report(const Received& received);
// What that line is when all of `content` has arrived.
std::string ReportOf(const Content& content);

// One word for how a direction ended: clean-eof, reset, refused, timeout,
// short (ended before all that was expected) or different.
// `sent` counts as well: the kernel tells of a reset only once, to whichever
// call comes first, and a read after that one sees an end like any other.
std::string Outcome(const Received& received, const ReceiveOptions& options,
                    const Sent& sent);
std::string Outcome(const absl::Status& status);

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_TRAFFIC_STREAM_H_
