// SPDX-License-Identifier: Apache-2.0
#include "proxy/acceptor.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "channel/deadline.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace {

std::atomic<int> accepts = 0;
// The next client is another process's, which has the same listener.
std::atomic<bool> another_is_faster = false;

}  // namespace

// In place of the C library's, for all of this program.
extern "C" int accept4(int fd, sockaddr* peer, socklen_t* size, int flags) {
  ++accepts;
  if (another_is_faster.exchange(false)) {
    ::close(static_cast<int>(::syscall(SYS_accept4, fd, nullptr, nullptr, 0)));
  }
  return static_cast<int>(::syscall(SYS_accept4, fd, peer, size, flags));
}

namespace vios {
namespace {

using ::testing::ElementsAre;

constexpr absl::Duration kPatience = absl::Seconds(20);

sockaddr_in AddressOf(int fd) {
  sockaddr_in address = {};
  socklen_t size = sizeof address;
  EXPECT_EQ(::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size), 0);
  return address;
}

UniqueFd TcpSocket() {
  return UniqueFd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

UniqueFd Listening() {
  UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(
      ::bind(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address),
      0);
  EXPECT_EQ(::listen(fd.get(), 16), 0);
  return fd;
}

void Connect(const UniqueFd& client, const sockaddr_in& address) {
  EXPECT_EQ(::connect(client.get(), reinterpret_cast<const sockaddr*>(&address),
                      sizeof address),
            0);
}

// What the acceptor told. Thread-safe.
class Told {
 public:
  Acceptor::Handlers Handlers() {
    Acceptor::Handlers handlers;
    handlers.on_client = [this](UniqueFd fd, std::string from) {
      absl::MutexLock lock(&mu_);
      clients_.push_back(std::move(from));
      fds_.push_back(std::move(fd));
    };
    handlers.on_tick = [this] {
      absl::MutexLock lock(&mu_);
      ++ticks_;
    };
    handlers.on_error = [this](const absl::Status& status) {
      absl::MutexLock lock(&mu_);
      if (errors_.empty() || errors_.back() != status.code()) {
        errors_.push_back(status.code());
      }
    };
    return handlers;
  }
  // Each waits for as many, at most kPatience.
  std::vector<std::string> Clients(size_t count) {
    Await([this, count]() ABSL_SHARED_LOCKS_REQUIRED(mu_) {
      return clients_.size() >= count;
    });
    absl::MutexLock lock(&mu_);
    return clients_;
  }
  // Of the first client.
  int Option(int level, int option) {
    absl::MutexLock lock(&mu_);
    int value = -1;
    socklen_t size = sizeof value;
    (void)::getsockopt(fds_.at(0).get(), level, option, &value, &size);
    return value;
  }
  std::vector<absl::StatusCode> Errors(size_t count) {
    Await([this, count]() ABSL_SHARED_LOCKS_REQUIRED(mu_) {
      return errors_.size() >= count;
    });
    absl::MutexLock lock(&mu_);
    return errors_;
  }
  int Ticks(int count) {
    Await([this, count]()
              ABSL_SHARED_LOCKS_REQUIRED(mu_) { return ticks_ >= count; });
    absl::MutexLock lock(&mu_);
    return ticks_;
  }
  int FirstFd() {
    absl::MutexLock lock(&mu_);
    return fds_.at(0).get();
  }

 private:
  template <typename Condition>
  void Await(Condition condition) {
    absl::MutexLock lock(&mu_);
    mu_.AwaitWithTimeout(absl::Condition(&condition), kPatience);
  }

  absl::Mutex mu_;
  std::vector<std::string> clients_ ABSL_GUARDED_BY(mu_);
  std::vector<UniqueFd> fds_ ABSL_GUARDED_BY(mu_);
  std::vector<absl::StatusCode> errors_ ABSL_GUARDED_BY(mu_);
  int ticks_ ABSL_GUARDED_BY(mu_) = 0;
};

std::unique_ptr<Acceptor> Start(UniqueFd listener,
                                Acceptor::Handlers handlers) {
  auto acceptor = Acceptor::Start(std::move(listener), std::move(handlers));
  EXPECT_TRUE(acceptor.ok()) << acceptor.status();
  return *std::move(acceptor);
}

// No new descriptors while it lives; no matchers either, for UBSan looks at
// them through a pipe.
class NoDescriptors {
 public:
  NoDescriptors() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const UniqueFd next(::fcntl(0, F_DUPFD_CLOEXEC, 0));
    rlimit limit = before_;
    limit.rlim_cur = static_cast<rlim_t>(next.get());
    ::setrlimit(RLIMIT_NOFILE, &limit);
  }
  ~NoDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_ = {};
};

TEST(AcceptorTest, HandsOverClientsWithTheirAddresses) {
  UniqueFd listener = Listening();
  const sockaddr_in address = AddressOf(listener.get());
  Told told;
  const auto acceptor = Start(std::move(listener), told.Handlers());
  const UniqueFd one = TcpSocket();
  Connect(one, address);
  const UniqueFd two = TcpSocket();
  Connect(two, address);
  const auto name = [](const UniqueFd& fd) {
    return absl::StrCat("127.0.0.1:", ntohs(AddressOf(fd.get()).sin_port));
  };
  EXPECT_THAT(told.Clients(2), ElementsAre(name(one), name(two)));
  EXPECT_NE(::fcntl(told.FirstFd(), F_GETFL) & O_NONBLOCK, 0);
  EXPECT_NE(::fcntl(told.FirstFd(), F_GETFD) & FD_CLOEXEC, 0);
}

// A client on its only processor connects and asks in one go.
TEST(AcceptorTest, IsPatient) {
  UniqueFd listener = Listening();
  const sockaddr_in address = AddressOf(listener.get());
  Told told;
  Acceptor::Handlers handlers = told.Handlers();
  int scheduler = -1;
  handlers.on_client = [&scheduler, then = handlers.on_client](
                           UniqueFd fd, std::string from) {
    scheduler = ::sched_getscheduler(0);
    then(std::move(fd), std::move(from));
  };
  const auto acceptor = Start(std::move(listener), std::move(handlers));
  const UniqueFd client = TcpSocket();
  Connect(client, address);
  ASSERT_EQ(told.Clients(1).size(), 1);
  EXPECT_EQ(scheduler, SCHED_BATCH);
}

TEST(AcceptorTest, AClientOfAUnixSocketHasNoAddress) {
  UniqueFd listener(
      ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  socklen_t size = sizeof(sa_family_t);  // The kernel picks an abstract name.
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  ASSERT_EQ(::bind(listener.get(), generic, size), 0);
  ASSERT_EQ(::listen(listener.get(), 1), 0);
  size = sizeof address;
  ASSERT_EQ(::getsockname(listener.get(), generic, &size), 0);
  Told told;
  const auto acceptor = Start(std::move(listener), told.Handlers());
  const UniqueFd client(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  ASSERT_EQ(::connect(client.get(), generic, size), 0);
  EXPECT_THAT(told.Clients(1), ElementsAre("unix"));
  // Nor does it inherit anything from the listener.
  EXPECT_EQ(told.Option(SOL_SOCKET, SO_OOBINLINE), 1);
}

TEST(AcceptorTest, Ticks) {
  Told told;
  Acceptor::Handlers handlers = told.Handlers();
  handlers.tick_interval = absl::Milliseconds(1);
  const auto acceptor = Start(Listening(), std::move(handlers));
  EXPECT_GE(told.Ticks(3), 3);
}

TEST(AcceptorTest, GoesOnWhenThereAreDescriptorsAgain) {
  UniqueFd listener = Listening();
  const sockaddr_in address = AddressOf(listener.get());
  Told told;
  const auto acceptor = Start(std::move(listener), told.Handlers());
  const UniqueFd client = TcpSocket();
  {
    const NoDescriptors none;
    Connect(client, address);
    (void)told.Errors(1);
  }
  EXPECT_EQ(told.Clients(1).size(), 1);
  EXPECT_THAT(told.Errors(2), ElementsAre(absl::StatusCode::kResourceExhausted,
                                          absl::StatusCode::kOk));
}

TEST(AcceptorTest, TicksWhileThereAreNoDescriptors) {
  UniqueFd listener = Listening();
  const sockaddr_in address = AddressOf(listener.get());
  Told told;
  Acceptor::Handlers handlers = told.Handlers();
  handlers.tick_interval = absl::Milliseconds(1);
  const auto acceptor = Start(std::move(listener), std::move(handlers));
  const UniqueFd client = TcpSocket();
  const NoDescriptors none;
  Connect(client, address);
  ASSERT_EQ(told.Errors(1).size(), 1);
  const int ticks = told.Ticks(0);
  EXPECT_GE(told.Ticks(ticks + 2), ticks + 2);
}

TEST(AcceptorTest, StopResetsThoseThatWereNotAccepted) {
  UniqueFd listener = Listening();
  const sockaddr_in address = AddressOf(listener.get());
  Told told;
  const auto acceptor = Start(std::move(listener), told.Handlers());
  const UniqueFd client = TcpSocket();
  const UniqueFd late = TcpSocket();
  {
    const NoDescriptors none;
    Connect(client, address);
    ASSERT_EQ(told.Errors(1).size(), 1);
    acceptor->Stop();
  }
  char byte = 0;
  EXPECT_EQ(::recv(client.get(), &byte, 1, 0), -1);
  EXPECT_EQ(errno, ECONNRESET);
  EXPECT_EQ(::connect(late.get(), reinterpret_cast<const sockaddr*>(&address),
                      sizeof address),
            -1);
  EXPECT_EQ(errno, ECONNREFUSED);
  acceptor->Stop();
}

TEST(AcceptorTest, AClientThatAnotherTookIsNoError) {
  UniqueFd listener = Listening();
  const sockaddr_in address = AddressOf(listener.get());
  Told told;
  const auto acceptor = Start(std::move(listener), told.Handlers());
  const UniqueFd taken = TcpSocket(), ours = TcpSocket();
  another_is_faster = true;
  Connect(taken, address);
  char byte = 0;
  EXPECT_EQ(::recv(taken.get(), &byte, 1, 0), 0);
  Connect(ours, address);
  EXPECT_EQ(told.Clients(1).size(), 1u);
  EXPECT_THAT(told.Errors(0), ElementsAre());
}

TEST(AcceptorTest, TicksNoMoreOftenThanItIsToldTo) {
  constexpr std::chrono::milliseconds kEvery(50);
  Told told;
  Acceptor::Handlers handlers = told.Handlers();
  handlers.tick_interval = absl::FromChrono(kEvery);
  const Clock::time_point begun = Clock::now();
  const auto acceptor = Start(Listening(), std::move(handlers));
  const int ticks = told.Ticks(3);
  EXPECT_GE(ticks, 3);
  EXPECT_GE(Clock::now() - begun, ticks * kEvery);
}

TEST(AcceptorTest, AListenerThatIsNoneIsToldAndNotSpunOn) {
  Told told;
  const auto acceptor = Start(TcpSocket(), told.Handlers());
  EXPECT_THAT(told.Errors(1), ElementsAre(absl::StatusCode::kInvalidArgument));
  // The second and the third of these come a pause after the one before.
  const Clock::time_point begin = Clock::now();
  const int three_more = accepts + 3;
  const Deadline limit = Deadline::After(kPatience);
  while (accepts < three_more && !limit.passed()) std::this_thread::yield();
  EXPECT_GE(accepts, three_more);
  EXPECT_GE(Clock::now() - begin, std::chrono::milliseconds(190));
}

}  // namespace
}  // namespace vios
