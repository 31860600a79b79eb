// SPDX-License-Identifier: Apache-2.0
#include "proxy/ctl/daemon_list.h"

#include <map>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "channel/directory_entries.h"
#include "proxy/ctl/report_process.h"
#include "proxy/ctl/verdict.h"

namespace vios {
namespace {

struct Instance {
  std::string who;
  std::optional<std::string> directory;
  std::string address;  // Of its status server; empty: none that answers.

  std::string ToString() const {
    return absl::StrCat(
        who, " serves ",
        directory ? Shown(*directory) : "a directory that cannot be told",
        address.empty() ? "" : " and answers at ", Shown(address));
  }
};

// Whose report it is, by the socket or else by the directory; the end when that
// cannot be told.
std::map<std::string, Instance>::iterator InstanceOf(
    const DaemonReport& report, const Machine& machine,
    const ProcessList& processes, std::map<std::string, Instance>& running) {
  if (const auto process = ProcessOf(report, machine, processes)) {
    return running.find(process->pid);
  }
  auto one = running.begin();
  while (one != running.end() &&
         (!one->second.directory ||
          !SameDirectory(*one->second.directory, report.directory))) {
    ++one;
  }
  return one;
}

}  // namespace

std::string DaemonListText(const DaemonKind& kind,
                           const std::vector<DaemonReport>& reports,
                           const Machine& machine,
                           const ProcessList& processes) {
  std::map<std::string, Instance> running;
  for (const Process& one : processes.Running(kind.program)) {
    running[one.pid] = {absl::StrCat("PID ", one.pid),
                        DirectoryOf(machine, one, kind), ""};
  }
  std::vector<Instance> unseen;
  for (const DaemonReport& report : reports) {
    const auto found = InstanceOf(report, machine, processes, running);
    Instance& one = found != running.end()
                        ? found->second
                        : unseen.emplace_back(Instance{"one", {}, ""});
    one.directory = report.directory;
    one.address = report.address;
  }
  std::vector<std::string> lines;
  for (const auto& [pid, one] : running) lines.push_back(one.ToString());
  for (const Instance& one : unseen) lines.push_back(one.ToString());
  return absl::StrJoin(lines, "; ");
}

}  // namespace vios
