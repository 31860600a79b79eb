// SPDX-License-Identifier: Apache-2.0
#include "testing/bench/idle_watch.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "channel/deadline.h"
#include "testing/bench/thread_cpu.h"

namespace vios::testing {
namespace {

// "supervisor 0.31%, up 0.12%": the shares of a core.
std::string Shares(const CpuByKind& before, const CpuByKind& after,
                   double seconds) {
  std::string text;
  for (const auto& [kind, used] : after) {
    const double share = (used.seconds - SecondsOf(before, kind)) / seconds;
    if (share < 1e-5) continue;
    absl::StrAppend(&text, text.empty() ? "" : ", ", kind,
                    absl::StrFormat(" %.3f%%", share * 100));
  }
  return text;
}

absl::Status TendFor(absl::Duration window,
                     const std::function<absl::Status()>& tend) {
  const Deadline end = Deadline::After(window);
  absl::Status status;
  while (status.ok() && !end.passed()) {
    absl::SleepFor(std::min(end.remaining(), absl::Seconds(1)));
    status = tend();
  }
  return status;
}

}  // namespace

double CostOfLook(double cpu, absl::Duration window, absl::Duration interval) {
  const double waited = absl::ToDoubleSeconds(window) - cpu;
  return waited <= 0 ? 0 : cpu * absl::ToDoubleSeconds(interval) / waited;
}

absl::StatusOr<IdleFigures> WatchIdle(
    const Process& daemon, absl::Duration window,
    const std::function<absl::Status()>& tend) {
  const auto before = ReadThreadCpu(daemon.pid());
  if (!before.ok()) return before.status();
  const Clock::time_point begun = Clock::now();
  const absl::Status tended = TendFor(window, tend);
  if (!tended.ok()) return tended;
  const auto after = ReadThreadCpu(daemon.pid());
  if (!after.ok()) return after.status();
  const absl::Duration passed = absl::FromChrono(Clock::now() - begun);
  const double seconds = absl::ToDoubleSeconds(passed);
  const auto figures = daemon.ReadFigures();
  if (!figures.ok()) return figures.status();
  IdleFigures idle;
  idle.threads = figures->threads;
  idle.resident_kib = figures->resident_kib;
  idle.cpu = (TotalSeconds(*after) - TotalSeconds(*before)) / seconds;
  const double looks =
      SecondsOf(*after, "supervisor") - SecondsOf(*before, "supervisor");
  idle.rescan_seconds = CostOfLook(looks, passed, kRescanInterval);
  idle.by_thread = Shares(*before, *after, seconds);
  return idle;
}

}  // namespace vios::testing
