// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_CAMPAIGN_SERVICE_LOG_H_
#define VIOS_PROXY_TESTING_CAMPAIGN_SERVICE_LOG_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace vios::testing {

// One connection as a service of testing/traffic logged it.
struct Served {
  std::string request;
  std::string outcome;  // Empty: it has not ended.
  uint64_t received = 0;
  std::string digest;
};

// What a service has logged since it was started.
struct ServiceLog {
  std::vector<Served> served;
  // Lines that nothing sound explains: connections that ended in order before
  // their request.
  std::vector<std::string> strange;
};
ServiceLog ParseServiceLog(absl::string_view log);

// The last word of a request: the name that its client gave it.
std::string NameIn(absl::string_view request);

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_CAMPAIGN_SERVICE_LOG_H_
