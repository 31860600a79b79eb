// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_STATUS_EXAMPLE_H_
#define VIOS_PROXY_PROXY_STATUS_EXAMPLE_H_

#include "proxy/daemon_status.h"

namespace vios {

// For tests of what shows a status.

// A host daemon in the middle of its work, with channels in every state.
DaemonStatus ExampleHostStatus();
// A guest daemon with one free channel and a queue.
DaemonStatus ExampleGuestStatus();

// What a hostile guest might call itself: control characters, quotes, markup,
// and bytes that are no UTF-8.
inline constexpr char kHostileText[] =
    "a\"b'c\\d<script>alert(1)</script>&\n\r\t\x01\x7f\xff\xc3(";

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_STATUS_EXAMPLE_H_
