// SPDX-License-Identifier: Apache-2.0
#include "proxy/ctl/daemon_processes.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "channel/directory_entries.h"
#include "proxy/default_directories.h"

namespace vios {
namespace {

// Which of the daemons' flags are followed by no value: theirs and glog's.
FlagKind KindOf(const std::string& name) {
  for (const char* flag :
       {"check_config", "http_control", "protocol_options", "landlock",
        "seccomp", "alsologtostderr", "colorlogtostderr", "colorlogtostdout",
        "drop_log_memory", "log_prefix", "log_utc_time", "log_year_in_prefix",
        "logtostderr", "logtostdout", "stop_logging_if_full_disk",
        "symbolize_stacktrace", "timestamp_in_logfile_name"}) {
    if (name == flag) return FlagKind::kSwitch;
  }
  return absl::StartsWith(name, "no") ? FlagKind::kUnknown : FlagKind::kValue;
}

// The directory may come from the environment.
bool IsFromEnv(const Arguments::Flag& flag) {
  return absl::StrContains(flag.name, "fromenv") &&
         absl::StrContains(flag.value, "directory");
}

// The last --guest_directory or --host_directory; null when there is none.
const std::string* DirectoryIn(const Arguments& arguments) {
  const std::string* directory = nullptr;
  for (const Arguments::Flag& flag : arguments.flags) {
    if (absl::EndsWith(flag.name, "_directory")) directory = &flag.value;
  }
  return directory;
}

bool BringsInMore(const Arguments& arguments) {
  return std::any_of(arguments.flags.begin(), arguments.flags.end(),
                     [](const Arguments::Flag& flag) {
                       return flag.name == "flagfile" || IsFromEnv(flag);
                     });
}

// Whether `path` leads us to the same file as another process.
bool IsForAll(absl::string_view path) {
  return absl::StartsWith(path, "/") && !absl::StartsWith(path, "/dev/") &&
         !absl::StartsWith(path, "/proc/");
}

// Nothing when that cannot be known.
std::optional<std::string> DirectoryInFile(const Machine& machine,
                                           const std::string& path,
                                           std::string otherwise) {
  if (!IsForAll(path) || !machine.MayReadAll(path)) return std::nullopt;
  for (const absl::string_view line :
       absl::StrSplit(machine.Read(path), '\n')) {
    const auto scanned =
        ScanDaemonArguments({std::string(absl::StripAsciiWhitespace(line))});
    if (!scanned.ok()) continue;
    if (BringsInMore(*scanned)) return std::nullopt;
    if (const std::string* found = DirectoryIn(*scanned)) otherwise = *found;
  }
  return otherwise;
}

// Nothing when that cannot be known.
std::optional<std::string> DirectoryTold(const Machine& machine,
                                         const Process& process,
                                         std::string otherwise) {
  if (process.arguments.empty()) return std::nullopt;
  const auto scanned =
      ScanDaemonArguments(absl::MakeConstSpan(process.arguments).subspan(1));
  if (!scanned.ok()) return std::nullopt;
  for (const Arguments::Flag& flag : scanned->flags) {
    if (IsFromEnv(flag)) return std::nullopt;
    if (flag.name != "flagfile") continue;
    auto found =
        DirectoryInFile(machine, SeenFromRoot(machine, process, flag.value),
                        std::move(otherwise));
    if (!found.has_value()) return std::nullopt;
    otherwise = *std::move(found);
  }
  if (const std::string* found = DirectoryIn(*scanned)) return *found;
  if (!scanned->positionals.empty()) return scanned->positionals[0];
  return otherwise;
}

}  // namespace

DaemonKind GuestDaemon() { return {"vios-proxy-guest", kPortDirectory}; }
DaemonKind HostDaemon() { return {"vios-proxy-host", kGuestDirectory}; }

absl::StatusOr<Arguments> ScanDaemonArguments(
    absl::Span<const std::string> words) {
  return ScanArguments(words, KindOf);
}

std::string SeenFromRoot(const Machine& machine, const Process& process,
                         const std::string& path) {
  if (absl::StartsWith(path, "/")) return path;
  const std::string cwd =
      machine.ReadLink(absl::StrCat("/proc/", process.pid, "/cwd"));
  if (cwd.empty()) return path;
  // As QEMU's paths are most likely written: without "." and "..".
  return std::filesystem::path(JoinPath(cwd, path)).lexically_normal().string();
}

std::optional<std::string> DirectoryOf(const Machine& machine,
                                       const Process& process,
                                       const DaemonKind& kind) {
  const auto told = DirectoryTold(machine, process, kind.default_directory);
  if (!told) return std::nullopt;
  std::string directory = SeenFromRoot(machine, process, *told);
  if (!absl::StartsWith(directory, "/")) return std::nullopt;
  return directory;
}

bool MayServe(const Machine& machine, const Process& process,
              absl::string_view directory, const DaemonKind& kind) {
  const auto serves = DirectoryOf(machine, process, kind);
  return !serves || SameDirectory(*serves, directory);
}

std::vector<Process> DaemonsFor(const Machine& machine,
                                const std::string& directory,
                                const DaemonKind& kind,
                                const ProcessList& processes) {
  std::vector<Process> daemons;
  for (Process& process : processes.Running(kind.program)) {
    if (MayServe(machine, process, directory, kind)) {
      daemons.push_back(std::move(process));
    }
  }
  return daemons;
}

}  // namespace vios
