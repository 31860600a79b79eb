// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_THREAD_H_
#define VIOS_PROXY_PROXY_THREAD_H_

#include <functional>
#include <string>
#include <thread>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace vios {

// What the kernel does when the calling thread is woken; threads that it starts
// begin with the same. A patient one (SCHED_BATCH) lets whoever has the
// processor, often the one that woke it, go on until it waits or its time is
// over. Nothing where the process was given another policy. Best effort.
enum class WokenThread { kPrompt, kPatient };
void SetWokenThread(WokenThread kind);

// Starts a thread of that name, as top -H, gdb and the log show it (the kernel
// keeps 15 bytes of it), with a stack of 256 KiB. RESOURCE_EXHAUSTED when the
// system has no more to give: the caller goes on with what it has. Neither the
// caller nor the thread needs memory for a lock from then on. Join the thread.
absl::StatusOr<std::thread> StartThread(const std::string& name,
                                        std::function<void()> run);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_THREAD_H_
