// SPDX-License-Identifier: Apache-2.0
#include "proxy/caretaker.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <new>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "channel/cancel.h"
#include "channel/deadline.h"
#include "channel/fd_io.h"
#include "channel/sanitizer.h"
#include "channel/scratch_dir.h"
#include "channel/unique_fd.h"
#include "channel/wakeup.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proxy/out_of_memory.h"
#include "proxy/stop_signals.h"

namespace vios {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// With a socket in the place of systemd's, and a watchdog that is always due.
class CaretakerTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { TakeSignals(); }
  void SetUp() override {
    const std::string path = dir_ / "notify";
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    std::copy(path.begin(), path.end(), address.sun_path);
    ASSERT_EQ(::bind(socket_.get(), reinterpret_cast<sockaddr*>(&address),
                     sizeof(address)),
              0);
    ::setenv("NOTIFY_SOCKET", path.c_str(), 1);
    ::setenv("WATCHDOG_USEC", "2", 1);
  }
  Caretaker Make(absl::Duration inform_every = Caretaker::kInformEvery) {
    return Caretaker(
        ServiceManager::FromEnvironment(),
        [this] {
          ++asked_;
          return status_;
        },
        [this] { return alive_; }, inform_every);
  }
  bool ReadyWithin(absl::Duration time) {
    Cancel never;
    const auto wakeup = *Wakeup::Create(never);
    return WaitFor(socket_.get(), POLLIN, Deadline::After(time), *wakeup).ok();
  }
  // What has been told so far, each message once.
  std::vector<std::string> Told() {
    std::vector<std::string> all;
    std::array<char, 4096> buffer;
    while (true) {
      const ssize_t n = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
      if (n < 0) return all;
      std::string text(buffer.data(), static_cast<size_t>(n));
      if (std::find(all.begin(), all.end(), text) == all.end()) {
        all.push_back(std::move(text));
      }
    }
  }
  // How many messages there are that Told() has not told.
  int Waiting() {
    int count = 0;
    char byte;
    while (::recv(socket_.get(), &byte, 1, 0) >= 0) ++count;
    return count;
  }

  const ScratchDir dir_;
  const UniqueFd socket_{
      ::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  int asked_ = 0;
  DaemonStatus status_;
  absl::Status alive_;
};

TEST_F(CaretakerTest, PingsWhileTheThreadsComeRound) {
  Caretaker caretaker = Make(absl::Hours(1));
  caretaker.Started();
  asked_ = 0;
  EXPECT_FALSE(caretaker.AwaitStop(absl::Milliseconds(1)));
  EXPECT_THAT(Told(),
              ElementsAre("READY=1", "STATUS=0 channels", "WATCHDOG=1"));
  EXPECT_EQ(asked_, 0);  // The watchdog needs no status.
  alive_ = absl::UnavailableError("stuck");
  EXPECT_FALSE(caretaker.AwaitStop(absl::Milliseconds(1)));
  EXPECT_THAT(Told(), ElementsAre());
  status_.draining = true;
  caretaker.Stopping();
  EXPECT_THAT(Told(), ElementsAre("STOPPING=1", "STATUS=draining; 0 channels"));
}

TEST_F(CaretakerTest, TellsTheStatusAgainAndAgain) {
  Caretaker caretaker = Make(absl::Milliseconds(10));
  caretaker.Started();
  asked_ = 0;
  const Deadline limit = Deadline::After(absl::Seconds(20));
  do {
    EXPECT_FALSE(caretaker.AwaitStop(absl::Milliseconds(200)));
  } while (asked_ == 0 && !limit.passed());
  EXPECT_GT(asked_, 0);
}

TEST_F(CaretakerTest, TellsTheStatusNoMoreOftenThanItIsToldTo) {
  constexpr absl::Duration kEvery = absl::Milliseconds(50);
  ::unsetenv("WATCHDOG_USEC");
  Caretaker caretaker = Make(kEvery);
  const Clock::time_point begun = Clock::now();
  caretaker.Started();
  asked_ = 0;
  EXPECT_FALSE(caretaker.AwaitStop(absl::Milliseconds(200)));
  EXPECT_LE(asked_, absl::FromChrono(Clock::now() - begun) / kEvery);
}

TEST_F(CaretakerTest, PingsAsOftenAsTheWatchdogWantsWhileItWaits) {
  ::setenv("WATCHDOG_USEC", "20000", 1);
  Caretaker caretaker = Make(absl::Hours(1));
  caretaker.Started();
  int pings = 0;
  // One of several waits will do, for the machine may stand still meanwhile.
  const Deadline limit = Deadline::After(absl::Seconds(20));
  do {
    Told();
    EXPECT_FALSE(caretaker.AwaitStop(absl::Milliseconds(200)));
    pings = Waiting();
  } while (pings < 4 && !limit.passed());
  EXPECT_GE(pings, 4);
}

// In a child, which has no memory until it has been seen to ping.
TEST_F(CaretakerTest, PingsWhileItWaitsForMemory) {
  if (kAddressSanitizer) {
    GTEST_SKIP() << "a sanitizer ends the process itself";
  }
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    ::alarm(60);
    Caretaker caretaker = Make();
    WaitOnOutOfMemory([&caretaker] { caretaker.PingIfDue(); });
    const rlimit none = {1, RLIM_INFINITY};
    (void)::setrlimit(RLIMIT_AS, &none);
    ::operator delete(::operator new(256 << 20));
    ::_exit(7);
  }
  EXPECT_TRUE(ReadyWithin(absl::Seconds(30)));
  EXPECT_THAT(Told(), ElementsAre("WATCHDOG=1"));
  EXPECT_EQ(::kill(child, SIGKILL), 0);
  EXPECT_EQ(::waitpid(child, nullptr, 0), child);
}

// Whoever waits may hold what the status would wait for.
class CaretakerWithoutMemoryTest : public CaretakerTest {
 protected:
  // In a child, in which somebody waits for memory, for long: `what` is done,
  // and asks for no status.
  template <typename What>
  void ExpectNoStatusAskedBy(absl::Duration inform_every, What what) {
    if (kAddressSanitizer) {
      GTEST_SKIP() << "a sanitizer ends the process itself";
    }
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      ::alarm(60);
      Caretaker caretaker = Make(inform_every);
      caretaker.Started();
      asked_ = 0;
      WaitOnOutOfMemory([] {});
      std::thread([] {
        const rlimit none = {1, RLIM_INFINITY};
        (void)::setrlimit(RLIMIT_AS, &none);
        ::operator delete(::operator new(256 << 20));
      }).detach();
      while (!MemoryIsShort()) std::this_thread::yield();
      what(caretaker);
      ::_exit(asked_ == 0 ? 7 : 8);
    }
    int status = -1;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 7);
  }
};

TEST_F(CaretakerWithoutMemoryTest, TellsNoStatusByItself) {
  ExpectNoStatusAskedBy(absl::Milliseconds(10), [](Caretaker& caretaker) {
    (void)caretaker.AwaitStop(absl::Milliseconds(200));
  });
}

TEST_F(CaretakerWithoutMemoryTest, TellsNoStatusWhenItStops) {
  ExpectNoStatusAskedBy(absl::Hours(1),
                        [](Caretaker& caretaker) { caretaker.Stopping(); });
}

TEST_F(CaretakerWithoutMemoryTest, ShowsNoStatusWhenItIsAskedTo) {
  ExpectNoStatusAskedBy(absl::Hours(1), [](Caretaker& caretaker) {
    (void)::kill(::getpid(), SIGUSR1);
    (void)caretaker.AwaitStop(absl::ZeroDuration());
  });
}

TEST_F(CaretakerTest, Usr1IsNoStopAndShowsTheStatus) {
  Caretaker caretaker = Make();
  ::testing::internal::CaptureStderr();
  ASSERT_EQ(::kill(::getpid(), SIGUSR1), 0);
  EXPECT_FALSE(caretaker.AwaitStop(absl::ZeroDuration()));
  EXPECT_THAT(::testing::internal::GetCapturedStderr(),
              HasSubstr("NOTICE status: 0 channels\n"));
  ASSERT_EQ(::kill(::getpid(), SIGTERM), 0);
  EXPECT_TRUE(caretaker.AwaitStop(absl::Seconds(10)));
}

}  // namespace
}  // namespace vios
