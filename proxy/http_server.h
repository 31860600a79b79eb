// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_HTTP_SERVER_H_
#define VIOS_PROXY_PROXY_HTTP_SERVER_H_

#include <cstddef>
#include <memory>
#include <thread>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "channel/cancel.h"
#include "channel/unique_fd.h"
#include "channel/wakeup.h"
#include "proxy/http_connections.h"
#include "proxy/http_message.h"

struct event;
struct event_base;
struct evhttp;

namespace vios {

// A small HTTP/1.1 server, the thread "status": one request on each connection,
// answered at once, bounded in size, number and time. No client of it can hold
// up anything but itself. The calls are for one thread.
class HttpServer {
 public:
  struct Limits {
    size_t header_bytes = 8192;
    size_t body_bytes = 1024;
    HttpConnections::Limits connections;
  };

  // Makes all that needs the system's leave, so that Start() needs none.
  // `listener` is a listening, non-blocking stream socket, or a prepared leg.
  static absl::StatusOr<std::unique_ptr<HttpServer>> Create(
      UniqueFd listener, const Limits& limits);
  ~HttpServer();

  // `handler` is called on the thread and must not block.
  absl::Status Start(HttpHandler handler);
  // Joins the thread; connections are cut. Idempotent.
  void Stop();

 private:
  struct Free {
    void operator()(event* event) const;
    void operator()(event_base* base) const;
    void operator()(evhttp* http) const;
  };

  HttpServer() = default;
  absl::Status SetUp(UniqueFd listener, const Limits& limits);
  absl::Status SetUpEvents();
  absl::Status SetUpHttp(const Limits& limits);

  HttpHandler handler_;
  Cancel stop_;
  std::unique_ptr<Wakeup> wakeup_;
  std::unique_ptr<event_base, Free> base_;
  UniqueFd listener_;
  std::unique_ptr<event, Free> on_stop_;
  std::unique_ptr<evhttp, Free> http_;
  std::unique_ptr<HttpConnections> connections_;
  std::thread thread_;  // Uses all of the above.
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_HTTP_SERVER_H_
