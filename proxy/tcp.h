// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_TCP_H_
#define VIOS_PROXY_PROXY_TCP_H_

#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "channel/unique_fd.h"
#include "proxy/socket_address.h"

namespace vios {

// What both legs, the client's and the service's, need of a stream socket. A
// leg is TCP or a unix stream socket; what a unix socket does not have is left
// out without an error. Nothing here blocks.

// Makes a fresh leg ours: no delay, keepalive, urgent bytes are bytes like all
// others, and a reset instead of an end of file whenever it is closed, also by
// the kernel for a daemon that was killed. What a TCP listener has is inherited
// by what it accepts.
absl::Status PrepareLeg(int fd);

// Lets the close that follows be an ordinary end of file again. Only for a
// session that is proven to have ended cleanly.
absl::Status EndCleanly(int fd);

// Resets the connection now and wakes whoever waits on `fd`, which stays open
// for its owner to close. Thread-safe, also against I/O on `fd`. A unix socket
// can only be shut down.
void AbortLeg(int fd);

struct Dial {
  UniqueFd fd;     // Prepared and non-blocking.
  bool connected;  // False: wait until it is writable, then FinishDial().
};

// Begins to connect. The status of a connection that failed at once;
// ABORTED when the backlog of a unix service is full.
absl::StatusOr<Dial> StartDial(const SocketAddress& address);

// How the dial of a socket that became writable ended.
absl::Status FinishDial(int fd);

// The pending error of a socket, taken off it; 0 when there is none.
int TakeSocketError(int fd);

// Behind a read that found an end of file, on a leg whose other direction is
// still open: whether there was a reset instead. The kernel tells of that once,
// and then it was another thread's write that it told.
bool WasResetUntold(int fd);

// Of both ends of a connection; empty when it has none (any more).
std::optional<SocketAddress> NearAddress(int fd);
std::optional<SocketAddress> FarAddress(int fd);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_TCP_H_
