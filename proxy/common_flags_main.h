// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_COMMON_FLAGS_MAIN_H_
#define VIOS_PROXY_PROXY_COMMON_FLAGS_MAIN_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "proxy/command_line_main.h"
#include "proxy/options.h"

namespace vios {

// The flags that both daemons have. All of it after ParseCommandLine(), and for
// the main thread alone.

// The names of the flags that both have, for the short help.
std::vector<std::string> CommonFlagNames();

// Fills `options` from the flags that both have; the status of the first value
// that is not allowed. `port_diagnostic` is the manual's for service_port.
absl::Status ReadCommonFlags(const CommandLine& line,
                             absl::string_view port_diagnostic,
                             CommonOptions& options);

// Whether --check_health asks for nothing but the health of another process.
bool OnlyCheckHealth();
// Whether --check_config asks for no more than that.
bool OnlyCheckConfig();
// The flags of `line` and what they are now, for the status server.
std::vector<std::pair<std::string, std::string>> FlagsInForce(
    const CommandLine& line);

// Where log files go, after ReadCommonFlags(); empty for stderr.
std::string LogDirectory();

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_COMMON_FLAGS_MAIN_H_
