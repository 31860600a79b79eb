// SPDX-License-Identifier: Apache-2.0
#include "proxy/ctl/vm_channels.h"

#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace vios {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

int Count(const std::string& text, const std::string& part) {
  return static_cast<int>(
      std::vector<std::string>(absl::StrSplit(text, part)).size() - 1);
}

TEST(VmChannelsTest, OneChannelForQemu) {
  EXPECT_EQ(QemuArguments(1, "/tmp/qpid/g1"),
            "-device virtio-serial,id=vios0 \\\n"
            "-chardev socket,path=/tmp/qpid/g1/0,server=on,wait=off,"
            "id=vios-c0 \\\n"
            "-device virtserialport,bus=vios0.0,chardev=vios-c0,"
            "name=qpid.0\n");
}

TEST(VmChannelsTest, SixteenthChannelIsOnASecondDevice) {
  const std::string line = QemuArguments(16, "/tmp/qpid/g1");
  EXPECT_EQ(Count(line, "-device virtio-serial,"), 2);
  EXPECT_EQ(Count(line, "bus=vios0.0,"), 15);
  EXPECT_THAT(line, HasSubstr("bus=vios1.0,chardev=vios-c15,name=qpid.15\n"));
  EXPECT_EQ(Count(QemuArguments(15, "/d"), "-device virtio-serial,"), 1);
}

TEST(VmChannelsTest, PathsAreQuoted) {
  EXPECT_THAT(QemuArguments(1, "/a b,c'd"),
              HasSubstr("-chardev 'socket,path=/a b,,c'\\''d/0,server=on,"));
  EXPECT_THAT(LibvirtXml(1, "/a&b'<c>"),
              HasSubstr("path='/a&amp;b&apos;&lt;c&gt;/0'"));
}

TEST(VmChannelsTest, LibvirtNamesControllersAndPorts) {
  const std::string xml = LibvirtXml(16, "/tmp/qpid/g1");
  EXPECT_EQ(Count(xml, "<controller type='virtio-serial'"), 2);
  EXPECT_EQ(Count(xml, "<channel type='unix'>"), 16);
  EXPECT_THAT(xml, HasSubstr("<target type='virtio' name='qpid.15'/>\n"
                             "  <address type='virtio-serial' controller='1' "
                             "bus='0' port='1'/>"));
  EXPECT_THAT(xml, Not(HasSubstr("port='0'")));
}

}  // namespace
}  // namespace vios
