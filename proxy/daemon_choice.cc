// SPDX-License-Identifier: Apache-2.0
#include "proxy/daemon_choice.h"

#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "channel/directory_entries.h"
#include "channel/escape.h"
#include "proxy/process_list.h"
#include "proxy/report_process.h"

namespace vios {
namespace {

constexpr size_t kLongestPath = 512;

// Of `program`, with directories seen from the root where that can be told.
std::vector<DaemonReport> ReportsOf(const std::string& program,
                                    DaemonReports all, const Machine& machine) {
  const ProcessList processes(machine);
  std::vector<DaemonReport> ours;
  for (DaemonReport& report : all.reports) {
    if (report.program != program) continue;
    if (const auto process = ProcessOf(report, machine, processes)) {
      report.directory = SeenFromRoot(machine, *process, report.directory);
    }
    ours.push_back(std::move(report));
  }
  return ours;
}

std::optional<DaemonReport> Choose(const WantedDaemon& wanted,
                                   std::vector<DaemonReport> ours) {
  for (DaemonReport& report : ours) {
    if (WithoutSlash(report.directory) == WithoutSlash(wanted.directory)) {
      return std::move(report);
    }
  }
  if (!wanted.as_started || ours.size() != 1) return std::nullopt;
  return std::move(ours.front());
}

Verdict DirectoryNotTold(const WantedDaemon& wanted,
                         const DaemonReport& report) {
  return Note(
      "directory",
      absl::StrCat("the directory ", Escape(report.directory, kLongestPath),
                   " of ", wanted.kind.program, " at ", report.address,
                   " is from where that was started, which cannot be told: "
                   "what is in it is not looked at"),
      absl::StrCat("Run this as root, or say with --", wanted.directory_flag,
                   " where that directory is."));
}

}  // namespace

DaemonChoice ChooseDaemon(const WantedDaemon& wanted, DaemonReports all,
                          const Machine& machine) {
  DaemonChoice choice = {
      .report = Choose(
          wanted, ReportsOf(wanted.kind.program, std::move(all), machine))};
  if (choice.report && !absl::StartsWith(choice.report->directory, "/")) {
    choice.has_directory = false;
    choice.verdicts.push_back(DirectoryNotTold(wanted, *choice.report));
  }
  return choice;
}

}  // namespace vios
