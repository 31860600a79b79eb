// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_STOP_SIGNALS_H_
#define VIOS_PROXY_PROXY_STOP_SIGNALS_H_

#include "absl/time/time.h"

namespace vios {

// Takes charge of the process's signals: SIGTERM, SIGINT, SIGHUP and SIGUSR1
// wait for AwaitSignal(), SIGPIPE is ignored. Call it before the first thread,
// for threads inherit what is blocked.
void TakeSignals();

enum class Signal {
  kNone,    // Nothing came in time, or SIGHUP, which reopens the log files.
  kStop,    // SIGTERM or SIGINT.
  kStatus,  // SIGUSR1: the operator wants to see the status in the log.
};

// Waits up to `timeout` for a signal. For one thread.
Signal AwaitSignal(absl::Duration timeout);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_STOP_SIGNALS_H_
