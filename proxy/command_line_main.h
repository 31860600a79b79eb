// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_COMMAND_LINE_MAIN_H_
#define VIOS_PROXY_PROXY_COMMAND_LINE_MAIN_H_

#include <string>
#include <vector>

namespace vios {

// What the command line of a program looks like.
struct CommandLine {
  std::string program;         // "vios-proxy-guest"
  std::string summary;         // What it is, a line or two.
  std::string directory_flag;  // The first positional, "host_directory".
  std::vector<std::string> own_flags;  // In the order of the short help.
  // Empty: those of a daemon, directory, service_port and log_level.
  std::vector<std::string> positionals;
};

// Sets gflags' flags from the command line: positionals, flag files and
// environment as the manual has them. Shows help or version and exits with 0;
// at a mistake says so in one FATAL line and exits with 1. Our own values are
// not looked at yet: they are text. Call it first thing.
void ParseCommandLine(const CommandLine& line, int argc, char** argv);

// The flags of `line` that may be given without their names, in their order.
std::vector<std::string> PositionalNames(const CommandLine& line);

// The value of a flag of ours, after ParseCommandLine().
std::string FlagValue(const std::string& name);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_COMMAND_LINE_MAIN_H_
