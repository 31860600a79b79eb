// SPDX-License-Identifier: Apache-2.0
#include "proxy/listener.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "channel/fd_pair.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proxy/tcp.h"

namespace vios {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr mode_t kMode = 0620;

SocketAddress Loopback(uint16_t port) {
  return *ParseSocketAddress("127.0.0.1", port);
}

std::string ErrorOf(const SocketAddress& address) {
  return std::string(OpenListener(address, kMode).status().message());
}

TEST(ListenerTest, TakesConnectionsWithoutBlocking) {
  absl::StatusOr<UniqueFd> listener = OpenListener(Loopback(0), kMode);
  ASSERT_TRUE(listener.ok()) << listener.status();
  EXPECT_LT(::accept(listener->get(), nullptr, nullptr), 0);
  EXPECT_EQ(errno, EAGAIN);
  const uint16_t port = PortOfListener(listener->get());
  ASSERT_NE(port, 0);
  EXPECT_TRUE(StartDial(Loopback(port)).ok());
  EXPECT_NE(::fcntl(listener->get(), F_GETFD) & FD_CLOEXEC, 0);
}

int Option(int fd, int level, int name) {
  int value = 0;
  socklen_t size = sizeof(value);
  EXPECT_EQ(::getsockopt(fd, level, name, &value, &size), 0);
  return value;
}

TEST(ListenerTest, WhatIsAcceptedIsAPreparedLeg) {
  absl::StatusOr<UniqueFd> listener = OpenListener(Loopback(0), kMode);
  ASSERT_TRUE(listener.ok()) << listener.status();
  auto dial = StartDial(Loopback(PortOfListener(listener->get())));
  ASSERT_TRUE(dial.ok());
  const UniqueFd accepted(::accept(listener->get(), nullptr, nullptr));
  ASSERT_TRUE(accepted.ok());
  EXPECT_TRUE(ResetsAtClose(accepted.get()));
  EXPECT_EQ(Option(accepted.get(), IPPROTO_TCP, TCP_NODELAY), 1);
  EXPECT_EQ(Option(accepted.get(), SOL_SOCKET, SO_KEEPALIVE), 1);
}

TEST(ListenerTest, PortInUseIsTheBindDiagnostic) {
  absl::StatusOr<UniqueFd> first = OpenListener(Loopback(0), kMode);
  ASSERT_TRUE(first.ok());
  const uint16_t port = PortOfListener(first->get());
  EXPECT_EQ(ErrorOf(Loopback(port)),
            absl::StrCat("Proxy service bind: 127.0.0.1:", port,
                         ": Address already in use"));
}

TEST(ListenerTest, PortIsFreeAgainAtOnce) {
  absl::StatusOr<UniqueFd> first = OpenListener(Loopback(0), kMode);
  ASSERT_TRUE(first.ok());
  const uint16_t port = PortOfListener(first->get());
  ASSERT_TRUE(StartDial(Loopback(port)).ok());
  first->Reset();
  EXPECT_TRUE(OpenListener(Loopback(port), kMode).ok());
}

// As those of a daemon that is started again without its sessions.
TEST(ListenerTest, SessionsOfThePortAreNotInTheWay) {
  absl::StatusOr<UniqueFd> first = OpenListener(Loopback(0), kMode);
  ASSERT_TRUE(first.ok());
  const uint16_t port = PortOfListener(first->get());
  const auto client = StartDial(Loopback(port));
  ASSERT_TRUE(client.ok());
  const UniqueFd accepted(::accept(first->get(), nullptr, nullptr));
  ASSERT_TRUE(accepted.ok());
  first->Reset();
  EXPECT_TRUE(OpenListener(Loopback(port), kMode).ok());
}

TEST(ListenerTest, ForeignAddressIsTheBindDiagnostic) {
  EXPECT_EQ(
      ErrorOf(*ParseSocketAddress("192.0.2.1", 5672)),
      "Proxy service bind: 192.0.2.1:5672: Cannot assign requested address");
}

TEST(ListenerTest, NoDescriptorIsTheCreateDiagnostic) {
  rlimit before = {};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit none = {0, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  const std::string error = ErrorOf(Loopback(0));
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_EQ(error,
            "Failed to create proxy service: 127.0.0.1:0: Too many open files");
}

class UnixListenerTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_NE(::mkdtemp(directory_), nullptr); }
  void TearDown() override {
    ::unlink(path().c_str());
    ::rmdir(directory_);
  }
  std::string path() const { return std::string(directory_) + "/s"; }
  SocketAddress Address() const {
    return *ParseSocketAddress("unix:" + path(), 0);
  }
  bool Exists() const {
    struct stat file;
    return ::lstat(path().c_str(), &file) == 0;
  }

  char directory_[24] = "/tmp/vios-lsn-XXXXXX";
};

TEST_F(UnixListenerTest, HasTheModeAndNoPort) {
  absl::StatusOr<UniqueFd> listener = OpenListener(Address(), kMode);
  ASSERT_TRUE(listener.ok()) << listener.status();
  struct stat file = {};
  ASSERT_EQ(::lstat(path().c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 07777, kMode);
  EXPECT_EQ(PortOfListener(listener->get()), 0);
}

TEST_F(UnixListenerTest, ReplacesAStaleSocket) {
  ASSERT_TRUE(OpenListener(Address(), kMode).ok());  // Closed, but not removed.
  ASSERT_TRUE(Exists());
  absl::StatusOr<UniqueFd> listener = OpenListener(Address(), kMode);
  ASSERT_TRUE(listener.ok()) << listener.status();
  EXPECT_TRUE(StartDial(Address()).ok());
}

TEST_F(UnixListenerTest, LeavesALiveSocketAlone) {
  absl::StatusOr<UniqueFd> live = OpenListener(Address(), kMode);
  ASSERT_TRUE(live.ok());
  const std::string error = ErrorOf(Address());
  EXPECT_THAT(error, StartsWith("Proxy service bind: unix:/tmp/"));
  EXPECT_THAT(error, EndsWith(": Address already in use"));
  EXPECT_TRUE(StartDial(Address()).ok());
}

TEST_F(UnixListenerTest, LeavesAPlainFileAlone) {
  UniqueFd file(::open(path().c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
  ASSERT_TRUE(file.ok());
  EXPECT_THAT(ErrorOf(Address()), EndsWith(": Address already in use"));
  EXPECT_TRUE(Exists());
}

TEST_F(UnixListenerTest, MissingDirectoryIsTheBindDiagnostic) {
  EXPECT_EQ(ErrorOf(*ParseSocketAddress("unix:/nowhere/s", 0)),
            "Proxy service bind: unix:/nowhere/s: No such file or directory");
}

TEST_F(UnixListenerTest, GuardRemovesItsOwnSocketOnly) {
  absl::StatusOr<UniqueFd> first = OpenListener(Address(), kMode);
  ASSERT_TRUE(first.ok());
  std::optional<UnixSocketGuard> older(std::in_place, Address());
  first->Reset();
  // Kept until the new one exists: its inode must not be given to that.
  ASSERT_EQ(::rename(path().c_str(), (path() + "-").c_str()), 0);
  absl::StatusOr<UniqueFd> second = OpenListener(Address(), kMode);
  ASSERT_TRUE(second.ok());
  ASSERT_EQ(::unlink((path() + "-").c_str()), 0);
  std::optional<UnixSocketGuard> newer(std::in_place, Address());
  older.reset();
  EXPECT_TRUE(Exists());
  newer.reset();
  EXPECT_FALSE(Exists());
}

TEST_F(UnixListenerTest, LeavesASocketWithAFullBacklogAlone) {
  absl::StatusOr<UniqueFd> live = OpenListener(Address(), kMode);
  ASSERT_TRUE(live.ok());
  ASSERT_EQ(::listen(live->get(), 0), 0);
  const auto first = StartDial(Address());
  ASSERT_TRUE(first.ok());
  ASSERT_FALSE(StartDial(Address()).ok());
  EXPECT_THAT(ErrorOf(Address()), EndsWith(": Address already in use"));
  EXPECT_TRUE(Exists());
}

}  // namespace
}  // namespace vios
