// SPDX-License-Identifier: Apache-2.0
#include "channel/fd_io.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "channel/fd_pair.h"
#include "channel/refuse_call.h"
#include "gtest/gtest.h"

namespace vios {
namespace {

const Deadline kPast = Deadline::After(-absl::Seconds(1));
Deadline Soon() { return Deadline::After(absl::Milliseconds(20)); }
Deadline Late() { return Deadline::After(absl::Seconds(10)); }

class FdIoTest : public testing::Test {
 protected:
  absl::Status WaitForData(Deadline deadline) {
    return WaitFor(pair_.ours.get(), POLLIN, deadline, *wakeup_);
  }
  void SendByte() { ASSERT_TRUE(WriteAll(pair_.theirs.get(), "x")); }

  FdPair pair_ = ConnectedPair();
  Cancel cancel_;
  std::unique_ptr<Wakeup> wakeup_ = *Wakeup::Create(cancel_);
};

TEST_F(FdIoTest, DataEndsAWait) {
  SendByte();
  EXPECT_TRUE(WaitForData(Late()).ok());
}

TEST_F(FdIoTest, DataThatIsThereCountsMoreThanAPassedDeadline) {
  SendByte();
  EXPECT_TRUE(WaitForData(kPast).ok());
}

TEST_F(FdIoTest, CancelCountsMoreThanData) {
  SendByte();
  cancel_.Fire();
  EXPECT_TRUE(absl::IsCancelled(WaitForData(Late())));
}

TEST_F(FdIoTest, CancelCountsMoreThanTheDeadline) {
  cancel_.Fire();
  EXPECT_TRUE(absl::IsCancelled(WaitForData(kPast)));
}

TEST_F(FdIoTest, CancelEndsAWaitThatHasBegun) {
  std::thread other([this] { cancel_.Fire(); });
  EXPECT_TRUE(absl::IsCancelled(WaitForData(Deadline::Never())));
  other.join();
}

TEST_F(FdIoTest, AWaitForNothingEndsAtItsDeadlineAndNotBefore) {
  const Deadline soon = Soon();
  EXPECT_TRUE(absl::IsDeadlineExceeded(WaitForData(soon)));
  EXPECT_TRUE(soon.passed());
  EXPECT_TRUE(absl::IsDeadlineExceeded(WaitForRing(kPast, *wakeup_)));
}

TEST_F(FdIoTest, ARingEndsAWaitForAnythingButNotOneForADescriptor) {
  wakeup_->Ring();
  pollfd fd = {pair_.ours.get(), POLLIN, 7};
  EXPECT_TRUE(WaitAny(absl::MakeSpan(&fd, 1), Late(), *wakeup_).ok());
  EXPECT_EQ(fd.revents, 0);
  wakeup_->Ring();
  EXPECT_TRUE(WaitForRing(Late(), *wakeup_).ok());
  wakeup_->Ring();
  EXPECT_TRUE(absl::IsDeadlineExceeded(WaitForData(Soon())));
}

TEST_F(FdIoTest, ARingIsUsedUpAlsoWhileDataIsReady) {
  SendByte();
  wakeup_->Ring();
  pollfd fd = {pair_.ours.get(), POLLIN, 0};
  EXPECT_TRUE(WaitAny(absl::MakeSpan(&fd, 1), Late(), *wakeup_).ok());
  EXPECT_NE(fd.revents, 0);
  EXPECT_EQ(wakeup_->rings(), 1u);
  EXPECT_TRUE(absl::IsDeadlineExceeded(WaitForRing(Soon(), *wakeup_)));
}

TEST_F(FdIoTest, AHangUpEndsAWaitThatAskedForNothing) {
  pair_.theirs.Reset();
  EXPECT_TRUE(WaitFor(pair_.ours.get(), 0, Late(), *wakeup_).ok());
}

TEST_F(FdIoTest, SeveralDescriptorsAreToldApartAndMinusOneIsLeftOut) {
  SendByte();
  const FdPair quiet = ConnectedPair();
  std::array<pollfd, 3> fds = {{{-1, POLLIN, 0},
                                {quiet.ours.get(), POLLIN, 0},
                                {pair_.ours.get(), POLLIN, 0}}};
  EXPECT_TRUE(WaitAny(absl::MakeSpan(fds), Late(), *wakeup_).ok());
  EXPECT_EQ(fds[0].revents, 0);
  EXPECT_EQ(fds[1].revents, 0);
  EXPECT_EQ(fds[2].revents, POLLIN);
}

// Runs `wait` while poll is allowed no descriptor at all. UBSan cannot look at
// objects meanwhile: it needs descriptors for that.
template <typename Wait>
absl::Status WithoutDescriptors(const Wait& wait) {
  rlimit limit = {};
  EXPECT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
  const rlimit none = {0, limit.rlim_max};
  EXPECT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  absl::Status status = wait();
  EXPECT_EQ(::setrlimit(RLIMIT_NOFILE, &limit), 0);
  return status;
}

TEST_F(FdIoTest, ALoweredLimitOfFilesIsAWaitInWhichNothingCame) {
  SendByte();
  pollfd fd = {pair_.ours.get(), POLLIN, 7};
  Wakeup& wakeup = *wakeup_;
  const Deadline soon = Soon();
  EXPECT_TRUE(absl::IsDeadlineExceeded(WithoutDescriptors(
      [&] { return WaitAny(absl::MakeSpan(&fd, 1), soon, wakeup); })));
  EXPECT_TRUE(soon.passed());
  EXPECT_EQ(fd.revents, 0);
  EXPECT_TRUE(WithoutDescriptors([&] {
                return WaitAny(absl::MakeSpan(&fd, 1), Deadline::Never(),
                               wakeup);
              }).ok());
  EXPECT_EQ(fd.revents, 0);
  EXPECT_TRUE(WaitForData(Late()).ok());  // Lifted again.
}

TEST_F(FdIoTest, CancelCountsAlsoWithoutDescriptors) {
  cancel_.Fire();
  const int fd = pair_.ours.get();
  Wakeup& wakeup = *wakeup_;
  EXPECT_TRUE(absl::IsCancelled(WithoutDescriptors(
      [&] { return WaitFor(fd, POLLIN, Deadline::Never(), wakeup); })));
}

// Whether `holds` in a process in which poll fails with `error`.
template <typename Condition>
bool WherePollFails(int error, const Condition& holds) {
  const pid_t child = ::fork();
  if (child == 0) {
    if (!RefuseCall(kPollCall, error)) ::_exit(2);
    ::_exit(holds() ? 0 : 1);
  }
  int status = -1;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  return status == 0;
}

TEST_F(FdIoTest, APollThatOnlyABugExplainsIsTold) {
  for (const int error : {EINVAL, EFAULT, EBADF}) {
    EXPECT_TRUE(WherePollFails(error, [&] {
      const absl::Status status = WaitForData(Late());
      return absl::IsInternal(status) &&
             status.message() == absl::StrCat("poll(): ", strerror(error));
    })) << strerror(error);
  }
}

TEST_F(FdIoTest, AnInterruptionIsAWaitInWhichNothingCame) {
  SendByte();
  EXPECT_TRUE(WherePollFails(EINTR, [&] {
    pollfd fd = {pair_.ours.get(), POLLIN, 7};
    const Deadline never = Deadline::Never();
    return WaitAny(absl::MakeSpan(&fd, 1), never, *wakeup_).ok() &&
           fd.revents == 0 && absl::IsDeadlineExceeded(WaitForData(Soon()));
  }));
}

TEST_F(FdIoTest, ReadyNowTellsWithoutWaiting) {
  EXPECT_EQ(ReadyNow(pair_.ours.get(), POLLIN | POLLOUT), POLLOUT);
  SendByte();
  EXPECT_EQ(ReadyNow(pair_.ours.get(), POLLIN), POLLIN);
  pair_.theirs.Reset();
  EXPECT_NE(ReadyNow(pair_.ours.get(), 0) & POLLHUP, 0);
}

TEST_F(FdIoTest, ReadyByWaitsAWhile) {
  EXPECT_EQ(ReadyBy(pair_.ours.get(), POLLIN, Soon()), 0);
  std::thread sender([this] { SendByte(); });
  EXPECT_EQ(ReadyBy(pair_.ours.get(), POLLIN, Late()), POLLIN);
  sender.join();
}

TEST_F(FdIoTest, AStateThatLastsWakesAnEdgeWatchOnce) {
  pair_.theirs.Reset();
  auto watch = EdgeWatch::Create(pair_.ours.get());
  ASSERT_TRUE(watch.ok());
  EXPECT_TRUE(watch->Wait(Late(), *wakeup_).ok());
  EXPECT_TRUE(absl::IsDeadlineExceeded(watch->Wait(Soon(), *wakeup_)));
  EXPECT_TRUE(absl::IsDeadlineExceeded(watch->Wait(Soon(), *wakeup_)));
}

TEST_F(FdIoTest, AnEdgeWatchWakesOnEachChangeOnARingAndOnCancel) {
  auto watch = EdgeWatch::Create(pair_.ours.get());
  ASSERT_TRUE(watch.ok());
  (void)watch->Wait(Soon(), *wakeup_);
  SendByte();
  EXPECT_TRUE(watch->Wait(Late(), *wakeup_).ok());
  pair_.theirs.Reset();
  EXPECT_TRUE(watch->Wait(Late(), *wakeup_).ok());
  wakeup_->Ring();
  EXPECT_TRUE(watch->Wait(Late(), *wakeup_).ok());
  cancel_.Fire();
  EXPECT_TRUE(absl::IsCancelled(watch->Wait(Late(), *wakeup_)));
}

TEST(IsTransientTest, OnlyTryAgainIsTransient) {
  EXPECT_TRUE(IsTransient(EAGAIN));
  EXPECT_TRUE(IsTransient(EINTR));
  EXPECT_FALSE(IsTransient(EPIPE));
  EXPECT_FALSE(IsTransient(ENODEV));
}

}  // namespace
}  // namespace vios
