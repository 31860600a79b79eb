// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_TEST_LOG_H_
#define VIOS_PROXY_PROXY_TEST_LOG_H_

#include <string>

#include "glog/logging.h"
#include "proxy/log.h"

namespace vios {

// InitLogging() for a test that reads its own stderr: Bazel has log files
// written to the test's directory.
inline void InitTestLog(const std::string& program) {
  FLAGS_log_dir = "";
  InitLogging(program);
}

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_TEST_LOG_H_
