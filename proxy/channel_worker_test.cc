// SPDX-License-Identifier: Apache-2.0
#include "proxy/channel_worker.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <iterator>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "channel/cancel.h"
#include "channel/deadline.h"
#include "channel/endpoint.h"
#include "channel/fd_io.h"
#include "channel/listing.h"
#include "channel/scratch_dir.h"
#include "gtest/gtest.h"
#include "proxy/channel_set.h"
#include "proxy/channel_status.h"
#include "proxy/listener.h"
#include "proxy/metrics.h"
#include "proxy/socket_address.h"

namespace vios {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(20);

// Serves a channel by waiting until it is told to fail or to stop.
class WaitingRole : public ChannelRole {
 public:
  Deadline ReserveOpening(const Endpoint&) override {
    absl::MutexLock lock(&mu_);
    ++asked_;
    return Deadline::After(asked_ > 1 ? pause_ : absl::ZeroDuration());
  }
  absl::Status Serve(UniqueFd, WorkerContext& context) override {
    const Cancel::Listener on_stop(context.stop, [this] { ++stopped_; });
    context.stats.Enter(ChannelState::kFree);
    {
      absl::MutexLock lock(&mu_);
      ++serving_;
      opened_.push_back(Clock::now());
    }
    absl::Status ended =
        fail_ ? absl::UnavailableError("lost") : absl::OkStatus();
    while (ended.ok() && !drain_.fired()) {
      ended = WaitForRing(Deadline::Never(), context.wakeup);
    }
    absl::MutexLock lock(&mu_);
    --serving_;
    return ended;
  }
  Cancel& drain() override { return drain_; }
  absl::Duration reconnect_interval() const override {
    return absl::Milliseconds(200);
  }
  Metrics& metrics() override { return metrics_; }

  // How many workers were told to stop while they served.
  int stopped() const { return stopped_; }
  void FailAtOnce() { fail_ = true; }
  // Between the first time that one opens and the next.
  void PauseFor(absl::Duration pause) { pause_ = pause; }
  bool AwaitAsked(int count) {
    absl::MutexLock lock(&mu_);
    const auto reached = [&]() ABSL_SHARED_LOCKS_REQUIRED(mu_) {
      return asked_ >= count;
    };
    return mu_.AwaitWithTimeout(absl::Condition(&reached), kPatience);
  }
  bool AwaitServing(int count) {
    absl::MutexLock lock(&mu_);
    const auto reached = [&]() ABSL_SHARED_LOCKS_REQUIRED(mu_) {
      return serving_ == count;
    };
    return mu_.AwaitWithTimeout(absl::Condition(&reached), kPatience);
  }
  std::vector<Clock::time_point> AwaitOpened(size_t count) {
    absl::MutexLock lock(&mu_);
    const auto reached = [&]() ABSL_SHARED_LOCKS_REQUIRED(mu_) {
      return opened_.size() >= count;
    };
    mu_.AwaitWithTimeout(absl::Condition(&reached), kPatience);
    return opened_;
  }

 private:
  Cancel drain_;
  std::atomic<int> stopped_ = 0;
  Metrics metrics_{Role::kHost};
  bool fail_ = false;
  absl::Duration pause_ = absl::ZeroDuration();
  absl::Mutex mu_;
  int asked_ ABSL_GUARDED_BY(mu_) = 0;
  int serving_ ABSL_GUARDED_BY(mu_) = 0;
  std::vector<Clock::time_point> opened_ ABSL_GUARDED_BY(mu_);
};

// A directory with sockets that somebody listens on.
class WorkerTest : public ::testing::Test {
 protected:
  Endpoint Listen(const std::string& name) {
    const std::string path = dir_ / name;
    auto listener = OpenListener(*ParseSocketAddress("unix:" + path, 0), 0600);
    EXPECT_TRUE(listener.ok()) << listener.status();
    listeners_.push_back(*std::move(listener));
    struct stat info = {};
    EXPECT_EQ(::stat(path.c_str(), &info), 0);
    return {.guest = "g",
            .name = name,
            .path = path,
            .kind = EndpointKind::kSocket,
            .dev = info.st_dev,
            .ino = info.st_ino};
  }

  const ScratchDir dir_;
  std::vector<UniqueFd> listeners_;
  Cancel cut_;
  WaitingRole role_;
};

TEST_F(WorkerTest, ServesUntilItIsStopped) {
  auto worker = *ChannelWorker::Start(Listen("0"), role_, cut_);
  EXPECT_TRUE(role_.AwaitServing(1));
  EXPECT_FALSE(worker->finished());
  worker.reset();
  EXPECT_TRUE(role_.AwaitServing(0));
}

TEST_F(WorkerTest, EndsWithTheCutOrTheDrain) {
  auto one = *ChannelWorker::Start(Listen("0"), role_, cut_);
  EXPECT_TRUE(role_.AwaitServing(1));
  cut_.Fire();
  EXPECT_TRUE(role_.AwaitServing(0));
  Cancel other_cut;
  auto other = *ChannelWorker::Start(Listen("1"), role_, other_cut);
  EXPECT_TRUE(role_.AwaitServing(1));
  role_.drain().Fire();
  EXPECT_TRUE(role_.AwaitServing(0));
}

TEST_F(WorkerTest, OpensAgainEverMoreSlowly) {
  role_.FailAtOnce();
  auto worker = *ChannelWorker::Start(Listen("0"), role_, cut_);
  // Without an end to the growth, nearly a minute.
  constexpr size_t kTimes = 10;
  const auto opened = role_.AwaitOpened(kTimes);
  ASSERT_GE(opened.size(), kTimes);
  EXPECT_GE(opened[1] - opened[0], std::chrono::milliseconds(95));
  for (size_t i = 2; i < kTimes; ++i) {
    EXPECT_GE(opened[i] - opened[i - 1], std::chrono::milliseconds(195)) << i;
  }
}

TEST_F(WorkerTest, StopsWhileItWaitsToOpenAgain) {
  Endpoint nowhere = Listen("0");
  nowhere.path = dir_ / "nowhere";
  role_.PauseFor(absl::Hours(1));
  auto worker = *ChannelWorker::Start(nowhere, role_, cut_);
  ASSERT_TRUE(role_.AwaitAsked(2));  // The first time it has failed.
  worker.reset();                    // Or this takes an hour.
}

TEST_F(WorkerTest, WhatFailedIsDownAndSaysWhy) {
  role_.FailAtOnce();
  role_.PauseFor(absl::Hours(1));
  auto worker = *ChannelWorker::Start(Listen("0"), role_, cut_);
  ASSERT_TRUE(role_.AwaitAsked(2));
  const auto channels = role_.metrics().Channels();
  ASSERT_EQ(channels.size(), 1u);
  EXPECT_EQ(channels[0].state, ChannelState::kDown);
  EXPECT_EQ(channels[0].last_error, "lost");
}

TEST_F(WorkerTest, WhatCannotBeOpenedSaysWhy) {
  Endpoint nowhere = Listen("0");
  nowhere.path = dir_ / "nowhere";
  role_.PauseFor(absl::Hours(1));
  auto worker = *ChannelWorker::Start(nowhere, role_, cut_);
  ASSERT_TRUE(role_.AwaitAsked(2));
  const auto channels = role_.metrics().Channels();
  ASSERT_EQ(channels.size(), 1u);
  EXPECT_NE(channels[0].last_error, "");
}

TEST_F(WorkerTest, ASetHasAWorkerForEachEndpoint) {
  const Endpoint a = Listen("a");
  const Endpoint b = Listen("b");
  ChannelSet set(role_, cut_);
  set.Update({.endpoints = {a, b}});
  EXPECT_TRUE(role_.AwaitServing(2));
  set.Update({.endpoints = {a, b}});
  EXPECT_EQ(role_.stopped(), 0);
  set.Update({.endpoints = {b}});
  EXPECT_TRUE(role_.AwaitServing(1));
  set.Update({});
  EXPECT_TRUE(role_.AwaitServing(0));
}

TEST_F(WorkerTest, ASetKeepsWhatItCannotBeToldOf) {
  Endpoint a = Listen("a");
  Endpoint b = Listen("b");
  a.guest = "seen";
  b.guest = "unseen";
  ChannelSet set(role_, cut_);
  set.Update({.endpoints = {a, b}});
  EXPECT_TRUE(role_.AwaitServing(2));
  set.Update({.unseen = {{"unseen", "a disk failed"}}});
  EXPECT_TRUE(role_.AwaitServing(1));
  set.Update({.endpoints = {b}});
  EXPECT_EQ(role_.stopped(), 1);
  set.Update({});
  EXPECT_TRUE(role_.AwaitServing(0));
}

TEST_F(WorkerTest, ASetKeepsGuestsThatMayOnlyBeLeftOut) {
  Endpoint a = Listen("a"), b = Listen("b"), c = Listen("c");
  a.guest = c.guest = "listed";
  b.guest = "left out";
  ChannelSet set(role_, cut_);
  set.Update({.endpoints = {a, b, c}});
  EXPECT_TRUE(role_.AwaitServing(3));
  set.Update({.endpoints = {a}, .guests_left_out = true});
  EXPECT_TRUE(role_.AwaitServing(2));
  set.Update({.endpoints = {a}});
  EXPECT_TRUE(role_.AwaitServing(1));
  EXPECT_EQ(role_.stopped(), 2);
}

size_t Threads() {
  const auto all = std::filesystem::directory_iterator("/proc/self/task");
  return static_cast<size_t>(std::distance(begin(all), end(all)));
}

// A guest whose end points cannot all be listed has new ones at each look.
TEST_F(WorkerTest, ASetGivesNoGuestMoreWorkersThanItMayHave) {
  ChannelSet set(role_, cut_);
  const auto others = [this](char name) {
    std::vector<Endpoint> endpoints;
    for (size_t i = 0; i < kMaxListedOfGuest; ++i) {
      endpoints.push_back({"g", absl::StrCat(std::string(1, name), i),
                           dir_ / absl::StrCat(std::string(1, name), i),
                           EndpointKind::kSocket, 0, 0, 0});
    }
    return endpoints;
  };
  set.Update({.endpoints = others('a'), .unseen = {{"g", "too many"}}});
  const size_t most = Threads();
  set.Update({.endpoints = others('b'), .unseen = {{"g", "too many"}}});
  EXPECT_LE(Threads(), most);  // One that was joined may end a moment later.
}

TEST_F(WorkerTest, ASetTakesAnotherThingOfTheSameNameForANewOne) {
  const Endpoint a = Listen("a");
  ChannelSet set(role_, cut_);
  set.Update({.endpoints = {a}});
  EXPECT_EQ(role_.AwaitOpened(1).size(), 1u);
  ASSERT_EQ(::unlink(a.path.c_str()), 0);
  set.Update({.endpoints = {Listen("a")}});
  EXPECT_EQ(role_.AwaitOpened(2).size(), 2u);
  EXPECT_TRUE(role_.AwaitServing(1));
}

TEST_F(WorkerTest, OfAChannelThatLeftNothingStays) {
  ChannelSet set(role_, cut_);
  const size_t before = Threads();
  set.Update({.endpoints = {Listen("a")}});
  EXPECT_TRUE(role_.AwaitServing(1));
  EXPECT_EQ(role_.metrics().Channels().size(), 1u);
  set.Update({});
  const Deadline limit = Deadline::After(kPatience);
  const auto gone = [&] {
    set.Update({});
    return role_.metrics().Channels().empty() && Threads() <= before;
  };
  while (!gone() && !limit.passed()) std::this_thread::yield();
  EXPECT_TRUE(gone());
}

// None of whose channels ends before `count` have been told to.
class TogetherRole : public WaitingRole {
 public:
  explicit TogetherRole(int count) : count_(count) {}
  absl::Status Serve(UniqueFd fd, WorkerContext& context) override {
    const Cancel::Listener on_stop(context.stop, [this] {
      absl::MutexLock lock(&mu_);
      ++told_;
    });
    absl::Status ended = WaitingRole::Serve(std::move(fd), context);
    absl::MutexLock lock(&mu_);
    const auto all = [this]() ABSL_SHARED_LOCKS_REQUIRED(mu_) {
      return told_ >= count_;
    };
    EXPECT_TRUE(mu_.AwaitWithTimeout(absl::Condition(&all), kPatience))
        << "one was waited for before the others were told";
    return ended;
  }

 private:
  const int count_;
  absl::Mutex mu_;
  int told_ ABSL_GUARDED_BY(mu_) = 0;
};

TEST_F(WorkerTest, ASetWaitsForNoneOfItsChannelsBeforeAllAreTold) {
  TogetherRole role(4);
  const Endpoint a = Listen("a"), b = Listen("b"), c = Listen("c");
  ChannelSet set(role, cut_);
  set.Update({.endpoints = {a, b, c, Listen("d")}});
  EXPECT_TRUE(role.AwaitServing(4));
  set.Update({.endpoints = {a, b, c}});  // And then it ends.
}

}  // namespace
}  // namespace vios
