// SPDX-License-Identifier: Apache-2.0
// A channel that takes bytes again without telling anybody who waits for it.
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <memory>
#include <string>

#include "channel/cancel.h"
#include "channel/channel_counters.h"
#include "channel/deadline.h"
#include "channel/fd_pair.h"
#include "channel/frame.h"
#include "channel/frame_writer.h"
#include "channel/wakeup.h"
#include "gtest/gtest.h"

namespace {

int full_channel = -1;
int its_far_end = -1;
int longest_wait_ms = 0;

bool IsWaitForIt(const pollfd* fds, nfds_t count, int timeout_ms) {
  return timeout_ms != 0 &&
         std::any_of(fds, fds + count,
                     [](const pollfd& one) { return one.fd == full_channel; });
}

}  // namespace

// In place of the C library's, for all of this program: while the channel is
// waited for, there is room again, and the wait does not end.
extern "C" int poll(pollfd* fds, nfds_t count, int timeout_ms) {
  const timespec limit = {timeout_ms / 1000, timeout_ms % 1000 * 1'000'000L};
  const timespec* const wait = timeout_ms < 0 ? nullptr : &limit;
  if (!IsWaitForIt(fds, count, timeout_ms)) {
    return ::ppoll(fds, count, wait, nullptr);
  }
  longest_wait_ms = std::max(longest_wait_ms, timeout_ms);
  char bytes[4096];
  while (::read(its_far_end, bytes, sizeof bytes) > 0) continue;
  for (nfds_t i = 0; i < count; ++i) fds[i].revents = 0;
  return ::ppoll(nullptr, 0, wait, nullptr);
}

namespace vios {
namespace {

void Fill(int fd) {
  const std::string bytes(1024, 'x');
  while (::write(fd, bytes.data(), bytes.size()) > 0) continue;
}

TEST(LostWakeupTest, OnlyCostsTheRetryIntervalAndIsCounted) {
  const FdPair pair = ConnectedPair();
  ASSERT_EQ(::fcntl(pair.theirs.get(), F_SETFL, O_NONBLOCK), 0);
  Fill(pair.ours.get());
  full_channel = pair.ours.get();
  its_far_end = pair.theirs.get();
  Cancel cancel;
  const std::unique_ptr<Wakeup> wakeup = *Wakeup::Create(cancel);
  WriteCounters counters;
  FrameWriter writer(&counters);
  ASSERT_TRUE(
      writer.Append({FrameType::kAck, RandomToken(), RandomToken()}, ""));
  constexpr int kRetryMs = 50;
  EXPECT_TRUE(writer
                  .Flush(full_channel, absl::Milliseconds(kRetryMs),
                         Deadline::After(absl::Seconds(10)), *wakeup)
                  .ok());
  full_channel = -1;
  EXPECT_FALSE(writer.pending());
  EXPECT_LE(longest_wait_ms, kRetryMs);
  EXPECT_EQ(counters.recoveries.value(), 1u);
  EXPECT_EQ(ReadExactly(pair.theirs.get(), kHeaderSize).size(), kHeaderSize);
}

}  // namespace
}  // namespace vios
