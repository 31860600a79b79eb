// SPDX-License-Identifier: Apache-2.0
#include "proxy/supervisor.h"

#include <filesystem>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "channel/scratch_dir.h"
#include "gtest/gtest.h"

namespace vios {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(20);

// Counts looks. Thread-safe.
class Looks {
 public:
  void Add() {
    absl::MutexLock lock(&mu_);
    ++count_;
  }
  int count() const {
    absl::MutexLock lock(&mu_);
    return count_;
  }
  bool Reach(int count, absl::Duration patience = kPatience) {
    absl::MutexLock lock(&mu_);
    const auto reached = [this, count]() ABSL_SHARED_LOCKS_REQUIRED(mu_) {
      return count_ >= count;
    };
    return mu_.AwaitWithTimeout(absl::Condition(&reached), patience);
  }

 private:
  mutable absl::Mutex mu_;
  int count_ ABSL_GUARDED_BY(mu_) = 0;
};

std::unique_ptr<Supervisor> Start(absl::Duration interval,
                                  DirectoryWatch* watch, Looks& looks) {
  auto supervisor = Supervisor::Start(
      interval, watch, [&looks] { looks.Add(); },
      [](const absl::Status& status) { ADD_FAILURE() << status; });
  EXPECT_TRUE(supervisor.ok()) << supervisor.status();
  return *std::move(supervisor);
}

TEST(SupervisorTest, LooksAtOnce) {
  Looks looks;
  const auto supervisor = Start(absl::ZeroDuration(), nullptr, looks);
  EXPECT_TRUE(looks.Reach(1));
}

TEST(SupervisorTest, LooksEveryInterval) {
  Looks looks;
  const auto supervisor = Start(absl::Milliseconds(1), nullptr, looks);
  EXPECT_TRUE(looks.Reach(4));
}

TEST(SupervisorTest, AChangeInTheDirectoryMakesItLook) {
  const ScratchDir dir;
  DirectoryWatch watch(dir.path());
  Looks looks;
  const auto supervisor = Start(absl::ZeroDuration(), &watch, looks);
  ASSERT_TRUE(looks.Reach(1));
  dir.MakeFile("new");
  EXPECT_TRUE(looks.Reach(2));
}

// A file that is made is two changes.
TEST(SupervisorTest, BehindAChangeItRests) {
  const ScratchDir dir;
  DirectoryWatch watch(dir.path());
  Looks looks;
  const auto supervisor = Start(absl::ZeroDuration(), &watch, looks);
  ASSERT_TRUE(looks.Reach(1));
  dir.MakeFile("new");
  ASSERT_TRUE(looks.Reach(2));
  EXPECT_FALSE(looks.Reach(6, absl::Milliseconds(500)));
}

TEST(SupervisorTest, ABurstOfChangesIsFewLooks) {
  const ScratchDir dir;
  DirectoryWatch watch(dir.path());
  Looks looks;
  const auto supervisor = Start(absl::ZeroDuration(), &watch, looks);
  ASSERT_TRUE(looks.Reach(1));
  const Clock::time_point begun = Clock::now();
  for (int i = 0; i < 2000; ++i) {
    dir.MakeFile("new");
    std::filesystem::remove(dir / "new");
  }
  ASSERT_TRUE(looks.Reach(2));
  const absl::Duration taken = absl::FromChrono(Clock::now() - begun);
  EXPECT_LE(looks.count(), 3 + taken / absl::Milliseconds(10));
}

TEST(SupervisorTest, IsDestroyedWhileItWaits) {
  Looks looks;
  auto supervisor = Start(absl::Hours(1), nullptr, looks);
  ASSERT_TRUE(looks.Reach(1));
  supervisor.reset();
  EXPECT_EQ(looks.count(), 1);
}

}  // namespace
}  // namespace vios
