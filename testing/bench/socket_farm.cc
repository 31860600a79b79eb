// SPDX-License-Identifier: Apache-2.0
#include "testing/bench/socket_farm.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cerrno>
#include <utility>

#include "absl/memory/memory.h"
#include "absl/strings/str_cat.h"
#include "channel/errno_status.h"
#include "testing/traffic/tcp.h"

namespace vios::testing {
namespace {

// QEMU's: one is served, another may wait.
constexpr int kBacklog = 1;

absl::StatusOr<UniqueFd> ListenAt(const std::string& path) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) {
    return absl::InvalidArgumentError(absl::StrCat("path too long: ", path));
  }
  path.copy(address.sun_path, sizeof(address.sun_path) - 1);
  UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd.ok()) return ErrnoStatus("socket", path);
  if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address),
             sizeof(address)) != 0) {
    return ErrnoStatus("bind", path);
  }
  if (::listen(fd.get(), kBacklog) != 0) return ErrnoStatus("listen", path);
  return fd;
}

absl::Status MakeDirectory(const std::string& path) {
  if (::mkdir(path.c_str(), 0700) == 0) return absl::OkStatus();
  return ErrnoStatus("mkdir", path);
}

}  // namespace

absl::StatusOr<std::unique_ptr<SocketFarm>> SocketFarm::Listen(
    std::vector<std::string> paths) {
  auto farm = absl::WrapUnique(new SocketFarm(std::move(paths)));
  for (const std::string& path : farm->paths_) {
    absl::StatusOr<UniqueFd> listener = ListenAt(path);
    if (!listener.ok()) return listener.status();
    farm->listeners_.push_back(*std::move(listener));
  }
  return farm;
}

absl::StatusOr<UniqueFd> SocketFarm::Accept(size_t i,
                                            absl::Duration no_progress) {
  return AcceptOne(listeners_[i].get(), no_progress);
}

absl::StatusOr<UniqueFd> AcceptOne(int listener, absl::Duration no_progress) {
  absl::Status limited = SetNoProgressTimeout(listener, no_progress);
  if (!limited.ok()) return limited;
  UniqueFd fd(::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC));
  if (!fd.ok() && errno == EAGAIN) {
    return absl::DeadlineExceededError("nobody connects");
  }
  if (!fd.ok()) return ErrnoStatus("accept", "socket");
  limited = SetNoProgressTimeout(fd.get(), no_progress);
  if (!limited.ok()) return limited;
  return fd;
}

absl::StatusOr<std::vector<std::string>> HostPaths(const std::string& root,
                                                   int channels,
                                                   int per_guest) {
  absl::Status made = MakeDirectory(root);
  if (!made.ok()) return made;
  std::vector<std::string> paths;
  for (int i = 0; i < channels; ++i) {
    const std::string guest = absl::StrCat(root, "/g", i / per_guest);
    if (i % per_guest == 0) made = MakeDirectory(guest);
    if (!made.ok()) return made;
    paths.push_back(absl::StrCat(guest, "/", i % per_guest));
  }
  return paths;
}

absl::StatusOr<std::vector<std::string>> GuestPaths(
    const std::string& directory, int ports) {
  const absl::Status made = MakeDirectory(directory);
  if (!made.ok()) return made;
  std::vector<std::string> paths;
  for (int i = 0; i < ports; ++i) {
    paths.push_back(absl::StrCat(directory, "/qpid.", i));
  }
  return paths;
}

}  // namespace vios::testing
