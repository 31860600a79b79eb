// SPDX-License-Identifier: Apache-2.0
#include "proxy/own_sockets.h"

#include <optional>
#include <string>
#include <vector>

#include "channel/scratch_dir.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proxy/guest_proxy.h"
#include "proxy/host_proxy.h"
#include "proxy/options.h"
#include "proxy/service_address.h"
#include "proxy/socket_address.h"

namespace vios {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> Names(const Listing& listing) {
  std::vector<std::string> names;
  for (const Endpoint& endpoint : listing.endpoints) {
    names.push_back(endpoint.name);
  }
  return names;
}

SocketAddress Unix(const std::string& path) {
  return *ParseSocketAddress("unix:" + path, 0);
}

TEST(OwnSocketsTest, TheGuestsAreNoChannels) {
  const ScratchDir dir;
  dir.MakeSocket("qpid.0");
  GuestOptions options;
  options.directory = dir.path();
  options.listen_address = Unix(dir.MakeSocket("listen"));
  options.http_address = Unix(dir.MakeSocket("status"));
  EXPECT_THAT(Names(GuestProxy::Look(options)), ElementsAre("qpid.0"));
}

TEST(OwnSocketsTest, TheHostsAreNoChannelsInAnyGuestsDirectory) {
  const ScratchDir dir;
  dir.MakeDirectory("vm1");
  dir.MakeSocket("vm1/qpid.0");
  HostOptions options;
  options.directory = dir.path();
  options.service = ServiceAddress(Unix(dir.MakeSocket("service")));
  options.http_address = Unix(dir.MakeSocket("vm1/status"));
  EXPECT_THAT(Names(HostProxy::Look(options)), ElementsAre("qpid.0"));
}

TEST(OwnSocketsTest, AnotherPathToTheSameSocketIsTheSame) {
  const ScratchDir dir;
  dir.MakeDirectory("real");
  dir.MakeSocket("real/status");
  dir.MakeSocket("real/qpid.0");
  HostOptions options;
  options.directory = dir / "real";
  options.http_address = Unix(dir.MakeSymlink("link", "real") + "/status");
  EXPECT_THAT(Names(HostProxy::Look(options)), ElementsAre("qpid.0"));
}

TEST(OwnSocketsTest, OtherAddressesAndAbsentSocketsLeaveOutNothing) {
  Listing listing;
  listing.endpoints.resize(1);
  LeaveOutOwnSockets(
      {std::nullopt, SocketAddress::Loopback(9090), Unix("/none/such")},
      listing);
  EXPECT_EQ(listing.endpoints.size(), 1u);
}

}  // namespace
}  // namespace vios
