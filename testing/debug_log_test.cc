// SPDX-License-Identifier: Apache-2.0
// What DEBUG shows of a session: its handshake and its frames.
#include <memory>
#include <string>

#include "gtest/gtest.h"
#include "testing/cli.h"
#include "testing/daemon_processes.h"
#include "testing/subprocess.h"

namespace vios {
namespace {

using DebugLogTest = DaemonProcessesTest;

TEST_F(DebugLogTest, BothEndsShowTheFramesOfASession) {
  const auto host = StartDaemon(HostProgram(), {.args = {"--log_level=DEBUG"}});
  const auto guest =
      StartDaemon(GuestProgram(), {.args = {"--log_level=DEBUG"}});
  ASSERT_TRUE(ServesSoon());
  for (const char* line : {": sent SYN ", ": received SYNACK ", ": sent ACK ",
                           ": sent DATA ", ": received DATA "}) {
    EXPECT_TRUE(guest->AwaitStderr(line, Soon()).ok()) << line;
  }
  for (const char* line : {": received SYN ", ": sent SYNACK ",
                           ": received ACK ", ": received DATA "}) {
    EXPECT_TRUE(host->AwaitStderr(line, Soon()).ok()) << line;
  }
}

}  // namespace
}  // namespace vios
