// SPDX-License-Identifier: Apache-2.0
#include "proxy/instance_lock.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>

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

absl::StatusOr<Name> NameOfLock(absl::string_view role,
                                const std::string& directory,
                                const ChannelFilter& channels) {
  struct stat file = {};
  if (::stat(directory.c_str(), &file) != 0) {
    return ErrnoStatus("stat", directory);
  }
  return AbstractName(
      absl::StrCat(role, "/", file.st_dev, "/", file.st_ino, "/",
                   absl::Hex(Digest(channels.Normalised()), absl::kZeroPad16)));
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

}  // namespace

absl::StatusOr<InstanceLock> InstanceLock::Acquire(
    absl::string_view role, const std::string& directory,
    const ChannelFilter& channels) {
  absl::StatusOr<Name> name = NameOfLock(role, directory, channels);
  if (!name.ok()) return name.status();
  UniqueFd listener = NewSocket();
  if (!listener.ok()) return ErrnoStatus("socket", "instance lock");
  if (::bind(listener.get(), name->addr(), name->size) == 0) {
    if (::listen(listener.get(), SOMAXCONN) != 0) {
      return ErrnoStatus("listen", "instance lock");
    }
    return InstanceLock(std::move(listener));
  }
  if (errno != EADDRINUSE) return ErrnoStatus("bind", "instance lock");
  return absl::AlreadyExistsError(
      absl::StrCat("Another ", role, " (", Holder(*name), ") already serves ",
                   directory, " with --channels=", channels.text()));
}

void InstanceLock::DropVisitors() {
  for (int i = 0; i < kMostVisitors; ++i) {
    const UniqueFd visitor(
        ::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!visitor.ok()) return;
  }
}

}  // namespace vios
