// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_CHANNEL_FRAME_TRACE_H_
#define VIOS_PROXY_CHANNEL_FRAME_TRACE_H_

#include <functional>

#include "channel/frame.h"

namespace vios {

enum class FrameWay { kSent, kReceived };

// For those who debug: is told of each frame, by the thread that adds it to
// what is to be sent, or takes it off what has come. Must not use the channel,
// nor block for longer than a line of the log takes.
using FrameTrace = std::function<void(FrameWay way, const FrameHeader& header)>;

}  // namespace vios

#endif  // VIOS_PROXY_CHANNEL_FRAME_TRACE_H_
