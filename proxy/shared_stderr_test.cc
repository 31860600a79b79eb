// SPDX-License-Identifier: Apache-2.0
// A socket as stderr that somebody else fills whenever we have just looked
// whether there is room.
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <string>
#include <thread>

#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "channel/fd_pair.h"
#include "gtest/gtest.h"
#include "proxy/line_writer.h"

namespace {

void Fill(int fd) {
  const std::string some(512, 'x');
  while (::send(fd, some.data(), some.size(), MSG_DONTWAIT) > 0) {
  }
}

}  // namespace

// In place of the C library's, for all of this program.
extern "C" int poll(pollfd* wanted, nfds_t count, int milliseconds) {
  const timespec limit = {milliseconds / 1000,
                          milliseconds % 1000 * 1'000'000L};
  const long ready = ::syscall(SYS_ppoll, wanted, count,
                               milliseconds < 0 ? nullptr : &limit, nullptr, 0);
  if (count == 1 && wanted->events == POLLOUT) Fill(wanted->fd);
  return static_cast<int>(ready);
}

namespace vios {
namespace {

TEST(SharedStderr, ALineDoesNotWaitForRoomThatSomebodyElseTook) {
  FdPair pair = ConnectedPair();
  ASSERT_EQ(::fcntl(pair.ours.get(), F_SETFL, 0), 0);  // Blocks.
  LineWriter writer(pair.ours.get(), absl::Milliseconds(50));
  absl::Notification written;
  std::thread rescue([&] {  // One that waits would do so for ever.
    if (written.WaitForNotificationWithTimeout(absl::Seconds(30))) return;
    ADD_FAILURE() << "the line waits";
    pair.theirs.Reset();
  });
  writer.Write("a\n");
  written.Notify();
  rescue.join();
  EXPECT_EQ(writer.dropped(), 1u);
}

}  // namespace
}  // namespace vios
