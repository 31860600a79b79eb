// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_CHANNEL_UNIQUE_FD_H_
#define VIOS_PROXY_CHANNEL_UNIQUE_FD_H_

#include <unistd.h>

#include <cerrno>
#include <utility>

namespace vios {

// Sole owner of an open file descriptor; closes it when destroyed. Functions
// that only use a descriptor take an int, those that keep it take a UniqueFd.
// Not thread-safe: join every thread that uses get() before the owner is
// destroyed, reset or moved from, for descriptor numbers are reused at once.
class UniqueFd {
 public:
  UniqueFd() = default;
  explicit UniqueFd(int fd) : fd_(fd) {}
  UniqueFd(UniqueFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept {
    if (this != &other) {
      Reset();
      fd_ = std::exchange(other.fd_, -1);
    }
    return *this;
  }
  ~UniqueFd() { Reset(); }

  int get() const { return fd_; }
  bool ok() const { return fd_ >= 0; }

  // Closes now. Keeps errno, so that a failed call can still be reported.
  void Reset() {
    if (fd_ < 0) return;
    const int saved = errno;
    ::close(std::exchange(fd_, -1));
    errno = saved;
  }

 private:
  int fd_ = -1;
};

}  // namespace vios

#endif  // VIOS_PROXY_CHANNEL_UNIQUE_FD_H_
