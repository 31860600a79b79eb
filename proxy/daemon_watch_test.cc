// SPDX-License-Identifier: Apache-2.0
#include "proxy/daemon_watch.h"

#include <string>

#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proxy/heartbeat.h"
#include "proxy/log_fields.h"

namespace vios {
namespace {

using ::testing::HasSubstr;

CommonOptions Options() {
  CommonOptions options;
  options.directory = "/some/where";
  return options;
}

TEST(DaemonWatchTest, HasStartedOnceTheSupervisorHasLooked) {
  const SessionLog log;
  DaemonWatch watch(Role::kHost, Options(), log);
  EXPECT_FALSE(watch.Status().scanned);
  watch.Looked();
  const DaemonStatus status = watch.Status();
  EXPECT_TRUE(status.scanned);
  EXPECT_EQ(status.role, Role::kHost);
  EXPECT_EQ(status.directory, "/some/where");
  ASSERT_EQ(status.threads.size(), 1u);
  EXPECT_EQ(status.threads[0].name, "supervisor");
  EXPECT_TRUE(status.threads[0].alive);
}

TEST(DaemonWatchTest, IsAliveWhileEveryWatchedThreadIs) {
  const SessionLog log;
  DaemonWatch watch(Role::kGuest, Options(), log);
  Heartbeat thread("accept", absl::Seconds(-1));
  EXPECT_TRUE(watch.Alive().ok());
  watch.Watch(thread);
  EXPECT_THAT(watch.Alive().message(), HasSubstr("thread accept has not"));
  EXPECT_EQ(watch.Status().threads[1].name, "accept");
  EXPECT_FALSE(watch.Status().threads[1].alive);
  thread.Retire();
  EXPECT_TRUE(watch.Alive().ok());
}

TEST(DaemonWatchTest, ShowsChannelsAndTheirSums) {
  const SessionLog log;
  DaemonWatch watch(Role::kGuest, Options(), log);
  const auto channel = watch.metrics().AddChannel("", "qpid.0");
  channel->counters().write.bytes.Add(7);
  const DaemonStatus status = watch.Status();
  ASSERT_EQ(status.channels.size(), 1u);
  EXPECT_EQ(status.channels[0].name, "qpid.0");
  EXPECT_EQ(status.metrics.all.up_bytes, 7u);
}

TEST(DaemonWatchTest, TellsHowManyLogLinesWereLeftOut) {
  SessionLog log([now = Clock::now()] { return now; },
                 [](absl::string_view, const LogFields&) {});
  const DaemonWatch watch(Role::kHost, Options(), log);
  for (int i = 0; i < SessionLog::kLinesPerSecond; ++i)
    log.Write("g", [] { return LogFields(); }, {});
  EXPECT_EQ(watch.Status().metrics.dropped_log_lines, 0u);
  for (int i = 0; i < 3; ++i) log.Write("g", [] { return LogFields(); }, {});
  EXPECT_EQ(watch.Status().metrics.dropped_log_lines, 3u);
}

}  // namespace
}  // namespace vios
