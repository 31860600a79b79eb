// SPDX-License-Identifier: Apache-2.0
#include "proxy/tcp.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "absl/synchronization/notification.h"
#include "channel/cancel.h"
#include "channel/deadline.h"
#include "channel/fd_io.h"
#include "channel/fd_pair.h"
#include "channel/wakeup.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace vios {
namespace {

using ::testing::HasSubstr;

constexpr absl::Duration kLong = absl::Seconds(10);

UniqueFd Listen(const SocketAddress& address, int backlog = 8) {
  UniqueFd fd(::socket(address.family(), SOCK_STREAM | SOCK_CLOEXEC, 0));
  EXPECT_EQ(::bind(fd.get(), address.addr(), address.size()), 0);
  EXPECT_EQ(::listen(fd.get(), backlog), 0);
  return fd;
}

SocketAddress NameOf(int fd) {
  sockaddr_storage name = {};
  socklen_t size = sizeof(name);
  EXPECT_EQ(::getsockname(fd, reinterpret_cast<sockaddr*>(&name), &size), 0);
  return SocketAddress(reinterpret_cast<sockaddr*>(&name), size);
}

int Option(int fd, int level, int option) {
  int value = -1;
  socklen_t size = sizeof(value);
  EXPECT_EQ(::getsockopt(fd, level, option, &value, &size), 0);
  return value;
}

linger Linger(int fd) {
  linger value = {};
  socklen_t size = sizeof(value);
  EXPECT_EQ(::getsockopt(fd, SOL_SOCKET, SO_LINGER, &value, &size), 0);
  return value;
}

int Receive(int fd) {
  char byte;
  return ::recv(fd, &byte, 1, 0) < 0 ? -errno : 0;
}

// "X" is the urgent one.
void SendWithAnUrgentByte(int fd) {
  EXPECT_EQ(::send(fd, "a", 1, 0), 1);
  EXPECT_EQ(::send(fd, "X", 1, MSG_OOB), 1);
  EXPECT_EQ(::send(fd, "b", 1, 0), 1);
}

class TcpTest : public ::testing::Test {
 protected:
  void SetUp() override {
    listener_ = Listen(*ParseSocketAddress("127.0.0.1", 0));
    absl::StatusOr<Dial> dial = StartDial(NameOf(listener_.get()));
    ASSERT_TRUE(dial.ok()) << dial.status();
    ours_ = std::move(dial->fd);
    theirs_ = UniqueFd(::accept4(listener_.get(), nullptr, nullptr,
                                 SOCK_CLOEXEC | SOCK_NONBLOCK));
    ASSERT_TRUE(theirs_.ok());
    ASSERT_TRUE(Await(ours_.get(), POLLOUT).ok());
    ASSERT_TRUE(FinishDial(ours_.get()).ok());
  }

  absl::Status Await(int fd, short events) {
    return WaitFor(fd, events, Deadline::After(kLong), *wakeup_);
  }

  Cancel cancel_;
  std::unique_ptr<Wakeup> wakeup_ = *Wakeup::Create(cancel_);
  UniqueFd listener_, ours_, theirs_;
};

TEST_F(TcpTest, DialledLegIsPrepared) {
  EXPECT_EQ(Option(ours_.get(), IPPROTO_TCP, TCP_NODELAY), 1);
  EXPECT_EQ(Option(ours_.get(), SOL_SOCKET, SO_KEEPALIVE), 1);
  EXPECT_EQ(Linger(ours_.get()).l_onoff, 1);
  EXPECT_EQ(Linger(ours_.get()).l_linger, 0);
  EXPECT_NE(::fcntl(ours_.get(), F_GETFL) & O_NONBLOCK, 0);
  EXPECT_NE(::fcntl(ours_.get(), F_GETFD) & FD_CLOEXEC, 0);
}

TEST_F(TcpTest, AnUrgentByteStaysWhereItWas) {
  SendWithAnUrgentByte(theirs_.get());
  EXPECT_EQ(ReadExactly(ours_.get(), 3), "aXb");
}

TEST_F(TcpTest, CloseOfAPreparedLegResets) {
  ours_.Reset();
  ASSERT_TRUE(Await(theirs_.get(), POLLIN).ok());
  EXPECT_TRUE(HungUp(theirs_.get()));
  EXPECT_EQ(Receive(theirs_.get()), -ECONNRESET);
}

TEST_F(TcpTest, CloseAfterACleanEndIsAnEndOfFile) {
  ASSERT_TRUE(EndCleanly(ours_.get()).ok());
  EXPECT_EQ(Linger(ours_.get()).l_onoff, 0);
  ours_.Reset();
  ASSERT_TRUE(Await(theirs_.get(), POLLIN).ok());
  EXPECT_FALSE(HungUp(theirs_.get()));
  EXPECT_EQ(Receive(theirs_.get()), 0);
}

TEST_F(TcpTest, AbortResetsAtOnceAndKeepsTheDescriptor) {
  AbortLeg(ours_.get());
  ASSERT_TRUE(Await(theirs_.get(), POLLIN).ok());
  EXPECT_EQ(Receive(theirs_.get()), -ECONNRESET);
  EXPECT_GE(::fcntl(ours_.get(), F_GETFD), 0);
  EXPECT_TRUE(HungUp(ours_.get()));
}

TEST_F(TcpTest, AbortResetsInSpiteOfUnsentData) {
  const std::string much(1 << 16, 'x');
  while (::send(ours_.get(), much.data(), much.size(), 0) > 0) continue;
  AbortLeg(ours_.get());
  while (::recv(theirs_.get(), const_cast<char*>(much.data()), 1, 0) > 0) {
    continue;
  }
  EXPECT_EQ(errno, ECONNRESET);
}

TEST_F(TcpTest, AbortIsNeverReadAsAnEndOfFile) {
  AbortLeg(ours_.get());
  EXPECT_LT(Receive(ours_.get()), 0);
  EXPECT_LT(Receive(ours_.get()), 0);
}

TEST_F(TcpTest, AbortAfterBothEndsOfFileIsHarmless) {
  ASSERT_EQ(::shutdown(ours_.get(), SHUT_WR), 0);
  ASSERT_EQ(::shutdown(theirs_.get(), SHUT_WR), 0);
  ASSERT_TRUE(Await(ours_.get(), POLLIN).ok());
  AbortLeg(ours_.get());
  AbortLeg(ours_.get());
  // A read behind an end of file does not tell of a reset.
  EXPECT_EQ(TakeSocketError(theirs_.get()), 0);
  EXPECT_EQ(Receive(theirs_.get()), 0);
}

TEST_F(TcpTest, AbortWakesAWaitingThread) {
  absl::Notification waiting;
  absl::Status status;
  std::thread waiter([&] {
    waiting.Notify();
    status = Await(ours_.get(), POLLIN);
  });
  waiting.WaitForNotification();
  AbortLeg(ours_.get());
  waiter.join();
  EXPECT_TRUE(status.ok()) << status;
}

TEST_F(TcpTest, EndOfFileIsNoHangUp) {
  EXPECT_FALSE(HungUp(ours_.get()));
  ASSERT_EQ(::shutdown(theirs_.get(), SHUT_WR), 0);
  ASSERT_TRUE(Await(ours_.get(), POLLIN).ok());
  EXPECT_FALSE(HungUp(ours_.get()));
}

TEST_F(TcpTest, RefusedDialTellsWhy) {
  const SocketAddress gone = NameOf(listener_.get());
  listener_.Reset();
  absl::StatusOr<Dial> dial = StartDial(gone);
  absl::Status status = dial.status();
  if (dial.ok()) {
    ASSERT_TRUE(Await(dial->fd.get(), POLLOUT).ok());
    status = FinishDial(dial->fd.get());
  }
  EXPECT_THAT(std::string(status.message()), HasSubstr("Connection refused"));
}

// One dial of these, bound to the port that it dials, meets itself.
TEST_F(TcpTest, ConnectionToItselfCountsAsRefused) {
  UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const SocketAddress any = *ParseSocketAddress("127.0.0.1", 0);
  ASSERT_EQ(::bind(fd.get(), any.addr(), any.size()), 0);
  const SocketAddress own = NameOf(fd.get());
  ASSERT_EQ(::connect(fd.get(), own.addr(), own.size()), 0);
  EXPECT_THAT(std::string(FinishDial(fd.get()).message()),
              HasSubstr("Connection refused"));
}

class UnixLegTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_NE(::mkdtemp(directory_), nullptr); }
  void TearDown() override {
    ::unlink(path_.c_str());
    ::rmdir(directory_);
  }
  SocketAddress Address() {
    path_ = std::string(directory_) + "/s";
    return *ParseSocketAddress("unix:" + path_, 0);
  }

  char directory_[24] = "/tmp/vios-tcp-XXXXXX";
  std::string path_;
};

TEST_F(UnixLegTest, ConnectsAtOnceAndAbortIsAHangUp) {
  const UniqueFd listener = Listen(Address());
  absl::StatusOr<Dial> dial = StartDial(Address());
  ASSERT_TRUE(dial.ok()) << dial.status();
  EXPECT_TRUE(dial->connected);
  EXPECT_TRUE(FinishDial(dial->fd.get()).ok());
  const UniqueFd theirs(::accept(listener.get(), nullptr, nullptr));
  EXPECT_TRUE(PrepareLeg(theirs.get()).ok());
  EXPECT_TRUE(EndCleanly(theirs.get()).ok());
  EXPECT_FALSE(HungUp(theirs.get()));
  AbortLeg(dial->fd.get());
  EXPECT_TRUE(HungUp(theirs.get()));
}

TEST_F(UnixLegTest, AnUrgentByteStaysWhereItWas) {
  const UniqueFd listener = Listen(Address());
  absl::StatusOr<Dial> dial = StartDial(Address());
  ASSERT_TRUE(dial.ok()) << dial.status();
  const UniqueFd theirs(::accept(listener.get(), nullptr, nullptr));
  SendWithAnUrgentByte(theirs.get());
  EXPECT_EQ(ReadExactly(dial->fd.get(), 3), "aXb");
}

TEST_F(UnixLegTest, FullBacklogSaysSo) {
  const UniqueFd listener = Listen(Address(), 0);
  absl::StatusOr<Dial> first = StartDial(Address());
  ASSERT_TRUE(first.ok()) << first.status();
  absl::StatusOr<Dial> second = StartDial(Address());
  ASSERT_FALSE(second.ok());
  EXPECT_TRUE(absl::IsAborted(second.status()));
  EXPECT_THAT(std::string(second.status().message()),
              HasSubstr("backlog of the service is full"));
}

}  // namespace
}  // namespace vios
