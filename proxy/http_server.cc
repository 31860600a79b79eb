// SPDX-License-Identifier: Apache-2.0
#include "proxy/http_server.h"

#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <event2/listener.h>
#include <sys/socket.h>

#include <string>
#include <utility>

#include "absl/memory/memory.h"
#include "absl/strings/str_cat.h"
#include "channel/errno_status.h"
#include "proxy/log.h"
#include "proxy/thread.h"

namespace vios {
namespace {

constexpr ev_uint16_t kEveryMethod =
    EVHTTP_REQ_GET | EVHTTP_REQ_POST | EVHTTP_REQ_HEAD | EVHTTP_REQ_PUT |
    EVHTTP_REQ_DELETE | EVHTTP_REQ_OPTIONS | EVHTTP_REQ_TRACE |
    EVHTTP_REQ_CONNECT | EVHTTP_REQ_PATCH;

absl::Status NoMemory() {
  return absl::ResourceExhaustedError("status server: no memory");
}

HttpRequest::Method MethodOf(evhttp_request* request) {
  switch (::evhttp_request_get_command(request)) {
    case EVHTTP_REQ_GET:
      return HttpRequest::Method::kGet;
    case EVHTTP_REQ_HEAD:
      return HttpRequest::Method::kHead;
    case EVHTTP_REQ_POST:
      return HttpRequest::Method::kPost;
    default:
      return HttpRequest::Method::kOther;
  }
}

HttpRequest Translate(evhttp_request* request) {
  HttpRequest ours = {.method = MethodOf(request)};
  const evhttp_uri* uri = ::evhttp_request_get_evhttp_uri(request);
  const char* path = uri != nullptr ? ::evhttp_uri_get_path(uri) : nullptr;
  ours.path = path != nullptr && *path != '\0' ? path : "/";
  const evkeyvalq* headers = ::evhttp_request_get_input_headers(request);
  const char* host = ::evhttp_find_header(headers, "Host");
  if (host != nullptr) ours.host = host;
  for (const char* name : {"Origin", "Sec-Fetch-Site"}) {
    const char* value = ::evhttp_find_header(headers, name);
    // "none": typed by a person.
    if (value != nullptr && absl::string_view(value) != "none") {
      ours.from_web_page = true;
    }
  }
  return ours;
}

void Send(evhttp_request* request, const HttpResponse& response, bool head) {
  evkeyvalq* headers = ::evhttp_request_get_output_headers(request);
  const auto add = [headers](const char* name, const std::string& value) {
    (void)::evhttp_add_header(headers, name, value.c_str());
  };
  add("Content-Type", response.content_type);
  add("Content-Length", absl::StrCat(response.body.size()));
  add("Connection", "close");
  add("Cache-Control", "no-store");
  add("X-Content-Type-Options", "nosniff");
  add("Content-Security-Policy",
      "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
      "form-action 'none'; frame-ancestors 'none'");
  if (!response.allow.empty()) add("Allow", response.allow);
  evbuffer* body = ::evhttp_request_get_output_buffer(request);
  if (!head) {
    (void)::evbuffer_add(body, response.body.data(), response.body.size());
  }
  ::evhttp_send_reply(request, response.status, nullptr, nullptr);
}

void OnRequest(evhttp_request* request, void* handler) {
  const HttpRequest ours = Translate(request);
  Send(request, (*static_cast<const HttpHandler*>(handler))(ours),
       ours.method == HttpRequest::Method::kHead);
}

void OnLog(int, const char* message) {
  VIOS_LOG(kDebug) << "status server: " << message;
}

// What is accepted is no leg of a session, which a close would reset.
absl::Status CloseInGoodOrder(int listener) {
  const linger off = {0, 0};
  if (::setsockopt(listener, SOL_SOCKET, SO_LINGER, &off, sizeof off) == 0) {
    return absl::OkStatus();
  }
  return ErrnoStatus("setsockopt(SO_LINGER)", "status server");
}

}  // namespace

void HttpServer::Free::operator()(event* event) const { ::event_free(event); }
void HttpServer::Free::operator()(event_base* base) const {
  ::event_base_free(base);
}
void HttpServer::Free::operator()(evhttp* http) const { ::evhttp_free(http); }

absl::StatusOr<std::unique_ptr<HttpServer>> HttpServer::Create(
    UniqueFd listener, const Limits& limits) {
  auto server = absl::WrapUnique(new HttpServer());
  const absl::Status status = server->SetUp(std::move(listener), limits);
  if (!status.ok()) return status;
  return server;
}

absl::Status HttpServer::SetUp(UniqueFd listener, const Limits& limits) {
  listener_ = std::move(listener);
  absl::Status status = CloseInGoodOrder(listener_.get());
  if (status.ok()) status = SetUpEvents();
  return status.ok() ? SetUpHttp(limits) : status;
}

absl::Status HttpServer::SetUpEvents() {
  auto wakeup = Wakeup::Create(stop_);
  if (!wakeup.ok()) return wakeup.status();
  wakeup_ = *std::move(wakeup);
  ::event_set_log_callback(OnLog);
  base_.reset(::event_base_new());
  if (base_ == nullptr) return NoMemory();
  on_stop_.reset(::event_new(
      base_.get(), wakeup_->fd(), EV_READ,
      [](evutil_socket_t, short, void* base) {
        (void)::event_base_loopbreak(static_cast<event_base*>(base));
      },
      base_.get()));
  if (on_stop_ == nullptr || ::event_add(on_stop_.get(), nullptr) != 0) {
    return NoMemory();
  }
  return absl::OkStatus();
}

absl::Status HttpServer::SetUpHttp(const Limits& limits) {
  http_.reset(::evhttp_new(base_.get()));
  if (http_ == nullptr) return NoMemory();
  evhttp* const http = http_.get();
  ::evhttp_set_allowed_methods(http, kEveryMethod);
  ::evhttp_set_max_headers_size(http,
                                static_cast<ssize_t>(limits.header_bytes));
  ::evhttp_set_max_body_size(http, static_cast<ssize_t>(limits.body_bytes));
  ::evhttp_set_timeout(
      http,
      static_cast<int>(absl::ToInt64Seconds(limits.connections.lifetime)));
  ::evhttp_set_gencb(http, OnRequest, &handler_);
  evconnlistener* const accepting = ::evconnlistener_new(
      base_.get(), nullptr, nullptr, LEV_OPT_CLOSE_ON_EXEC, 0, listener_.get());
  if (accepting == nullptr) return NoMemory();
  if (::evhttp_bind_listener(http, accepting) == nullptr) return NoMemory();
  connections_ = std::make_unique<HttpConnections>(base_.get(), accepting,
                                                   limits.connections);
  ::evhttp_set_bevcb(
      http,
      [](event_base*, void* connections) {
        return static_cast<HttpConnections*>(connections)->Accepted();
      },
      connections_.get());
  return absl::OkStatus();
}

HttpServer::~HttpServer() { Stop(); }

absl::Status HttpServer::Start(HttpHandler handler) {
  handler_ = std::move(handler);
  auto thread = StartThread(
      "status", [base = base_.get()] { (void)::event_base_dispatch(base); });
  if (!thread.ok()) return thread.status();
  thread_ = *std::move(thread);
  return absl::OkStatus();
}

void HttpServer::Stop() {
  stop_.Fire();
  if (thread_.joinable()) thread_.join();
  connections_.reset();
  http_.reset();
  listener_.Reset();  // Who comes now is refused, not left to wait.
}

}  // namespace vios
