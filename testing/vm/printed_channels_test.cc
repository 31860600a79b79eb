// SPDX-License-Identifier: Apache-2.0
// A guest booted with the arguments that `doctor --qemu` prints, and one that
// goes against the advice.
#include <string>

#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "channel/scratch_dir.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proxy/ctl/vm_channels.h"
#include "testing/vm/ctl_vm_fixture.h"
#include "testing/vm/vm.h"

namespace vios::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr int kChannels = 17;  // For two devices.

class PrintedChannelsTest : public CtlVmTest {
 protected:
  VmOptions Options() const override {
    VmOptions options = CtlVmTest::Options();
    options.guests_directory = guests_ / "guests";
    options.ports = 0;
    options.devices = 0;
    const std::string line = absl::StrReplaceAll(
        QemuArguments(kChannels, options.guests_directory + "/g1"),
        {{"\\\n", ""}, {"\n", ""}});
    for (const auto& word : absl::StrSplit(line, ' ', absl::SkipEmpty())) {
      options.more.emplace_back(word);
    }
    return options;
  }

 private:
  const ScratchDir guests_;
};

TEST_F(PrintedChannelsTest, GuestHasThemAllAndTheyWork) {
  AwaitConnected(kChannels);
  AwaitHealthyGuest();
  EXPECT_THAT(InGuest("doctor"), HasSubstr("attached to all 17;"));
  EXPECT_THAT(InGuest("doctor"), Not(HasSubstr("note:")));
  ExpectChannelsWork(kChannels);
}

class TooManyPortsTest : public CtlVmTest {
 protected:
  VmOptions Options() const override {
    VmOptions options = CtlVmTest::Options();
    options.ports = 16;
    return options;
  }
};

TEST_F(TooManyPortsTest, BothDoctorsSaySo) {
  AwaitConnected(16);
  EXPECT_THAT(InGuest("doctor"),
              HasSubstr("note: virtio-serial device 0 has 16 ports: "));
  EXPECT_THAT(OnHost({"doctor", "host"}),
              HasSubstr("(qemu-system-x86_64) has 16 ports on one"));
}

}  // namespace
}  // namespace vios::testing
