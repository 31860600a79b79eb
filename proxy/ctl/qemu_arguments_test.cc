// SPDX-License-Identifier: Apache-2.0
#include "proxy/ctl/qemu_arguments.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace vios {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

TEST(QemuArgumentsTest, CountsPortsByTheirBus) {
  const std::vector<std::string> arguments = {
      "qemu-system-x86_64",
      "-device",
      "virtio-serial,id=a",
      "-device",
      "virtserialport,bus=a.0,name=x",
      "-device",
      "virtserialport,name=y,bus=a.0",
      "-device",
      "virtserialport,name=z",
      "-name",
      "virtserialport",
      "-device",
      R"({"driver":"virtserialport","bus":"b.0","nr":1})"};
  EXPECT_THAT(PortsByBus(arguments),
              ElementsAre(Pair("", 1), Pair("a.0", 2), Pair("b.0", 1)));
}

TEST(QemuArgumentsTest, OtherDevicesAndBrokenJsonAreNoPorts) {
  EXPECT_THAT(
      PortsByBus({"-device", "virtconsole,bus=a.0", "-device",
                  "{\"driver\":", "-device", "{\"driver\":7}", "-device"}),
      IsEmpty());
}

}  // namespace
}  // namespace vios
