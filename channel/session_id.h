// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_CHANNEL_SESSION_ID_H_
#define VIOS_PROXY_CHANNEL_SESSION_ID_H_

#include <string>

#include "channel/frame.h"

namespace vios {

// What both ends of a session agreed on. A value.
struct SessionId {
  Token guest;
  Token host;
  bool options = false;
  std::string peer_agent;  // As sent: escape it wherever it is shown.
  // Of the host's SYNACK: it was left out as a whole.
  bool block_malformed = false;
};

}  // namespace vios

#endif  // VIOS_PROXY_CHANNEL_SESSION_ID_H_
