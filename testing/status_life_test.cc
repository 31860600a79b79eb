// SPDX-License-Identifier: Apache-2.0
// What the status servers of both daemons show while they work.
#include <fstream>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "proxy/http_address.h"
#include "proxy/status_server.h"
#include "testing/daemon_pair.h"
#include "testing/http_client.h"
#include "testing/subprocess.h"
#include "testing/traffic/stream.h"
#include "testing/traffic/tcp.h"
#include "testing/vm/eventually.h"

namespace vios::testing {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::json;

constexpr absl::Duration kSoon = absl::Seconds(30);

// A status server and the one that asks it.
class Watched {
 public:
  template <typename Proxy>
  explicit Watched(const Proxy& proxy)
      : server_(*StatusServer::Open(*ParseHttpAddress("127.0.0.1:0"), {})),
        address_(*ParseHttpAddress(server_->address())) {
    const absl::Status started =
        server_->Start([&proxy] { return proxy.Status(); },
                       [&proxy] { return proxy.Alive(); });
    EXPECT_TRUE(started.ok()) << started;
  }

  const SocketAddress& address() const { return address_; }
  HttpReply Get(const std::string& path) const {
    return HttpGet(address_, path);
  }
  Json Status() const { return Json::parse(Get("/status").body); }
  double Metric(const std::string& name) const {
    return Sample(Get("/metrics").body, name);
  }
  bool Becomes(const std::string& metric, double value) const {
    return Eventually(kSoon, [&] { return Metric(metric) == value; });
  }
  bool BecomesReady(int status, const std::string& body) const {
    return Eventually(kSoon, [&] {
      const HttpReply reply = Get("/readyz");
      return reply.status == status && reply.body == body + "\n";
    });
  }

 private:
  std::unique_ptr<StatusServer> server_;
  SocketAddress address_;
};

// The channel that a session occupies; null when there is none.
Json BusyOf(const Json& status) {
  for (const Json& channel : status["channels"]) {
    if (channel["state"] == "busy") return channel;
  }
  return nullptr;
}

class StatusLifeTest : public ::testing::Test {
 protected:
  void StartAll() {
    daemons_.StartAll();
    Watch();
  }
  void Watch() {
    host_ = std::make_unique<Watched>(daemons_.host());
    guest_ = std::make_unique<Watched>(daemons_.guest());
  }
  std::string InService(const Watched& one, const std::string& family,
                        const std::string& labels = "") const {
    const std::string service = one.Status()["service"];
    return absl::StrCat(family, "{service=\"", service, "\"", labels, "}");
  }
  double Ended(const Watched& one, const std::string& result) const {
    return one.Metric(InService(one, "viosproxy_connections_total",
                                ",result=\"" + result + "\""));
  }
  bool BecomesEnded(const Watched& one, const std::string& result,
                    double count) const {
    return Eventually(kSoon, [&] { return Ended(one, result) == count; });
  }
  void TearDown() override {
    guest_.reset();
    host_.reset();
  }

  DaemonPair daemons_{2};
  std::unique_ptr<Watched> host_, guest_;
};

TEST_F(StatusLifeTest, ReadinessFollowsTheChannels) {
  StartAll();
  for (const Watched* one : {host_.get(), guest_.get()}) {
    EXPECT_TRUE(one->BecomesReady(200, "ok"));
    EXPECT_EQ(one->Get("/startup").status, 200);
    EXPECT_EQ(one->Get("/livez").status, 200);
  }
  daemons_.channel(0).Remove();
  EXPECT_TRUE(Eventually(
      kSoon, [&] { return guest_->Status()["channels"].size() == 1; }));
  EXPECT_TRUE(guest_->BecomesReady(200, "ok"));
  daemons_.channel(1).Remove();
  for (const Watched* one : {host_.get(), guest_.get()}) {
    EXPECT_TRUE(one->BecomesReady(503, "no channels"));
    EXPECT_EQ(one->Get("/livez").status, 200);
    EXPECT_EQ(one->Get("/startup").status, 200);
  }
  daemons_.channel(1).Create();
  for (const Watched* one : {host_.get(), guest_.get()}) {
    EXPECT_TRUE(one->BecomesReady(200, "ok"));
  }
}

TEST_F(StatusLifeTest, AGuestWithoutItsHostIsNotReadyButLive) {
  daemons_.StartGuest();
  const Watched guest(daemons_.guest());
  EXPECT_TRUE(guest.BecomesReady(503, "none of 2 channels is connected"));
  EXPECT_EQ(guest.Get("/livez").status, 200);
  daemons_.StartHost();
  EXPECT_TRUE(guest.BecomesReady(200, "ok"));
  daemons_.StopHost();
  EXPECT_TRUE(guest.BecomesReady(503, "none of 2 channels is connected"));
}

TEST_F(StatusLifeTest, DrainingIsNotReady) {
  StartAll();
  EXPECT_TRUE(guest_->BecomesReady(200, "ok"));
  daemons_.guest().Drain();
  daemons_.host().Drain();
  for (const Watched* one : {host_.get(), guest_.get()}) {
    EXPECT_TRUE(one->BecomesReady(503, "draining"));
    EXPECT_EQ(one->Get("/livez").status, 200);
    EXPECT_EQ(one->Metric("viosproxy_draining"), 1);
  }
}

TEST_F(StatusLifeTest, ASessionIsShownAndThenCounted) {
  StartAll();
  const UniqueFd client = daemons_.Connect("echo");
  ASSERT_TRUE(WriteText(client.get(), "12345").ok());
  for (int i = 0; i < 5; ++i) ASSERT_NE(NextByte(client), '\0');
  for (const Watched* one : {host_.get(), guest_.get()}) {
    EXPECT_TRUE(
        one->Becomes(InService(*one, "viosproxy_connections_active"), 1));
    // "echo\n" and the five bytes; the five alone. A byte that has arrived may
    // not have been counted yet.
    Json busy;
    ASSERT_TRUE(Eventually(kSoon, [&] {
      busy = BusyOf(one->Status());
      return !busy.is_null() && busy["session"]["bytes_to_service"] == 10 &&
             busy["session"]["bytes_from_service"] == 5;
    })) << busy;
    EXPECT_THAT(std::string(busy["session"]["client"]), HasSubstr("127.0.0.1"));
    EXPECT_THAT(std::string(busy["peer_agent"]), HasSubstr("vios-proxy"));
    EXPECT_THAT(one->Get("/").body, HasSubstr(">busy<"));
  }
  ASSERT_TRUE(ShutdownWrite(client.get()).ok());
  EXPECT_EQ(EndOf(client), "clean-eof");
  for (const Watched* one : {host_.get(), guest_.get()}) {
    EXPECT_TRUE(BecomesEnded(*one, "clean", 1));
    const auto becomes = [&](double value, const char* family,
                             const char* labels = "") {
      return one->Becomes(InService(*one, family, labels), value);
    };
    EXPECT_TRUE(
        becomes(10, "viosproxy_bytes_total", ",direction=\"to_service\""));
    EXPECT_TRUE(
        becomes(5, "viosproxy_bytes_total", ",direction=\"from_service\""));
    EXPECT_TRUE(becomes(1, "viosproxy_connection_duration_seconds_count"));
    EXPECT_TRUE(becomes(0, "viosproxy_connections_active"));
    EXPECT_TRUE(one->Becomes("viosproxy_handshake_seconds_count", 1));
  }
  EXPECT_TRUE(guest_->Becomes("viosproxy_queue_wait_seconds_count", 1));
  EXPECT_TRUE(
      host_->Becomes(InService(*host_, "viosproxy_connect_seconds_count"), 1));
}

TEST_F(StatusLifeTest, ARefusalIsCountedAndShownOnItsChannel) {
  StartAll();
  daemons_.StopService();
  EXPECT_EQ(EndOf(daemons_.Connect("")), "reset");
  for (const Watched* one : {host_.get(), guest_.get()}) {
    EXPECT_TRUE(BecomesEnded(*one, "service_refused", 1));
    EXPECT_THAT(one->Get("/status").body, HasSubstr("service refused"));
  }
}

TEST_F(StatusLifeTest, ClientsThatFindNoChannelAreCounted) {
  daemons_.guest_options().max_queue = 1;
  daemons_.guest_options().queue_timeout = absl::Seconds(8);
  daemons_.StartGuest();  // No host: no channel is ever free.
  const Watched guest(daemons_.guest());
  const UniqueFd waiting = daemons_.Connect("");
  EXPECT_TRUE(guest.Becomes(InService(guest, "viosproxy_queue_length"), 1));
  EXPECT_EQ(guest.Metric(InService(guest, "viosproxy_queue_limit")), 1);
  EXPECT_EQ(EndOf(waiting), "reset");
  EXPECT_TRUE(BecomesEnded(guest, "queue_timeout", 1));
  EXPECT_TRUE(guest.Becomes(InService(guest, "viosproxy_queue_length"), 0));
  EXPECT_TRUE(guest.Becomes("viosproxy_queue_wait_seconds_count", 1));
}

TEST_F(StatusLifeTest, NoiseOnAChannelIsCountedForItsGuest) {
  StartAll();
  EXPECT_TRUE(guest_->BecomesReady(200, "ok"));
  const std::string skipped =
      "viosproxy_resync_skipped_bytes_total{guest=\"g1\"}";
  ASSERT_TRUE(daemons_.EveryChannelServes());
  const double before = host_->Metric(skipped);
  daemons_.channel(0).InjectToHost(std::string(1000, 'x'));
  EXPECT_TRUE(Eventually(
      kSoon, [&] { return host_->Metric(skipped) >= before + 1000 - 13; }));
}

TEST_F(StatusLifeTest, AChannelThatComesBackIsReconnected) {
  StartAll();
  ASSERT_TRUE(daemons_.EveryChannelServes());
  daemons_.channel(0).DropHost();
  EXPECT_TRUE(Eventually(kSoon, [&] {
    return host_->Metric("viosproxy_channel_reconnects_total{guest=\"g1\"}") >=
           1;
  }));
}

TEST_F(StatusLifeTest, PromtoolFindsNothingWrong) {
  StartAll();
  ASSERT_TRUE(daemons_.EveryChannelServes());
  for (const Watched* one : {host_.get(), guest_.get()}) {
    const std::string file = daemons_.dir() / "metrics";
    std::ofstream(file) << one->Get("/metrics").body;
    auto check = Subprocess::Start(
        "/bin/sh",
        {.args = {"-c", "/usr/bin/promtool check metrics <" + file}});
    ASSERT_TRUE(check.ok()) << check.status();
    EXPECT_EQ((*check)->Wait(Deadline::After(kSoon)).value_or(-1), 0);
    EXPECT_EQ((*check)->out() + (*check)->err(), "");
  }
}

// Scrapers, and readers that wedge, beside traffic.
TEST_F(StatusLifeTest, ReadersDisturbNoSession) {
  StartAll();
  // Asks, and never reads.
  const UniqueFd wedged = HttpConnect(guest_->address());
  ASSERT_TRUE(HttpSend(wedged, "GET / HTTP/1.1\r\n\r\n"));
  const UniqueFd client = daemons_.Connect("echo");
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(WriteText(client.get(), "x").ok());
    EXPECT_EQ(guest_->Get("/metrics").status, 200);
    EXPECT_EQ(host_->Get("/").status, 200);
    ASSERT_EQ(NextByte(client), 'x');
  }
}

}  // namespace
}  // namespace vios::testing
