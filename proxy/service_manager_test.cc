// SPDX-License-Identifier: Apache-2.0
#include "proxy/service_manager.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

#include "absl/strings/str_cat.h"
#include "channel/scratch_dir.h"
#include "gtest/gtest.h"

namespace vios {
namespace {

// In the place of systemd.
class ServiceManagerTest : public ::testing::Test {
 protected:
  void Listen(const std::string& name) {
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    std::copy(name.begin(), name.end(), address.sun_path);
    if (name[0] == '@') address.sun_path[0] = '\0';
    socket_ = UniqueFd(
        ::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    ASSERT_EQ(::bind(socket_.get(), reinterpret_cast<sockaddr*>(&address),
                     static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) +
                                            name.size())),
              0);
    ::setenv("NOTIFY_SOCKET", name.c_str(), 1);
  }
  void Watch(const std::string& microseconds, pid_t pid) {
    ::setenv("WATCHDOG_USEC", microseconds.c_str(), 1);
    ::setenv("WATCHDOG_PID", absl::StrCat(pid).c_str(), 1);
  }
  // The next message, which is there already; empty when there is none.
  std::string Told() {
    std::array<char, 4096> buffer;
    const ssize_t n = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
    return n < 0 ? "" : std::string(buffer.data(), static_cast<size_t>(n));
  }

  ScratchDir dir_;
  UniqueFd socket_;
};

bool Yes() { return true; }
bool No() { return false; }

TEST_F(ServiceManagerTest, TellsNobodyWhenNobodyAsks) {
  auto manager = ServiceManager::FromEnvironment();
  EXPECT_TRUE(manager.status().ok());
  EXPECT_FALSE(manager.watched());
  EXPECT_TRUE(manager.next_ping().never());
  manager.Ready("up");
  manager.PingIfDue(Yes);
}

TEST_F(ServiceManagerTest, TellsTheStatesAndTheStatusOnce) {
  Listen(dir_ / "notify");
  auto manager = ServiceManager::FromEnvironment();
  EXPECT_EQ(::getenv("NOTIFY_SOCKET"), nullptr);
  manager.Ready("up\nREADY=0");
  EXPECT_EQ(Told(), "READY=1");
  EXPECT_EQ(Told(), "STATUS=up READY=0");
  manager.Status("3 channels");
  manager.Status("3 channels");
  EXPECT_EQ(Told(), "STATUS=3 channels");
  EXPECT_EQ(Told(), "");
  manager.Stopping("bye");
  EXPECT_EQ(Told(), "STOPPING=1");
  EXPECT_EQ(Told(), "STATUS=bye");
  manager.PingIfDue(Yes);
  EXPECT_EQ(Told(), "");
}

TEST_F(ServiceManagerTest, AnAbstractSocketWillDo) {
  Listen("@" + dir_.path());  // A name that nobody else has.
  ServiceManager::FromEnvironment().Ready("up");
  EXPECT_EQ(Told(), "READY=1");
}

TEST_F(ServiceManagerTest, PingsTheWatchdogOnlyWhileAlive) {
  Listen(dir_ / "notify");
  Watch("3600000000", ::getpid());
  auto manager = ServiceManager::FromEnvironment();
  EXPECT_TRUE(manager.watched());
  EXPECT_EQ(::getenv("WATCHDOG_USEC"), nullptr);
  EXPECT_EQ(::getenv("WATCHDOG_PID"), nullptr);
  EXPECT_TRUE(manager.next_ping().passed());
  manager.PingIfDue(Yes);
  EXPECT_EQ(Told(), "WATCHDOG=1");
  EXPECT_LE(manager.next_ping().remaining(), absl::Minutes(30));
  manager.PingIfDue(Yes);
  EXPECT_EQ(Told(), "");

  Watch("1", ::getpid());
  auto hasty = ServiceManager::FromEnvironment();
  EXPECT_FALSE(hasty.watched());  // It was told no socket.
  Listen(dir_ / "other");
  Watch("2", ::getpid());
  auto dead = ServiceManager::FromEnvironment();
  EXPECT_TRUE(dead.watched());
  dead.PingIfDue(No);
  EXPECT_EQ(Told(), "");
}

TEST_F(ServiceManagerTest, AWatchdogOfAnotherProcessIsNotOurs) {
  Listen(dir_ / "notify");
  Watch("2000000", ::getpid() + 1);
  EXPECT_FALSE(ServiceManager::FromEnvironment().watched());
}

TEST_F(ServiceManagerTest, ASocketThatIsNotThereIsToldAndNotFatal) {
  for (const std::string& name : {dir_ / "nix", std::string("vsock:2:1234"),
                                  "/" + std::string(200, 'x')}) {
    ::setenv("NOTIFY_SOCKET", name.c_str(), 1);
    Watch("2000000", ::getpid());
    auto manager = ServiceManager::FromEnvironment();
    EXPECT_FALSE(manager.status().ok()) << name;
    EXPECT_FALSE(manager.watched());
    manager.Ready("up");
  }
}

}  // namespace
}  // namespace vios
