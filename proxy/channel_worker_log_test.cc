// SPDX-License-Identifier: Apache-2.0
// What a worker tells the log of a channel that it cannot open.
#include <atomic>
#include <string>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "channel/cancel.h"
#include "channel/deadline.h"
#include "channel/endpoint.h"
#include "channel/fd_io.h"
#include "channel/scratch_dir.h"
#include "channel/unique_fd.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proxy/channel_role.h"
#include "proxy/channel_worker.h"
#include "proxy/listener.h"
#include "proxy/metrics.h"
#include "proxy/socket_address.h"
#include "proxy/test_log.h"
#include "proxy/worker_context.h"

namespace vios {
namespace {

using ::testing::MatchesRegex;

// Waits until it is stopped.
class QuietRole : public ChannelRole {
 public:
  Deadline ReserveOpening(const Endpoint&) override {
    ++tries_;
    return Deadline::After(absl::ZeroDuration());
  }
  absl::Status Serve(UniqueFd, WorkerContext& context) override {
    serves_ = true;
    absl::Status ended;
    while (ended.ok()) ended = WaitForRing(Deadline::Never(), context.wakeup);
    return ended;
  }
  Cancel& drain() override { return drain_; }
  absl::Duration reconnect_interval() const override {
    return absl::Milliseconds(100);
  }
  Metrics& metrics() override { return metrics_; }

  int tries() const { return tries_; }
  bool serves() const { return serves_; }

 private:
  std::atomic<int> tries_ = 0;
  std::atomic<bool> serves_ = false;
  Cancel drain_;
  Metrics metrics_{Role::kHost};
};

class ChannelWorkerLogTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { InitTestLog("channel_worker_log_test"); }
  template <typename Condition>
  static void Await(Condition reached) {
    const Deadline limit = Deadline::After(absl::Seconds(20));
    while (!reached() && !limit.passed()) {
      absl::SleepFor(absl::Milliseconds(5));
    }
    ASSERT_TRUE(reached());
  }

  const ScratchDir dir_;
  Endpoint endpoint_ = {.guest = "g",
                        .name = "0",
                        .path = dir_ / "0",
                        .kind = EndpointKind::kSocket};
  Cancel cut_;
  QuietRole role_;
};

TEST_F(ChannelWorkerLogTest, APathThatIsTooLongIsOneWarningWithAdvice) {
  endpoint_.path = dir_ / std::string(120, 'x');
  ::testing::internal::CaptureStderr();
  {
    auto worker = *ChannelWorker::Start(endpoint_, role_, cut_);
    Await([this] { return role_.tries() >= 4; });
  }
  EXPECT_THAT(
      ::testing::internal::GetCapturedStderr(),
      MatchesRegex("[^\n]* WARN cannot open channel [^\n]*; give QEMU's "
                   "chardev a path of at most 107 bytes; will be tried "
                   "again\n"));
}

TEST_F(ChannelWorkerLogTest, OneThatCanBeOpenedAtLastIsToldOnce) {
  ::testing::internal::CaptureStderr();
  {
    auto worker = *ChannelWorker::Start(endpoint_, role_, cut_);
    Await([this] { return role_.tries() >= 4; });
    const auto listener =
        OpenListener(*ParseSocketAddress("unix:" + endpoint_.path, 0), 0600);
    ASSERT_TRUE(listener.ok()) << listener.status();
    Await([this] { return role_.serves(); });
  }
  EXPECT_THAT(::testing::internal::GetCapturedStderr(),
              MatchesRegex("[^\n]* WARN cannot open channel [^\n]*; will be "
                           "tried again\n[^\n]* INFO channel [^\n]* is open "
                           "now\n"));
}

}  // namespace
}  // namespace vios
