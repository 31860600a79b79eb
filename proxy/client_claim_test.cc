// SPDX-License-Identifier: Apache-2.0
#include "proxy/client_claim.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "channel/fd_pair.h"
#include "channel/option_block.h"
#include "channel/unique_fd.h"
#include "gtest/gtest.h"
#include "proxy/listener.h"
#include "proxy/socket_address.h"

namespace vios {
namespace {

// What is claimed of a client at `address`, and what it should be.
void ExpectClaimOf(const std::string& address) {
  const UniqueFd listener = *OpenListener(*ParseSocketAddress(address, 0), 0);
  const auto to = *ParseSocketAddress(address, PortOfListener(listener.get()));
  const UniqueFd client(::socket(to.family(), SOCK_STREAM | SOCK_CLOEXEC, 0));
  ASSERT_EQ(::connect(client.get(), to.addr(), to.size()), 0);
  sockaddr_storage own = {};
  socklen_t size = sizeof own;
  ::getsockname(client.get(), reinterpret_cast<sockaddr*>(&own), &size);
  const SocketAddress from(reinterpret_cast<sockaddr*>(&own), size);
  const UniqueFd leg(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
  EXPECT_EQ(ClientClaimToString(ClientClaim(leg.get())), from.ToString());
}

TEST(ClientClaimTest, NamesAddressAndPort) {
  ExpectClaimOf("127.0.0.1");
  ExpectClaimOf("::1");
}

TEST(ClientClaimTest, SaysNothingOfAUnixSocket) {
  EXPECT_EQ(ClientClaim(ConnectedPair().ours.get()), "");
}

TEST(ClientClaimTest, SaysNothingOfAClientThatHasGone) {
  EXPECT_EQ(ClientClaim(-1), "");
}

}  // namespace
}  // namespace vios
