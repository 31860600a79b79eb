// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_FUZZ_SOCKETS_H_
#define VIOS_PROXY_TESTING_FUZZ_SOCKETS_H_

#include "channel/unique_fd.h"

namespace vios::fuzz {

// Two connected stream sockets that never block: `ours` for the proxy,
// `theirs` for the fuzzer. Both calls end the process when they fail.
struct Sockets {
  UniqueFd ours;
  UniqueFd theirs;
};

// A channel, as QEMU's.
Sockets NewChannel();
// A client or service on loopback TCP; `ours` as the daemons prepare it.
Sockets NewTcp();

// Resets the connection, where `fd` still has one, instead of closing it.
void ResetAndClose(UniqueFd& fd);

}  // namespace vios::fuzz

#endif  // VIOS_PROXY_TESTING_FUZZ_SOCKETS_H_
