// SPDX-License-Identifier: Apache-2.0
//
// What daemons at work may still do.
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "channel/scratch_dir.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proxy/landlock.h"
#include "testing/cli.h"
#include "testing/daemon_processes.h"
#include "testing/inject_call.h"
#include "testing/subprocess.h"

namespace vios {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

constexpr uid_t kOtherUser = 64005;
constexpr absl::Duration kPatience = absl::Seconds(20);

std::vector<pid_t> ThreadsOf(const Subprocess& process) {
  std::vector<pid_t> threads;
  for (const auto& task : std::filesystem::directory_iterator(
           absl::StrCat("/proc/", process.pid(), "/task"))) {
    pid_t id = 0;
    EXPECT_TRUE(absl::SimpleAtoi(task.path().filename().string(), &id));
    threads.push_back(id);
  }
  return threads;
}

// /proc/PID/status of each.
std::vector<std::string> StatusOfThreads(const Subprocess& process) {
  std::vector<std::string> all;
  for (const pid_t thread : ThreadsOf(process)) {
    std::ifstream file(
        absl::StrCat("/proc/", process.pid(), "/task/", thread, "/status"));
    all.emplace_back(std::istreambuf_iterator<char>(file),
                     std::istreambuf_iterator<char>());
  }
  return all;
}

class LeastPrivilegeTest : public DaemonProcessesTest {
 protected:
  void SetUp() override {
    DaemonProcessesTest::SetUp();
    guest_ = StartDaemon(GuestProgram());
  }

  // A host daemon with a session, whatever the build's defaults are.
  void StartHost(Subprocess::Options how = {}) {
    for (const char* flag : {"--seccomp", "--landlock"}) {
      how.args.insert(how.args.begin(), flag);
    }
    host_ = StartDaemon(HostProgram(), how);
    ASSERT_TRUE(ServesSoon()) << host_->err();
    session_ = Connect(kPatience);
  }

  void ExpectHostSays(const std::string& text) {
    const absl::Status said = host_->AwaitStderr(text, Soon());
    EXPECT_TRUE(said.ok()) << said;
  }

  // What it is like for a thread of the host to call this.
  long HostCalls(pid_t thread, long call, const std::string& path) {
    const Deadline deadline = Soon();
    absl::StatusOr<long> result = InjectCall(thread, call, path);
    while (absl::IsUnavailable(result.status()) && !deadline.passed()) {
      result = InjectCall(thread, call, path);
    }
    EXPECT_TRUE(result.ok()) << result.status();
    return result.value_or(0);
  }

  std::unique_ptr<Subprocess> guest_, host_;
  UniqueFd session_;
};

TEST_F(LeastPrivilegeTest, EveryThreadForgoesPrivilegesAndTheHostsAreFiltered) {
  StartHost();
  const auto host = StatusOfThreads(*host_), guest = StatusOfThreads(*guest_);
  // Main, supervisor, a worker for each channel, pumps.
  EXPECT_THAT(host, SizeIs(::testing::Ge(5)));
  EXPECT_THAT(host, Each(AllOf(HasSubstr("\nNoNewPrivs:\t1\n"),
                               HasSubstr("\nSeccomp:\t2\n"))));
  EXPECT_THAT(guest, Each(HasSubstr("\nNoNewPrivs:\t1\n")));
}

TEST_F(LeastPrivilegeTest, NoThreadOfTheHostMayCallWhatIsForbidden) {
#ifndef __x86_64__
  GTEST_SKIP() << "no calls to inject";
#endif
  StartHost();
  for (const pid_t thread : ThreadsOf(*host_)) {
    EXPECT_EQ(HostCalls(thread, SYS_execve, ""), -EPERM);
    EXPECT_EQ(HostCalls(thread, SYS_clone3, ""), -ENOSYS);
    EXPECT_EQ(HostCalls(thread, SYS_mkdirat, Path("new")), -EPERM);
  }
  EXPECT_TRUE(Echoes(session_)) << host_->err();  // Refused, not killed.
}

TEST_F(LeastPrivilegeTest, NoThreadOfTheHostMayOpenWhatIsForbidden) {
#ifndef __x86_64__
  GTEST_SKIP() << "no calls to inject";
#endif
  if (LandlockVersion() == 0) GTEST_SKIP() << "no Landlock here";
  StartHost();
  for (const pid_t thread : ThreadsOf(*host_)) {
    EXPECT_EQ(HostCalls(thread, SYS_openat, "/etc/passwd"), -EACCES);
    EXPECT_EQ(HostCalls(thread, SYS_openat, NewFile("file", "")), -EACCES);
  }
  EXPECT_TRUE(Echoes(session_)) << host_->err();
}

TEST_F(LeastPrivilegeTest, WithoutConfinementTheSameIsAllowed) {
#ifndef __x86_64__
  GTEST_SKIP() << "no calls to inject";
#endif
  StartHost({.args = {"--landlock=false", "--seccomp=false"}});
  ExpectHostSays(
      "NOTICE confined to: no Landlock (--landlock=false), no seccomp filter "
      "(--seccomp=false)\n");
  EXPECT_EQ(HostCalls(host_->pid(), SYS_execve, ""), -EFAULT);
  EXPECT_GE(HostCalls(host_->pid(), SYS_openat, "/etc/passwd"), 0);
  EXPECT_TRUE(Echoes(session_)) << host_->err();
}

TEST_F(LeastPrivilegeTest, HostThatIsLedToOtherDirectoriesDoesNotLook) {
  if (LandlockVersion() == 0) GTEST_SKIP() << "no Landlock here";
  StartHost();
  const ScratchDir elsewhere("/var/tmp");
  std::filesystem::rename(Path("hosts"), Path("moved"));
  std::filesystem::create_symlink(elsewhere.path(), Path("hosts"));
  ExpectHostSays(absl::StrCat("ERROR Guest path open error: ", Path("hosts"),
                              ": Permission denied"));
  std::filesystem::remove(Path("hosts"));
  std::filesystem::rename(Path("moved"), Path("hosts"));
  EXPECT_TRUE(ServesSoon()) << host_->err();
}

TEST_F(LeastPrivilegeTest, KernelWithoutLandlockIsTold) {
  StartHost({.refusals = {{SYS_landlock_create_ruleset, ENOSYS}}});
  ExpectHostSays(
      "WARN confined to: no Landlock (this kernel has none), a seccomp "
      "filter\n");
}

TEST_F(LeastPrivilegeTest, KernelWithoutSeccompIsTold) {
  StartHost({.refusals = {{SYS_seccomp, EINVAL}}});
  ExpectHostSays("no seccomp filter (seccomp filter: Invalid argument)\n");
  EXPECT_THAT(host_->err(), HasSubstr("WARN confined to: "));
}

TEST_F(LeastPrivilegeTest, ServiceByNameIsFoundUnderConfinement) {
  StartHost({.args = {"--service_address=localhost"}});
  ExpectHostSays("ALERT started");
  EXPECT_THAT(host_->err(), Not(HasSubstr("resolve")));
}

TEST_F(LeastPrivilegeTest, ServesAsAnyUserWhoMayOpenTheEndPoints) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root to become another user";
  for (const auto& file :
       std::filesystem::recursive_directory_iterator(Directory())) {
    ASSERT_EQ(::chown(file.path().c_str(), kOtherUser, kOtherUser), 0);
    ASSERT_EQ(::chmod(file.path().c_str(), 0700), 0);
  }
  guest_.reset();
  guest_ = StartDaemon(GuestProgram(), {.uid = kOtherUser});
  StartHost({.uid = kOtherUser});
  const std::string uid = absl::StrCat("\nUid:\t", kOtherUser, "\t");
  EXPECT_THAT(StatusOfThreads(*guest_), Each(HasSubstr(uid)));
  EXPECT_THAT(StatusOfThreads(*host_), Each(HasSubstr(uid)));
}

}  // namespace
}  // namespace vios
