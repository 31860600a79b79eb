// SPDX-License-Identifier: Apache-2.0
#include "proxy/stop_signals.h"

#include <pthread.h>
#include <signal.h>

#include "absl/status/status.h"
#include "proxy/log.h"

namespace vios {
namespace {

sigset_t OurSignals() {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGUSR1})
    ::sigaddset(&set, signal);
  return set;
}

void TellReopened(const absl::Status& reopened) {
  if (reopened.ok()) {
    VIOS_LOG(kNotice) << "SIGHUP: log files reopened";
  } else {
    VIOS_LOG(kError) << "SIGHUP: " << reopened.message()
                     << "; lines go to standard error";
  }
}

}  // namespace

void TakeSignals() {
  const sigset_t set = OurSignals();
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  // nohup leaves SIGHUP ignored, and what is ignored never waits for us.
  ::signal(SIGHUP, SIG_DFL);
  ::signal(SIGPIPE, SIG_IGN);
  ::signal(SIGXFSZ, SIG_IGN);  // A log that may not grow costs lines only.
}

Signal AwaitSignal(absl::Duration timeout) {
  const sigset_t set = OurSignals();
  const timespec limit = absl::ToTimespec(timeout);
  switch (::sigtimedwait(&set, nullptr, &limit)) {
    case SIGTERM:
    case SIGINT:
      return Signal::kStop;
    case SIGUSR1:
      return Signal::kStatus;
    case SIGHUP:
      TellReopened(ReopenLogs());
      break;
    default:
      break;
  }
  return Signal::kNone;
}

}  // namespace vios
