// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_HOST_DAEMON_MAIN_H_
#define VIOS_PROXY_PROXY_HOST_DAEMON_MAIN_H_

#include "channel/silence.h"

namespace vios {

// The host daemon from its command line to its exit status; for main() alone.
// `silence` is the protocol's, except where a test cannot wait for so long.
int HostDaemonMain(int argc, char** argv, const SilenceLimits& silence = {});

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_HOST_DAEMON_MAIN_H_
