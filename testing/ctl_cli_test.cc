// SPDX-License-Identifier: Apache-2.0
// What an operator meets at the command line of vios-proxy-ctl.
#include <unistd.h>

#include <fstream>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "channel/scratch_dir.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "testing/cli.h"
#include "testing/subprocess.h"

namespace vios {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

const Program& Ctl() {
  static const auto* const program = new Program{"vios-proxy-ctl"};
  return *program;
}

TEST(CtlCliTest, HelpNamesCommandsAndItsOwnFlags) {
  const Ran help = RunToEnd(Ctl(), {"--help"});
  EXPECT_EQ(help.status, 0);
  EXPECT_THAT(help.out,
              StartsWith("Usage: vios-proxy-ctl [-h | --help] [command [side]] "
                         "[--flag=value ...]\n"));
  for (const char* word : {"status:", "wait:", "drain:", "doctor:",
                           "--http_address", "--probe", "--libvirt"}) {
    EXPECT_THAT(help.out, HasSubstr(word));
  }
  EXPECT_THAT(help.out, Not(HasSubstr("minloglevel")));
}

TEST(CtlCliTest, MistakesAreOneLine) {
  ExpectFatal(RunToEnd(Ctl(), {}),
              "--command=: must be status, wait, drain or doctor\n");
  ExpectFatal(RunToEnd(Ctl(), {"cure"}), "--command=cure: must be status, ");
  ExpectFatal(RunToEnd(Ctl(), {"doctor", "left"}),
              "--side=left: must be guest or host\n");
  ExpectFatal(RunToEnd(Ctl(), {"doctor", "--service_port=80x"}),
              "Specify service port in range 1..65535");
  ExpectFatal(RunToEnd(Ctl(), {"doctor", "--qemu=481"}),
              "--qemu=481: must be ");
  ExpectFatal(RunToEnd(Ctl(), {"wait", "--timeout=soon"}),
              "--timeout=soon: must be ");
  ExpectFatal(RunToEnd(Ctl(), {"status", "--http_address=here"}),
              "--http_address=here: must be ADDRESS:PORT or unix:/path\n");
}

TEST(CtlCliTest, NoDaemonIsAFailureThatSaysWhatToDo) {
  const ScratchDir directory;
  const std::string address =
      "--http_address=unix:" + (directory / "none.sock");
  for (const char* command : {"status", "wait", "drain"}) {
    const Ran ran = RunToEnd(Ctl(), {command, address, "--timeout=100ms"});
    EXPECT_EQ(ran.status, 1) << command;
    EXPECT_THAT(ran.out, IsEmpty());
    EXPECT_THAT(ran.err, HasSubstr("none.sock: "));
  }
}

TEST(CtlCliTest, DoctorTellsWhatIsBrokenAndFails) {
  const Ran ran =
      RunToEnd(Ctl(), {"doctor", "host", "--guest_directory=/nowhere"});
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(ran.out, StartsWith("broken: there is no directory /nowhere\n"));
  EXPECT_THAT(
      RunToEnd(Ctl(),
               {"doctor", "host", "--json", "--guest_directory=/nowhere"})
          .out,
      AllOf(HasSubstr("\"ok\": false"), HasSubstr("\"check\": \"directory\"")));
}

TEST(CtlCliTest, DirectoryThatTheUserMayNotSee) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root to become another user";
  const ScratchDir directory;  // For its owner alone.
  const Ran ran = RunToEnd(
      Ctl(), {"doctor", "host", "--guest_directory=" + directory.path()}, {},
      /*uid=*/65534);
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(ran.out, AllOf(StartsWith("broken: Guest path open error"),
                             HasSubstr(": Permission denied\n    Say with ")));
}

TEST(CtlCliTest, LibvirtTakesTheXml) {
  const Ran xml = RunToEnd(Ctl(), {"doctor", "--libvirt=31"});
  EXPECT_EQ(xml.status, 0);
  EXPECT_THAT(xml.out, HasSubstr("path='/tmp/qpid/guest1/30'/>"));
  const ScratchDir directory;
  std::ofstream(directory / "domain.xml")
      << "<domain type='qemu'><name>g</name><memory>65536</memory><os><type "
         "arch='x86_64'>hvm</type></os><devices>\n"
      << xml.out << "</devices></domain>\n";
  // A script.
  const auto validate = Subprocess::Start(
      "/bin/sh", {.args = {"/usr/bin/virt-xml-validate",
                           directory / "domain.xml", "domain"},
                  .env = {"PATH=/usr/bin:/bin"}});
  ASSERT_TRUE(validate.ok()) << validate.status();
  EXPECT_EQ((*validate)->Wait(Soon()).value_or(-1), 0)
      << (*validate)->out() << (*validate)->err();
}

}  // namespace
}  // namespace vios
