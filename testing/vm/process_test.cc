// SPDX-License-Identifier: Apache-2.0
#include "testing/vm/process.h"

#include <sys/stat.h>

#include <csignal>
#include <memory>
#include <string>

#include "channel/scratch_dir.h"
#include "gtest/gtest.h"
#include "testing/vm/eventually.h"

namespace vios::testing {
namespace {

constexpr absl::Duration kLimit = absl::Seconds(20);

class ProcessTest : public ::testing::Test {
 protected:
  std::unique_ptr<Process> Shell(const std::string& command) {
    auto process = Process::Start({"sh", "-c", command}, temp_ / "log");
    EXPECT_TRUE(process.ok()) << process.status();
    return process.ok() ? *std::move(process) : nullptr;
  }

  const ScratchDir temp_;
};

// Nobody may have waited for it, as for one that has lost its parent.
bool Runs(pid_t pid) {
  const std::string stat = FileText("/proc/" + std::to_string(pid) + "/stat");
  return !stat.empty() && stat.find(") Z ") == std::string::npos;
}

TEST_F(ProcessTest, TellsStatusAndOutput) {
  const auto process = Shell("echo out; echo err >&2; exit 3");
  EXPECT_EQ(process->Wait(kLimit), 3);
  EXPECT_EQ(process->Log(), "out\nerr\n");
}

TEST_F(ProcessTest, ProgramThatIsNotThereExits127) {
  auto process = Process::Start({"/none/such"}, temp_ / "log");
  ASSERT_TRUE(process.ok());
  EXPECT_EQ((*process)->Wait(kLimit), 127);
}

TEST_F(ProcessTest, SignalEndsIt) {
  const auto process = Shell("exec sleep 600");
  EXPECT_TRUE(process->running());
  process->Signal(SIGTERM);
  EXPECT_EQ(process->Wait(kLimit), 128 + SIGTERM);
}

TEST_F(ProcessTest, DestructorKills) {
  // It waits without a child, which would outlive it.
  const std::string pipe = temp_ / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  auto process =
      Shell("trap '' TERM; while true; do read -r line <>" + pipe + "; done");
  const pid_t pid = process->pid();
  process.reset();
  EXPECT_EQ(::kill(pid, 0), -1);
}

TEST_F(ProcessTest, DestructorKillsWhatItHasStarted) {
  auto process = Shell("sleep 600 & echo $!; wait");
  ASSERT_TRUE(process->AwaitLog("\n", kLimit));
  const pid_t child = std::stoi(process->Log());
  EXPECT_TRUE(Runs(child));
  process.reset();
  EXPECT_TRUE(Eventually(kLimit, [&] { return !Runs(child); }));
}

TEST_F(ProcessTest, FiguresAreThoseOfTheProcess) {
  const auto sleeper = Shell("exec 5</dev/null; exec sleep 600");
  ASSERT_TRUE(Eventually(kLimit, [&] {
    const auto figures = sleeper->ReadFigures();
    return figures.ok() && figures->descriptors == 4;
  }));
  EXPECT_EQ(sleeper->ReadFigures()->threads, 1);
  EXPECT_GT(sleeper->ReadFigures()->resident_kib, 0);
}

TEST_F(ProcessTest, FiguresOfADeadOneAreAnError) {
  const auto process = Shell("true");
  process->Wait(kLimit);
  EXPECT_FALSE(process->ReadFigures().ok());
}

}  // namespace
}  // namespace vios::testing
