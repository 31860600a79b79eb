// SPDX-License-Identifier: Apache-2.0
#include "testing/vm/ctl_vm_fixture.h"

#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "channel/scratch_dir.h"
#include "gtest/gtest.h"
#include "testing/vm/agent.h"
#include "testing/vm/eventually.h"
#include "testing/vm/process.h"
#include "testing/vm/runfile.h"

namespace vios::testing {

Said RunCtl(std::vector<std::string> flags) {
  flags.insert(flags.begin(), Runfile("proxy/vios-proxy-ctl"));
  const ScratchDir logs;
  const auto run = Process::Start(flags, logs / "log");
  if (!run.ok()) return std::string(run.status().message());
  const int status = (*run)->Wait(kLimit).value_or(-1);
  return absl::StrCat(status == 0 ? "0" : absl::StrCat("exit ", status), " ",
                      (*run)->Log());
}

VmOptions CtlVmTest::Options() const {
  VmOptions options;
  options.programs = {"testing/vm/ctl.cpio"};
  return options;
}

void CtlVmTest::SetUp() {
  ProxyVmTest::SetUp();
  (void)vm().Run("mount -t debugfs none /sys/kernel/debug");
}

Said CtlVmTest::InGuest(const std::string& flags) {
  const auto result =
      vm().agent().Run(absl::StrCat("vios-proxy-ctl ", flags), kLimit);
  if (!result.ok()) return std::string(result.status().message());
  return absl::StrCat(result->end == "exit 0" ? "0" : result->end, " ",
                      result->out, result->err);
}

Said CtlVmTest::OnHost(std::vector<std::string> flags) {
  flags.push_back("--guest_directory=" + vm().guests_directory());
  return RunCtl(std::move(flags));
}

void CtlVmTest::AwaitHealthyGuest() {
  Said said;
  EXPECT_TRUE(Eventually(kLimit, [&] {
    said = InGuest("doctor");
    return absl::StartsWith(said, "0 ok: guest: ");
  })) << said;
}

}  // namespace vios::testing
