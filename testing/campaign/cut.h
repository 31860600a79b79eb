// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_CAMPAIGN_CUT_H_
#define VIOS_PROXY_TESTING_CAMPAIGN_CUT_H_

#include <sys/types.h>

#include <string>

#include "absl/status/status.h"

namespace vios::testing {

// Ends the connection that the process `pid` has to the unix socket `path`, for
// both sides, without asking the process. NOT_FOUND when it has none now.
// Needs the right to trace the process; a parent has it almost everywhere.
absl::Status CutConnection(pid_t pid, const std::string& path);

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_CAMPAIGN_CUT_H_
