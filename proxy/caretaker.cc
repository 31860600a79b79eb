// SPDX-License-Identifier: Apache-2.0
#include "proxy/caretaker.h"

#include <utility>

#include "proxy/log.h"
#include "proxy/out_of_memory.h"
#include "proxy/status_lines.h"
#include "proxy/stop_signals.h"

namespace vios {

Caretaker::Caretaker(ServiceManager manager,
                     std::function<DaemonStatus()> status,
                     std::function<absl::Status()> alive,
                     absl::Duration inform_every)
    : manager_(std::move(manager)),
      status_(std::move(status)),
      alive_(std::move(alive)),
      inform_every_(inform_every) {
  if (manager_.status().ok()) return;
  VIOS_LOG(kWarn) << "systemd is not told of us: "
                  << manager_.status().message();
}

void Caretaker::Started() {
  manager_.Ready(StatusSummary(status_()));
  if (manager_.told()) inform_ = Deadline::After(inform_every_);
}

// Whoever waits for memory may hold what the status would wait for.
std::string Caretaker::Summary() const {
  return MemoryIsShort() ? "short of memory" : StatusSummary(status_());
}

void Caretaker::Stopping() { manager_.Stopping(Summary()); }

bool Caretaker::AwaitStop(absl::Duration time) {
  const Deadline end = Deadline::After(time);
  do {
    const Deadline next = Earlier(end, Earlier(inform_, manager_.next_ping()));
    switch (AwaitSignal(next.remaining())) {
      case Signal::kStop:
        return true;
      case Signal::kStatus:
        if (!MemoryIsShort()) LogStatus(status_());
        break;
      case Signal::kNone:
        break;
    }
    Inform();
  } while (!end.passed());
  return false;
}

void Caretaker::PingIfDue() {
  manager_.PingIfDue([this] { return alive_().ok(); });
}

void Caretaker::Inform() {
  PingIfDue();
  if (!inform_.passed()) return;
  inform_ = Deadline::After(inform_every_);
  if (!MemoryIsShort()) manager_.Status(Summary());
}

}  // namespace vios
