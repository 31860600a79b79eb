// SPDX-License-Identifier: Apache-2.0
// The manual pages tell the flags that the binaries have, with their defaults,
// and what the code can log.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "channel/deadline.h"
#include "channel/sanitizer.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proxy/termination.h"
#include "testing/man/diagnostic.h"
#include "testing/man/man_page.h"
#include "testing/subprocess.h"

namespace vios {
namespace {

namespace fs = std::filesystem;
using ::testing::IsEmpty;

std::string ReadFile(const fs::path& path) {
  std::ifstream file(path);
  EXPECT_TRUE(file) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

// Those that come with the libraries and that an operator needs.
const std::set<std::string>& FlagsOfLibraries() {
  static const auto* const flags =
      new std::set<std::string>{"help",    "helpfull",   "version", "flagfile",
                                "fromenv", "tryfromenv", "undefok", "log_dir"};
  return *flags;
}

// Files whose diagnostics only one of the daemons has.
bool IsOnlyFor(absl::string_view daemon, const std::string& file) {
  static const auto* const guests =
      new std::set<std::string>{"acceptor.cc", "listener.cc", "client_queue.cc",
                                "non_blocking.h", "activation.cc"};
  static const auto* const hosts = new std::set<std::string>{
      "resolver.cc", "resolver_thread.cc", "confine.cc", "service_dial.cc"};
  return absl::StartsWith(file, absl::StrCat(daemon, "_")) ||
         (daemon == "guest" ? guests : hosts)->count(file) > 0;
}

// The directory's diagnostics are beside each other in one file.
bool IsOfRole(absl::string_view role, const std::string& text) {
  if (text == "Landlock version ") return false;  // Amid another.
  const bool is_hosts = absl::StrContains(text, "uest path") ||
                        absl::StrContains(text, "uest root path");
  if (absl::StartsWith(text, "Root path")) return role == "guest";
  return !is_hosts || role == "host";
}

struct Program {
  std::string name;  // Of the binary and of the page.
  std::string role;  // "guest" or "host".
  std::string other_role;
};

std::string TagText(absl::string_view xml, absl::string_view tag) {
  const std::string open = absl::StrCat("<", tag, ">");
  const size_t begin = xml.find(open);
  if (begin == xml.npos) return "";
  const absl::string_view rest = xml.substr(begin + open.size());
  return std::string(rest.substr(0, rest.find("</")));
}

// For each program: its flags.
class ManTest : public ::testing::TestWithParam<Program> {
 protected:
  std::string Run(const std::string& flag) const {
    auto process = Subprocess::Start("proxy/" + GetParam().name, {{flag}});
    EXPECT_TRUE(process.ok()) << process.status();
    (void)(*process)->Wait(Deadline::After(absl::Seconds(60)));
    return (*process)->out();
  }

  ManPage Page() const {
    return ManPage::Parse(
        ReadFile(absl::StrCat("tools/man/", GetParam().name, ".1")));
  }

  // As gflags tells them, with their defaults.
  std::map<std::string, std::string> FlagsOfBinary() const {
    std::map<std::string, std::string> flags;
    const std::string xml = Run("--helpxml");
    for (const absl::string_view flag : absl::StrSplit(xml, "<flag>")) {
      const std::string name = TagText(flag, "name");
      if (absl::StartsWith(TagText(flag, "file"), "proxy/") ||
          FlagsOfLibraries().count(name) > 0) {
        flags[name] = TagText(flag, "default");
      }
    }
    return flags;
  }
};

// For each of the two that log.
class DaemonManTest : public ManTest {
 protected:
  // `visit(file name, text)` for each source of the daemon.
  template <typename Visit>
  void ForEachSource(const Visit& visit) const {
    for (const char* directory : {"proxy", "channel"}) {
      for (const auto& entry : fs::directory_iterator(directory)) {
        const std::string name = entry.path().filename();
        const std::string kind = entry.path().extension();
        // The header of the log shows how to use it.
        if ((kind != ".cc" && kind != ".h") || name == "log.h" ||
            absl::StartsWith(name, "ctl_") ||
            IsOnlyFor(GetParam().other_role, name)) {
          continue;
        }
        visit(name, ReadFile(entry.path()));
      }
    }
  }
};

TEST_P(ManTest, FlagsAreInThePage) {
  const ManPage page = Page();
  for (const auto& [name, value] : FlagsOfBinary()) {
    EXPECT_EQ(page.flags.count(name), 1) << "missing: --" << name;
  }
}

TEST_P(ManTest, ThePageHasNoOtherFlags) {
  const auto flags = FlagsOfBinary();
  for (const auto& [name, value] : Page().flags) {
    EXPECT_EQ(flags.count(name), 1) << "no such flag: --" << name;
  }
}

// Whether one is set for the way of this build alone.
bool DependsOnTheBuild(const std::string& flag) {
  return kAddressSanitizer && (flag == "landlock" || flag == "seccomp");
}

TEST_P(ManTest, DefaultsAreThoseOfTheBinary) {
  const ManPage page = Page();
  for (const auto& [name, value] : FlagsOfBinary()) {
    const auto told = page.flags.find(name);
    const bool is_switch_of_library =
        FlagsOfLibraries().count(name) > 0 && name != "log_dir";
    if (told == page.flags.end() || is_switch_of_library ||
        DependsOnTheBuild(name)) {
      continue;
    }
    ASSERT_TRUE(told->second.has_value()) << "--" << name << " has no default";
    // Where the environment says so, glog has one.
    EXPECT_EQ(*told->second, name == "log_dir" ? "" : value) << "--" << name;
  }
}

TEST_P(ManTest, TheShortHelpHasTheFlagsOfThePage) {
  const std::string help = Run("--help");
  std::set<std::string> shown = FlagsOfLibraries();
  for (absl::string_view line : absl::StrSplit(help, '\n')) {
    const bool is_flag = absl::StrContains(line, " (default ");
    line = absl::StripAsciiWhitespace(line);
    absl::ConsumePrefix(&line, "--");
    if (is_flag) shown.emplace(line.substr(0, line.find(' ')));
  }
  std::set<std::string> told;
  for (const auto& [name, value] : Page().flags) told.insert(name);
  EXPECT_EQ(shown, told);
}

// What a line that begins with a variable says comes from a status. A new one
// belongs here when its wording is found by StatusTextsOf() or needs none.
TEST_P(DaemonManTest, WhatIsLoggedIsInThePage) {
  const ManPage page = Page();
  const auto is_told = [&page](const Diagnostic& said) {
    return std::any_of(page.diagnostics.begin(), page.diagnostics.end(),
                       [&](const auto& entry) { return Tells(entry, said); });
  };
  ForEachSource([&](const std::string& file, const std::string& source) {
    for (const Diagnostic& said : LoggedBy(source)) {
      if (absl::StartsWith(said.text, "...")) continue;
      EXPECT_TRUE(is_told(said))
          << file << ": " << said.level << " " << said.text;
    }
    for (const Diagnostic& said : StatusTextsOf(source)) {
      if (!IsOfRole(GetParam().role, said.text)) continue;
      EXPECT_TRUE(is_told(said)) << file << ": " << said.text;
    }
  });
}

TEST_P(DaemonManTest, ThePageHasNoOtherDiagnostics) {
  std::string all;
  ForEachSource(
      [&all](const std::string&, const std::string& source) { all += source; });
  for (const Diagnostic& entry : Page().diagnostics) {
    for (const std::string& piece : FixedPieces(entry.text)) {
      EXPECT_TRUE(absl::StrContains(all, piece)) << entry.text;
    }
  }
}

const Program kGuest = {"vios-proxy-guest", "guest", "host"};
const Program kHost = {"vios-proxy-host", "host", "guest"};
const Program kCtl = {"vios-proxy-ctl", "ctl", ""};

std::string RoleOf(const ::testing::TestParamInfo<Program>& suite) {
  return suite.param.role;
}

INSTANTIATE_TEST_SUITE_P(Programs, ManTest,
                         ::testing::Values(kGuest, kHost, kCtl), RoleOf);
INSTANTIATE_TEST_SUITE_P(Daemons, DaemonManTest,
                         ::testing::Values(kGuest, kHost), RoleOf);

TEST(ManPages, HaveEveryWordForTheEndOfASession) {
  const std::string page = ReadFile("tools/man/vios-proxy.7");
  for (const Termination termination : AllTerminations()) {
    const std::string item =
        absl::StrCat("\n.It Sy ", TerminationName(termination), "\n");
    EXPECT_TRUE(absl::StrContains(page, item)) << item;
  }
}

TEST(ManPages, PassTheirLint) {
  for (const auto& entry : fs::directory_iterator("tools/man")) {
    if (entry.path().extension() == ".bazel") continue;
    auto process = Subprocess::Start(
        "/usr/bin/mandoc", {{"-Tlint", "-W", "warning", entry.path()}});
    ASSERT_TRUE(process.ok()) << process.status();
    const auto status = (*process)->Wait(Deadline::After(absl::Seconds(60)));
    ASSERT_TRUE(status.ok()) << status.status();
    EXPECT_EQ(*status, 0) << (*process)->out();
    EXPECT_THAT((*process)->out(), IsEmpty());
  }
}

}  // namespace
}  // namespace vios
