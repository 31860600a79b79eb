// SPDX-License-Identifier: Apache-2.0
#include "proxy/status_pages.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "proxy/health.h"
#include "proxy/prometheus_text.h"
#include "proxy/status_html.h"
#include "proxy/status_json.h"

namespace vios {
namespace {

using Method = HttpRequest::Method;

HttpResponse Verdict(const absl::Status& status) {
  if (status.ok()) return {.body = "ok\n"};
  return {.status = 503, .body = absl::StrCat(status.message(), "\n")};
}
HttpResponse Startup(const DaemonStatus& status) {
  return Verdict(Started(status));
}
HttpResponse Readiness(const DaemonStatus& status) {
  return Verdict(Ready(status));
}
HttpResponse Metrics(const DaemonStatus& status) {
  return {.content_type = kPrometheusContentType,
          .body = PrometheusText(status)};
}
HttpResponse Json(const DaemonStatus& status) {
  return {.content_type = "application/json", .body = StatusJson(status)};
}
HttpResponse Html(const DaemonStatus& status) {
  return {.content_type = "text/html; charset=utf-8",
          .body = StatusHtml(status)};
}

// Liveness is no question of the status.
constexpr auto kLive = nullptr;

constexpr absl::string_view kDrain = "/drain";
constexpr absl::string_view kQuit = "/quitquitquit";

HttpResponse MethodNotAllowed(const char* allowed) {
  return {.status = 405,
          .body = absl::StrCat("use ", allowed, "\n"),
          .allow = allowed};
}

}  // namespace

struct StatusPages::Page {
  absl::string_view path;
  HttpResponse (*show)(const DaemonStatus&);
};

StatusPages::StatusPages(std::function<DaemonStatus()> status,
                         std::function<absl::Status()> alive,
                         ControlRequests* control)
    : status_(std::move(status)), alive_(std::move(alive)), control_(control) {}

HttpResponse StatusPages::Respond(const HttpRequest& request) const {
  static constexpr Page kPages[] = {
      {"/", Html},           {"/status", Json},      {"/metrics", Metrics},
      {"/livez", kLive},     {"/healthz", kLive},    {"/liveness", kLive},
      {"/live", kLive},      {"/readyz", Readiness}, {"/readiness", Readiness},
      {"/ready", Readiness}, {"/startup", Startup}};
  if (request.path == kDrain || request.path == kQuit) return Control(request);
  const auto page =
      std::find_if(std::begin(kPages), std::end(kPages),
                   [&](const Page& one) { return one.path == request.path; });
  if (page == std::end(kPages)) return {.status = 404, .body = "not found\n"};
  if (request.method == Method::kGet || request.method == Method::kHead) {
    return page->show == kLive ? Verdict(alive_()) : page->show(status_());
  }
  return MethodNotAllowed("GET, HEAD");
}

HttpResponse StatusPages::Control(const HttpRequest& request) const {
  if (control_ == nullptr) {
    return {.status = 404, .body = "not found: --http_control is off\n"};
  }
  if (request.method != Method::kPost) return MethodNotAllowed("POST");
  if (request.from_web_page) {
    return {.status = 403, .body = "not for web pages\n"};
  }
  if (request.path == kQuit) {
    control_->RequestQuit();
    return {.body = "draining, then stopping\n"};
  }
  control_->RequestDrain();
  return {.body = "draining\n"};
}

}  // namespace vios
