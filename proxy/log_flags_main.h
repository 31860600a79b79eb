// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_LOG_FLAGS_MAIN_H_
#define VIOS_PROXY_PROXY_LOG_FLAGS_MAIN_H_

#include <string>

#include "proxy/flag_reader_main.h"

namespace vios {

// The daemons' flags of the log: level, form and directory. All of it after
// ParseCommandLine(), before InitLogging(), and for the main thread.

// Gives the process's log its level and form. glog's --log_dir is left for
// InitLogging(), but for what the environment says.
void ApplyLogFlags(FlagReader& flags);

// Where log files go, after ApplyLogFlags(); empty for stderr.
std::string LogDirectory();

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_LOG_FLAGS_MAIN_H_
