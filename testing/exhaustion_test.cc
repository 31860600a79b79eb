// SPDX-License-Identifier: Apache-2.0
//
// Daemons that get too little of something: never a crash, never a spin, a line
// that says it, and service again once there is enough.
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "channel/deadline.h"
#include "channel/fd_io.h"
#include "channel/unique_fd.h"
#include "gtest/gtest.h"
#include "testing/cli.h"
#include "testing/daemon_processes.h"
#include "testing/process_figures.h"
#include "testing/subprocess.h"

namespace vios {
namespace {

constexpr rlim_t kMiB = 1024 * 1024;
constexpr absl::Duration kAMoment = absl::Milliseconds(300);
constexpr absl::Duration kPatience = absl::Seconds(20);

// What a spin would use up in a second or two. A start takes some, too.
constexpr absl::Duration kMuchCpuTime = absl::Seconds(2);

// Something of which there is only so much.
struct Resource {
  int limit;
  rlim_t enough;
  rlim_t least;  // With less, a session that runs stands still.
  std::vector<std::string> lines;  // One of them says that there is too little.
};

const Resource& Files() {
  static const auto* const files = new Resource{
      RLIMIT_NOFILE, 1000, kMaxWaitFds + 1, {"Too many open files"}};
  return *files;
}
const Resource& Threads() {
  static const auto* const threads =
      new Resource{RLIMIT_NPROC, 1000, 0, {"start thread "}};
  return *threads;
}
const Resource& Memory() {
  static const auto* const memory = new Resource{
      RLIMIT_AS,
      RLIM_INFINITY,
      0,
      {" out of memory", "Cannot allocate memory", "start thread "}};
  return *memory;
}

// The daemon takes all of it that it may have.
bool RaisedAtStart(const Resource& resource) {
  return resource.limit == RLIMIT_NOFILE;
}

// Root in a container may not, nor in a sandbox.
bool MayLiftHardLimits() {
  const pid_t child = ::fork();
  if (child == 0) {
    rlimit limit = {100, 100};
    const bool lowered = ::setrlimit(RLIMIT_NOFILE, &limit) == 0;
    limit = {200, 200};
    ::_exit(lowered && ::setrlimit(RLIMIT_NOFILE, &limit) == 0 ? 0 : 1);
  }
  int status = -1;
  return ::waitpid(child, &status, 0) == child && status == 0;
}

bool Says(const Subprocess& process, const Resource& resource) {
  return std::any_of(resource.lines.begin(), resource.lines.end(),
                     [&process](const std::string& line) {
                       return absl::StrContains(process.err(), line);
                     });
}

absl::Duration CpuTimeOf(const Subprocess& process) {
  std::ifstream file(absl::StrCat("/proc/", process.pid(), "/stat"));
  const std::string line(std::istreambuf_iterator<char>(file), {});
  // Behind the name, which may hold anything: user time is the 12th word.
  const std::vector<std::string> words =
      absl::StrSplit(line.substr(line.rfind(')') + 2), ' ');
  const int ticks = std::stoi(words.at(11)) + std::stoi(words.at(12));
  return absl::Seconds(1) * ticks / ::sysconf(_SC_CLK_TCK);
}

bool SetLimitAs(uid_t uid, pid_t process, const Resource& resource,
                rlim_t value) {
  const auto which = static_cast<__rlimit_resource>(resource.limit);
  rlimit limit = {};
  if ((uid != 0 && ::setresgid(uid, uid, uid) != 0) ||
      (uid != 0 && ::setresuid(uid, uid, uid) != 0) ||
      ::prlimit(process, which, nullptr, &limit) != 0) {
    return false;
  }
  if (MayLiftHardLimits()) limit.rlim_max = std::max(value, limit.rlim_max);
  limit.rlim_cur = std::min(value, limit.rlim_max);
  return ::prlimit(process, which, &limit, nullptr) == 0;
}

// The user of a process may set its limits; root may need a capability, which a
// container takes away.
void SetLimit(const Subprocess& process, const Resource& resource, rlim_t value,
              uid_t uid = 0) {
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    ::_exit(SetLimitAs(uid, process.pid(), resource, value) ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_EQ(status, 0) << "no limit of " << value << " as user " << uid;
}

// Expects that `process` runs, and has not spun.
void ExpectCalm(Subprocess& process) {
  const Deadline now = Deadline::After(absl::ZeroDuration());
  ASSERT_FALSE(process.Wait(now).ok()) << process.err();
  EXPECT_LT(CpuTimeOf(process), kMuchCpuTime) << process.err();
}

void ExpectStopsWhenTold(Subprocess& process) {
  process.Signal(SIGTERM);
  EXPECT_EQ(process.Wait(Soon()).value_or(-1), 0) << process.err();
}

// A sanitizer cannot live with the daemon's limits.
bool WantsMoreItself() { return !testing::MemoryCounts(); }

class ExhaustionTest : public DaemonProcessesTest,
                       public ::testing::WithParamInterface<const Program*> {
 protected:
  const Program& limited() const { return *GetParam(); }
  const Program& other() const {
    return &limited() == &HostProgram() ? GuestProgram() : HostProgram();
  }

  // Nobody reads what it says.
  std::unique_ptr<Subprocess> StartFarEnd() const {
    return StartDaemon(other(), {.args = {"--log_level=ALERT"}});
  }

  // The number of processes is counted by user, and never binds root. So this
  // one is nobody else's.
  static uid_t UserWithLimits() {
    return 1'000'000 + static_cast<uid_t>(::getpid());
  }
  // Not without root, nor in a user namespace that has no such user.
  static bool HasUserWithLimits() {
    const uid_t uid = UserWithLimits();
    const pid_t child = ::fork();
    if (child == 0) {
      ::_exit(::setresgid(uid, uid, uid) == 0 && ::setresuid(uid, uid, uid) == 0
                  ? 0
                  : 1);
    }
    int status = -1;
    return ::waitpid(child, &status, 0) == child && status == 0;
  }

  // Too little is no excuse for silence.
  void ExpectServesOrSays(Subprocess& process, const Resource& resource) const {
    const Deadline deadline = Soon();
    while (!ServesWithin(kAMoment)) {
      ExpectCalm(process);  // Reads what it has said, too.
      if (Says(process, resource)) return;
      ASSERT_FALSE(deadline.passed()) << process.err();
    }
  }

  // Starts with only `amount` of it. The daemon has to say so and end, or to
  // serve once it is given enough.
  void ExpectEndsOrRecovers(const Resource& resource, rlim_t amount,
                            uid_t uid = 0) const {
    SCOPED_TRACE(amount);
    const auto process = StartDaemon(
        limited(),
        {.uid = uid,
         .limits = {{resource.limit, amount, RaisedAtStart(resource)}}});
    if (!process->AwaitStderr("ALERT started", Soon()).ok()) {
      return ExpectEnds(*process, resource);
    }
    ExpectServesOrSays(*process, resource);
    if (RaisedAtStart(resource) && !MayLiftHardLimits()) {
      return ExpectStopsWhenTold(*process);
    }
    SetLimit(*process, resource, resource.enough, uid);
    EXPECT_TRUE(ServesSoon()) << process->err();
    ExpectCalm(*process);
  }

  static void ExpectEnds(Subprocess& process, const Resource& resource) {
    const int status = process.Wait(Soon()).value_or(-1);
    if (absl::StrContains(process.err(), "shared libraries")) return;  // ld.so.
    EXPECT_EQ(status, 1) << process.err();
    EXPECT_TRUE(Says(process, resource)) << process.err();
  }

  // Takes more and more of it away from a daemon that serves, down to nothing.
  void ExpectOutlives(const Resource& resource, std::vector<rlim_t> amounts,
                      uid_t uid = 0) {
    const auto far_end = StartFarEnd();
    const auto process = StartDaemon(limited(), {.uid = uid});
    ASSERT_TRUE(ServesSoon()) << process->err();
    UniqueFd session = Connect(kPatience);
    for (const rlim_t amount : amounts) {
      SCOPED_TRACE(amount);
      SetLimit(*process, resource, amount, uid);
      (void)ServesWithin(kAMoment);
      if (amount < resource.least) continue;
      EXPECT_TRUE(Echoes(session)) << process->err();
    }
    ExpectServesOrSays(*process, resource);
    SetLimit(*process, resource, resource.enough, uid);
    EXPECT_TRUE(Echoes(session)) << process->err();
    session.Reset();
    EXPECT_TRUE(ServesSoon()) << process->err();
    ExpectCalm(*process);
    ExpectCalm(*far_end);
    ExpectStopsWhenTold(*process);
    // A warning would be of somebody else's fault.
    EXPECT_FALSE(absl::StrContains(process->err(),
                                   "WARN cannot serve a session: no resources"))
        << process->err();
  }
};

INSTANTIATE_TEST_SUITE_P(Daemons, ExhaustionTest,
                         ::testing::Values(&GuestProgram(), &HostProgram()),
                         [](const auto& one) {
                           return one.param == &HostProgram() ? "Host"
                                                              : "Guest";
                         });

TEST_P(ExhaustionTest, StartedWithFewFiles) {
  if (WantsMoreItself()) GTEST_SKIP() << "a sanitizer opens pipes";
  const auto far_end = StartFarEnd();
  for (rlim_t files = 3; files <= 30; ++files) {
    ExpectEndsOrRecovers(Files(), files);
  }
  ExpectCalm(*far_end);
}

TEST_P(ExhaustionTest, AsManyFilesAsItMayHave) {
  const auto process =
      StartDaemon(limited(), {.limits = {{RLIMIT_NOFILE, 100}}});
  ASSERT_TRUE(process->AwaitStderr("ALERT started", Soon()).ok());
  rlimit limit = {};
  ASSERT_EQ(::prlimit(process->pid(), RLIMIT_NOFILE, nullptr, &limit), 0);
  EXPECT_GT(limit.rlim_max, 100);
  EXPECT_EQ(limit.rlim_cur, limit.rlim_max);
}

TEST_P(ExhaustionTest, FilesAreTakenAwayAndGivenBack) {
  if (WantsMoreItself()) GTEST_SKIP() << "a sanitizer opens pipes";
  std::vector<rlim_t> amounts;
  for (rlim_t files = 30; files > 0; --files) amounts.push_back(files);
  amounts.push_back(0);
  ExpectOutlives(Files(), amounts);
}

TEST_P(ExhaustionTest, DaemonWithoutFilesStopsWhenTold) {
  if (WantsMoreItself()) GTEST_SKIP() << "a sanitizer opens pipes";
  const auto process = StartDaemon(limited());
  EXPECT_TRUE(process->AwaitStderr("ALERT started", Soon()).ok());
  SetLimit(*process, Files(), 0);
  EXPECT_TRUE(process->AwaitStderr(Files().lines[0], Soon()).ok());
  ExpectStopsWhenTold(*process);
}

TEST_P(ExhaustionTest, StartedWithFewThreads) {
  if (!HasUserWithLimits()) GTEST_SKIP() << "cannot become another user";
  const auto far_end = StartFarEnd();
  for (rlim_t threads = 1; threads <= 10; ++threads) {
    ExpectEndsOrRecovers(Threads(), threads, UserWithLimits());
  }
  ExpectCalm(*far_end);
}

TEST_P(ExhaustionTest, ThreadsAreTakenAwayAndGivenBack) {
  if (!HasUserWithLimits()) GTEST_SKIP() << "cannot become another user";
  ExpectOutlives(Threads(), {8, 7, 6, 5, 1, 0}, UserWithLimits());
}

TEST_P(ExhaustionTest, StartedWithLittleMemory) {
  if (WantsMoreItself()) GTEST_SKIP() << "a sanitizer wants terabytes";
  const auto far_end = StartFarEnd();
  for (rlim_t mib = 4; mib <= 24; ++mib) {
    ExpectEndsOrRecovers(Memory(), mib * kMiB);
  }
  for (rlim_t mib = 28; mib <= 200; mib += 12) {
    ExpectEndsOrRecovers(Memory(), mib * kMiB);
  }
  ExpectCalm(*far_end);
}

TEST_P(ExhaustionTest, MemoryIsTakenAwayAndGivenBack) {
  if (WantsMoreItself()) GTEST_SKIP() << "a sanitizer wants terabytes";
  // With less than it has it gets no more.
  ExpectOutlives(Memory(), {400 * kMiB, 100 * kMiB, 30 * kMiB, 1, 1, 1, 1});
}

}  // namespace
}  // namespace vios
