// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_CLIENT_CLAIM_H_
#define VIOS_PROXY_PROXY_CLIENT_CLAIM_H_

#include <string>

namespace vios {

// What the guest tells the host of a client, in the form of the option block:
// family (4 or 6), address, port; empty when it is no TCP client. Thread-safe.
std::string ClientClaim(int fd);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_CLIENT_CLAIM_H_
