// SPDX-License-Identifier: Apache-2.0
#include "proxy/ask_health.h"

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "channel/cancel.h"
#include "channel/wakeup.h"
#include "proxy/http_client.h"
#include "proxy/log_text.h"

namespace vios {

bool IsHealthProbe(absl::string_view probe) {
  return probe == "startup" || probe == "readiness" || probe == "liveness";
}

absl::Status AskHealth(const SocketAddress& server, absl::string_view probe,
                       Deadline deadline) {
  Cancel never;
  const auto wakeup = Wakeup::Create(never);
  if (!wakeup.ok()) return wakeup.status();
  const auto answer =
      AskHttp(server, "GET", absl::StrCat("/", probe), deadline, **wakeup);
  if (!answer.ok()) return answer.status();
  if (answer->status == 200) return absl::OkStatus();
  return absl::FailedPreconditionError(
      LogOneLine(absl::StripSuffix(answer->body, "\n")));
}

}  // namespace vios
