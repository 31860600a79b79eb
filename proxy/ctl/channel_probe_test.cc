// SPDX-License-Identifier: Apache-2.0
#include "proxy/ctl/channel_probe.h"

#include <memory>
#include <thread>
#include <utility>

#include "absl/status/status.h"
#include "channel/cancel.h"
#include "channel/fd_pair.h"
#include "channel/non_blocking.h"
#include "channel/probe.h"
#include "gtest/gtest.h"

namespace vios {
namespace {

UniqueFd NonBlocking(UniqueFd fd) {
  EXPECT_TRUE(MakeNonBlocking(fd.get(), kHostChannelWording, "pair").ok());
  return fd;
}

Deadline Soon() { return Deadline::After(absl::Seconds(30)); }

class ChannelProbeTest : public ::testing::Test {
 protected:
  absl::StatusOr<absl::Duration> Time(Role role, Deadline deadline = Soon()) {
    return TimePing(std::move(ours_), role, deadline, *wakeup_);
  }

  FdPair pair_ = ConnectedPair();
  UniqueFd ours_ = std::move(pair_.ours);
  Cancel cancel_;
  const std::unique_ptr<Wakeup> wakeup_ = *Wakeup::Create(cancel_);
};

// A daemon's idle channel: answers whatever comes.
class IdleDaemon {
 public:
  IdleDaemon(UniqueFd fd, Role role)
      : channel_(std::move(fd), role, /*options_enabled=*/true),
        thread_([this] { Run(); }) {}
  ~IdleDaemon() {
    stop_.Fire();
    thread_.join();
  }

 private:
  void Run() {
    if (channel_.role() == Role::kGuest) {
      channel_.writer().AddPreamble();
      EXPECT_TRUE(QueuePing(channel_).ok());
    }
    while (true) {
      const auto frame =
          channel_.Await([](const FrameHeader&) { return true; }, nullptr,
                         channel_.retry().idle, Deadline::Never(), *wakeup_);
      if (!frame.ok()) return;
      if (frame->has_value()) channel_.AnswerStray(**frame);
    }
  }

  Channel channel_;
  Cancel stop_;
  const std::unique_ptr<Wakeup> wakeup_ = *Wakeup::Create(stop_);
  std::thread thread_;  // Last: it uses all of the above.
};

TEST_F(ChannelProbeTest, TimesAHost) {
  const IdleDaemon host(NonBlocking(std::move(pair_.theirs)), Role::kHost);
  const auto time = Time(Role::kGuest);
  ASSERT_TRUE(time.ok()) << time.status();
  EXPECT_GT(*time, absl::ZeroDuration());
}

TEST_F(ChannelProbeTest, TimesAGuest) {
  const IdleDaemon guest(NonBlocking(std::move(pair_.theirs)), Role::kGuest);
  const auto time = Time(Role::kHost);
  ASSERT_TRUE(time.ok()) << time.status();
}

TEST_F(ChannelProbeTest, HostSaysNothingToAGuestThatIsSilent) {
  const auto time = Time(Role::kHost, Deadline::After(absl::Milliseconds(100)));
  EXPECT_TRUE(absl::IsDeadlineExceeded(time.status())) << time.status();
  EXPECT_TRUE(AtEndOfFile(pair_.theirs.get()));
}

TEST_F(ChannelProbeTest, NobodyAnswersAGuest) {
  const auto time =
      Time(Role::kGuest, Deadline::After(absl::Milliseconds(100)));
  EXPECT_TRUE(absl::IsDeadlineExceeded(time.status())) << time.status();
}

TEST_F(ChannelProbeTest, FarEndThatLeavesIsUnavailable) {
  pair_.theirs.Reset();
  const auto time = Time(Role::kHost);
  EXPECT_TRUE(absl::IsUnavailable(time.status())) << time.status();
}

}  // namespace
}  // namespace vios
