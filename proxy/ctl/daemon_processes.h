// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_CTL_DAEMON_PROCESSES_H_
#define VIOS_PROXY_PROXY_CTL_DAEMON_PROCESSES_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "proxy/arguments.h"
#include "proxy/ctl/machine.h"
#include "proxy/ctl/process_list.h"

namespace vios {

// A daemon of ours: the program's name, and the directory that it serves unless
// it is told another one.
struct DaemonKind {
  std::string program;
  std::string default_directory;
};

DaemonKind GuestDaemon();
DaemonKind HostDaemon();

// What the words of a daemon's command line say, its name excepted. An error
// when they have a flag of a kind that cannot be known. Pure.
absl::StatusOr<Arguments> ScanDaemonArguments(
    absl::Span<const std::string> words);

// `path` of `process` seen from the root: a relative one is from where that
// runs. Left as it is when that cannot be told.
std::string SeenFromRoot(const Machine& machine, const Process& process,
                         const std::string& path);

// What `process`, a daemon of `kind`, serves by its command line and flag
// files, seen from the root. Nothing when that cannot be known.
std::optional<std::string> DirectoryOf(const Machine& machine,
                                       const Process& process,
                                       const DaemonKind& kind);

// Whether, by that, it may serve `directory`. One whose flags cannot be read
// may serve anything.
bool MayServe(const Machine& machine, const Process& process,
              absl::string_view directory, const DaemonKind& kind);

// Those that run and may serve `directory`.
std::vector<Process> DaemonsFor(const Machine& machine,
                                const std::string& directory,
                                const DaemonKind& kind,
                                const ProcessList& processes);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_CTL_DAEMON_PROCESSES_H_
