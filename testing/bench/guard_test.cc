// SPDX-License-Identifier: Apache-2.0
// What a message costs either daemon, counted and not timed: system calls and
// threads. A change that makes one of these worse fails here, and has to be
// worth it.
#include <sys/socket.h>
#include <sys/un.h>

#include <cstring>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "channel/scratch_dir.h"
#include "channel/unique_fd.h"
#include "gtest/gtest.h"
#include "testing/bench/load_stream.h"
#include "testing/bench/syscall_counts.h"
#include "testing/fake_qemu.h"
#include "testing/traffic/tcp.h"
#include "testing/vm/eventually.h"
#include "testing/vm/process.h"
#include "testing/vm/runfile.h"

namespace vios::testing {
namespace {

constexpr absl::Duration kLimit = absl::Seconds(60);
constexpr int kRoundTrips = 500;
constexpr uint64_t kMegabytes = 16;
constexpr uint64_t kMegabyte = 1 << 20;
// Of calls per round trip: what the supervisor does beside, once a second.
constexpr double kTolerance = 0.1;

using Limits = std::map<std::string, double>;

// Every call that the relay makes, per `per` of `unit`, against its limit. All
// limits are shown, so that a change of them shows, too.
void ExpectWithin(const std::string& who, const SyscallCounts& counts, int per,
                  const std::string& unit, const Limits& limits,
                  double tolerance) {
  for (const char* name :
       {"poll", "ppoll", "epoll_wait", "recvfrom", "read", "readv", "sendmsg",
        "sendto", "write", "writev", "futex"}) {
    const auto found = counts.find(name);
    const double made =
        found == counts.end() ? 0 : static_cast<double>(found->second) / per;
    const auto limit = limits.find(name);
    const double allowed = limit == limits.end() ? 0 : limit->second;
    if (made > 0) std::cout << who << ": " << made << " x " << name << "\n";
    // Nothing is counted when nothing was traced.
    const bool expected = allowed > 0 && std::string(name) != "poll";
    EXPECT_TRUE(made > 0 || !expected) << who << ": no " << name;
    EXPECT_LE(made, allowed + tolerance)
        << who << ": " << made << " x " << name << " per " << unit
        << ", not more than " << allowed << " is wanted";
  }
}

UniqueFd ConnectUnix(const std::string& path) {
  UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = {}};
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  if (::connect(fd.get(), reinterpret_cast<sockaddr*>(&address),
                sizeof address) != 0) {
    return UniqueFd();
  }
  return fd;
}

// Both daemons as processes, with one channel, a client and a service of which
// the test has the sockets.
class GuardTest : public ::testing::Test {
 protected:
  void SetUp() override {
    dir_.MakeDirectory("hosts");
    dir_.MakeDirectory("hosts/g1");
    dir_.MakeDirectory("ports");
    dir_.MakeDirectory("logs");
    qemu_ =
        std::make_unique<FakeQemu>(dir_ / "hosts/g1/0", dir_ / "ports/qpid.0");
    auto listener = ListenTcp("127.0.0.1", 0);
    ASSERT_TRUE(listener.ok()) << listener.status();
    listener_ = *std::move(listener);
    ASSERT_TRUE(SetNoProgressTimeout(listener_.get(), kLimit).ok());
    host_ = Run("host",
                {dir_ / "hosts", absl::StrCat(*LocalPort(listener_.get()))});
    guest_ = Run("guest", {dir_ / "ports",
                           "--listen_address=unix:" + (dir_ / "client")});
    for (const Process* daemon : {host_.get(), guest_.get()}) {
      ASSERT_TRUE(daemon->AwaitLog("channel appeared", kLimit));
      ASSERT_TRUE(daemon->AwaitLog("ALERT started", kLimit));  // All threads.
    }
  }

  std::unique_ptr<Process> Run(const std::string& which,
                               std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), Runfile("proxy/vios-proxy-" + which));
    auto process = Process::Start(std::move(arguments), dir_ / "logs/" + which);
    EXPECT_TRUE(process.ok()) << process.status();
    return *std::move(process);
  }

  // A session, and one round trip through it.
  void Connect() {
    ASSERT_TRUE(Eventually(kLimit, [this] {
      client_ = ConnectUnix(dir_ / "client");
      return client_.ok();
    }));
    service_ = AcceptNext(listener_.get());
    ASSERT_TRUE(service_.ok());
    ASSERT_TRUE(SetNoProgressTimeout(client_.get(), kLimit).ok());
    ASSERT_TRUE(SetNoProgressTimeout(service_.get(), kLimit).ok());
    RoundTrips(1);
  }

  void RoundTrips(int count) {
    std::vector<uint8_t> message(64, 'x');
    const auto bytes = absl::MakeSpan(message);
    for (int i = 0; i < count; ++i) {
      ASSERT_TRUE(WriteAll(client_.get(), bytes).ok());
      ASSERT_TRUE(ReadAll(service_.get(), bytes).ok());
      ASSERT_TRUE(WriteAll(service_.get(), bytes).ok());
      ASSERT_TRUE(ReadAll(client_.get(), bytes).ok());
    }
  }

  void Stream(const UniqueFd& from, const UniqueFd& to) {
    std::thread sender([&] {
      EXPECT_TRUE(SendLoad(from.get(), kMegabytes * kMegabyte, 64 * 1024).ok());
    });
    EXPECT_TRUE(TakeLoad(to.get(), kMegabytes * kMegabyte).ok());
    sender.join();
  }

  int Threads(const Process& daemon) {
    const auto figures = daemon.ReadFigures();
    EXPECT_TRUE(figures.ok()) << figures.status();
    return figures.ok() ? figures->threads : 0;
  }

  const ScratchDir dir_;
  std::unique_ptr<FakeQemu> qemu_;
  UniqueFd listener_;
  std::unique_ptr<Process> host_;
  std::unique_ptr<Process> guest_;
  UniqueFd client_;
  UniqueFd service_;
};

TEST_F(GuardTest, SystemCallsOfARoundTrip) {
  // One wait, read and write for each of the two ways.
  const Limits limits = {
      {"poll", 2}, {"recvfrom", 1}, {"write", 1}, {"readv", 1}, {"sendmsg", 1}};
  Connect();
  for (const auto& [who, daemon] :
       {std::pair("guest", guest_.get()), std::pair("host", host_.get())}) {
    const auto counts =
        CountSyscalls(daemon->pid(), [this] { RoundTrips(kRoundTrips); });
    ASSERT_TRUE(counts.ok()) << counts.status();
    ExpectWithin(who, *counts, kRoundTrips, "round trip of 64 bytes", limits,
                 kTolerance);
  }
}

// How much a read gives depends on who is ahead: seen were 32 of either call
// behind TCP, 17 behind the channel, and hardly a wait.
TEST_F(GuardTest, SystemCallsOfAMegabyte) {
  const Limits from_tcp = {{"recvfrom", 48}, {"write", 48}, {"poll", 48}};
  const Limits to_tcp = {{"readv", 40}, {"sendmsg", 40}, {"poll", 40}};
  Connect();
  struct Case {
    const char* who;
    Process* daemon;
    const UniqueFd& from;
    const UniqueFd& to;
    const Limits& limits;
  };
  for (const Case& it :
       {Case{"guest, up", guest_.get(), client_, service_, from_tcp},
        Case{"host, up", host_.get(), client_, service_, to_tcp},
        Case{"guest, down", guest_.get(), service_, client_, to_tcp},
        Case{"host, down", host_.get(), service_, client_, from_tcp}}) {
    const auto counts =
        CountSyscalls(it.daemon->pid(), [&] { Stream(it.from, it.to); });
    ASSERT_TRUE(counts.ok()) << counts.status();
    ExpectWithin(it.who, *counts, kMegabytes, "megabyte", it.limits, 1);
  }
}

TEST_F(GuardTest, ThreadsOfAChannel) {
  const int guest_idle = Threads(*guest_);
  const int host_idle = Threads(*host_);
  Connect();
  EXPECT_EQ(Threads(*guest_), guest_idle + 1) << "guest: of a busy channel";
  EXPECT_EQ(Threads(*host_), host_idle + 1) << "host: of a busy channel";
  FakeQemu another(dir_ / "hosts/g1/1", dir_ / "ports/qpid.1");
  ASSERT_TRUE(guest_->AwaitLog("appeared: " + (dir_ / "ports/qpid.1"), kLimit));
  ASSERT_TRUE(host_->AwaitLog("appeared: " + (dir_ / "hosts/g1/1"), kLimit));
  const auto one_more = [&](const Process& daemon, int idle) {
    return Eventually(kLimit, [&] { return Threads(daemon) == idle + 2; });
  };
  EXPECT_TRUE(one_more(*guest_, guest_idle)) << "guest: of an idle channel";
  EXPECT_TRUE(one_more(*host_, host_idle)) << "host: of an idle channel";
}

}  // namespace
}  // namespace vios::testing
