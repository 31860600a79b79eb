// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_CONFIG_REPORT_H_
#define VIOS_PROXY_PROXY_CONFIG_REPORT_H_

#include <string>

#include "absl/strings/string_view.h"
#include "channel/endpoint.h"
#include "channel/listing.h"

namespace vios {

// What --check_config shows: `serves` (what the daemon would do), then a line
// for each channel that `listing` has and what is wrong with it, what else
// should be looked at and what is left alone. Lines end with a newline; names
// of files are escaped.
std::string ConfigReport(absl::string_view serves, const Listing& listing);

// What would keep us from opening it, as far as can be seen without opening,
// which the far end would notice; empty when nothing is to be seen.
std::string ProblemOf(const Endpoint& endpoint);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_CONFIG_REPORT_H_
