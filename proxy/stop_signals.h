// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_STOP_SIGNALS_H_
#define VIOS_PROXY_PROXY_STOP_SIGNALS_H_

#include "absl/time/time.h"

namespace vios {

// Takes charge of the process's signals: SIGTERM, SIGINT and SIGHUP wait for
// AwaitStopSignal(), SIGPIPE is ignored. Call it before the first thread, for
// threads inherit what is blocked.
void TakeSignals();

// Waits up to `timeout` for a signal. True for SIGTERM and SIGINT. SIGHUP
// reopens the log files and is false, as is a wait in which nothing came. For
// one thread.
bool AwaitStopSignal(absl::Duration timeout);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_STOP_SIGNALS_H_
