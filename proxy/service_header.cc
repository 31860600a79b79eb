// SPDX-License-Identifier: Apache-2.0
#include "proxy/service_header.h"

#include "absl/strings/str_cat.h"
#include "proxy/send_bytes.h"
#include "proxy/tcp.h"

namespace vios {

std::optional<SessionEnd> SendProxyHeader(int service, ProxyProtocol version,
                                          const ProxyIdentity& identity,
                                          Deadline deadline, Wakeup& wakeup) {
  const absl::Status sent =
      SendBytes(service,
                ProxyHeader(version, identity,
                            {NearAddress(service), FarAddress(service)}),
                deadline, wakeup);
  if (sent.ok()) return std::nullopt;
  if (absl::IsCancelled(sent)) {
    return ResetBecause(ResetReason::kShuttingDown, "");
  }
  const bool late = absl::IsDeadlineExceeded(sent);
  return ResetBecause(
      late ? ResetReason::kTimedOut : ResetReason::kConnectionReset,
      absl::StrCat("service took no PROXY header: ", sent.message()));
}

}  // namespace vios
