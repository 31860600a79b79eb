// SPDX-License-Identifier: Apache-2.0
#include "channel/fd_pair.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "glog/logging.h"

namespace vios {
namespace {

FdPair Prepared(FdPair pair) {
  PCHECK(::signal(SIGPIPE, SIG_IGN) != SIG_ERR);
  PCHECK(::fcntl(pair.ours.get(), F_SETFL, O_NONBLOCK) == 0);
  const timeval limit = {.tv_sec = 10, .tv_usec = 0};
  for (const int option : {SO_RCVTIMEO, SO_SNDTIMEO}) {
    PCHECK(::setsockopt(pair.theirs.get(), SOL_SOCKET, option, &limit,
                        sizeof(limit)) == 0);
  }
  return pair;
}

UniqueFd TcpSocket() {
  UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  PCHECK(fd.ok());
  return fd;
}

}  // namespace

FdPair ConnectedPair(int send_buffer) {
  int fds[2];
  PCHECK(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) == 0);
  FdPair pair = {UniqueFd(fds[0]), UniqueFd(fds[1])};
  if (send_buffer > 0) {
    PCHECK(::setsockopt(fds[0], SOL_SOCKET, SO_SNDBUF, &send_buffer,
                        sizeof(send_buffer)) == 0);
  }
  return Prepared(std::move(pair));
}

FdPair ConnectedTcpPair() {
  const UniqueFd listener = TcpSocket();
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof(address);
  PCHECK(::bind(listener.get(), generic, size) == 0);
  PCHECK(::listen(listener.get(), 1) == 0);
  PCHECK(::getsockname(listener.get(), generic, &size) == 0);
  UniqueFd theirs = TcpSocket();
  PCHECK(::connect(theirs.get(), generic, size) == 0);
  UniqueFd ours(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
  PCHECK(ours.ok());
  return Prepared({std::move(ours), std::move(theirs)});
}

// A call that waits with a time-out is interrupted when this process is stopped
// and goes on.
std::string ReadExactly(int fd, size_t size) {
  std::string bytes(size, '\0');
  size_t got = 0;
  while (got < size) {
    const ssize_t n =
        TEMP_FAILURE_RETRY(::read(fd, bytes.data() + got, size - got));
    if (n <= 0) break;
    got += static_cast<size_t>(n);
  }
  bytes.resize(got);
  return bytes;
}

bool WriteAll(int fd, absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n =
        TEMP_FAILURE_RETRY(::write(fd, bytes.data(), bytes.size()));
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(n));
  }
  return true;
}

bool AtEndOfFile(int fd) {
  char byte;
  return TEMP_FAILURE_RETRY(::read(fd, &byte, 1)) == 0;
}

bool WasReset(int fd) {
  char byte;
  return TEMP_FAILURE_RETRY(::read(fd, &byte, 1)) < 0 && errno == ECONNRESET;
}

bool ResetsAtClose(int fd) {
  linger how = {};
  socklen_t size = sizeof how;
  return ::getsockopt(fd, SOL_SOCKET, SO_LINGER, &how, &size) == 0 &&
         how.l_onoff == 1 && how.l_linger == 0;
}

bool CloseByReset(UniqueFd& fd) {
  const linger at_once = {1, 0};
  const bool set = ::setsockopt(fd.get(), SOL_SOCKET, SO_LINGER, &at_once,
                                sizeof at_once) == 0;
  fd.Reset();
  return set;
}

}  // namespace vios
