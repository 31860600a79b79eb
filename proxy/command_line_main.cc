// SPDX-License-Identifier: Apache-2.0
#include "proxy/command_line_main.h"

#include <cstdio>
#include <cstdlib>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "channel/version.h"
#include "gflags/gflags.h"
#include "proxy/arguments.h"
#include "proxy/flag_file.h"
#include "proxy/log.h"

namespace vios {
namespace {

FlagKind KindOf(const std::string& name) {
  gflags::CommandLineFlagInfo info;
  if (name == "h") return FlagKind::kSwitch;
  if (!gflags::GetCommandLineFlagInfo(name.c_str(), &info)) {
    return FlagKind::kUnknown;
  }
  return info.type == "bool" ? FlagKind::kSwitch : FlagKind::kValue;
}

std::string Synopsis(const CommandLine& line) {
  const std::vector<std::string> names = PositionalNames(line);
  return absl::StrCat(line.program, " [-h | --help] [",
                      absl::StrJoin(names, " ["),
                      std::string(names.size(), ']'), " [--flag=value ...]");
}

void ShowIndented(const std::string& text) {
  constexpr size_t kColumns = 72;
  size_t used = kColumns;
  for (const absl::string_view word : absl::StrSplit(text, ' ')) {
    const bool fits = used + 1 + word.size() <= kColumns;
    absl::PrintF("%s%s", fits ? " " : "\n      ", word);
    used = (fits ? used + 1 : 0) + word.size();
  }
}

void ShowFlag(const std::string& name, const char* dashes) {
  const auto info = gflags::GetCommandLineFlagInfoOrDie(name.c_str());
  absl::PrintF("  %s%s (default %s)", dashes, name, info.default_value);
  ShowIndented(info.description);
  absl::PrintF("\n");
}

void ShowHelp(const CommandLine& line) {
  absl::PrintF("Usage: %s\n\n%s\n\nArguments, also as flags:\n", Synopsis(line),
               line.summary);
  for (const std::string& name : PositionalNames(line)) ShowFlag(name, "");
  absl::PrintF("\nFlags:\n");
  for (const std::string& name : line.own_flags) ShowFlag(name, "--");
  absl::PrintF(
      "\nDurations are written 30s, 500ms or 2m; 0 is no limit.\n"
      "--flagfile=FILE reads flags from a file, --fromenv=NAME,... takes them\n"
      "from the environment, --version shows the version, --helpfull all "
      "flags.\n");
}

// Exits if the operator asked for nothing but information.
void ShowWhatIsAsked(const CommandLine& line, const Arguments& arguments) {
  const auto asked = [&](const char* flag) {
    const std::string* value = arguments.Find(flag);
    return value != nullptr && *value == "true";
  };
  if (asked("helpfull")) {
    gflags::ShowUsageWithFlags(line.program.c_str());
  } else if (asked("help") || asked("h") || asked("helpshort")) {
    ShowHelp(line);
  } else if (asked("version")) {
    absl::PrintF("%s %s\n", line.program, kVersion);
  } else {
    return;
  }
  std::exit(std::fflush(stdout) == 0 ? 0 : 1);
}

// Through gflags' own parser, which also looks into the environment.
void SetFlags(const CommandLine& line, const Arguments& arguments) {
  std::vector<std::string> words = {line.program};
  for (const Arguments::Flag& flag : arguments.flags) {
    words.push_back(absl::StrCat("--", flag.name, "=", flag.value));
  }
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  int count = static_cast<int>(words.size());
  char** data = pointers.data();
  gflags::ParseCommandLineNonHelpFlags(&count, &data, /*remove_flags=*/true);
}

void ExitUnlessOk(const absl::Status& status) {
  if (!status.ok()) FatalExit(status.message());
}

}  // namespace

void ParseCommandLine(const CommandLine& line, int argc, char** argv) {
  gflags::SetUsageMessage(absl::StrCat("\n  ", Synopsis(line)));
  gflags::SetVersionString(kVersion);
  const std::vector<std::string> words(argv + (argc > 0 ? 1 : 0), argv + argc);
  absl::StatusOr<Arguments> arguments = ScanArguments(words, KindOf);
  ExitUnlessOk(arguments.status());
  ShowWhatIsAsked(line, *arguments);
  ExitUnlessOk(NamePositionals(PositionalNames(line), *arguments));
  PutWeakFlagsFirst(*arguments);
  ExitUnlessOk(ExpandFlagFiles(KindOf, *arguments));
  SetFlags(line, *arguments);
  gflags::HandleCommandLineHelpFlags();  // --helpxml and the like.
}

std::vector<std::string> PositionalNames(const CommandLine& line) {
  if (!line.positionals.empty()) return line.positionals;
  return {line.directory_flag, "service_port", "log_level"};
}

std::string FlagValue(const std::string& name) {
  return gflags::GetCommandLineFlagInfoOrDie(name.c_str()).current_value;
}

}  // namespace vios
