// SPDX-License-Identifier: Apache-2.0
#include "proxy/flag_values.h"

#include <string>

#include "gtest/gtest.h"
#include "proxy/log.h"
#include "proxy/socket_address.h"

namespace vios {
namespace {

constexpr char kPort[] = "Specify listen port in range 1..65535";

TEST(FlagValuesTest, PortsAreDigitsInRange) {
  EXPECT_EQ(PortFlag({"p", "1"}, kPort).value(), 1);
  EXPECT_EQ(PortFlag({"p", "65535"}, kPort).value(), 65535);
  for (const char* bad : {"", "0", "65536", "80x", "-1", "+80", " 80", "80 ",
                          "0x50", "99999999999", "8.0"}) {
    EXPECT_FALSE(PortFlag({"p", bad}, kPort).ok()) << bad;
  }
}

TEST(FlagValuesTest, BadPortIsTheManualsDiagnostic) {
  EXPECT_EQ(PortFlag({"service_port", "80x"}, kPort).status().message(),
            "Specify listen port in range 1..65535: --service_port=80x");
}

TEST(FlagValuesTest, NumbersAreInRange) {
  EXPECT_EQ(NumberFlag({"n", "0"}, 0, 9).value(), 0);
  EXPECT_EQ(NumberFlag({"n", "9"}, 0, 9).value(), 9);
  EXPECT_EQ(NumberFlag({"max_queue", "10"}, 0, 9).status().message(),
            "--max_queue=10: must be a number in range 0..9");
  EXPECT_FALSE(NumberFlag({"n", ""}, 0, 9).ok());
}

TEST(FlagValuesTest, ModesAreOctal) {
  EXPECT_EQ(ModeFlag({"m", "0660"}).value(), mode_t{0660});
  EXPECT_EQ(ModeFlag({"m", "600"}).value(), mode_t{0600});
  for (const char* bad : {"", "0", "0680", "1777", "00660", "rw-", "-660"}) {
    EXPECT_FALSE(ModeFlag({"m", bad}).ok()) << bad;
  }
}

TEST(FlagValuesTest, DurationsHaveUnitsAndZeroIsOff) {
  EXPECT_EQ(DurationFlag({"d", "30s"}).value(), absl::Seconds(30));
  EXPECT_EQ(DurationFlag({"d", "500ms"}).value(), absl::Milliseconds(500));
  EXPECT_EQ(DurationFlag({"d", "1m30s"}).value(), absl::Seconds(90));
  EXPECT_EQ(DurationFlag({"d", "0"}).value(), absl::ZeroDuration());
  for (const char* bad :
       {"", "5", "-1s", "1ns", "inf", "s", "1 s", "999999999h"}) {
    EXPECT_FALSE(DurationFlag({"d", bad}).ok()) << bad;
  }
}

TEST(FlagValuesTest, IntervalsAreNeverOff) {
  const absl::Duration shortest = absl::Milliseconds(100);
  EXPECT_EQ(IntervalFlag({"i", "100ms"}, shortest).value(), shortest);
  EXPECT_EQ(
      IntervalFlag({"i", "0"}, shortest).status().message(),
      "--i=0: must be a duration such as 30s, 500ms or 2m, at least 100ms");
  EXPECT_FALSE(IntervalFlag({"i", "inf"}, shortest).ok());
}

TEST(FlagValuesTest, PathIsNotEmpty) {
  EXPECT_EQ(PathFlag({"d", "/x"}).value(), "/x");
  EXPECT_FALSE(PathFlag({"d", ""}).ok());
}

TEST(FlagValuesTest, LevelsHaveNamesInAnyCase) {
  EXPECT_EQ(LevelFlag({"l", "warn"}).value(), LogLevel::kWarn);
  EXPECT_FALSE(LevelFlag({"l", "loud"}).ok());
}

TEST(FlagValuesTest, AnHttpAddressMayBeEmpty) {
  EXPECT_EQ(HttpAddressFlag({"h", ""}).value(), std::nullopt);
  EXPECT_EQ(HttpAddressFlag({"h", "127.0.0.1:80"}).value()->ToString(),
            "127.0.0.1:80");
  EXPECT_FALSE(HttpAddressFlag({"h", "127.0.0.1"}).ok());
}

TEST(FlagValuesTest, GlobsAreFileNames) {
  EXPECT_EQ(GlobsFlag({"c", "a*,b?"})->text(), "a*,b?");
  for (const char* bad :
       {"", ",", "a,", "a,,b", "/dev/x", "a/b", " ", "a, ", " ,a"}) {
    EXPECT_FALSE(GlobsFlag({"c", bad}).ok()) << bad;
  }
}

TEST(FlagValuesTest, ValueStaysOnOneLine) {
  EXPECT_EQ(BadFlag({"x", "a\nb"}, "c").message(), "--x=a\\x0ab: must be c");
}

}  // namespace
}  // namespace vios
