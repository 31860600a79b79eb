// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_CHANNEL_CHANNEL_COUNTERS_H_
#define VIOS_PROXY_CHANNEL_CHANNEL_COUNTERS_H_

#include <cstddef>

#include "channel/counter.h"

namespace vios {

// What is counted on one channel, through all of its connections and sessions.
// Each half belongs to the thread that reads or writes the channel and has
// cache lines of its own; any thread may look.

inline constexpr size_t kCacheLine = 64;

struct alignas(kCacheLine) ReadCounters {
  Counter bytes;            // Of sessions, handed on to TCP.
  Counter idle_frames;      // While no session ran.
  Counter skipped_bytes;    // That belonged to no frame, preambles included.
  Counter resyncs;          // Frames found behind skipped bytes.
  Counter stale_frames;     // Of sessions that are not there.
  Counter dropped_answers;  // Withheld by the rate limit.
  Counter recoveries;       // Bytes were there, and no wake-up had told.
};

struct alignas(kCacheLine) WriteCounters {
  Counter bytes;       // Of sessions, taken from TCP.
  Counter recoveries;  // There was room, and no wake-up had told.
};

struct ChannelCounters {
  ReadCounters read;
  WriteCounters write;
};

}  // namespace vios

#endif  // VIOS_PROXY_CHANNEL_CHANNEL_COUNTERS_H_
