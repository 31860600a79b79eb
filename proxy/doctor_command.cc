// SPDX-License-Identifier: Apache-2.0
#include "proxy/doctor_command.h"

#include <optional>
#include <utility>

#include "channel/deadline.h"
#include "proxy/chain.h"
#include "proxy/check_kernel.h"
#include "proxy/check_probe.h"
#include "proxy/credentials.h"
#include "proxy/daemon_finder.h"
#include "proxy/daemon_report.h"
#include "proxy/doctor_guest.h"
#include "proxy/doctor_host.h"
#include "proxy/process_list.h"
#include "proxy/socket_list.h"

namespace vios {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(5);

// Of the daemons that answer, `program`, and of several the one that serves
// `directory`.
std::optional<DaemonReport> ReportOf(const DoctorRequest& request,
                                     absl::string_view program,
                                     const std::string& directory,
                                     Wakeup& wakeup) {
  std::optional<DaemonReport> found;
  DaemonReports all =
      AskDaemons(request.http_addresses, Deadline::Never(), wakeup);
  for (DaemonReport& report : all.reports) {
    if (report.program != program) continue;
    if (!found || report.directory == directory) found = std::move(report);
  }
  return found;
}

Verdicts DoctorGuest(const DoctorRequest& request, const Machine& machine,
                     const Credentials& us, Wakeup& wakeup) {
  GuestFacts facts = GatherGuestFacts(machine, request.guest, us);
  facts.report =
      ReportOf(request, "vios-proxy-guest", facts.setup.directory, wakeup);
  Verdicts verdicts = ExaminePorts(facts);
  if (!request.probe) {
    Append(ExamineGuestDaemon(facts), verdicts);
  } else if (!AnyBroken(verdicts)) {
    verdicts.push_back(
        ProbeFromGuest(facts, Deadline::After(kPatience), wakeup));
  }
  return verdicts;
}

Verdicts DoctorHost(const DoctorRequest& request, const Machine& machine,
                    const Credentials& us, Wakeup& wakeup) {
  HostFacts facts = GatherHostFacts(machine, request.host, us);
  facts.report =
      ReportOf(request, "vios-proxy-host", facts.setup.directory, wakeup);
  facts.peers = ReadUnixPeers().value_or(UnixPeers());
  Verdicts verdicts = ExamineSockets(facts);
  if (!request.probe) {
    Append(ExamineHostDaemon(facts, Deadline::After(kPatience), wakeup),
           verdicts);
  } else if (!AnyBroken(verdicts)) {
    verdicts.push_back(
        ProbeFromHost(facts, Deadline::After(kPatience), wakeup));
  }
  return verdicts;
}

}  // namespace

std::string GuessSide(const Machine& machine, const HostSetup& host) {
  const ProcessList processes(machine);
  if (!processes.Running("vios-proxy-host").empty()) return "host";
  if (!processes.Running("vios-proxy-guest").empty()) return "guest";
  if (machine.Exists(host.directory)) return "host";
  const bool guest = !IsBroken(CheckDevice(machine)) ||
                     machine.ReadLine("/sys/class/dmi/id/sys_vendor") == "QEMU";
  return guest ? "guest" : "host";
}

CommandResult RunDoctor(const DoctorRequest& request, const Machine& machine,
                        Wakeup& wakeup) {
  const std::string side =
      request.side.empty() ? GuessSide(machine, request.host) : request.side;
  const Credentials us = CredentialsOf(machine, "self").value_or(Credentials());
  const Verdicts verdicts = side == "guest"
                                ? DoctorGuest(request, machine, us, wakeup)
                                : DoctorHost(request, machine, us, wakeup);
  return {.exit_status = AnyBroken(verdicts) ? 1 : 0,
          .out = request.json ? VerdictJson(side, verdicts)
                              : VerdictText(side, verdicts)};
}

}  // namespace vios
