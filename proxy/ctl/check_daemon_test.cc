// SPDX-License-Identifier: Apache-2.0
#include "proxy/ctl/check_daemon.h"

#include <optional>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "proxy/ctl/daemon_report.h"
#include "proxy/ctl/process_list.h"

namespace vios {
namespace {

bool OffWith(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "vios-proxy-guest");
  return OptionsOff(std::nullopt, {Process{.arguments = arguments}});
}

TEST(OptionsOffTest, KnowsEveryWayToSaySo) {
  for (const char* word : {"--protocol_options=false", "-protocol_options=f",
                           "--protocol-options=False", "--protocol_options=no",
                           "--protocol_options=0", "--noprotocol_options",
                           "--noprotocol-options"}) {
    EXPECT_TRUE(OffWith({"/dev/virtio-ports", word})) << word;
  }
}

TEST(OptionsOffTest, TheLastOneCounts) {
  EXPECT_FALSE(OffWith({"--noprotocol_options", "--protocol_options"}));
}

TEST(OptionsOffTest, AreOnOtherwise) {
  EXPECT_FALSE(OffWith({}));
  EXPECT_FALSE(OffWith({"--protocol_options=true"}));
  EXPECT_FALSE(OffWith({"--channels", "protocol_options=f*"}));
  EXPECT_FALSE(OffWith({"--noprotocol_options=x"}));  // It does not run.
}

TEST(OptionsOffTest, WhatTheDaemonSaysCountsMore) {
  const DaemonReport on = {.flags = {{"protocol_options", "true"}}};
  EXPECT_FALSE(
      OptionsOff(on, {Process{.arguments = {"x", "--protocol_options=f"}}}));
}

}  // namespace
}  // namespace vios
