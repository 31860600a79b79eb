// SPDX-License-Identifier: Apache-2.0
#include "testing/bench/scale_report.h"

#include <cmath>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace vios::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

BusySample Sample(double rate) {
  return {.bytes_per_second = rate, .jain = 0.99, .quiet = {5, 50}};
}

ScaleResults Good() {
  ScaleResults results;
  results.busy = 7;
  results.host = {
      {.channels = 10, .threads = 12, .resident_kib = 7000},
      {.channels = 1000, .threads = 1002, .resident_kib = 62000, .cpu = 0.005}};
  results.host[0].cpu = 0.001;
  results.rounds = {{.direction = Direction::kDown,
                     .ours = {Sample(9e8), Sample(1), Sample(2e9)},
                     .bare = {Sample(1e9)}}};
  return results;
}

TEST(ScaleResults, MediansAreOfEachFigureByItself) {
  const BusySample median = MedianOf(std::vector<BusySample>{
      {.bytes_per_second = 1, .jain = 3, .quiet = {9, 1}},
      {.bytes_per_second = 2, .jain = 1, .quiet = {8, 2}},
      {.bytes_per_second = 3, .jain = 2, .quiet = {7, 3}}});
  EXPECT_EQ(median.bytes_per_second, 2);
  EXPECT_EQ(median.jain, 2);
  EXPECT_EQ(median.quiet.median_us, 8);
  EXPECT_EQ(median.quiet.p99_us, 2);
}

TEST(ScaleReport, SaysThatGoalsAreMet) {
  const std::string table = ScaleTable(Good());
  EXPECT_THAT(table, HasSubstr("1000 idle channels, MiB"));
  EXPECT_THAT(table, HasSubstr("down, aggregate / bare (at least 0.9)"));
  EXPECT_THAT(table, Not(HasSubstr("MISSED")));
}

TEST(ScaleReport, SaysThatAGoalIsMissed) {
  ScaleResults results = Good();
  results.host.back().resident_kib = 65 * 1024;
  EXPECT_THAT(ScaleTable(results), HasSubstr("65.00  MISSED"));
  results = Good();
  results.host.back().cpu = 0.02;
  EXPECT_THAT(ScaleTable(results), HasSubstr("2.00  MISSED"));
  results = Good();
  results.rounds[0].ours = {Sample(8e8)};
  EXPECT_THAT(ScaleTable(results), HasSubstr("0.80  MISSED"));
}

TEST(ScaleReport, SaysWhatGrowsFasterThanTheChannels) {
  ScaleResults results = Good();
  results.host.back().threads = 2400;  // 200 times as many.
  EXPECT_THAT(ScaleTable(results), HasSubstr("2.00  MISSED"));
}

// A daemon of which 10 MiB are its own.
TEST(ScaleReport, WhatItStartsWithHidesNoGrowth) {
  ScaleResults results = Good();
  const auto grows = [&results](double exponent) {
    results.host.clear();
    for (const int n : {10, 100, 300, 1000}) {
      results.host.push_back(
          {.channels = n,
           .resident_kib = static_cast<int>(10240 + std::pow(n, exponent))});
    }
    return ScaleTable(results);
  };
  EXPECT_THAT(grows(1), Not(HasSubstr("MISSED")));
  EXPECT_THAT(grows(1.5), HasSubstr("MISSED"));
}

TEST(ScaleReport, HasEveryRoundForPrograms) {
  const std::string json = ScaleJson(Good());
  EXPECT_THAT(json, HasSubstr(R"("channels":1000)"));
  EXPECT_THAT(json, HasSubstr(R"("bytes_per_s":900000000)"));
  EXPECT_THAT(json, HasSubstr(R"("bytes_per_s":2000000000)"));
}

}  // namespace
}  // namespace vios::testing
