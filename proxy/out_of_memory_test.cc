// SPDX-License-Identifier: Apache-2.0
#include "proxy/out_of_memory.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <new>
#include <string>
#include <utility>

#include "absl/time/time.h"
#include "channel/deadline.h"
#include "channel/sanitizer.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace vios {
namespace {

using ::testing::HasSubstr;

constexpr size_t kMuch = 256 << 20;

void SetMemory(pid_t process, rlim_t limit) {
  rlimit memory = {};
  ASSERT_EQ(::prlimit(process, RLIMIT_AS, nullptr, &memory), 0);
  memory.rlim_cur = limit;
  ASSERT_EQ(::prlimit(process, RLIMIT_AS, &memory, nullptr), 0);
}

// A child that asks for much memory when there is none, and exits with 7 once
// it has it. Its stderr can be read.
class OutOfMemoryTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (kAddressSanitizer) {
      GTEST_SKIP() << "a sanitizer ends the process itself";
    }
    ASSERT_EQ(::pipe2(stderr_, O_CLOEXEC), 0);
  }
  void TearDown() override {
    for (const int end : stderr_) {
      if (end >= 0) ::close(end);
    }
    if (child_ > 0) ::kill(child_, SIGKILL);
  }

  void StartChild(const std::function<void()>& prepare) {
    child_ = ::fork();
    ASSERT_GE(child_, 0);
    if (child_ > 0) {
      ::close(std::exchange(stderr_[1], -1));
      return;
    }
    ::dup2(stderr_[1], STDERR_FILENO);
    prepare();
    SetMemory(0, 1);
    ::operator delete(::operator new(kMuch));
    ::_exit(7);
  }

  std::string NextLine() const {
    std::string line;
    char byte = 0;
    while (byte != '\n' && ::read(stderr_[0], &byte, 1) == 1) line += byte;
    return line;
  }

  int ExitStatus() {
    int status = -1;
    EXPECT_EQ(::waitpid(child_, &status, 0), child_);
    child_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

  pid_t child_ = -1;
  int stderr_[2] = {-1, -1};
};

TEST_F(OutOfMemoryTest, EndsWithALineWhileNothingIsLost) {
  StartChild([] { ExitOnOutOfMemory(); });
  EXPECT_THAT(NextLine(), HasSubstr("] FATAL out of memory\n"));
  EXPECT_EQ(ExitStatus(), 1);
}

TEST_F(OutOfMemoryTest, WaitsUntilThereIsSome) {
  StartChild([] { WaitOnOutOfMemory([] {}); });
  EXPECT_THAT(NextLine(), HasSubstr("] ERROR out of memory: threads wait"));
  SetMemory(child_, RLIM_INFINITY);
  EXPECT_EQ(ExitStatus(), 7);
}

TEST_F(OutOfMemoryTest, TheMainThreadIsCalledMeanwhile) {
  StartChild([] {
    ASSERT_FALSE(MemoryIsShort());
    WaitOnOutOfMemory([] { ::_exit(MemoryIsShort() ? 8 : 9); });
  });
  EXPECT_EQ(ExitStatus(), 8);
}

TEST_F(OutOfMemoryTest, EndsWhenToldAndNobodyCanHeedIt) {
  StartChild([] {
    WaitOnOutOfMemory([] {});
    sigset_t term;
    ::sigemptyset(&term);
    ::sigaddset(&term, SIGTERM);
    ::sigprocmask(SIG_BLOCK, &term, nullptr);
  });
  EXPECT_THAT(NextLine(), HasSubstr("] ERROR out of memory"));
  ASSERT_EQ(::kill(child_, SIGTERM), 0);
  EXPECT_THAT(NextLine(), HasSubstr("] FATAL out of memory: too little to"));
  EXPECT_EQ(ExitStatus(), 1);
}

TEST_F(OutOfMemoryTest, EndsWhenTheTimeForItIsOver) {
  StartChild([] {
    WaitOnOutOfMemory([] {}, Deadline::After(absl::Milliseconds(300)));
  });
  EXPECT_THAT(NextLine(), HasSubstr("] ERROR out of memory"));
  EXPECT_THAT(NextLine(), HasSubstr("] FATAL out of memory: too little to"));
  EXPECT_EQ(ExitStatus(), 1);
}

TEST_F(OutOfMemoryTest, WhoWaitsIsEndedWhenWaitingIsOver) {
  StartChild([] {
    std::set_new_handler([] { ExitOnOutOfMemory(); });  // As another thread.
  });
  EXPECT_THAT(NextLine(), HasSubstr("] FATAL out of memory\n"));
  EXPECT_EQ(ExitStatus(), 1);
}

}  // namespace
}  // namespace vios
