// SPDX-License-Identifier: Apache-2.0
// Bad input in a real guest: on the command line, in the directory, and on the
// channels before and between sessions.
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "testing/vm/proxy_vm_fixture.h"
#include "testing/vm/stream.h"

namespace vios::testing {
namespace {

struct BadCommand {
  std::string arguments;
  std::string message;  // Part of the one line.
};

// What a channel may carry that is no frame of a session.
std::vector<std::string> Garbage() {
  std::string binary(5000, '\0');
  for (size_t i = 0; i < binary.size(); ++i) {
    binary[i] = static_cast<char>(i * i * 31 + i / 7);
  }
  return {
      "hello, is anybody there?\n",
      binary,
      "VS1Aabcd??",                                    // Half a header.
      std::string("VS1Dabcdefgh\0\5hello", 19),        // Stale data.
      std::string("VS1Dabcdefgh\xff\xff", 14),         // The rest is missing.
      std::string("VS1Aabcd????\xff\xff", 14) + "no",  // So it is here.
      std::string(65536, 'V'),
  };
}

class InputTest : public ProxyVmTest {
 protected:
  // Writes to the host's end of port `port`, as nobody else does meanwhile.
  void WriteFromHost(int port, const std::string& bytes) {
    const auto line = Stream::Connect(vm().SocketPath(absl::StrCat(port)),
                                      Deadline::After(kLimit));
    ASSERT_TRUE(line.ok()) << line.status();
    const absl::Status status = (*line)->Write(bytes, Deadline::After(kLimit));
    EXPECT_TRUE(status.ok()) << status;
  }
  // Writes to the guest's end; the guest daemon must not have it open.
  void WriteFromGuest(int port, const std::string& bytes) {
    ASSERT_TRUE(vm().agent().WriteFile("/tmp/garbage", bytes).ok());
    const absl::StatusOr<std::string> done = vm().Run(
        absl::StrCat("cat /tmp/garbage >/dev/virtio-ports/qpid.", port));
    EXPECT_TRUE(done.ok()) << done.status();
  }
};

TEST_F(InputTest, BadCommandLinesSayWhatIsWrong) {
  guest().KillAll();
  const std::string ports = "/dev/virtio-ports";
  const std::vector<BadCommand> commands = {
      {"/none/such", "Root path stat fail:"},
      {"/bin/busybox", "Root path is not a directory"},
      {ports + " 0", "Specify listen port in range 1..65535"},
      {ports + " 65536", "Specify listen port in range 1..65535"},
      {ports + " 80x", "Specify listen port in range 1..65535"},
      {ports + " 5672 LOUD", "LOUD"},
      {ports + " --no_such_flag", "no_such_flag"},
      {ports + " 5672 --service_port=5673", "service_port"},
      {ports + " --max_queue=-1", "max_queue"},
      {ports + " --queue_timeout=soon", "queue_timeout"},
  };
  for (const BadCommand& command : commands) {
    const auto result = vm().agent().Run(
        "vios-proxy-guest " + command.arguments, absl::Seconds(30));
    ASSERT_TRUE(result.ok()) << result.status();
    EXPECT_EQ(result->end, "exit 1") << command.arguments;
    EXPECT_TRUE(absl::StrContains(result->out + result->err, command.message))
        << command.arguments << ": " << result->out << result->err;
  }
}

TEST_F(InputTest, PortInUseIsNamed) {
  const auto result = vm().agent().Run(
      "vios-proxy-guest /dev/virtio-ports 5672 '--channels=none'",
      absl::Seconds(30));
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->end, "exit 1");
  EXPECT_TRUE(absl::StrContains(result->err, "Proxy service bind:"))
      << result->err;
}

TEST_F(InputTest, OtherThingsInTheDirectoriesAreLeftAlone) {
  ASSERT_TRUE(vm().Run("cd /dev/virtio-ports && echo text >a-file && "
                       "mkdir a-directory && ln -s /none/such dangling && "
                       "ln -s /dev/null a-device")
                  .ok());
  const std::string directory = vm().guest_directory();
  std::ofstream(directory + "/a-file") << "text";
  std::filesystem::create_directory(directory + "/a-directory");
  std::filesystem::create_symlink("0", directory + "/a-link");
  ExpectChannelsWork(3);
  EXPECT_EQ(vm().Run("cat /dev/virtio-ports/a-file").value_or(""), "text\n");
  vm().Run("cd /dev/virtio-ports && rm -r a-file a-directory dangling a-device")
      .IgnoreError();
  for (const char* name : {"/a-file", "/a-directory", "/a-link"}) {
    std::filesystem::remove(directory + name);
  }
}

TEST_F(InputTest, GarbageBeforeTheFirstSession) {
  for (const std::string& garbage : Garbage()) {
    StopAll();
    for (int port = 0; port < 3; ++port) WriteFromHost(port, garbage);
    StartService();
    StartHost();
    for (int port = 0; port < 3; ++port) WriteFromGuest(port, garbage);
    guest().StartGuest();
    ExpectChannelsWork(3);
  }
}

TEST_F(InputTest, GarbageBetweenSessions) {
  for (const std::string& garbage : Garbage()) {
    ExpectChannelsWork(3);
    StopHost();
    for (int port = 0; port < 3; ++port) WriteFromHost(port, garbage);
    StartHost();
    ExpectChannelsWork(3);
    guest().KillGuest();
    for (int port = 0; port < 3; ++port) WriteFromGuest(port, garbage);
    guest().StartGuest();
  }
  ExpectChannelsWork(3);
}

}  // namespace
}  // namespace vios::testing
