// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_COMMON_FLAGS_MAIN_H_
#define VIOS_PROXY_PROXY_COMMON_FLAGS_MAIN_H_

#include <string>
#include <utility>
#include <vector>

#include "proxy/command_line_main.h"
#include "proxy/flag_reader_main.h"
#include "proxy/options.h"

namespace vios {

// The flags that both daemons have. All of it after ParseCommandLine(), and for
// the main thread alone.

// The names of the flags that both have, for the short help.
std::vector<std::string> CommonFlagNames();

// Fills `options` from them, but for those of the log.
void ReadCommonFlags(const CommandLine& line, FlagReader& flags,
                     CommonOptions& options);

// Whether --check_health asks for nothing but the health of another process.
bool OnlyCheckHealth();
// Whether --check_config asks for no more than that.
bool OnlyCheckConfig();
// The flags of `line` and what they are now, for the status server.
std::vector<std::pair<std::string, std::string>> FlagsInForce(
    const CommandLine& line);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_COMMON_FLAGS_MAIN_H_
