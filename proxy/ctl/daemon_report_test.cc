// SPDX-License-Identifier: Apache-2.0
#include "proxy/ctl/daemon_report.h"

#include <string>

#include "gtest/gtest.h"

namespace vios {
namespace {

constexpr char kStatus[] = R"({
  "program": "vios-proxy-guest", "version": "1.0.0", "uptime_seconds": 12.5,
  "service": "127.0.0.1:5672", "directory": "/dev/virtio-ports",
  "draining": true, "health": {"live": true, "ready": false,
                               "why_not": "draining"},
  "connections_ended": {"clean": 4},
  "queue": {"length": 3, "limit": 128},
  "channels": [
    {"name": "qpid.0", "guest": "", "state": "busy", "state_seconds": 1.5,
     "peer_agent": "vios-proxy-host/1.0.0",
     "session": {"tokens": "a/b", "client": "127.0.0.1:9", "age_seconds": 2,
                 "bytes_to_service": 5, "bytes_from_service": 6},
     "bytes_to_service": 70, "bytes_from_service": 80,
     "last_error": {"text": "host left", "seconds_ago": 9}},
    {"name": "qpid.1", "state": "free", "session": null, "last_error": null}],
  "flags": {"protocol_options": "true"}})";

TEST(DaemonReportTest, HasWhatTheDaemonSays) {
  const auto report = ParseDaemonReport(kStatus);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->program, "vios-proxy-guest");
  EXPECT_EQ(report->uptime_seconds, 12.5);
  EXPECT_TRUE(report->draining);
  EXPECT_FALSE(report->ready);
  EXPECT_EQ(report->why_not_ready, "draining");
  EXPECT_EQ(report->queued, 3);
  EXPECT_EQ(report->ended.at("clean"), 4);
  EXPECT_EQ(report->flags.at("protocol_options"), "true");
  ASSERT_EQ(report->channels.size(), 2);
  EXPECT_EQ(report->CountChannels("busy"), 1);
  const DaemonReport::Channel& busy = report->channels[0];
  EXPECT_EQ(busy.client, "127.0.0.1:9");
  EXPECT_EQ(busy.session_seconds, 2);
  EXPECT_EQ(busy.bytes_from_service, 80);
  EXPECT_EQ(busy.last_error, "host left");
  EXPECT_EQ(report->channels[1].last_error, "");
}

TEST(DaemonReportTest, WhatIsMissingOrOddIsEmpty) {
  const auto report = ParseDaemonReport(
      R"({"program": "p", "version": 7, "channels": [5, {"name": []}],
          "flags": [1], "queue": 3, "health": "x", "uptime_seconds": "long"})");
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->version, "");
  EXPECT_EQ(report->channels.size(), 2);
  EXPECT_FALSE(report->queued.has_value());
  EXPECT_TRUE(report->flags.empty());
}

TEST(DaemonReportTest, NumbersThatNoDaemonSendsFitAllTheSame) {
  const auto report = ParseDaemonReport(
      R"({"program": "p", "uptime_seconds": 1e300,
          "queue": {"length": 1e300}, "connections_ended": {"clean": -5},
          "channels": [{"state_seconds": -1e300}]})");
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->uptime_seconds, 1e15);
  EXPECT_EQ(report->queued, 1'000'000'000'000'000);
  EXPECT_EQ(report->ended.at("clean"), 0);
  EXPECT_EQ(report->channels[0].state_seconds, 0);
}

TEST(DaemonReportTest, WhatIsNestedWithoutEndIsNoStatus) {
  const std::string deep(200'000, '['), end(200'000, ']');
  EXPECT_FALSE(
      ParseDaemonReport("{\"program\": \"p\", \"x\": " + deep + end + "}")
          .ok());
}

TEST(DaemonReportTest, OtherAnswersAreNoStatus) {
  for (const char* text : {"", "{", "[]", "null", "{}", "{\"program\": 1}"}) {
    EXPECT_FALSE(ParseDaemonReport(text).ok()) << text;
  }
}

}  // namespace
}  // namespace vios
