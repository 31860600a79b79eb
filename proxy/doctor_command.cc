// SPDX-License-Identifier: Apache-2.0
#include "proxy/doctor_command.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "channel/channel_filter.h"
#include "channel/deadline.h"
#include "channel/directory_entries.h"
#include "proxy/chain.h"
#include "proxy/check_kernel.h"
#include "proxy/check_probe.h"
#include "proxy/credentials.h"
#include "proxy/daemon_finder.h"
#include "proxy/daemon_report.h"
#include "proxy/doctor_guest.h"
#include "proxy/doctor_host.h"
#include "proxy/flag_values.h"
#include "proxy/http_address.h"
#include "proxy/process_list.h"
#include "proxy/service_address.h"
#include "proxy/socket_list.h"

namespace vios {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(5);

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
  if (const std::string* told = daemon.Flag(flag)) value = *told;
}

void AdoptChannels(const DaemonReport& daemon, ChannelFilter& channels) {
  std::string text;
  Adopt(daemon, "channels", text);
  channels = GlobsFlag({"channels", text}).value_or(channels);
}

void AdoptService(const DaemonReport& daemon, ServiceAddress& service) {
  std::string host = service.host(), text;
  Adopt(daemon, "service_address", host);
  Adopt(daemon, "service_port", text);
  const uint16_t port =
      PortFlag({"service_port", text}, "").value_or(service.port());
  service = ServiceAddress::Parse(host, port).value_or(service);
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
    AdoptChannels(*report, setup.channels);
    // Where it listens, whoever opened it.
    setup.listen_address =
        ParseHttpAddress(report->service).value_or(setup.listen_address);
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
    AdoptChannels(*report, setup.channels);
    AdoptService(*report, setup.service);
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
