// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_SILENT_GUEST_H_
#define VIOS_PROXY_PROXY_SILENT_GUEST_H_

namespace vios {

// How the host daemon words the end of a connection on which nobody speaks: the
// doctor knows the channel's last error by it.
inline constexpr char kSilentGuest[] = "nothing comes from the guest";

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_SILENT_GUEST_H_
