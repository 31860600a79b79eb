// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_CHANNEL_SANITIZER_H_
#define VIOS_PROXY_CHANNEL_SANITIZER_H_

namespace vios {

// Whether this build is AddressSanitizer's, which watches over what it hands
// out and keeps what was freed, wants terabytes of address space, opens pipes
// of its own, and ends a process that gets no memory.
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define VIOS_ADDRESS_SANITIZER
#endif
#endif
#ifdef VIOS_ADDRESS_SANITIZER
inline constexpr bool kAddressSanitizer = true;
#else
inline constexpr bool kAddressSanitizer = false;
#endif

}  // namespace vios

#endif  // VIOS_PROXY_CHANNEL_SANITIZER_H_
