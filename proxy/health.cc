// SPDX-License-Identifier: Apache-2.0
#include "proxy/health.h"

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

namespace vios {

absl::Status Alive(const DaemonStatus& status) {
  for (const ThreadStatus& thread : status.threads) {
    absl::Status alive = Alive(thread);
    if (!alive.ok()) return alive;
  }
  return absl::OkStatus();
}

absl::Status Alive(const ThreadStatus& thread) {
  if (thread.alive) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat(
      "thread ", thread.name, " has not come round for ",
      absl::FormatDuration(absl::Trunc(thread.silent_for, absl::Seconds(1)))));
}

absl::Status Started(const DaemonStatus& status) {
  if (status.scanned) return absl::OkStatus();
  return absl::UnavailableError("starting: the directory was not seen yet");
}

absl::Status Ready(const DaemonStatus& status) {
  const absl::Status started = Started(status);
  if (!started.ok()) return started;
  if (status.draining) return absl::UnavailableError("draining");
  if (status.channels.empty()) return absl::UnavailableError("no channels");
  if (CountChannels(status, ChannelState::kDown) < status.channels.size()) {
    return absl::OkStatus();
  }
  return absl::UnavailableError(absl::StrCat("none of ", status.channels.size(),
                                             " channels is connected"));
}

}  // namespace vios
