// SPDX-License-Identifier: Apache-2.0
#include "proxy/ctl/daemon_processes.h"

#include <sys/stat.h>

#include "gtest/gtest.h"
#include "proxy/ctl/scratch_machine.h"

namespace vios {
namespace {

// Whether a host daemon with these arguments may serve `directory`.
bool Serves(const std::string& arguments, const std::string& directory) {
  const ScratchMachine files;
  files.AddProcess(7, "/usr/bin/vios-proxy-host " + arguments);
  files.AddProcess(8, "vios-proxy-guest");
  files.Write("/etc/vios", "# x\n--guest_directory=/run/file\n");
  files.Write("/etc/nested", "--flagfile=/etc/vios\n");
  EXPECT_EQ(::mkfifo(files.machine().Real("/etc/pipe").c_str(), 0600), 0);
  return !DaemonsFor(files.machine(), directory,
                     {"vios-proxy-host", "/tmp/qpid"},
                     ProcessList(files.machine()))
              .empty();
}

TEST(DaemonProcessesTest, DirectoryIsOnTheCommandLine) {
  EXPECT_TRUE(Serves("/run/a 5672", "/run/a"));
  EXPECT_TRUE(Serves("/run/a/", "/run/a"));
  EXPECT_FALSE(Serves("/run/a 5672", "/run/b"));
  EXPECT_TRUE(Serves("--guest_directory=/run/a", "/run/a"));
  EXPECT_FALSE(Serves("--guest-directory=/run/a", "/tmp/qpid"));
}

TEST(DaemonProcessesTest, WithoutOneItIsTheDefault) {
  EXPECT_TRUE(Serves("--log_level=INFO", "/tmp/qpid"));
  EXPECT_FALSE(Serves("--service_address=unix:/run/x", "/run/a"));
}

TEST(DaemonProcessesTest, FlagFileIsRead) {
  EXPECT_TRUE(Serves("--flagfile=/etc/vios", "/run/file"));
  EXPECT_FALSE(Serves("--flagfile=/etc/vios", "/run/a"));
}

TEST(DaemonProcessesTest, AFlagsValueIsNoDirectory) {
  EXPECT_TRUE(Serves("--log_dir /var/log/vios", "/tmp/qpid"));
  EXPECT_FALSE(Serves("--log_dir /var/log/vios", "/var/log/vios"));
  EXPECT_TRUE(Serves("--nohttp_control /run/a 5672", "/run/a"));
  EXPECT_TRUE(Serves("--guest_directory /run/a --log_level DEBUG", "/run/a"));
  EXPECT_FALSE(Serves("--http_control /run/a", "/run/b"));
}

TEST(DaemonProcessesTest, FlagsFromElsewhereMayNameAny) {
  EXPECT_TRUE(Serves("--flagfile=/etc/other", "/run/a"));
  EXPECT_TRUE(Serves("--flagfile=/etc/nested", "/run/a"));
  EXPECT_TRUE(Serves("--flagfile=/etc/pipe", "/run/a"));
  EXPECT_FALSE(Serves("--tryfromenv=http_address /run/a", "/run/b"));
  EXPECT_TRUE(Serves("--fromenv=guest_directory", "/run/a"));
  EXPECT_TRUE(Serves("--guest_directory=guests", "/run/a"));
  EXPECT_TRUE(Serves("guests 5672", "/run/a"));
}

// How many host daemons may serve `directory`.
size_t DaemonsThatServe(const ScratchMachine& files,
                        const std::string& directory) {
  return DaemonsFor(files.machine(), directory,
                    {"vios-proxy-host", "/tmp/qpid"},
                    ProcessList(files.machine()))
      .size();
}

TEST(DaemonProcessesTest, ARelativeDirectoryIsFromWhereTheDaemonRuns) {
  const ScratchMachine files;
  files.AddProcess(7, "vios-proxy-host ../guests/ 5672");
  files.Link("/proc/7/cwd", "/run/a");
  EXPECT_EQ(DaemonsThatServe(files, "/run/guests"), 1);
  EXPECT_EQ(DaemonsThatServe(files, "/tmp/qpid"), 0);
}

TEST(DaemonProcessesTest, ARelativeFlagFileIsFromWhereTheDaemonRuns) {
  const ScratchMachine files;
  files.AddProcess(7, "vios-proxy-host --flagfile=host.flags");
  files.Write("/run/a/host.flags", "--guest_directory=/run/guests\n");
  EXPECT_EQ(DaemonsThatServe(files, "/tmp/qpid"), 1) << "where it runs unknown";
  files.Link("/proc/7/cwd", "/run/a");
  EXPECT_EQ(DaemonsThatServe(files, "/run/guests"), 1);
  EXPECT_EQ(DaemonsThatServe(files, "/tmp/qpid"), 0);
}

TEST(DaemonProcessesTest, AFlagFileThatOnlyTheDaemonHasMayNameAny) {
  const ScratchMachine files;
  files.AddProcess(7, "vios-proxy-host --flagfile=/dev/fd/5");
  files.Write("/dev/fd/5", "--guest_directory=/run/guests\n");
  EXPECT_EQ(DaemonsThatServe(files, "/tmp/qpid"), 1);
}

}  // namespace
}  // namespace vios
