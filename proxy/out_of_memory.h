// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_OUT_OF_MEMORY_H_
#define VIOS_PROXY_PROXY_OUT_OF_MEMORY_H_

#include <functional>

#include "channel/deadline.h"

namespace vios {

// What `new` and PageBuffer do when there is no memory. Without any of this
// they throw, which nobody catches: a crash that takes all sessions along. Both
// say so on stderr, whatever the form of the log, since a line of the log needs
// memory itself. Both return at once and set what happens from then on.
// Thread-safe; the last call counts, for threads that wait already, too.

// At start and at the end: the process ends, with a FATAL line and status 1.
void ExitOnOutOfMemory();

// While there are sessions to keep: the thread that asked waits, for as long as
// it takes, and looks again every 100 ms. Sessions that run need no more memory
// than they have, those that end give theirs back, and limits are lifted. The
// process ends as above when that takes until `end`, or when SIGTERM or SIGINT
// finds nobody with the memory to heed it for two seconds. For the main thread:
// when that one waits, it calls `meanwhile` between two looks, which must do
// without memory.
void WaitOnOutOfMemory(std::function<void()> meanwhile,
                       Deadline end = Deadline::Never());

// Whether some thread waits for memory, or did in the last five seconds. Needs
// none.
bool MemoryIsShort();

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_OUT_OF_MEMORY_H_
