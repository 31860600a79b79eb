// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_ENVIRONMENT_H_
#define VIOS_PROXY_PROXY_ENVIRONMENT_H_

#include <cstdlib>
#include <string>

namespace vios {

// The value of a variable of the environment, which is removed: it was meant
// for this process alone. Empty when there is none. Before the first thread.
inline std::string TakeFromEnvironment(const char* name) {
  const char* value = std::getenv(name);
  std::string taken = value == nullptr ? "" : value;
  (void)::unsetenv(name);
  return taken;
}

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_ENVIRONMENT_H_
