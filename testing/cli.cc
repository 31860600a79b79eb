// SPDX-License-Identifier: Apache-2.0
#include "testing/cli.h"

#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"

namespace vios {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;

Deadline Soon() { return Deadline::After(absl::Seconds(30)); }

const Program& GuestProgram() {
  static const auto* const program = new Program{
      "vios-proxy-guest",     "host_directory",
      "/dev/virtio-ports",    "Specify listen port in range 1..65535",
      "Root path stat fail:", "Root path is not a directory",
      "Root path open error"};
  return *program;
}

const Program& HostProgram() {
  static const auto* const program =
      new Program{"vios-proxy-host",
                  "guest_directory",
                  "/tmp/qpid",
                  "Specify service port in range 1..65535",
                  "Error accessing guest path",
                  "Guest path is not a directory",
                  "Guest path open error"};
  return *program;
}

std::unique_ptr<Subprocess> Start(const Program& program, const Words& args,
                                  const Words& env, uid_t uid) {
  auto started = Subprocess::Start("proxy/" + program.name, {args, env, uid});
  return std::move(started).value();  // Or ends the test, and says why.
}

std::unique_ptr<Subprocess> StartUp(const Program& program, const Words& args) {
  auto process = Start(program, args);
  const absl::Status up = process->AwaitStderr("ALERT started", Soon());
  EXPECT_TRUE(up.ok()) << up;
  return process;
}

Ran RunToEnd(const Program& program, const Words& args, const Words& env,
             uid_t uid) {
  SCOPED_TRACE(absl::StrJoin(args, " "));
  const auto process = Start(program, args, env, uid);
  const absl::StatusOr<int> status = process->Wait(Soon());
  EXPECT_TRUE(status.ok()) << status.status();
  return {status.value_or(-1), process->out(), process->err()};
}

void ExpectFatal(const Ran& ran, const std::string& message) {
  EXPECT_EQ(ran.status, 1) << message;
  EXPECT_THAT(ran.out, IsEmpty());
  EXPECT_THAT(ran.err, MatchesRegex("[0-9TZ:.-]+ \\[main\\] FATAL [^\n]+\n"));
  EXPECT_THAT(ran.err, HasSubstr("FATAL " + message));
}

void CliTest::SetUp() {
  ASSERT_NE(::mkdtemp(directory_), nullptr);
  ASSERT_EQ(::chmod(directory_, 0755), 0);
}

void CliTest::TearDown() { std::filesystem::remove_all(directory_); }

std::string CliTest::Path(const std::string& name) const {
  return absl::StrCat(directory_, "/", name);
}

std::string CliTest::NewDirectory(const std::string& name, mode_t mode) const {
  EXPECT_EQ(::mkdir(Path(name).c_str(), mode), 0);
  return Path(name);
}

std::string CliTest::NewFile(const std::string& name,
                             const std::string& text) const {
  std::ofstream(Path(name)) << text;
  return Path(name);
}

std::string CliTest::ListenFlag(const std::string& name) const {
  return absl::StrCat("--listen_address=unix:", Path(name));
}

Words CliTest::GoodArgs(const Program& program,
                        const std::string& directory) const {
  if (&program == &HostProgram()) return {directory};
  return {directory, ListenFlag("listen")};
}

std::string BothTest::DirectoryFlag(const std::string& value) const {
  return absl::StrCat("--", program().directory_flag, "=", value);
}

}  // namespace vios
