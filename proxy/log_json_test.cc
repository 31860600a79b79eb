// SPDX-License-Identifier: Apache-2.0
#include "proxy/log_json.h"

#include <random>
#include <string>

#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

namespace vios {
namespace {

nlohmann::json Parse(const std::string& line) {
  return nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
}

TEST(LogJsonTest, IsOneObjectOnOneLine) {
  LogFields fields;
  fields.Add("guest", "g1").AddNumber("up", 7);
  fields.AddDuration("connect", absl::Microseconds(1500));
  EXPECT_EQ(JsonLogLine({"INFO", "2026-11-23T01:02:03.456789Z", "up:0", "done"},
                        fields),
            "{\"severity\":\"INFO\",\"time\":\"2026-11-23T01:02:03.456789Z\","
            "\"thread\":\"up:0\",\"message\":\"done\",\"guest\":\"g1\","
            "\"up\":7,\"connect_ms\":1.5}\n");
}

TEST(LogJsonTest, QuotesAndControlsAreEscaped) {
  const std::string message(
      "a\"b\\c\nd\x1b\x00"
      "e",
      9);
  const std::string line = JsonLogLine({"INFO", "t", "main", message}, {});
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  EXPECT_EQ(Parse(line)["message"], message);
}

TEST(LogJsonTest, WhatIsNoUtf8IsReplaced) {
  LogFields fields;
  fields.AddText("peer", "\xff");
  const auto line = Parse(JsonLogLine({"INFO", "t", "main", "a\xc3"}, fields));
  EXPECT_EQ(line["message"], "a\uFFFD");
  EXPECT_EQ(line["peer"], "\uFFFD");
}

TEST(LogJsonTest, AnyBytesMakeAValidLine) {
  std::minstd_rand random(1);
  for (int i = 0; i < 2000; ++i) {
    std::string bytes(random() % 40, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random());
    LogFields fields;
    fields.AddText("peer", bytes);
    const std::string line = JsonLogLine({"INFO", "t", bytes, bytes}, fields);
    ASSERT_FALSE(Parse(line).is_discarded()) << line;
    ASSERT_EQ(line.find('\n'), line.size() - 1);
  }
}

}  // namespace
}  // namespace vios
