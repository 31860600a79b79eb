// SPDX-License-Identifier: Apache-2.0
#include "proxy/status_server.h"

#include <utility>

#include "absl/memory/memory.h"
#include "proxy/host_header.h"
#include "proxy/http_address.h"
#include "proxy/tcp.h"

namespace vios {
namespace {

// As of the unix socket that clients connect to.
constexpr mode_t kSocketMode = 0660;

}  // namespace

absl::StatusOr<std::unique_ptr<StatusServer>> StatusServer::Open(
    const SocketAddress& address, const Options& options) {
  auto listener = OpenListener(address, kSocketMode);
  if (!listener.ok()) return listener.status();
  auto server = absl::WrapUnique(new StatusServer(address, options));
  const SocketAddress given = NearAddress(listener->get()).value_or(address);
  server->address_ = given.ToString();
  server->port_ = given.port();
  auto http = HttpServer::Create(*std::move(listener), options.limits);
  if (!http.ok()) return http.status();
  server->http_ = *std::move(http);
  return server;
}

StatusServer::StatusServer(const SocketAddress& address, const Options& options)
    : control_(options.control),
      loopback_(!address.is_unix() && IsLocal(address)),
      socket_guard_(address) {}

// On loopback no name is needed but localhost; elsewhere services have names.
HttpResponse StatusServer::Respond(const HttpRequest& request) const {
  if (!loopback_ || IsNobodysName(request.host)) {
    return pages_->Respond(request);
  }
  return {.status = 403, .body = "Host must be an IP address or localhost\n"};
}

absl::Status StatusServer::Start(std::function<DaemonStatus()> status,
                                 std::function<absl::Status()> alive) {
  pages_.emplace(std::move(status), std::move(alive),
                 control_ ? &requests_ : nullptr);
  return http_->Start(
      [this](const HttpRequest& request) { return Respond(request); });
}

}  // namespace vios
