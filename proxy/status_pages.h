// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_STATUS_PAGES_H_
#define VIOS_PROXY_PROXY_STATUS_PAGES_H_

#include <functional>

#include "proxy/control_requests.h"
#include "proxy/daemon_status.h"
#include "proxy/http_message.h"

namespace vios {

// What the status server answers on which path.
class StatusPages {
 public:
  // `status` is called on the server's thread. `control` outlives it; null:
  // there is no such path.
  StatusPages(std::function<DaemonStatus()> status, ControlRequests* control);

  // Never blocks but for `status`.
  HttpResponse Respond(const HttpRequest& request) const;

 private:
  struct Page;
  HttpResponse Control(const HttpRequest& request) const;

  const std::function<DaemonStatus()> status_;
  ControlRequests* const control_;
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_STATUS_PAGES_H_
