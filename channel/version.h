// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_CHANNEL_VERSION_H_
#define VIOS_PROXY_CHANNEL_VERSION_H_

namespace vios {

// Of both daemons, as --version, the log and the peer are told.
inline constexpr char kVersion[] = "1.0.0";

}  // namespace vios

#endif  // VIOS_PROXY_CHANNEL_VERSION_H_
