// SPDX-License-Identifier: Apache-2.0
#include "proxy/ctl/check_probe.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "channel/channel.h"
#include "channel/endpoint.h"
#include "channel/escape.h"
#include "proxy/ctl/channel_probe.h"

namespace vios {
namespace {

constexpr size_t kLongestName = 128;

Verdict Busy(const Process& daemon) {
  return Note("probe",
              absl::StrCat("not probed: ", daemon.ToString(),
                           " has the channels, and is not to be disturbed"),
              absl::StrCat("Stop it for a probe; `vios-proxy-ctl status` shows "
                           "what it sees."));
}

Verdict Probe(absl::StatusOr<UniqueFd> opened, const std::string& name,
              Role role, Deadline deadline, Wakeup& wakeup) {
  const std::string channel = Escape(name, kLongestName);
  const char* far_end = role == Role::kGuest ? "host" : "guest";
  const auto time = opened.ok()
                        ? TimePing(*std::move(opened), role, deadline, wakeup)
                        : opened.status();
  if (time.ok()) {
    return Fine("probe", absl::StrCat("the ", far_end, "'s daemon answers on ",
                                      channel, " in ",
                                      absl::FormatDuration(absl::Trunc(
                                          *time, absl::Microseconds(1)))));
  }
  return Broken(
      "probe",
      absl::StrCat("no daemon of the ", far_end, " answers on ", channel, ": ",
                   absl::IsDeadlineExceeded(time.status())
                       ? "no PONG came in time"
                       : std::string(time.status().message())),
      absl::StrCat("Start vios-proxy-", far_end,
                   " there, and run "
                   "`vios-proxy-ctl doctor` there. (One of 0.2, or with "
                   "--protocol_options=false, does not answer.)"));
}

}  // namespace

Verdict ProbeFromGuest(const GuestFacts& facts, Deadline deadline,
                       Wakeup& wakeup) {
  if (!facts.daemons.empty()) return Busy(facts.daemons.front());
  const GuestPort& port = facts.ports.front();
  return Probe(OpenDevice(facts.machine.Real(port.path)), port.name,
               Role::kGuest, deadline, wakeup);
}

Verdict ProbeFromHost(const HostFacts& facts, Deadline deadline,
                      Wakeup& wakeup) {
  if (!facts.daemons.empty()) return Busy(facts.daemons.front());
  const HostSocket& socket = facts.sockets.front();
  return Probe(ConnectSocket(facts.machine.Real(socket.path)),
               absl::StrCat(socket.guest, "/", socket.name), Role::kHost,
               deadline, wakeup);
}

}  // namespace vios
