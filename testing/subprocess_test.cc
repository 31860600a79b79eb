// SPDX-License-Identifier: Apache-2.0
#include "testing/subprocess.h"

#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>
#include <string>

#include "channel/fd_io.h"
#include "channel/unique_fd.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace vios {
namespace {

Deadline Soon() { return Deadline::After(absl::Seconds(30)); }

std::unique_ptr<Subprocess> Shell(const std::string& script, uid_t uid = 0) {
  auto started =
      Subprocess::Start("/bin/sh", {{"-c", script}, {"GREETING=hi"}, uid});
  EXPECT_TRUE(started.ok()) << started.status();
  return *std::move(started);
}

TEST(SubprocessTest, TellsOutputAndStatus) {
  auto shell = Shell("echo $GREETING; echo no >&2; exit 7");
  EXPECT_EQ(shell->Wait(Soon()).value(), 7);
  EXPECT_EQ(shell->out(), "hi\n");
  EXPECT_EQ(shell->err(), "no\n");
}

TEST(SubprocessTest, TakesMoreThanAPipeHolds) {
  auto shell = Shell("head -c 300000 /dev/zero");
  EXPECT_EQ(shell->Wait(Soon()).value(), 0);
  EXPECT_EQ(shell->out().size(), 300000u);
}

TEST(SubprocessTest, SignalsWhatRuns) {
  auto shell = Shell("echo up >&2; exec sleep 1000");
  EXPECT_TRUE(shell->AwaitStderr("up\n", Soon()).ok());
  shell->Signal(SIGTERM);
  EXPECT_EQ(shell->Wait(Soon()).value(), 128 + SIGTERM);
}

TEST(SubprocessTest, DeadlineEndsTheWaitOnly) {
  auto shell = Shell("exec sleep 1000");
  const Deadline past = Deadline::After(absl::Milliseconds(10));
  EXPECT_TRUE(absl::IsDeadlineExceeded(shell->Wait(past).status()));
  EXPECT_EQ(::kill(shell->pid(), 0), 0);
}

TEST(SubprocessTest, WhatItHasStartedEndsWithIt) {
  auto shell = Shell("sleep 1000 & echo $! up >&2; wait");
  ASSERT_TRUE(shell->AwaitStderr("up\n", Soon()).ok());
  const UniqueFd sleeper(static_cast<int>(
      ::syscall(SYS_pidfd_open, std::atoi(shell->err().c_str()), 0)));
  ASSERT_TRUE(sleeper.ok());
  EXPECT_EQ(ReadyNow(sleeper.get(), POLLIN), 0);
  shell.reset();
  EXPECT_NE(ReadyBy(sleeper.get(), POLLIN, Soon()), 0);
}

TEST(SubprocessTest, EndWithoutTheTextIsTold) {
  EXPECT_TRUE(absl::IsOutOfRange(Shell("exit 0")->AwaitStderr("up", Soon())));
}

TEST(SubprocessTest, RunsAsAnotherUser) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root to become another user";
  auto shell = Shell("id -u", 64001);
  EXPECT_EQ(shell->Wait(Soon()).value(), 0);
  EXPECT_EQ(shell->out(), "64001\n");
}

}  // namespace
}  // namespace vios
