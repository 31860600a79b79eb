// SPDX-License-Identifier: Apache-2.0
// A service whose socket takes nothing for want of memory, for a while.
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <string>
#include <thread>

#include "absl/time/time.h"
#include "channel/cancel.h"
#include "channel/channel.h"
#include "channel/fd_io.h"
#include "channel/fd_pair.h"
#include "channel/raw_frame.h"
#include "channel/wakeup.h"
#include "gtest/gtest.h"
#include "proxy/channel_to_tcp.h"
#include "proxy/relay_state.h"

namespace {

constexpr int kRefusals = 6;

std::atomic<int> starved_leg = -1;
std::atomic<int> error = 0;
std::atomic<int> refused = 0;

}  // namespace

// In place of the C library's, for all of this program.
extern "C" ssize_t sendmsg(int fd, const msghdr* message, int flags) {
  if (fd == starved_leg && refused < kRefusals) {
    ++refused;
    errno = error;
    return -1;
  }
  return ::syscall(SYS_sendmsg, fd, message, flags);
}

namespace vios {
namespace {

class StarvedLegTest : public ::testing::TestWithParam<int> {
 protected:
  StarvedLegTest() {
    refused = 0;
    error = GetParam();
    starved_leg = tcp_.ours.get();
  }
  ~StarvedLegTest() override {
    state_.End(ResetBecause(ResetReason::kShuttingDown, ""));
    state_.SetWriterDone();
    pump_.join();
    starved_leg = -1;
  }

  FdPair link_ = ConnectedPair();
  FdPair tcp_ = ConnectedTcpPair();
  Cancel cancel_;
  std::unique_ptr<Wakeup> reader_ = *Wakeup::Create(cancel_);
  std::unique_ptr<Wakeup> writer_ = *Wakeup::Create(cancel_);
  Channel channel_{std::move(link_.ours), Role::kHost, true};
  RelayState state_{channel_,        {{0x61626364}, {0x65666768}, true, ""},
                    tcp_.ours.get(), {},
                    *reader_,        *writer_};
  std::thread pump_{[this] { ChannelToTcp(state_, *reader_).Run(); }};
};

TEST_P(StarvedLegTest, IsTriedAgainAndAgainButNotAtOnce) {
  const Clock::time_point begun = Clock::now();
  ASSERT_TRUE(WriteAll(link_.theirs.get(),
                       Raw('D', "abcd", "efgh", "x" + RawNumber("abcd", 0))));
  EXPECT_EQ(ReadExactly(tcp_.theirs.get(), 1), "x");
  EXPECT_FALSE(state_.session().ended());
  EXPECT_EQ(refused, kRefusals);
  // Every other wait may believe poll that the socket takes something.
  EXPECT_GE(absl::FromChrono(Clock::now() - begun),
            (kRefusals / 2) * FrameWriter::kStarvedWait);
}

// The last is what TCP says, which goes on calling itself writable.
INSTANTIATE_TEST_SUITE_P(Errors, StarvedLegTest,
                         ::testing::Values(ENOBUFS, ENOMEM, EAGAIN));

}  // namespace
}  // namespace vios
