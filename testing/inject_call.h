// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_INJECT_CALL_H_
#define VIOS_PROXY_TESTING_INJECT_CALL_H_

#include <sys/types.h>

#include <string>

#include "absl/status/statusor.h"

namespace vios {

// Makes thread `thread` of one of our children do a system call (SYS_...) in
// the middle of the one that it waits in, to which it then goes back. Returns
// what the kernel does: -errno if it fails. The second argument is `path`, all
// others are zero. UNAVAILABLE when it is not waiting, UNIMPLEMENTED but on
// x86-64.
absl::StatusOr<long> InjectCall(pid_t thread, long call,
                                const std::string& path);

}  // namespace vios

#endif  // VIOS_PROXY_TESTING_INJECT_CALL_H_
