// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_CHECKED_FILTER_H_
#define VIOS_PROXY_PROXY_CHECKED_FILTER_H_

#include <string>
#include <utility>

#include "channel/channel_filter.h"

namespace vios {

// The filter of a --channels that was checked when the command line was read.
inline ChannelFilter CheckedFilter(const std::string& channels) {
  auto filter = ChannelFilter::Parse(channels);
  return filter.ok() ? *std::move(filter) : *ChannelFilter::Parse("*");
}

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_CHECKED_FILTER_H_
