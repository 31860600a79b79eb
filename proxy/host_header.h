// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_HOST_HEADER_H_
#define VIOS_PROXY_PROXY_HOST_HEADER_H_

#include "absl/strings/string_view.h"

namespace vios {

// Whether a Host header, with or without a port, is an IP address, localhost or
// empty: no name of which somebody else says what address it has. A web site
// that gives its own name our loopback address makes browsers send that name.
bool IsNobodysName(absl::string_view host);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_HOST_HEADER_H_
