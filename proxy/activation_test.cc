// SPDX-License-Identifier: Apache-2.0
#include "proxy/activation.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "channel/fd_pair.h"
#include "channel/scratch_dir.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proxy/listener.h"
#include "proxy/socket_address.h"

namespace vios {
namespace {

using ::testing::HasSubstr;

class ActivationTest : public ::testing::Test {
 protected:
  void SetUp() override { Announce("1", ::getpid()); }
  void Announce(const std::string& count, pid_t pid) {
    ::setenv("LISTEN_FDS", count.c_str(), 1);
    ::setenv("LISTEN_PID", absl::StrCat(pid).c_str(), 1);
    ::setenv("LISTEN_FDNAMES", "x", 1);
  }
  // As it comes from systemd.
  static int Listener(const std::string& address) {
    auto opened = OpenListener(*ParseSocketAddress(address, 0), 0600);
    EXPECT_TRUE(opened.ok()) << opened.status();
    return ::fcntl(opened->get(), F_DUPFD, 100);
  }
  static void ExpectWrong(int fd, const std::string& what) {
    const auto taken = TakeActivationListener(fd);
    EXPECT_EQ(taken.status().code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_THAT(std::string(taken.status().message()), HasSubstr(what));
  }
  const ScratchDir dir_;
};

TEST_F(ActivationTest, NothingWithoutAnEnvironment) {
  ::unsetenv("LISTEN_FDS");
  const auto taken = TakeActivationListener();
  ASSERT_TRUE(taken.ok());
  EXPECT_FALSE(taken->has_value());
}

TEST_F(ActivationTest, NothingThatIsMeantForAnotherProcess) {
  Announce("1", ::getpid() + 1);
  const auto taken = TakeActivationListener();
  ASSERT_TRUE(taken.ok());
  EXPECT_FALSE(taken->has_value());
}

TEST_F(ActivationTest, TakesAListenerAndItsEnvironment) {
  for (const std::string& address :
       {std::string("127.0.0.1"), std::string("::1"), "unix:" + (dir_ / "s")}) {
    Announce("1", ::getpid());
    const int fd = Listener(address);
    const auto taken = TakeActivationListener(fd);
    ASSERT_TRUE(taken.ok()) << taken.status();
    ASSERT_TRUE(taken->has_value());
    EXPECT_EQ((*taken)->get(), fd);
    EXPECT_EQ(::fcntl(fd, F_GETFD), FD_CLOEXEC);
    EXPECT_NE(::fcntl(fd, F_GETFL) & O_NONBLOCK, 0);
    for (const char* name : {"LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES"}) {
      EXPECT_EQ(::getenv(name), nullptr) << name;
    }
  }
}

int OptionOf(const UniqueFd& fd, int level, int name) {
  int value = 0;
  socklen_t size = sizeof value;
  EXPECT_EQ(::getsockopt(fd.get(), level, name, &value, &size), 0);
  return value;
}

// systemd knows nothing of them. The kernel resets for a daemon that dies
// before it has even looked at a client.
TEST_F(ActivationTest, ItsClientsAreOursFromTheFirstMoment) {
  const SocketAddress any = *ParseSocketAddress("127.0.0.1", 0);
  const int plain = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ASSERT_EQ(::bind(plain, any.addr(), any.size()), 0);
  ASSERT_EQ(::listen(plain, 1), 0);
  const auto taken = TakeActivationListener(plain);
  ASSERT_TRUE(taken.ok()) << taken.status();
  const auto address = ParseSocketAddress("127.0.0.1", PortOfListener(plain));
  const UniqueFd client(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  ASSERT_EQ(::connect(client.get(), address->addr(), address->size()), 0);
  const UniqueFd accepted(
      ::accept4((*taken)->get(), nullptr, nullptr, SOCK_CLOEXEC));
  ASSERT_TRUE(accepted.ok());
  EXPECT_TRUE(ResetsAtClose(accepted.get()));
  EXPECT_NE(OptionOf(accepted, IPPROTO_TCP, TCP_NODELAY), 0);
  EXPECT_NE(OptionOf(accepted, SOL_SOCKET, SO_KEEPALIVE), 0);
}

// It would be another one for whoever names it from another directory.
TEST_F(ActivationTest, ARelativePathIsWrong) {
  const UniqueFd here(::open(".", O_PATH | O_CLOEXEC));
  ASSERT_EQ(::chdir((dir_ / ".").c_str()), 0);
  sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "relative"};
  const UniqueFd listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  EXPECT_EQ(::bind(listener.get(), reinterpret_cast<const sockaddr*>(&address),
                   sizeof address),
            0);
  EXPECT_EQ(::listen(listener.get(), 1), 0);
  ASSERT_EQ(::fchdir(here.get()), 0);
  ExpectWrong(listener.get(), "the path of the unix socket is not absolute");
}

TEST_F(ActivationTest, AnythingElseIsToldInOneLine) {
  Announce("2", ::getpid());
  ExpectWrong(3, "Socket activation: LISTEN_FDS=2; wanted is one");
  SetUp();
  const UniqueFd file(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  ExpectWrong(file.get(), "is no socket");
  SetUp();
  const UniqueFd datagram(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ExpectWrong(datagram.get(), "neither a TCP nor a unix stream socket");
  SetUp();
  const UniqueFd idle(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  ExpectWrong(idle.get(), "does not listen");
  SetUp();
  ExpectWrong(1000, "is no socket");
}

}  // namespace
}  // namespace vios
