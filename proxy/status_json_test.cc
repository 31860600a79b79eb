// SPDX-License-Identifier: Apache-2.0
#include "proxy/status_json.h"

#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "proxy/status_example.h"

namespace vios {
namespace {

using Json = nlohmann::json;

TEST(StatusJsonTest, ShowsDaemonChannelsAndSessions) {
  const Json json = Json::parse(StatusJson(ExampleHostStatus()));
  EXPECT_EQ(json["program"], "vios-proxy-host");
  EXPECT_EQ(json["version"], "1.0.0");
  EXPECT_EQ(json["started"], "2023-11-14T22:13:20.250Z");
  EXPECT_EQ(json["uptime_seconds"], 108300);
  EXPECT_EQ(json["health"]["ready"], true);
  EXPECT_EQ(json["queue"], nullptr);
  EXPECT_EQ(json["flags"]["service_port"], "5672");
  EXPECT_EQ(json["connections_ended"],
            Json({{"clean", 4711}, {"service_refused", 3}}));
  ASSERT_EQ(json["channels"].size(), 4u);
  EXPECT_EQ(json["channels"][0]["last_error"]["seconds_ago"], 4);
  const Json& busy = json["channels"][1];
  EXPECT_EQ(busy["guest"], "builder-1");
  EXPECT_EQ(busy["name"], "qpid.0");
  EXPECT_EQ(busy["state"], "busy");
  EXPECT_EQ(busy["peer_agent"], "vios-proxy-guest 1.0.0");
  EXPECT_EQ(busy["session"]["client"], "127.0.0.1:40112");
  EXPECT_EQ(busy["session"]["age_seconds"], 75);
  EXPECT_EQ(busy["session"]["bytes_from_service"], 56789012);
  EXPECT_EQ(busy["bytes_to_service"], 91234);
  EXPECT_EQ(busy["last_error"], nullptr);
  EXPECT_EQ(json["channels"][2]["session"], nullptr);
}

TEST(StatusJsonTest, ShowsTheQueueOfAGuest) {
  const Json json = Json::parse(StatusJson(ExampleGuestStatus()));
  EXPECT_EQ(json["queue"], Json({{"length", 2}, {"limit", 128}}));
}

TEST(StatusJsonTest, SaysWhyItIsNotReady) {
  DaemonStatus status = ExampleHostStatus();
  status.draining = true;
  const Json json = Json::parse(StatusJson(status));
  EXPECT_EQ(json["health"]["ready"], false);
  EXPECT_EQ(json["health"]["why_not"], "draining");
}

TEST(StatusJsonTest, HostileTextIsData) {
  DaemonStatus status = ExampleHostStatus();
  status.channels[1].guest = kHostileText;
  status.channels[1].peer_agent = kHostileText;
  status.channels[1].session->client = std::string("nul\0inside", 10);
  status.channels[1].last_error = kHostileText;
  const std::string text = StatusJson(status);
  for (const char c : text) {
    ASSERT_TRUE(c == '\n' || (c >= ' ' && c <= '~')) << static_cast<int>(c);
  }
  const Json busy = Json::parse(text)["channels"][1];
  const std::string expected =
      "a\"b'c\\d<script>alert(1)</script>&\n\r\t\x01\x7f\xef\xbf\xbd\xef\xbf"
      "\xbd(";
  EXPECT_EQ(busy["guest"], expected);
  EXPECT_EQ(busy["peer_agent"], expected);
  EXPECT_EQ(busy["last_error"]["text"], expected);
  EXPECT_EQ(busy["session"]["client"], std::string("nul\0inside", 10));
}

}  // namespace
}  // namespace vios
