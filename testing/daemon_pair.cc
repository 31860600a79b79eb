// SPDX-License-Identifier: Apache-2.0
#include "testing/daemon_pair.h"

#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "proxy/service_address.h"
#include "proxy/socket_address.h"
#include "testing/traffic/stream.h"
#include "testing/traffic/tcp.h"

namespace vios::testing {
namespace {

// Bound to a port, and not listening. So nobody else is given the port, and
// while no service of ours listens there, connections to it are refused.
UniqueFd ReservedPort() {
  UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int on = 1;  // Or the service could not bind it, too.
  EXPECT_EQ(::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on),
            0);
  const SocketAddress any = SocketAddress::Loopback(0);
  EXPECT_EQ(::bind(fd.get(), any.addr(), any.size()), 0);
  return fd;
}

}  // namespace

DaemonPair::DaemonPair(int channels, size_t buffer)
    : service_port_(ReservedPort()) {
  std::signal(SIGPIPE, SIG_IGN);  // As both daemons do.
  guest_options_.directory = dir_.MakeDirectory("ports");
  guest_options_.listen_address = SocketAddress::Loopback(0);
  guest_options_.reconnect_interval = absl::Milliseconds(200);
  host_options_.directory = dir_.MakeDirectory("hosts");
  host_options_.reconnect_interval = absl::Milliseconds(200);
  dir_.MakeDirectory("hosts/g1");
  for (int i = 0; i < channels; ++i) {
    channels_.push_back(std::make_unique<FakeQemu>(
        dir_ / absl::StrCat("hosts/g1/", i),
        dir_ / absl::StrCat("ports/qpid.", i), buffer));
  }
  StartService();
}

void DaemonPair::StartGuest(std::optional<UniqueFd> listener) {
  auto started = GuestProxy::Start(guest_options_, std::move(listener));
  ASSERT_TRUE(started.ok()) << started.status();
  guest_ = *std::move(started);
}

void DaemonPair::StartHost() {
  auto started = HostProxy::Start(host_options_);
  ASSERT_TRUE(started.ok()) << started.status();
  host_ = *std::move(started);
}

void DaemonPair::StartAll() {
  StartHost();
  StartGuest();
}

void DaemonPair::StartService() {
  ServiceOptions options;
  options.port = LocalPort(service_port_.get()).value_or(0);
  options.log = [this](const std::string& line) {
    absl::MutexLock lock(&mu_);
    service_log_.push_back(line);
  };
  auto started = Service::Start(options);
  ASSERT_TRUE(started.ok()) << started.status();
  service_ = *std::move(started);
  host_options_.service =
      ServiceAddress(SocketAddress::Loopback(service_->port()));
}

std::vector<std::string> DaemonPair::ServiceLog() const {
  absl::MutexLock lock(&mu_);
  return service_log_;
}

UniqueFd DaemonPair::Connect(const std::string& request,
                             absl::Duration no_progress) {
  auto connected = ConnectTcp("127.0.0.1", guest_->port(), no_progress);
  EXPECT_TRUE(connected.ok()) << connected.status();
  if (!connected.ok()) return UniqueFd();
  if (!request.empty()) {
    EXPECT_TRUE(WriteText(connected->get(), request + "\n").ok()) << request;
  }
  return *std::move(connected);
}

std::string DaemonPair::Run(ClientOptions options) {
  options.port = guest_->port();
  options.no_progress = absl::Seconds(30);
  return RunClient(options);
}

bool DaemonPair::EveryChannelServes() {
  std::vector<UniqueFd> clients;
  for (size_t i = 0; i < channels_.size(); ++i) {
    clients.push_back(Connect("echo"));
    if (!clients.back().ok()) return false;
    if (!WriteText(clients.back().get(), "x").ok()) return false;
  }
  for (const UniqueFd& client : clients) {
    if (NextByte(client) != 'x') return false;
  }
  // A base session has no good end for a client that ends first.
  if (!guest_options_.protocol_options || !host_options_.protocol_options) {
    return true;
  }
  for (const UniqueFd& client : clients) {
    (void)ShutdownWrite(client.get());
    if (EndOf(client) != "clean-eof") return false;
  }
  return true;
}

std::string EndOf(const UniqueFd& connection) {
  return Outcome(ReceiveAll(connection.get(), {}).end);
}

char NextByte(const UniqueFd& connection) {
  char byte = 0;
  // Interrupted when this process is stopped and goes on.
  const ssize_t n = TEMP_FAILURE_RETRY(::recv(connection.get(), &byte, 1, 0));
  return n == 1 ? byte : '\0';
}

}  // namespace vios::testing
