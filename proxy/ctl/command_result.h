// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_CTL_COMMAND_RESULT_H_
#define VIOS_PROXY_PROXY_CTL_COMMAND_RESULT_H_

#include <string>

namespace vios {

// What a command of vios-proxy-ctl comes to. A value.
struct CommandResult {
  int exit_status = 0;  // 0 success, 1 failure.
  std::string out;      // For stdout.
  std::string err;      // For stderr.
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_CTL_COMMAND_RESULT_H_
