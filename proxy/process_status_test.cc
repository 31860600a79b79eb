// SPDX-License-Identifier: Apache-2.0
#include "proxy/process_status.h"

#include <fcntl.h>

#include <thread>

#include "absl/synchronization/notification.h"
#include "channel/unique_fd.h"
#include "gtest/gtest.h"

namespace vios {
namespace {

TEST(ProcessStatusTest, KnowsAllOfThisProcess) {
  const ProcessStatus status = ReadProcessStatus();
  EXPECT_GE(status.cpu_seconds.value_or(-1), 0);
  EXPECT_GT(status.open_fds.value_or(0), 2u);
  EXPECT_GT(status.max_fds.value_or(0), *status.open_fds);
  EXPECT_GE(status.threads.value_or(0), 1u);
  EXPECT_GT(status.resident_bytes.value_or(0), 100'000u);
  EXPECT_GT(status.virtual_bytes.value_or(0), *status.resident_bytes);
}

TEST(ProcessStatusTest, SeesAnotherDescriptorAndAnotherThread) {
  const ProcessStatus before = ReadProcessStatus();
  const UniqueFd file(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  absl::Notification seen;
  std::thread thread([&] { seen.WaitForNotification(); });
  const ProcessStatus after = ReadProcessStatus();
  seen.Notify();
  thread.join();
  EXPECT_EQ(*after.open_fds, *before.open_fds + 1);
  EXPECT_EQ(*after.threads, *before.threads + 1);
}

}  // namespace
}  // namespace vios
