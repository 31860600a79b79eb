// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_CLI_H_
#define VIOS_PROXY_TESTING_CLI_H_

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "channel/deadline.h"
#include "gtest/gtest.h"
#include "testing/subprocess.h"

namespace vios {

// For tests that run the real binaries from a command line.
using Words = std::vector<std::string>;

// Long enough for anything that is to happen.
Deadline Soon();

// One of the two daemons.
struct Program {
  std::string name;
  std::string directory_flag;
  std::string default_directory;
  std::string port_diagnostic;
  std::string stat_diagnostic;
  std::string not_a_directory_diagnostic;
  std::string open_diagnostic;
};
const Program& GuestProgram();
const Program& HostProgram();

std::unique_ptr<Subprocess> Start(const Program& program, const Words& args,
                                  const Words& env = {}, uid_t uid = 0);
// As Start(), and waits until the daemon says that it has started.
std::unique_ptr<Subprocess> StartUp(const Program& program, const Words& args);

struct Ran {
  int status;
  std::string out, err;
};
Ran RunToEnd(const Program& program, const Words& args, const Words& env = {},
             uid_t uid = 0);

// Expects exactly one line, a FATAL one that begins with `message`, and
// status 1.
void ExpectFatal(const Ran& ran, const std::string& message);

// Has a directory of its own, readable for every user.
class CliTest : public ::testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;

  std::string Directory() const { return directory_; }
  std::string Path(const std::string& name) const;
  std::string NewDirectory(const std::string& name, mode_t mode = 0755) const;
  std::string NewFile(const std::string& name, const std::string& text) const;
  // Makes the guest listen without a port of the machine.
  std::string ListenFlag(const std::string& name) const;
  Words GoodArgs(const Program& program, const std::string& directory) const;

 private:
  char directory_[24] = "/tmp/vios-cli-XXXXXX";
};

// Runs with each of the two.
class BothTest : public CliTest,
                 public ::testing::WithParamInterface<const Program*> {
 protected:
  const Program& program() const { return *GetParam(); }
  std::string DirectoryFlag(const std::string& value) const;
};

}  // namespace vios

#endif  // VIOS_PROXY_TESTING_CLI_H_
