// SPDX-License-Identifier: Apache-2.0
//
// Diagnostics of system calls that an operator can hardly make fail.
#include <signal.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "proxy/listener.h"
#include "proxy/socket_address.h"
#include "testing/cli.h"
#include "testing/subprocess.h"

namespace vios {
namespace {

// As arguments of the system call.
constexpr absl::string_view kGetFlags = "1=3", kSetFlags = "1=4";

// The inode of the socket that listens at `path`; empty when there is none.
std::string InodeOf(const std::string& path) {
  constexpr size_t kInodeColumn = 6;
  constexpr size_t kPathColumn = 7;
  std::ifstream sockets("/proc/net/unix");
  for (std::string line; std::getline(sockets, line);) {
    const std::vector<std::string> words =
        absl::StrSplit(line, ' ', absl::SkipEmpty());
    if (words.size() > kPathColumn && words[kPathColumn] == path) {
      return words[kInodeColumn];
    }
  }
  return "";
}

// The descriptor that process `pid` has of it; nothing if none.
std::optional<int> FdOf(pid_t pid, const std::string& inode) {
  for (const auto& entry : std::filesystem::directory_iterator(
           absl::StrCat("/proc/", pid, "/fd"))) {
    std::error_code gone;
    int fd = 0;
    if (std::filesystem::read_symlink(entry.path(), gone) ==
            absl::StrCat("socket:[", inode, "]") &&
        absl::SimpleAtoi(entry.path().filename().string(), &fd)) {
      return fd;
    }
  }
  return std::nullopt;
}

class RefusedCallTest : public CliTest {
 protected:
  void SetUp() override {
    CliTest::SetUp();
    NewDirectory("channels");
  }

  std::unique_ptr<Subprocess> StartGuest(const Words& rules,
                                         const Words& args) const {
    Words words = rules;
    words.insert(words.end(), {"--", "proxy/vios-proxy-guest"});
    words.insert(words.end(), args.begin(), args.end());
    auto started = Subprocess::Start("testing/refuse", {.args = words});
    EXPECT_TRUE(started.ok()) << started.status();
    return *std::move(started);
  }
  Ran RunGuest(const std::string& rule, const Words& args) const {
    const auto guest = StartGuest({rule}, args);
    const absl::StatusOr<int> status = guest->Wait(Soon());
    EXPECT_TRUE(status.ok()) << status.status();
    return {status.value_or(-1), guest->out(), guest->err()};
  }
  Ran RunGuest(const std::string& rule) const { return RunGuest(rule, Args()); }
  // A rule for a call on the listener, whose number is the same each time.
  std::string OnListener(absl::string_view call) const {
    return absl::StrCat(call, ",0=", ListenerFd());
  }
  int ListenerFd() const {
    const auto guest = StartUp(GuestProgram(), Args());
    const auto fd = FdOf(guest->pid(), InodeOf(Path("listen")));
    EXPECT_TRUE(fd.has_value());
    return fd.value_or(-1);
  }
  std::string Address() const { return absl::StrCat("unix:", Path("listen")); }
  Words Args() const { return GoodArgs(GuestProgram(), Path("channels")); }
};

TEST_F(RefusedCallTest, SocketIsAFatalDiagnostic) {
  constexpr int kInternet = 2;  // The lock of the instance is a unix socket.
  ExpectFatal(RunGuest(absl::StrCat("socket,0=", kInternet, ":", EMFILE),
                       {Path("channels")}),
              "Failed to create proxy service: 127.0.0.1:5672: Too many open "
              "files\n");
}

TEST_F(RefusedCallTest, ReadingTheListenersFlagsIsAFatalDiagnostic) {
  ExpectFatal(
      RunGuest(absl::StrCat(OnListener("fcntl"), ",", kGetFlags, ":", EPERM)),
      absl::StrCat("Proxy service fcntl(F_GETFL): ", Address(),
                   ": Operation not permitted\n"));
}

TEST_F(RefusedCallTest, SettingTheListenersFlagsIsAFatalDiagnostic) {
  ExpectFatal(
      RunGuest(absl::StrCat(OnListener("fcntl"), ",", kSetFlags, ":", EPERM)),
      absl::StrCat("Proxy service fcntl(F_SETFL): ", Address(),
                   ": Operation not permitted\n"));
}

TEST_F(RefusedCallTest, ListenIsAFatalDiagnostic) {
  ExpectFatal(RunGuest(absl::StrCat(OnListener("listen"), ":", ENOBUFS)),
              absl::StrCat("Proxy service listen: ", Address(),
                           ": No buffer space available\n"));
}

class RefusedChannelTest : public RefusedCallTest {
 protected:
  // The guest daemon says so of its channel, and goes on.
  void ExpectError(const Words& rules, absl::string_view diagnostic) {
    const auto channel = OpenListener(
        *ParseSocketAddress(absl::StrCat("unix:", Path("channels/one")), 0),
        0600);
    ASSERT_TRUE(channel.ok()) << channel.status();
    const auto guest = StartGuest(rules, Args());
    const std::string line =
        absl::StrCat(" ERROR ", diagnostic, " ", Path("channels/one"),
                     ": Operation not permitted\n");
    EXPECT_TRUE(guest->AwaitStderr(line, Soon()).ok()) << guest->err();
    EXPECT_TRUE(guest->AwaitStderr("ALERT started", Soon()).ok());
    guest->Signal(SIGTERM);
    EXPECT_EQ(guest->Wait(Soon()).value(), 0) << guest->err();
  }
  // Its descriptor is behind the listener's.
  std::string OnChannel(absl::string_view command, int error) const {
    return absl::StrCat("fcntl,0>", ListenerFd(), ",", command, ":", error);
  }
};

TEST_F(RefusedChannelTest, ReadingAChannelsFlagsIsAnError) {
  ExpectError({OnChannel(kGetFlags, EPERM)}, "fcntl(F_GETFL) on host channel:");
}

TEST_F(RefusedChannelTest, SettingAChannelsFlagsIsAnError) {
  constexpr int kNoFlags = 0;  // Not even that it does not block.
  ExpectError({OnChannel(kGetFlags, kNoFlags), OnChannel(kSetFlags, EPERM)},
              "fcntl(F_SETFL) on host channel");
}

}  // namespace
}  // namespace vios
