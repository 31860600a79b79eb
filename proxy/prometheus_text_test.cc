// SPDX-License-Identifier: Apache-2.0
#include "proxy/prometheus_text.h"

#include <set>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proxy/prometheus_writer.h"
#include "proxy/status_example.h"

namespace vios {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

std::vector<std::string> Lines(const DaemonStatus& status) {
  return absl::StrSplit(PrometheusText(status), '\n');
}

TEST(PrometheusTextTest, ShowsWhatAHostHas) {
  const auto lines = Lines(ExampleHostStatus());
  for (const char* line : {
           "viosproxy_build_info{version=\"1.0.0\",role=\"host\"} 1",
           "viosproxy_connections_total{service=\"127.0.0.1:5672\","
           "result=\"clean\"} 4711",
           "viosproxy_connections_total{service=\"127.0.0.1:5672\","
           "result=\"queue_full\"} 0",
           "viosproxy_connections_active{service=\"127.0.0.1:5672\"} 1",
           "viosproxy_bytes_total{service=\"127.0.0.1:5672\","
           "direction=\"from_service\"} 3456793212",
           "viosproxy_connect_seconds_bucket{service=\"127.0.0.1:5672\","
           "le=\"0.0025\"} 0",
           "viosproxy_connect_seconds_bucket{service=\"127.0.0.1:5672\","
           "le=\"0.005\"} 4711",
           "viosproxy_connect_seconds_bucket{service=\"127.0.0.1:5672\","
           "le=\"+Inf\"} 4711",
           "viosproxy_connect_seconds_sum{service=\"127.0.0.1:5672\"} 18.5",
           "viosproxy_connect_seconds_count{service=\"127.0.0.1:5672\"} 4711",
           "viosproxy_channels{guest=\"builder-1\",state=\"busy\"} 1",
           "viosproxy_channels{guest=\"broker-test\",state=\"down\"} 1",
           "viosproxy_resync_skipped_bytes_total{guest=\"builder-1\"} 65549",
           "viosproxy_stall_recoveries_total{guest=\"builder-1\",op=\"read\"} "
           "0",
           "viosproxy_draining 0",
           "process_start_time_seconds 1700000000.25",
           "process_cpu_seconds_total 1.5",
           "process_open_fds 23",
       }) {
    EXPECT_THAT(lines, Contains(line));
  }
  EXPECT_THAT(PrometheusText(ExampleHostStatus()), Not(HasSubstr("queue_len")));
}

TEST(PrometheusTextTest, AGuestHasAQueueAndNoGuestLabel) {
  const std::string text = PrometheusText(ExampleGuestStatus());
  const auto lines = Lines(ExampleGuestStatus());
  EXPECT_THAT(lines, Contains("viosproxy_queue_length{service="
                              "\"127.0.0.1:5672\"} 2"));
  EXPECT_THAT(lines, Contains("viosproxy_channels{state=\"free\"} 1"));
  EXPECT_THAT(lines, Contains("viosproxy_resyncs_total 0"));
  EXPECT_THAT(text, Not(HasSubstr("guest=")));
  EXPECT_THAT(text, Not(HasSubstr("viosproxy_connect_seconds")));
}

TEST(PrometheusTextTest, AGuestWithoutChannelsShowsZeros) {
  EXPECT_THAT(Lines({.role = Role::kGuest}),
              Contains("viosproxy_channels{state=\"busy\"} 0"));
}

TEST(PrometheusTextTest, EveryFamilyIsDescribedOnceAndNoSampleComesTwice) {
  std::set<std::string> families, samples;
  for (const std::string& line : Lines(ExampleHostStatus())) {
    if (line.empty() || absl::StartsWith(line, "# TYPE")) continue;
    const bool is_help = absl::StartsWith(line, "# HELP ");
    const std::vector<std::string> words = absl::StrSplit(line, ' ');
    std::set<std::string>& seen = is_help ? families : samples;
    EXPECT_TRUE(seen.insert(is_help ? words[2] : words[0]).second) << line;
  }
}

TEST(PrometheusTextTest, HostileTextStaysOneAsciiLabel) {
  DaemonStatus status = ExampleHostStatus();
  status.metrics.guests[kHostileText].totals.resyncs = 7;
  const std::string text = PrometheusText(status);
  EXPECT_THAT(text,
              HasSubstr("viosproxy_resyncs_total{guest=\"a\\\"b'c\\\\d<script>"
                        "alert(1)</script>&\\\\x0a\\\\x0d\\\\x09\\\\x01\\\\x7f"
                        "\\\\xff\\\\xc3(\"} 7\n"));
  for (const char c : text) {
    EXPECT_TRUE(c == '\n' || (c >= ' ' && c <= '~')) << static_cast<int>(c);
  }
}

TEST(PrometheusWriterTest, WholeNumbersKeepAllTheirDigits) {
  PrometheusWriter writer;
  writer.Counter("x", "y");
  writer.Sample(123456789012345);
  writer.Sample(0.25);
  EXPECT_EQ(writer.text(),
            "# HELP x y\n# TYPE x counter\nx 123456789012345\nx 0.25\n");
}

}  // namespace
}  // namespace vios
