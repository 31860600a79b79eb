// SPDX-License-Identifier: Apache-2.0
#include "proxy/instance_lock.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "channel/errno_status.h"

namespace vios {
namespace {

// FNV-1a: the same in every process and build, for a set may be longer than a
// socket's name.
uint64_t Digest(absl::string_view text) {
  uint64_t digest = 0xcbf29ce484222325;
  for (const char byte : text) {
    digest ^= static_cast<unsigned char>(byte);
    digest *= 0x100000001b3;
  }
  return digest;
}

struct Name {
  sockaddr_un address = {};
  socklen_t size = 0;
  const sockaddr* addr() const {
    return reinterpret_cast<const sockaddr*>(&address);
  }
};

Name AbstractName(absl::string_view text) {
  Name name;
  name.address.sun_family = AF_UNIX;
  const size_t room = sizeof(name.address.sun_path) - 1;
  const size_t length = std::min(text.size(), room);
  std::copy_n(text.begin(), length, name.address.sun_path + 1);
  name.size =
      static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + length);
  return name;
}

std::string HexDigest(absl::string_view text) {
  return absl::StrCat(absl::Hex(Digest(text), absl::kZeroPad16));
}

// Empty where it is not sure that the same path means the same.
std::string PathInItsWorld(const std::string& directory) {
  std::error_code error;
  const auto path = std::filesystem::canonical(directory, error);
  struct stat mounts = {}, root = {};
  if (error || ::stat("/proc/self/ns/mnt", &mounts) != 0 ||
      ::stat("/", &root) != 0) {
    return "";
  }
  return absl::StrCat(mounts.st_ino, "/", root.st_dev, "/", root.st_ino, "/",
                      HexDigest(path.string()));
}

absl::StatusOr<std::vector<Name>> NamesOfLock(absl::string_view role,
                                              const std::string& directory,
                                              const ChannelFilter& channels) {
  struct stat file = {};
  if (::stat(directory.c_str(), &file) != 0) {
    return ErrnoStatus("stat", directory);
  }
  std::vector<Name> names;
  for (const std::string& place : {absl::StrCat(file.st_dev, "/", file.st_ino),
                                   PathInItsWorld(directory)}) {
    if (place.empty()) continue;
    names.push_back(AbstractName(
        absl::StrCat(role, "/", place, "/", HexDigest(channels.Normalised()))));
  }
  return names;
}

UniqueFd NewSocket() {
  return UniqueFd(
      ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
}

// More than can wait at once, and no more: whoever may see the socket may come
// again and again.
constexpr int kMostVisitors = 5000;

// "PID 123 of user 998", as far as it can be known: who holds the name need be
// no daemon, and no friend.
std::string Holder(const Name& name) {
  const UniqueFd visitor = NewSocket();
  ucred holder = {};
  socklen_t size = sizeof(holder);
  if (::connect(visitor.get(), name.addr(), name.size) != 0 ||
      ::getsockopt(visitor.get(), SOL_SOCKET, SO_PEERCRED, &holder, &size) !=
          0 ||
      holder.pid == 0) {
    return "PID unknown";
  }
  return absl::StrCat("PID ", holder.pid, " of user ", holder.uid);
}

// ALREADY_EXISTS when somebody has the name.
absl::StatusOr<UniqueFd> Listen(const Name& name) {
  UniqueFd listener = NewSocket();
  if (!listener.ok()) return ErrnoStatus("socket", "instance lock");
  if (::bind(listener.get(), name.addr(), name.size) != 0) {
    if (errno == EADDRINUSE) return absl::AlreadyExistsError("instance lock");
    return ErrnoStatus("bind", "instance lock");
  }
  if (::listen(listener.get(), SOMAXCONN) == 0) return listener;
  return ErrnoStatus("listen", "instance lock");
}

void DropVisitorsOf(const UniqueFd& listener) {
  for (int i = 0; i < kMostVisitors; ++i) {
    const UniqueFd visitor(
        ::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!visitor.ok()) return;
  }
}

}  // namespace

absl::StatusOr<InstanceLock> InstanceLock::Acquire(
    absl::string_view role, const std::string& directory,
    const ChannelFilter& channels) {
  const auto names = NamesOfLock(role, directory, channels);
  if (!names.ok()) return names.status();
  InstanceLock lock;
  for (const Name& name : *names) {
    auto listener = Listen(name);
    if (absl::IsAlreadyExists(listener.status())) {
      return absl::AlreadyExistsError(absl::StrCat(
          "Another ", role, " (", Holder(name), ") already serves ", directory,
          " with --channels=", channels.text()));
    }
    if (!listener.ok()) return listener.status();
    lock.listeners_.push_back(*std::move(listener));
  }
  return lock;
}

void InstanceLock::DropVisitors() {
  for (const UniqueFd& listener : listeners_) DropVisitorsOf(listener);
}

}  // namespace vios
