// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_HTTP_MESSAGE_H_
#define VIOS_PROXY_PROXY_HTTP_MESSAGE_H_

#include <functional>
#include <string>

namespace vios {

// What the status server is asked, and what it answers. Plain values.
struct HttpRequest {
  enum class Method { kGet, kHead, kPost, kOther };
  Method method = Method::kGet;
  std::string path;  // Without a query; as sent.
  std::string host;  // The header of that name, as sent; empty without one.
  // Sent by a page that some web site put into a browser on this machine.
  bool from_web_page = false;
};

struct HttpResponse {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
  std::string allow;  // With 405.
};

using HttpHandler = std::function<HttpResponse(const HttpRequest&)>;

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_HTTP_MESSAGE_H_
