// SPDX-License-Identifier: Apache-2.0
#include "testing/hostile/line.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/status/status.h"
#include "channel/errno_status.h"

namespace vios::testing {
namespace {

absl::StatusOr<UniqueFd> Connect(const std::string& path) {
  sockaddr_un address = {.sun_family = AF_UNIX};
  if (path.size() >= sizeof(address.sun_path)) {
    return absl::InvalidArgumentError("path too long: " + path);
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd.ok() || ::connect(fd.get(), reinterpret_cast<sockaddr*>(&address),
                            sizeof(address)) != 0) {
    return ErrnoStatus("connect", path);
  }
  return fd;
}

}  // namespace

absl::StatusOr<Line> Line::Open(const std::string& path, SentCount& count) {
  struct stat file = {};
  if (::stat(path.c_str(), &file) != 0) return ErrnoStatus("stat", path);
  if (S_ISSOCK(file.st_mode)) {
    absl::StatusOr<UniqueFd> fd = Connect(path);
    if (!fd.ok()) return fd.status();
    return Line(*std::move(fd), count);
  }
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CLOEXEC));
  if (!fd.ok()) return ErrnoStatus("open", path);
  return Line(std::move(fd), count);
}

bool Line::Send(absl::string_view bytes, uint64_t frames) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd_.get(), bytes.data(), bytes.size());
    if (n < 0 && errno != EINTR) return false;
    if (n <= 0) continue;
    bytes.remove_prefix(static_cast<size_t>(n));
    count_->bytes += static_cast<uint64_t>(n);
  }
  count_->frames += frames;
  return true;
}

bool Line::SendFrame(char type, absl::string_view guest, absl::string_view host,
                     absl::string_view payload) {
  return Send(Raw(type, guest, host, payload));
}

std::optional<RawFrame> Line::Next() {
  while (true) {
    auto frame = ReadRawFrame(fd_.get());
    if (!frame.has_value()) return std::nullopt;
    if (frame->type != 'I' || frame->guest != "RRRR") return frame;
    if (!SendFrame('J', "RRRR", "RRRR", frame->payload)) return std::nullopt;
  }
}

std::optional<RawFrame> Line::Next(char type) {
  while (true) {
    auto frame = Next();
    if (!frame.has_value() || frame->type == type) return frame;
  }
}

}  // namespace vios::testing
