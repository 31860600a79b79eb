// SPDX-License-Identifier: Apache-2.0
#include "testing/vm/stream.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "channel/errno_status.h"
#include "channel/fd_io.h"
#include "testing/vm/eventually.h"

namespace vios::testing {
namespace {

// One attempt. Blocking, because a full backlog would otherwise look like a
// failure; QEMU accepts at once.
absl::StatusOr<UniqueFd> ConnectOnce(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) {
    return absl::InvalidArgumentError("socket path too long: " + path);
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  UniqueFd socket(
      ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket.ok()) return ErrnoStatus("socket", path);
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address),
                sizeof(address)) != 0) {
    return ErrnoStatus("connect", path);
  }
  return socket;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Stream>> Stream::Connect(const std::string& path,
                                                        Deadline deadline) {
  std::unique_ptr<Stream> stream(new Stream);
  absl::StatusOr<std::unique_ptr<Wakeup>> wakeup =
      Wakeup::Create(*stream->never_);
  if (!wakeup.ok()) return wakeup.status();
  stream->wakeup_ = *std::move(wakeup);
  absl::Status status;
  Eventually(deadline.remaining(), [&] {
    absl::StatusOr<UniqueFd> socket = ConnectOnce(path);
    status = socket.status();
    if (socket.ok()) stream->socket_ = *std::move(socket);
    return status.ok();
  });
  if (!status.ok()) return status;
  return stream;
}

absl::Status Stream::Write(absl::string_view bytes, Deadline deadline) {
  while (!bytes.empty()) {
    const absl::Status ready =
        WaitFor(socket_.get(), POLLOUT, deadline, *wakeup_);
    if (!ready.ok()) return ready;
    const ssize_t n =
        ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n >= 0) {
      bytes.remove_prefix(static_cast<size_t>(n));
    } else if (!IsTransient(errno)) {
      return ErrnoStatus("write", "socket of the guest");
    }
  }
  return absl::OkStatus();
}

absl::Status Stream::ReadMore(Deadline deadline) {
  const absl::Status ready = WaitFor(socket_.get(), POLLIN, deadline, *wakeup_);
  if (!ready.ok()) return ready;
  std::array<char, 65536> buffer;
  const ssize_t n = ::read(socket_.get(), buffer.data(), buffer.size());
  if (n == 0) return absl::UnavailableError("QEMU closed the socket");
  if (n < 0 && !IsTransient(errno)) {
    return ErrnoStatus("read", "socket of the guest");
  }
  if (n > 0) unread_.append(buffer.data(), static_cast<size_t>(n));
  return absl::OkStatus();
}

absl::StatusOr<std::string> Stream::ReadSome(Deadline deadline) {
  while (unread_.empty()) {
    const absl::Status status = ReadMore(deadline);
    if (!status.ok()) return status;
  }
  return std::exchange(unread_, {});
}

absl::StatusOr<std::string> Stream::ReadExactly(size_t size,
                                                Deadline deadline) {
  while (unread_.size() < size) {
    const absl::Status status = ReadMore(deadline);
    if (!status.ok()) return status;
  }
  std::string result = unread_.substr(0, size);
  unread_.erase(0, size);
  return result;
}

absl::StatusOr<std::string> Stream::ReadThrough(absl::string_view mark,
                                                Deadline deadline) {
  size_t found;
  while ((found = unread_.find(mark.data(), 0, mark.size())) ==
         std::string::npos) {
    const absl::Status status = ReadMore(deadline);
    if (!status.ok()) return status;
  }
  return ReadExactly(found + mark.size(), deadline);
}

}  // namespace vios::testing
