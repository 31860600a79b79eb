// SPDX-License-Identifier: Apache-2.0
#include "proxy/confine.h"

#include <dirent.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "channel/endpoint.h"
#include "channel/unique_fd.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proxy/landlock.h"
#include "proxy/listener.h"
#include "proxy/service_address.h"
#include "proxy/socket_address.h"
#include "proxy/tcp.h"
#include "proxy/thread.h"

namespace vios {
namespace {

// In the confined child, which has no gtest any more.
void Expect(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s (%s)\n", what, std::strerror(errno));
  ::_exit(1);
}
#define HOLDS(condition) Expect((condition), #condition)

bool Fails(long result, int error) { return result == -1 && errno == error; }

class ConfineTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_NE(::mkdtemp(scratch_), nullptr);
    std::filesystem::create_directories(Path("up/guests/g1"));
    std::filesystem::create_directory(Path("logs"));
    std::ofstream(Path("up/guests/file")) << "text";
    options_.directory = Path("up/guests");
  }
  void TearDown() override { std::filesystem::remove_all(scratch_); }

  std::string Path(const std::string& name) const {
    return absl::StrCat(scratch_, "/", name);
  }

  // Confined is for good, so a child is, and then does `what`.
  void Confined(const Confinement& confinement,
                const std::function<void()>& what) const {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      HOLDS(ForgoPrivileges().ok());
      ConfineHost(options_, confinement);
      what();
      ::_exit(0);
    }
    int status = -1;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  }

  HostOptions options_;

 private:
  char scratch_[32] = "/tmp/vios-confine-XXXXXX";
};

const Confinement kSeccomp = {.landlock = false};

TEST_F(ConfineTest, PrivilegesAreForgone) {
  Confined({.landlock = false, .seccomp = false},
           [] { HOLDS(::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1); });
}

TEST_F(ConfineTest, ProcessesAndSignalsAreRefused) {
  Confined(kSeccomp, [] {
    char* const none[] = {nullptr};
    HOLDS(Fails(::execve("/bin/true", none, none), EPERM));
    HOLDS(Fails(::syscall(SYS_execveat, AT_FDCWD, "/bin/true", none, none, 0),
                EPERM));
    HOLDS(Fails(::syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0), EPERM));
    HOLDS(Fails(::fork(), EPERM));
    HOLDS(Fails(::ptrace(PTRACE_ATTACH, ::getppid(), 0, 0), EPERM));
    HOLDS(Fails(::kill(::getppid(), 0), EPERM));
    HOLDS(Fails(::syscall(SYS_tgkill, ::getppid(), ::getppid(), 0), EPERM));
  });
}

TEST_F(ConfineTest, ArgumentsThatAreNotOursAreRefused) {
  Confined(kSeccomp, [] {
    HOLDS(Fails(::socket(AF_PACKET, SOCK_RAW, 0), EPERM));
    HOLDS(Fails(::socket(AF_NETLINK, SOCK_RAW, 0), EPERM));
    const int code = PROT_READ | PROT_EXEC;
    HOLDS(::mmap(nullptr, 4096, code, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
          MAP_FAILED);
    void* const page = ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    HOLDS(page != MAP_FAILED);
    HOLDS(Fails(::mprotect(page, 4096, code), EPERM));
    HOLDS(Fails(::ioctl(0, TIOCSTI, "x"), EPERM));
    rlimit limit = {};
    HOLDS(::getrlimit(RLIMIT_NOFILE, &limit) == 0);
    HOLDS(Fails(::setrlimit(RLIMIT_NOFILE, &limit), EPERM));
    HOLDS(Fails(::prctl(PR_SET_DUMPABLE, 1), EPERM));
    const sched_param none = {}, some = {.sched_priority = 1};
    HOLDS(::sched_setscheduler(0, SCHED_BATCH, &none) == 0);
    HOLDS(::sched_setscheduler(0, SCHED_OTHER, &none) == 0);
    HOLDS(Fails(::sched_setscheduler(0, SCHED_FIFO, &some), EPERM));
  });
}

TEST_F(ConfineTest, FilesAreNotChangedAndNothingIsBound) {
  const std::string file = Path("up/guests/file");
  Confined(kSeccomp, [&file] {
    HOLDS(Fails(::unlink(file.c_str()), EPERM));
    HOLDS(Fails(::chmod(file.c_str(), 0777), EPERM));
    HOLDS(Fails(::rename(file.c_str(), "x"), EPERM));
    HOLDS(Fails(::symlink("x", file.c_str()), EPERM));
    HOLDS(Fails(::listen(0, 1), EPERM));
    HOLDS(Fails(::bind(0, nullptr, 0), EPERM));
  });
}

// Abseil asks for the priority of a thread that has to wait, and would write to
// stderr, which may take nothing, while it holds what the others spin for.
TEST_F(ConfineTest, ThreadsThatWaitForEachOtherSayNothing) {
  ::testing::internal::CaptureStderr();
  Confined(kSeccomp, [] {
    absl::Mutex mutex;
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
      auto thread = StartThread("waits", [&mutex] {
        for (int turn = 0; turn < 500; ++turn) {
          const absl::MutexLock lock(&mutex);
          ::usleep(10);
        }
      });
      HOLDS(thread.ok());
      threads.push_back(*std::move(thread));
    }
    for (std::thread& thread : threads) thread.join();
  });
  const std::string said = ::testing::internal::GetCapturedStderr();
  EXPECT_EQ(said.find("RAW"), std::string::npos) << said.substr(0, 400);
}

TEST_F(ConfineTest, CallsOfTheFutureAreToldAsMissing) {
  Confined(kSeccomp, [] {
    HOLDS(Fails(::syscall(100000), ENOSYS));
    HOLDS(Fails(::syscall(SYS_clone3, nullptr, 0), ENOSYS));
  });
}

TEST_F(ConfineTest, FilesAreRefused) {
  if (LandlockVersion() == 0) GTEST_SKIP() << "no Landlock here";
  const std::string file = Path("up/guests/file"), log = Path("logs/new");
  Confined({.seccomp = false}, [&] {
    HOLDS(Fails(::open("/etc/passwd", O_RDONLY | O_CLOEXEC), EACCES));
    HOLDS(Fails(::open(file.c_str(), O_RDONLY | O_CLOEXEC), EACCES));
    HOLDS(Fails(::open(log.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600),
                EACCES));
    HOLDS(Fails(::unlink(file.c_str()), EACCES));
    HOLDS(Fails(::mkdir(log.c_str(), 0700), EACCES));
    HOLDS(Fails(::open("/usr", O_RDONLY | O_DIRECTORY | O_CLOEXEC), EACCES));
    char* const none[] = {nullptr};
    HOLDS(Fails(::execve("/bin/true", none, none), EACCES));
  });
}

// The filter refuses the same, but is not all that stands between.
TEST_F(ConfineTest, LandlockAloneRefusesWhatLaterKernelsKnow) {
  const int version = LandlockVersion();
  const std::string file = Path("up/guests/file");
  const auto nowhere = *ParseSocketAddress("127.0.0.1", 0);
  sockaddr_un abstract = {};
  abstract.sun_family = AF_UNIX;
  const std::string name = absl::StrCat("vios-confine-", ::getpid());
  name.copy(abstract.sun_path + 1, sizeof abstract.sun_path - 1);
  const auto* const address = reinterpret_cast<const sockaddr*>(&abstract);
  const UniqueFd listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  ASSERT_EQ(::bind(listener.get(), address, sizeof abstract), 0);
  ASSERT_EQ(::listen(listener.get(), 1), 0);
  Confined({.seccomp = false}, [&] {
    if (version >= 3) HOLDS(Fails(::truncate(file.c_str(), 0), EACCES));
    if (version >= 4) {
      const UniqueFd any(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
      HOLDS(Fails(::bind(any.get(), nowhere.addr(), nowhere.size()), EACCES));
    }
    if (version >= 6) {
      HOLDS(Fails(::kill(::getppid(), 0), EPERM));
      const UniqueFd to(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
      HOLDS(Fails(::connect(to.get(), address, sizeof abstract), EPERM));
    }
  });
}

TEST_F(ConfineTest, OfADirectoryInTheRootTheRootIsListed) {
  options_.directory = "/tmp";
  EXPECT_EQ(PathsOfHost(options_, {}).paths[0].path, "/");
  options_.directory = Path("up/guests");
  EXPECT_EQ(PathsOfHost(options_, {}).paths[0].path, "/tmp");
}

TEST_F(ConfineTest, PortsAreTheServicesAndThatOfDns) {
  options_.service = *ServiceAddress::Parse("localhost", 5672);
  EXPECT_THAT(PathsOfHost(options_, {}).ports,
              ::testing::UnorderedElementsAre(53, 5672));
  options_.service = *ServiceAddress::Parse("127.0.0.1", 5672);
  EXPECT_THAT(PathsOfHost(options_, {}).ports, ::testing::ElementsAre(5672));
}

// What a directory that came back has in common with the old one is its name.
TEST_F(ConfineTest, DirectoryThatComesBackIsListed) {
  int ends[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
  const std::string guests = options_.directory;
  const auto turn = [&](int end) {
    char byte = 0;
    return ::write(end, "x", 1) == 1 && ::read(end, &byte, 1) == 1;
  };
  std::thread other([&] {
    char byte;
    (void)!::read(ends[1], &byte, 1);
    std::filesystem::remove_all(Path("up"));
    std::filesystem::create_directories(guests);
    (void)::send(ends[1], "x", 1, MSG_NOSIGNAL);
  });
  Confined({}, [&] {
    HOLDS(::opendir(guests.c_str()) != nullptr);
    HOLDS(turn(ends[0]));
    HOLDS(::opendir(guests.c_str()) != nullptr);
    const int watch = ::inotify_init1(IN_CLOEXEC);
    HOLDS(::inotify_add_watch(watch, guests.c_str(), IN_CREATE) > 0);
  });
  ::close(ends[0]);  // First, for a child that fails says nothing to it.
  other.join();
  ::close(ends[1]);
}

TEST_F(ConfineTest, ChannelsAreConnectedTo) {
  const std::string path = Path("up/guests/g1/0");
  const auto qemu = OpenListener(*ParseSocketAddress("unix:" + path, 0), 0600);
  ASSERT_TRUE(qemu.ok()) << qemu.status();
  Confined({}, [&] {
    HOLDS(ConnectSocket(path).ok());
    HOLDS(::accept4(qemu->get(), nullptr, nullptr, SOCK_CLOEXEC) >= 0);
  });
}

TEST_F(ConfineTest, TcpPortOfTheServiceIsDialledAndResetAndNoOther) {
  const auto service = OpenListener(*ParseSocketAddress("127.0.0.1", 0), 0);
  const auto other = OpenListener(*ParseSocketAddress("127.0.0.1", 0), 0);
  ASSERT_TRUE(service.ok() && other.ok());
  const auto to = SocketAddress::Loopback(PortOfListener(service->get()));
  options_.service = ServiceAddress(to);
  const auto not_to =
      *ParseSocketAddress("127.0.0.1", PortOfListener(other->get()));
  // In there, the filter refuses the question.
  const int version = LandlockVersion();
  Confined({}, [&] {
    const auto dial = StartDial(to);
    HOLDS(dial.ok());
    const sockaddr nobody = {.sa_family = AF_UNSPEC, .sa_data = {}};
    HOLDS(::connect(dial->fd.get(), &nobody, sizeof nobody) == 0);
    if (version < 4) return;
    HOLDS(absl::IsPermissionDenied(StartDial(not_to).status()));
  });
}

TEST_F(ConfineTest, UnixServiceIsDialled) {
  const auto address = *ParseSocketAddress("unix:" + Path("service"), 0);
  options_.service = ServiceAddress(address);
  const auto service = OpenListener(address, 0600);
  ASSERT_TRUE(service.ok());
  Confined({}, [&] { HOLDS(StartDial(address).ok()); });
}

TEST_F(ConfineTest, NamesAreLookedUpByThreads) {
  options_.service = *ServiceAddress::Parse("localhost", 5672);
  Confined({}, [] {
    bool found = false;
    auto thread = StartThread("resolver", [&found] {
      addrinfo* answer = nullptr;
      found = ::getaddrinfo("localhost", "1", nullptr, &answer) == 0;
    });
    HOLDS(thread.ok());
    thread->join();
    HOLDS(found);
    HOLDS(::open("/etc/hosts", O_RDONLY | O_CLOEXEC) >= 0);
  });
}

TEST_F(ConfineTest, CodeIsNotWrittenWhereLibrariesAreLoaded) {
  options_.service = *ServiceAddress::Parse("localhost", 5672);
  Confined(kSeccomp, [] {
    const int all = PROT_READ | PROT_WRITE | PROT_EXEC;
    HOLDS(::mmap(nullptr, 4096, all, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
          MAP_FAILED);
  });
}

TEST_F(ConfineTest, LogFilesAreMadeWhereTheyBelong) {
  const std::string log = Path("logs/new"), link = Path("logs/link");
  Confined({.log_directory = Path("logs")}, [&] {
    HOLDS(::open(log.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600) >= 0);
    HOLDS(::symlink("new", link.c_str()) == 0);
    HOLDS(::unlink(link.c_str()) == 0);
  });
}

TEST_F(ConfineTest, LogFilesAreEmptiedAsFarAsLandlockKnows) {
  const std::string log = Path("logs/old");
  std::ofstream(log) << "text";
  Confined({.seccomp = false, .log_directory = Path("logs")}, [&] {
    HOLDS(::open(log.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC) >= 0);
  });
}

TEST_F(ConfineTest, SocketIsRemovedWhichWasListenedOn) {
  const std::string socket = Path("logs/sock"), file = Path("up/guests/file");
  const auto listener =
      OpenListener(*ParseSocketAddress("unix:" + socket, 0), 0600);
  ASSERT_TRUE(listener.ok()) << listener.status();
  const int version = LandlockVersion();
  Confined({.socket = socket}, [&] {
    HOLDS(::unlink(socket.c_str()) == 0);
    if (version > 0) HOLDS(Fails(::unlink(file.c_str()), EACCES));
  });
}

}  // namespace
}  // namespace vios
