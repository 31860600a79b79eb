// SPDX-License-Identifier: Apache-2.0
#include "testing/tcp_pair.h"

#include <fcntl.h>
#include <sys/socket.h>

#include "gtest/gtest.h"
#include "proxy/listener.h"
#include "proxy/socket_address.h"
#include "proxy/tcp.h"
#include "testing/traffic/tcp.h"

namespace vios::testing {

TcpPair ConnectedTcpPair(const TcpPairOptions& options) {
  const auto listener = OpenListener(*ParseSocketAddress("127.0.0.1", 0), 0);
  EXPECT_TRUE(listener.ok()) << listener.status();
  if (!listener.ok()) return {};
  SetBuffers(listener->get(), options.buffer);  // Inherited.
  auto app = ConnectTcp("127.0.0.1", PortOfListener(listener->get()),
                        options.no_progress);
  EXPECT_TRUE(app.ok()) << app.status();
  if (!app.ok()) return {};
  SetBuffers(app->get(), options.buffer);
  UniqueFd leg(::accept4(listener->get(), nullptr, nullptr,
                         SOCK_NONBLOCK | SOCK_CLOEXEC));
  EXPECT_TRUE(leg.ok());
  EXPECT_TRUE(PrepareLeg(leg.get()).ok());
  return {std::move(leg), *std::move(app)};
}

void SetBuffers(int fd, int bytes) {
  if (bytes == 0) return;
  for (const int name : {SO_SNDBUF, SO_RCVBUF}) {
    EXPECT_EQ(::setsockopt(fd, SOL_SOCKET, name, &bytes, sizeof bytes), 0);
  }
}

}  // namespace vios::testing
