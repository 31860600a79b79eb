// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_SYSTEM_CALLS_H_
#define VIOS_PROXY_PROXY_SYSTEM_CALLS_H_

#include "absl/types/span.h"

namespace vios {

// The system calls that the running host daemon makes whatever their arguments
// are, ours and those of the C and C++ libraries. Of those that come in several
// makes all are here, for libraries differ in which they take. The most
// frequent are first. Thread-safe, constant.
absl::Span<const int> CallsAtAllTimes();
// More of them where it resolves names, writes log files, or has a file to
// remove at the end.
absl::Span<const int> CallsForNames();
absl::Span<const int> CallsForLogFiles();
absl::Span<const int> CallsToRemoveFiles();

// The highest number of the calls that were looked at for these lists
// (set_mempolicy_home_node, Linux 5.17). The numbers of newer ones are the same
// on all architectures.
inline constexpr int kLastKnownCall = 450;

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_SYSTEM_CALLS_H_
