// SPDX-License-Identifier: Apache-2.0
#include "proxy/daemon_processes.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

namespace vios {
namespace {

absl::string_view WithoutSlash(absl::string_view path) {
  while (path.size() > 1 && absl::ConsumeSuffix(&path, "/")) continue;
  return path;
}

// Of a word of a command line; empty when it is about something else.
absl::string_view DirectoryIn(absl::string_view word) {
  const size_t flag = word.find("directory=");
  if (absl::StartsWith(word, "-") && flag != absl::string_view::npos) {
    return word.substr(word.find('=') + 1);
  }
  return absl::StartsWith(word, "/") ? word : "";
}

bool MayServe(const Machine& machine, const Process& process,
              absl::string_view directory,
              absl::string_view default_directory) {
  std::string serves(default_directory);
  for (size_t i = 1; i < process.arguments.size(); ++i) {
    const std::string& word = process.arguments[i];
    if (absl::StrContains(word, "fromenv")) return true;
    if (absl::StrContains(word, "flagfile")) {
      const std::string file = word.substr(word.find('=') + 1);
      if (!machine.Exists(file)) return true;
      for (const absl::string_view line :
           absl::StrSplit(machine.Read(file), '\n')) {
        // Only flags: there are no positionals in a file.
        if (!absl::StartsWith(line, "-")) continue;
        if (!DirectoryIn(line).empty()) serves = std::string(DirectoryIn(line));
      }
    } else if (!DirectoryIn(word).empty()) {
      serves = std::string(DirectoryIn(word));
    }
  }
  // A relative one cannot be told from here.
  return !absl::StartsWith(serves, "/") ||
         WithoutSlash(serves) == WithoutSlash(directory);
}

}  // namespace

std::vector<Process> DaemonsFor(const Machine& machine,
                                const std::string& directory,
                                const DaemonKind& kind,
                                const ProcessList& processes) {
  std::vector<Process> daemons;
  for (Process& process : processes.Running(kind.program)) {
    if (MayServe(machine, process, directory, kind.default_directory)) {
      daemons.push_back(std::move(process));
    }
  }
  return daemons;
}

}  // namespace vios
