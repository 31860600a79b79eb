// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_STATUS_PAGES_H_
#define VIOS_PROXY_PROXY_STATUS_PAGES_H_

#include <functional>

#include "absl/status/status.h"
#include "proxy/control_requests.h"
#include "proxy/daemon_status.h"
#include "proxy/http_message.h"

namespace vios {

// What the status server answers on which path.
class StatusPages {
 public:
  // `status` and `alive`, which is all that liveness asks, are called on the
  // server's thread. `control` outlives it; null: there is no such path.
  StatusPages(std::function<DaemonStatus()> status,
              std::function<absl::Status()> alive, ControlRequests* control);

  // Never blocks but for these.
  HttpResponse Respond(const HttpRequest& request) const;

 private:
  struct Page;
  HttpResponse Control(const HttpRequest& request) const;

  const std::function<DaemonStatus()> status_;
  const std::function<absl::Status()> alive_;
  ControlRequests* const control_;
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_STATUS_PAGES_H_
