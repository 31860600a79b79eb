// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_SERVICE_DIAL_H_
#define VIOS_PROXY_PROXY_SERVICE_DIAL_H_

#include <variant>

#include "channel/channel.h"
#include "channel/handshake.h"
#include "channel/session_end.h"
#include "channel/unique_fd.h"
#include "channel/wakeup.h"
#include "proxy/pacer.h"
#include "proxy/resolver.h"

namespace vios {

// Connects to the service for `syn` once `dials` lets it, trying its addresses
// in turn, each with its share of the time. Goes on reading the
// channel meanwhile: the guest may end the attempt. Returns the prepared socket
// or why there is none; a kReset has still to be told to the guest. Blocks
// until `deadline`, or until the Cancel of `wakeup` fires.
std::variant<UniqueFd, SessionEnd> DialService(Channel& channel,
                                               const SynRequest& syn,
                                               ServiceResolver& resolver,
                                               Pacer& dials, Deadline deadline,
                                               Wakeup& wakeup);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_SERVICE_DIAL_H_
