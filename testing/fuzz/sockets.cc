// SPDX-License-Identifier: Apache-2.0
#include "testing/fuzz/sockets.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <csignal>
#include <utility>

#include "glog/logging.h"
#include "proxy/tcp.h"

namespace vios::fuzz {
namespace {

// Where all connections of the process are made. Nothing is ever queued.
struct Listener {
  Listener() : fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    PCHECK(::bind(fd.get(), generic(), sizeof(address)) == 0);
    PCHECK(::listen(fd.get(), 1) == 0);
    socklen_t size = sizeof(address);
    PCHECK(::getsockname(fd.get(), generic(), &size) == 0);
  }
  sockaddr* generic() { return reinterpret_cast<sockaddr*>(&address); }

  const UniqueFd fd;
  sockaddr_in address = {};
};

}  // namespace

Sockets NewChannel() {
  std::signal(SIGPIPE, SIG_IGN);  // As both daemons do.
  int fds[2];
  PCHECK(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0,
                      fds) == 0);
  return {UniqueFd(fds[0]), UniqueFd(fds[1])};
}

Sockets NewTcp() {
  static auto* const listener = new Listener;
  UniqueFd theirs(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  PCHECK(theirs.ok());
  PCHECK(::connect(theirs.get(), listener->generic(),
                   sizeof(listener->address)) == 0);
  PCHECK(::fcntl(theirs.get(), F_SETFL, O_NONBLOCK) == 0);
  UniqueFd ours(::accept4(listener->fd.get(), nullptr, nullptr,
                          SOCK_NONBLOCK | SOCK_CLOEXEC));
  PCHECK(ours.ok());
  CHECK(PrepareLeg(ours.get()).ok());
  return {std::move(ours), std::move(theirs)};
}

void ResetAndClose(UniqueFd& fd) {
  const linger now = {.l_onoff = 1, .l_linger = 0};
  PCHECK(::setsockopt(fd.get(), SOL_SOCKET, SO_LINGER, &now, sizeof(now)) == 0);
  fd.Reset();
}

}  // namespace vios::fuzz
