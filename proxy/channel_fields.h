// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_CHANNEL_FIELDS_H_
#define VIOS_PROXY_PROXY_CHANNEL_FIELDS_H_

#include "channel/endpoint.h"
#include "channel/escape.h"
#include "proxy/log_fields.h"

namespace vios {

// How every log line names a channel: guest (the host's alone) and channel.
inline LogFields ChannelFields(const Endpoint& endpoint) {
  constexpr size_t kMaxNameSize = 255;
  LogFields fields;
  fields.Add("guest", Escape(endpoint.guest, kMaxNameSize))
      .Add("channel", Escape(endpoint.name, kMaxNameSize));
  return fields;
}

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_CHANNEL_FIELDS_H_
