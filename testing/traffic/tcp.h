// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_TRAFFIC_TCP_H_
#define VIOS_PROXY_TESTING_TRAFFIC_TCP_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "channel/unique_fd.h"

namespace vios::testing {

// Blocking TCP sockets on which no call takes longer than a time-out. Errors
// are told apart by code, as a client or service of the proxy sees them:
//   ABORTED            the connection was reset (ECONNRESET, EPIPE)
//   UNAVAILABLE        the connection was refused
//   DEADLINE_EXCEEDED  nothing moved for the time-out
// All are thread-safe as far as the descriptors are.

// `no_progress` bounds each later read and write of the connection, too.
// With `reset_on_close` it is as if ResetOnClose() had always been called.
absl::StatusOr<UniqueFd> ConnectTcp(const std::string& host, uint16_t port,
                                    absl::Duration no_progress,
                                    bool reset_on_close = false);

// Listens on `host`; port 0 takes a free one, which LocalPort() tells.
absl::StatusOr<UniqueFd> ListenTcp(const std::string& host, uint16_t port);
absl::StatusOr<uint16_t> LocalPort(int socket);
// The next connection, of a unix socket too; invalid when there is none. Not
// told of an interruption, as when this process is stopped and goes on.
UniqueFd AcceptNext(int listener);

absl::Status SetNoProgressTimeout(int socket, absl::Duration no_progress);
// From now on closing, a killed process included, resets the connection.
// A listener hands that on to what it accepts.
absl::Status ResetOnClose(int socket);
// Takes that back.
absl::Status EndOnClose(int socket);
// The end of the stream for the other side.
absl::Status ShutdownWrite(int socket);

// At least one byte; 0 at the end of the stream.
absl::StatusOr<size_t> ReadSome(int socket, absl::Span<uint8_t> buffer);
absl::Status WriteAll(int socket, absl::Span<const uint8_t> bytes);
absl::Status WriteText(int socket, const std::string& text);

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_TRAFFIC_TCP_H_
