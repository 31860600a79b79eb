// SPDX-License-Identifier: Apache-2.0
#include "proxy/ctl/daemon_choice.h"

#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "channel/directory_entries.h"
#include "proxy/ctl/check_status_server.h"
#include "proxy/ctl/daemon_list.h"
#include "proxy/ctl/process_list.h"
#include "proxy/ctl/report_process.h"
#include "proxy/ctl/socket_owner.h"

namespace vios {
namespace {

// Sockets in the directory itself are of a guest of its name.
void SeeFromRoot(const Machine& machine, const Process& process,
                 DaemonReport& report) {
  const std::string told = BaseName(report.directory);
  report.directory = SeenFromRoot(machine, process, report.directory);
  for (DaemonReport::Channel& channel : report.channels) {
    if (channel.guest == told) channel.guest = BaseName(report.directory);
  }
}

// Of `program`, with directories seen from the root where that can be told.
std::vector<DaemonReport> ReportsOf(const std::string& program,
                                    std::vector<DaemonReport> all,
                                    const Machine& machine,
                                    const ProcessList& processes) {
  std::vector<DaemonReport> ours;
  for (DaemonReport& report : all) {
    if (report.program != program) continue;
    if (const auto process = ProcessOf(report, machine, processes)) {
      SeeFromRoot(machine, *process, report);
    }
    ours.push_back(std::move(report));
  }
  return ours;
}

std::optional<DaemonReport> Choose(const WantedDaemon& wanted,
                                   const std::vector<DaemonReport>& ours,
                                   const ProcessList& processes) {
  for (const DaemonReport& report : ours) {
    if (SameDirectory(report.directory, wanted.directory)) {
      return report;
    }
  }
  if (!wanted.as_started || ours.size() != 1) return std::nullopt;
  // The only one that answers need not be the only one.
  const bool one_of_many = processes.Running(wanted.kind.program).size() > 1;
  if (one_of_many && !wanted.address_given) return std::nullopt;
  return ours.front();
}

Verdict DirectoryNotTold(const WantedDaemon& wanted,
                         const DaemonReport& report) {
  return Note(
      "directory",
      absl::StrCat("the directory ", Shown(report.directory), " of ",
                   wanted.kind.program, " at ", Shown(report.address),
                   " is from where that was started, which cannot be told: "
                   "what is in it is not looked at"),
      absl::StrCat("Run this as root, or say with --", wanted.directory_flag,
                   " where that directory is."));
}

// Whether a server that did not answer may be that of the daemon wanted. Where
// its `owner` cannot be seen, it may if a process runs that has not answered.
bool MayConcern(const WantedDaemon& wanted, const std::optional<Process>& owner,
                size_t answered, const Machine& machine,
                const ProcessList& processes) {
  const std::string& program = wanted.kind.program;
  if (!owner) return processes.Running(program).size() > answered;
  return owner->program == program &&
         (wanted.as_started ||
          MayServe(machine, *owner, wanted.directory, wanted.kind));
}

// Whether the daemon that is meant has a server that does not tell what it was
// started with. A file that is left of another one is none, and one that we may
// not ask may be anybody's.
bool KeepsItsSetup(const WantedDaemon& wanted,
                   const DaemonReports::Failure& failure,
                   const ProcessList& processes) {
  return wanted.as_started && !processes.Running(wanted.kind.program).empty() &&
         (wanted.address_given || (!absl::IsNotFound(failure.status) &&
                                   !absl::IsPermissionDenied(failure.status)));
}

void TellFailures(const WantedDaemon& wanted, const DaemonReports& all,
                  size_t answered, const Machine& machine,
                  const ProcessList& processes, DaemonChoice& choice) {
  const bool given = wanted.address_given;
  for (const DaemonReports::Failure& failure : all.failures) {
    const auto owner =
        OwnerOfServer(machine, processes, failure.address, wanted.kind.program);
    if (!given && !MayConcern(wanted, owner, answered, machine, processes)) {
      continue;
    }
    choice.verdicts.push_back(CheckStatusServer(wanted.kind.program, failure,
                                                given, owner, processes));
    if (!choice.report && KeepsItsSetup(wanted, failure, processes)) {
      choice.extent = DaemonChoice::Extent::kNothing;
    }
  }
}

// Whether daemons run, but none that is known to serve the directory. A single
// one of which nothing is known most likely does.
bool AllServeOthers(const WantedDaemon& wanted, size_t answered,
                    const Machine& machine, const ProcessList& processes) {
  size_t elsewhere = 0, unknown = 0;
  for (const Process& one : processes.Running(wanted.kind.program)) {
    const auto serves = DirectoryOf(machine, one, wanted.kind);
    if (!serves) {
      ++unknown;
    } else if (SameDirectory(*serves, wanted.directory)) {
      return false;
    } else {
      ++elsewhere;
    }
  }
  return elsewhere > 0 || unknown > 1 || answered > 1;
}

Verdict OtherKind(const WantedDaemon& wanted, const DaemonReport& report) {
  return Broken(
      "status",
      absl::StrCat("it is ", Shown(report.program), " that answers at ",
                   Shown(report.address), ", not ", wanted.kind.program),
      "Give the --http_address of the daemon that is meant, or ask the doctor "
      "of the other side.");
}

Verdict NoneIsMeant(const WantedDaemon& wanted,
                    const std::vector<DaemonReport>& ours,
                    const Machine& machine, const ProcessList& processes) {
  return Broken(
      "daemon",
      absl::StrCat("no ", wanted.kind.program, " is known to serve ",
                   wanted.directory, ": ",
                   DaemonListText(wanted.kind, ours, machine, processes)),
      absl::StrCat("Say which is meant with --http_address, or with --",
                   wanted.directory_flag,
                   " and what else it was started with. Root sees more."));
}

}  // namespace

DaemonChoice ChooseDaemon(const WantedDaemon& wanted, const DaemonReports& all,
                          const Machine& machine) {
  using Extent = DaemonChoice::Extent;
  const ProcessList processes(machine);
  const std::vector<DaemonReport> ours =
      ReportsOf(wanted.kind.program, all.reports, machine, processes);
  if (wanted.address_given && ours.empty() && !all.reports.empty()) {
    return {.extent = Extent::kNothing,
            .verdicts = {OtherKind(wanted, all.reports.front())}};
  }
  DaemonChoice choice = {.report = Choose(wanted, ours, processes)};
  if (choice.report && !absl::StartsWith(choice.report->directory, "/")) {
    choice.extent = Extent::kAllButDirectory;
    choice.verdicts.push_back(DirectoryNotTold(wanted, *choice.report));
  }
  // Of the daemon that was asked for, all is known.
  if (choice.report && !wanted.as_started) return choice;
  TellFailures(wanted, all, ours.size(), machine, processes, choice);
  if (wanted.as_started && !choice.report && choice.extent == Extent::kAll &&
      AllServeOthers(wanted, ours.size(), machine, processes)) {
    choice.extent = Extent::kNothing;
    choice.verdicts.push_back(NoneIsMeant(wanted, ours, machine, processes));
  }
  return choice;
}

}  // namespace vios
