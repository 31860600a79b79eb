// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_DEFAULT_DIRECTORIES_H_
#define VIOS_PROXY_PROXY_DEFAULT_DIRECTORIES_H_

namespace vios {

// Where the end points are unless somebody says otherwise: the ports of a
// guest, the guests of a host.
inline constexpr char kPortDirectory[] = "/dev/virtio-ports";
inline constexpr char kGuestDirectory[] = "/tmp/qpid";

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_DEFAULT_DIRECTORIES_H_
