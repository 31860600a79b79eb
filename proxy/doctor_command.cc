// SPDX-License-Identifier: Apache-2.0
#include "proxy/doctor_command.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
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

std::string WithoutSlash(absl::string_view path) {
  while (path.size() > 1 && absl::ConsumeSuffix(&path, "/")) continue;
  return std::string(path);
}

// Of the daemons that answer, `program` that serves `directory`; where nothing
// was said, also the only one that there is.
std::optional<DaemonReport> ReportOf(const DoctorRequest& request,
                                     absl::string_view program,
                                     const std::string& directory,
                                     Wakeup& wakeup) {
  DaemonReports all =
      AskDaemons(request.http_addresses, Deadline::Never(), wakeup);
  std::vector<DaemonReport> ours;
  for (DaemonReport& report : all.reports) {
    if (report.program != program) continue;
    if (WithoutSlash(report.directory) == WithoutSlash(directory)) {
      return std::move(report);
    }
    ours.push_back(std::move(report));
  }
  if (!request.as_started || ours.size() != 1) return std::nullopt;
  return std::move(ours.front());
}

// What the daemon was started with, if it says so.
void Adopt(const DaemonReport& daemon, const char* flag, std::string& value) {
  const auto found = daemon.flags.find(flag);
  if (found != daemon.flags.end()) value = found->second;
}

void AdoptPort(const DaemonReport& daemon, uint16_t& port) {
  std::string text;
  Adopt(daemon, "service_port", text);
  uint32_t number = 0;
  if (absl::SimpleAtoi(text, &number) && number <= UINT16_MAX) {
    port = static_cast<uint16_t>(number);
  }
}

// Where the guest's daemon listens, whoever opened it: "127.0.0.1:5672",
// "[::1]:5672" or "unix:/path".
void AdoptPlace(const std::string& place, GuestSetup& setup) {
  const size_t colon = place.rfind(':');
  uint32_t port = 0;
  if (absl::StartsWith(place, "unix:")) {
    setup.listen_address = place;
  } else if (colon != place.npos &&
             absl::SimpleAtoi(place.substr(colon + 1), &port) &&
             port <= UINT16_MAX) {
    setup.listen_address = place.substr(0, colon);
    setup.port = static_cast<uint16_t>(port);
  }
}

// A relative path is one from where the daemon was started.
bool SaysWhereItLooks(const DoctorRequest& request,
                      const std::optional<DaemonReport>& report) {
  return request.as_started && report.has_value() &&
         absl::StartsWith(report->directory, "/");
}

Verdicts DoctorGuest(const DoctorRequest& request, const Machine& machine,
                     const Credentials& us, Wakeup& wakeup) {
  GuestSetup setup = request.guest;
  auto report = ReportOf(request, "vios-proxy-guest", setup.directory, wakeup);
  if (SaysWhereItLooks(request, report)) {
    setup.directory = report->directory;
    Adopt(*report, "channels", setup.channels);
    AdoptPlace(report->service, setup);
  }
  GuestFacts facts = GatherGuestFacts(machine, setup, us);
  facts.report = std::move(report);
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
  HostSetup setup = request.host;
  auto report = ReportOf(request, "vios-proxy-host", setup.directory, wakeup);
  if (SaysWhereItLooks(request, report)) {
    setup.directory = report->directory;
    Adopt(*report, "channels", setup.channels);
    Adopt(*report, "service_address", setup.service_address);
    AdoptPort(*report, setup.port);
  }
  HostFacts facts = GatherHostFacts(machine, setup, us);
  facts.report = std::move(report);
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
