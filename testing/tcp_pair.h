// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_TCP_PAIR_H_
#define VIOS_PROXY_TESTING_TCP_PAIR_H_

#include "absl/time/time.h"
#include "channel/unique_fd.h"

namespace vios::testing {

// A connected pair of loopback TCP sockets. `leg` is the proxy's, as it accepts
// or dials it: non-blocking, a reset on close. `app` is that of the client or
// service: it blocks, for at most `no_progress` in each call.
struct TcpPair {
  UniqueFd leg;
  UniqueFd app;
};

struct TcpPairOptions {
  int buffer = 0;  // Of either socket, each way, in bytes; 0: the system's.
  absl::Duration no_progress = absl::Seconds(20);
};

// Both are invalid, and the test has failed, when the system gives none.
TcpPair ConnectedTcpPair(const TcpPairOptions& options = {});

// Shrinks both buffers of a socket to about `bytes`; 0 leaves them.
void SetBuffers(int fd, int bytes);

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_TCP_PAIR_H_
