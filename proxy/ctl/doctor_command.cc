// SPDX-License-Identifier: Apache-2.0
#include "proxy/ctl/doctor_command.h"

#include <cstdint>
#include <string>

#include "absl/functional/function_ref.h"
#include "channel/channel_filter.h"
#include "channel/deadline.h"
#include "proxy/ctl/chain.h"
#include "proxy/ctl/check_kernel.h"
#include "proxy/ctl/check_probe.h"
#include "proxy/ctl/credentials.h"
#include "proxy/ctl/daemon_choice.h"
#include "proxy/ctl/daemon_finder.h"
#include "proxy/ctl/daemon_processes.h"
#include "proxy/ctl/daemon_report.h"
#include "proxy/ctl/doctor_guest.h"
#include "proxy/ctl/doctor_host.h"
#include "proxy/ctl/process_list.h"
#include "proxy/ctl/socket_list.h"
#include "proxy/ctl/verdict.h"
#include "proxy/flag_values.h"
#include "proxy/http_address.h"
#include "proxy/service_address.h"

namespace vios {
namespace {

using Extent = DaemonChoice::Extent;

constexpr absl::Duration kPatience = absl::Seconds(5);

DaemonChoice ChooseFor(const DoctorRequest& request, WantedDaemon wanted,
                       const DaemonReports& all, const Machine& machine) {
  wanted.as_started = request.as_started;
  wanted.address_given = request.http_address_given;
  return ChooseDaemon(wanted, all, machine);
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

void AdoptSetup(const DaemonReport& daemon, GuestSetup& setup) {
  setup.directory = daemon.directory;
  AdoptChannels(daemon, setup.channels);
  // Where it listens, whoever opened it.
  setup.listen_address =
      ParseHttpAddress(daemon.service).value_or(setup.listen_address);
}

void AdoptSetup(const DaemonReport& daemon, HostSetup& setup) {
  setup.directory = daemon.directory;
  AdoptChannels(daemon, setup.channels);
  AdoptService(daemon, setup.service);
}

// Link by link, as far as it is known what to look at. A probe goes only where
// all of them hold.
Verdicts GoAlong(const DoctorRequest& request, const DaemonChoice& choice,
                 absl::FunctionRef<Verdicts()> end_points,
                 absl::FunctionRef<Verdicts()> daemon,
                 absl::FunctionRef<Verdict()> probe) {
  Verdicts verdicts = choice.verdicts;
  const bool all = choice.extent == Extent::kAll;
  if (all) Append(end_points(), verdicts);
  if (!request.probe) {
    Append(daemon(), verdicts);
  } else if (all && !AnyBroken(verdicts)) {
    verdicts.push_back(probe());
  }
  return verdicts;
}

Verdicts DoctorGuest(const DoctorRequest& request, const DaemonReports& all,
                     const Machine& machine, const Credentials& us,
                     Wakeup& wakeup) {
  GuestSetup setup = request.guest;
  const DaemonChoice choice = ChooseFor(request,
                                        {.kind = GuestDaemon(),
                                         .directory = setup.directory,
                                         .directory_flag = "host_directory"},
                                        all, machine);
  if (choice.extent == Extent::kNothing) return choice.verdicts;
  if (request.as_started && choice.report) AdoptSetup(*choice.report, setup);
  GuestFacts facts = GatherGuestFacts(machine, setup, us);
  facts.report = choice.report;
  facts.status_fails = AnyBroken(choice.verdicts);
  return GoAlong(
      request, choice, [&] { return ExaminePorts(facts); },
      [&] { return ExamineGuestDaemon(facts); },
      [&] {
        return ProbeFromGuest(facts, Deadline::After(kPatience), wakeup);
      });
}

Verdicts DoctorHost(const DoctorRequest& request, const DaemonReports& all,
                    const Machine& machine, const Credentials& us,
                    Wakeup& wakeup) {
  HostSetup setup = request.host;
  const DaemonChoice choice = ChooseFor(request,
                                        {.kind = HostDaemon(),
                                         .directory = setup.directory,
                                         .directory_flag = "guest_directory"},
                                        all, machine);
  if (choice.extent == Extent::kNothing) return choice.verdicts;
  if (request.as_started && choice.report) AdoptSetup(*choice.report, setup);
  HostFacts facts = GatherHostFacts(machine, setup, us);
  facts.report = choice.report;
  facts.peers = ReadUnixPeers().value_or(UnixPeers());
  return GoAlong(
      request, choice, [&] { return ExamineSockets(facts); },
      [&] {
        return ExamineHostDaemon(facts, Deadline::After(kPatience), wakeup);
      },
      [&] { return ProbeFromHost(facts, Deadline::After(kPatience), wakeup); });
}

// That of the daemon at the address that was given, or else a guess.
std::string SideOf(const DoctorRequest& request, const DaemonReports& all,
                   const Machine& machine) {
  if (!request.side.empty()) return request.side;
  if (!request.http_address_given || all.reports.empty()) {
    return GuessSide(machine, request.host);
  }
  const bool guest = all.reports.front().program == GuestDaemon().program;
  return guest ? "guest" : "host";
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
  const DaemonReports all =
      AskDaemons(request.http_addresses, Deadline::Never(), wakeup);
  const std::string side = SideOf(request, all, machine);
  const Credentials us = CredentialsOf(machine, "self").value_or(Credentials());
  const Verdicts verdicts = side == "guest"
                                ? DoctorGuest(request, all, machine, us, wakeup)
                                : DoctorHost(request, all, machine, us, wakeup);
  return {.exit_status = AnyBroken(verdicts) ? 1 : 0,
          .out = request.json ? VerdictJson(side, verdicts)
                              : VerdictText(side, verdicts)};
}

}  // namespace vios
