// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_STATUS_SERVER_H_
#define VIOS_PROXY_PROXY_STATUS_SERVER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "proxy/control_requests.h"
#include "proxy/daemon_status.h"
#include "proxy/http_message.h"
#include "proxy/http_server.h"
#include "proxy/listener.h"
#include "proxy/socket_address.h"
#include "proxy/status_pages.h"

namespace vios {

// Shows a daemon over HTTP: probes, metrics, a page. The calls are for one
// thread; however its clients behave, the daemon does not notice.
class StatusServer {
 public:
  struct Options {
    bool control = false;  // Whether there are /drain and /quitquitquit.
    HttpServer::Limits limits = {};
  };
  // Listens; nobody is answered yet. A stale unix socket is replaced. Needs no
  // more leave of the system afterwards.
  static absl::StatusOr<std::unique_ptr<StatusServer>> Open(
      const SocketAddress& address, const Options& options);
  ~StatusServer() = default;

  // `status` and `alive` are called on the server's thread until Stop().
  absl::Status Start(std::function<DaemonStatus()> status,
                     std::function<absl::Status()> alive);
  void Stop() { http_->Stop(); }

  // Null unless Options::control.
  const ControlRequests* requests() const {
    return control_ ? &requests_ : nullptr;
  }
  // "127.0.0.1:9090" with the port that it was given, "unix:/path".
  const std::string& address() const { return address_; }
  uint16_t port() const { return port_; }

 private:
  StatusServer(const SocketAddress& address, const Options& options);
  HttpResponse Respond(const HttpRequest& request) const;

  const bool control_;
  const bool loopback_;
  std::string address_;
  uint16_t port_ = 0;
  ControlRequests requests_;
  UnixSocketGuard socket_guard_;
  std::optional<StatusPages> pages_;
  std::unique_ptr<HttpServer> http_;  // Last: its thread uses the rest.
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_STATUS_SERVER_H_
