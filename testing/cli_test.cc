// SPDX-License-Identifier: Apache-2.0
//
// What an operator meets at the command line: help, values and where they come
// from.
#include "testing/cli.h"

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proxy/ctl/daemon_processes.h"

namespace vios {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::Not;
using ::testing::StartsWith;

INSTANTIATE_TEST_SUITE_P(Daemons, BothTest,
                         ::testing::Values(&GuestProgram(), &HostProgram()),
                         [](const auto& one) {
                           return one.param == &HostProgram() ? "Host"
                                                              : "Guest";
                         });

// The line about a directory that does not exist.
std::string Missing(const Program& program, const std::string& directory) {
  return absl::StrCat(program.stat_diagnostic,
                      program.stat_diagnostic.back() == ':' ? "" : ":", " ",
                      directory, ": No such file or directory\n");
}

// What is between the tags of `name`; empty: there are none.
std::string Element(const std::string& xml, const std::string& name) {
  const std::string open = "<" + name + ">";
  const size_t begin = xml.find(open);
  if (begin == std::string::npos) return "";
  const size_t text = begin + open.size();
  return xml.substr(text, xml.find("</" + name + ">", text) - text);
}

TEST_P(BothTest, TheDoctorKnowsWhichFlagsAreSwitches) {
  const Ran ran = RunToEnd(program(), {"--helpxml"});
  int flags = 0;
  const std::vector<std::string> elements = absl::StrSplit(ran.out, "<flag>");
  for (const std::string& flag : elements) {
    const std::string name = Element(flag, "name");
    // Whoever is asked for help does not run.
    if (name.empty() || name == "version" || absl::StartsWith(name, "help")) {
      continue;
    }
    ++flags;
    const auto scanned = ScanDaemonArguments({"--" + name, "word"});
    ASSERT_TRUE(scanned.ok()) << scanned.status();
    const bool takes_no_value = !scanned->positionals.empty();
    EXPECT_EQ(takes_no_value, Element(flag, "type") == "bool") << name;
  }
  EXPECT_GT(flags, 20);
}

TEST_P(BothTest, HelpIsShortAndNamesItsOwnFlags) {
  const Ran help = RunToEnd(program(), {"--help"});
  EXPECT_EQ(help.status, 0);
  EXPECT_THAT(help.err, IsEmpty());
  EXPECT_THAT(help.out, StartsWith(absl::StrCat(
                            "Usage: ", program().name, " [-h | --help] [",
                            program().directory_flag,
                            " [service_port [log_level]]] [--flag=value")));
  for (const char* flag :
       {"channels", "rescan_interval", "reconnect_interval", "connect_timeout",
        "idle_timeout", "half_close_timeout", "peer_timeout", "drain_timeout",
        "protocol_options", "http_address", "http_control", "log_format",
        "check_config", "check_health"}) {
    EXPECT_THAT(help.out, HasSubstr(absl::StrCat("\n  --", flag, " (default")));
  }
  EXPECT_THAT(help.out, HasSubstr(absl::StrCat("  ", program().directory_flag,
                                               " (default ",
                                               program().default_directory)));
  EXPECT_THAT(help.out, HasSubstr("  service_port (default 5672)"));
  EXPECT_THAT(help.out, HasSubstr("  log_level (default INFO)"));
  EXPECT_THAT(help.out, Not(HasSubstr("minloglevel")));
  EXPECT_EQ(RunToEnd(program(), {"-h"}).out, help.out);
  EXPECT_EQ(RunToEnd(program(), {"/nowhere", "80x", "-h"}).out, help.out);
}

TEST_F(CliTest, HelpOfTheHostAloneHasTheConfinement) {
  for (const char* flag : {"--landlock", "--seccomp"}) {
    EXPECT_THAT(RunToEnd(HostProgram(), {"-h"}).out, HasSubstr(flag));
    EXPECT_THAT(RunToEnd(GuestProgram(), {"-h"}).out, Not(HasSubstr(flag)));
  }
}

TEST_P(BothTest, FullHelpHasTheLibrariesFlagsToo) {
  const Ran help = RunToEnd(program(), {"--helpfull"});
  EXPECT_EQ(help.status, 0);
  EXPECT_THAT(help.out, HasSubstr("minloglevel"));
  EXPECT_THAT(help.out, HasSubstr("drain_timeout"));
}

TEST_P(BothTest, VersionIsOneLine) {
  const Ran version = RunToEnd(program(), {"--version"});
  EXPECT_EQ(version.status, 0);
  EXPECT_EQ(version.out, program().name + " 1.0.0\n");
  EXPECT_THAT(version.err, IsEmpty());
}

TEST_P(BothTest, PortsAreInRange) {
  for (const char* bad : {"0", "65536", "80x", "-1", "", "99999999999"}) {
    const std::string flag = absl::StrCat("--service_port=", bad);
    const std::string said =
        absl::StrCat(program().port_diagnostic, ": ", flag, "\n");
    ExpectFatal(RunToEnd(program(), {Directory(), flag}), said);
    if (bad[0] != '-')
      ExpectFatal(RunToEnd(program(), {Directory(), bad}), said);
  }
}

TEST_P(BothTest, BadValuesNameFlagValueAndWhatIsAllowed) {
  const std::string duration = ": must be a duration such as 30s, 500ms or 2m";
  for (const char* flag :
       {"--rescan_interval=0", "--rescan_interval=1", "--reconnect_interval=x",
        "--connect_timeout=30", "--idle_timeout=-1s",
        "--drain_timeout=", "--half_close_timeout=inf"}) {
    ExpectFatal(RunToEnd(program(), {Directory(), flag}), flag + duration);
  }
  ExpectFatal(RunToEnd(program(), {Directory(), "5672", "LOUD"}),
              "--log_level=LOUD: must be one of FATAL, ALERT, ERROR, WARN, "
              "NOTICE, INFO, DEBUG\n");
  ExpectFatal(RunToEnd(program(), {"--channels=a,,b"}),
              "--channels=a,,b: must be globs over file names");
  ExpectFatal(RunToEnd(program(), {"--protocol_options=maybe"}),
              "--protocol_options=maybe: must be true or false\n");
  ExpectFatal(RunToEnd(program(), {DirectoryFlag("")}),
              DirectoryFlag("") + ": must be the path of a directory\n");
  ExpectFatal(RunToEnd(program(), {"--idle_timeout=a\nb"}),
              "--idle_timeout=a\\x0ab: must be");
  ExpectFatal(RunToEnd(program(), {"--log_dir=/nowhere"}),
              "--log_dir=/nowhere: must be a directory");
}

TEST_P(BothTest, UnknownFlagsAreRefused) {
  ExpectFatal(RunToEnd(program(), {"--what=1"}), "--what: no such flag");
  ExpectFatal(RunToEnd(program(), {"-x"}), "--x: no such flag");
  ExpectFatal(RunToEnd(program(), {"--idle_timeout"}),
              "--idle_timeout: must be followed by a value\n");
  ExpectFatal(RunToEnd(program(), {Directory(), "1", "INFO", "more"}),
              "Unexpected argument more: at most 3");
}

TEST_P(BothTest, LibrarysBadValueIsOneLineToo) {
  const Ran ran = RunToEnd(program(), {"--v=abc"});
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(ran.err, MatchesRegex("[^\n]*'abc'[^\n]*int32 flag 'v'\n"));
}

TEST_P(BothTest, PositionalAndFlagMustAgree) {
  ExpectFatal(RunToEnd(program(), {Directory(), "1", "--service_port=2"}),
              "--service_port=2: must be the same as the argument 1\n");
  ExpectFatal(RunToEnd(program(), {"/nowhere", DirectoryFlag("/elsewhere")}),
              DirectoryFlag("/elsewhere") + ": must be the same");
  ExpectFatal(RunToEnd(program(), {"/nowhere", DirectoryFlag("/nowhere")}),
              Missing(program(), "/nowhere"));
}

TEST_P(BothTest, DashesStandForUnderscores) {
  ExpectFatal(RunToEnd(program(), {"--service-port", "0"}),
              program().port_diagnostic);
}

TEST_P(BothTest, FlagFileIsWeakerThanTheCommandLine) {
  const std::string file =
      "--flagfile=" + NewFile("flags", DirectoryFlag("/nowhere/file") + "\n");
  ExpectFatal(RunToEnd(program(), {file}), Missing(program(), "/nowhere/file"));
  ExpectFatal(RunToEnd(program(), {DirectoryFlag("/nowhere/line"), file}),
              Missing(program(), "/nowhere/line"));
  ExpectFatal(RunToEnd(program(), {file, DirectoryFlag("/nowhere/line")}),
              Missing(program(), "/nowhere/line"));
  ExpectFatal(RunToEnd(program(), {"/nowhere/first", file}),
              Missing(program(), "/nowhere/first"));
}

TEST_P(BothTest, MistakesInAFlagFileAreTold) {
  const std::string flag = "--flagfile=" + NewFile("flags", "--idle=5s\n");
  ExpectFatal(RunToEnd(program(), {flag}),
              flag + ": line 1: --idle: no such flag");
  ExpectFatal(RunToEnd(program(), {"--flagfile=/nowhere"}),
              "--flagfile=/nowhere: must be a file that can be read");
  ExpectFatal(RunToEnd(program(), {"--flagfile=" +
                                   NewFile("more", "--service_port=80x\n")}),
              program().port_diagnostic + ": --service_port=80x\n");
}

TEST_P(BothTest, EnvironmentIsWeakerThanTheCommandLine) {
  const Words env = {
      absl::StrCat("FLAGS_", program().directory_flag, "=/nowhere/env")};
  const std::string from = absl::StrCat("--fromenv=", program().directory_flag);
  ExpectFatal(RunToEnd(program(), {from}, env),
              Missing(program(), "/nowhere/env"));
  ExpectFatal(RunToEnd(program(), {"/nowhere/first", from}, env),
              Missing(program(), "/nowhere/first"));
  ExpectFatal(
      RunToEnd(program(),
               {DirectoryFlag("/nowhere/line"), "--try" + from.substr(2)}, env),
      Missing(program(), "/nowhere/line"));
  EXPECT_EQ(RunToEnd(program(), {from}).status, 1);
}

TEST_F(CliTest, GuestsBadValuesAreRefused) {
  ExpectFatal(RunToEnd(GuestProgram(), {"--max_queue=many"}),
              "--max_queue=many: must be a number in range 0..65535\n");
  ExpectFatal(RunToEnd(GuestProgram(), {"--queue_timeout=5"}),
              "--queue_timeout=5: must be a duration");
  ExpectFatal(RunToEnd(GuestProgram(), {"--listen_mode=rw"}),
              "--listen_mode=rw: must be an octal file mode");
  for (const std::string& bad :
       {std::string("localhost"), std::string("unix:relative"),
        "unix:/" + std::string(107, 'x')}) {
    ExpectFatal(RunToEnd(GuestProgram(), {"--listen_address=" + bad}),
                "--listen_address=" + bad + ": must be an IPv4 or IPv6 addr");
  }
}

TEST_F(CliTest, HostsBadServiceIsRefused) {
  ExpectFatal(RunToEnd(HostProgram(), {"--service_address=a b"}),
              "--service_address=a b: must be an IPv4 or IPv6 address, a host");
  ExpectFatal(RunToEnd(HostProgram(), {"--listen_address=127.0.0.1"}),
              "--listen_address: no such flag");
}

}  // namespace
}  // namespace vios
