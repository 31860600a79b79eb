// SPDX-License-Identifier: Apache-2.0
//
// haproxy as the service that is told by a PROXY protocol header whose session
// it is.
#include <fcntl.h>

#include <fstream>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "channel/deadline.h"
#include "channel/unique_fd.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proxy/proxy_header.h"
#include "proxy/service_address.h"
#include "proxy/socket_address.h"
#include "testing/daemon_pair.h"
#include "testing/subprocess.h"
#include "testing/traffic/tcp.h"

namespace vios::testing {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;

class HaproxyTest : public ::testing::Test {
 protected:
  Deadline Soon() { return Deadline::After(absl::Seconds(60)); }

  // Between the host daemon and the service, on a listener of ours: haproxy
  // has no other way to a port that nobody else uses. Not one of the proxy's:
  // what is accepted from those resets when it is closed.
  void Start(ProxyProtocol version) {
    auto listener = ListenTcp("127.0.0.1", 0);
    ASSERT_TRUE(listener.ok()) << listener.status();
    const uint16_t service = pair_.host_options().service.port();
    pair_.host_options().service =
        ServiceAddress(SocketAddress::Loopback(*LocalPort(listener->get())));
    pair_.host_options().proxy_protocol = version;
    ASSERT_EQ(::fcntl(listener->get(), F_SETFD, 0), 0);  // It inherits this.
    const std::string config = pair_.dir() / "haproxy.cfg";
    std::ofstream(config) << absl::StrCat(
        "defaults\n mode tcp\n timeout connect 30s\n timeout client 60s\n"
        " timeout server 60s\n"
        "frontend in\n bind fd@",
        listener->get(),
        " accept-proxy\n"
        " log stderr format raw local0\n"
        " log-format \"proxied=%[fc_rcvd_proxy] guest=%[fc_pp_authority]"
        " id=%[fc_pp_unique_id] src=%[src] up=%U\"\n"
        " default_backend out\n"
        "backend out\n server s 127.0.0.1:",
        service, "\n");
    auto started =
        Subprocess::Start("/usr/sbin/haproxy", {{"-db", "-f", config}});
    ASSERT_TRUE(started.ok()) << started.status();
    haproxy_ = *std::move(started);
    pair_.StartAll();
  }

  // One session with an echo of four bytes.
  void Talk() {
    const UniqueFd client = pair_.Connect("echo");
    ASSERT_TRUE(WriteText(client.get(), "ping").ok());
    ASSERT_TRUE(ShutdownWrite(client.get()).ok());
    for (const char c : {'p', 'i', 'n', 'g'}) EXPECT_EQ(NextByte(client), c);
    EXPECT_EQ(EndOf(client), "clean-eof");
  }

  DaemonPair pair_{1};
  std::unique_ptr<Subprocess> haproxy_;
};

TEST_F(HaproxyTest, Version2WithAddressesTellsGuestAndChannel) {
  Start(ProxyProtocol::kV2Inet);
  Talk();
  ASSERT_TRUE(haproxy_->AwaitStderr("up=9\n", Soon()).ok()) << haproxy_->err();
  EXPECT_THAT(haproxy_->err(), HasSubstr("proxied=1 guest=g1 id=g1/0/"));
  EXPECT_THAT(haproxy_->err(),
              ContainsRegex("id=g1/0/[!-~]{4}/[!-~]{4} src=127.0.0.1 "));
}

TEST_F(HaproxyTest, Version1IsTakenAndTellsNothing) {
  Start(ProxyProtocol::kV1);
  Talk();
  ASSERT_TRUE(haproxy_->AwaitStderr("up=9\n", Soon()).ok()) << haproxy_->err();
  EXPECT_THAT(haproxy_->err(), HasSubstr("proxied=1 guest=- id=- src="));
}

}  // namespace
}  // namespace vios::testing
