// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_CHANNEL_FD_PAIR_H_
#define VIOS_PROXY_CHANNEL_FD_PAIR_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"
#include "channel/unique_fd.h"

namespace vios {

// Two connected sockets for tests: `ours` as the code under test has it,
// non-blocking, and `theirs` for the test, where reads and writes block, but
// for at most ten seconds. Making one turns SIGPIPE off, as the daemons do.
struct FdPair {
  UniqueFd ours;
  UniqueFd theirs;
};

// Unix stream sockets, as QEMU's. `send_buffer` in bytes, rounded up by the
// kernel to its minimum, bounds what `ours` takes while nobody reads; 0: as is.
FdPair ConnectedPair(int send_buffer = 0);
// TCP on the loopback interface, for what a unix socket has not: a reset.
FdPair ConnectedTcpPair();

// The next `size` bytes; fewer at the end of the stream or when time is over.
std::string ReadExactly(int fd, size_t size);
// All of it; false when time is over or the far end is gone.
bool WriteAll(int fd, absl::string_view bytes);
// Whether the stream ends here, in good order.
bool AtEndOfFile(int fd);
// Whether the stream ends here, by a reset.
bool WasReset(int fd);
// Whether a close of `fd` would reset the connection, at once.
bool ResetsAtClose(int fd);
// Closes `fd` so; false when that cannot be.
bool CloseByReset(UniqueFd& fd);

}  // namespace vios

#endif  // VIOS_PROXY_CHANNEL_FD_PAIR_H_
