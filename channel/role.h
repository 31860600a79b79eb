// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_CHANNEL_ROLE_H_
#define VIOS_PROXY_CHANNEL_ROLE_H_

namespace vios {

// Which end of a channel: the guest opens sessions, the host accepts them.
enum class Role { kGuest, kHost };

}  // namespace vios

#endif  // VIOS_PROXY_CHANNEL_ROLE_H_
