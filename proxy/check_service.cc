// SPDX-License-Identifier: Apache-2.0
#include "proxy/check_service.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "proxy/await_dial.h"
#include "proxy/resolver.h"
#include "proxy/socket_address.h"

namespace vios {
namespace {

absl::Status Reach(const SocketAddress& address, Deadline deadline,
                   Wakeup& wakeup) {
  const absl::Status status = AwaitDial(address, deadline, wakeup).status();
  if (!absl::IsDeadlineExceeded(status)) return status;
  return absl::DeadlineExceededError("it does not answer");
}

absl::StatusOr<std::vector<SocketAddress>> AddressesOf(
    const ServiceAddress& service) {
  if (!service.literal()) return LookUpHost(service.host(), service.port());
  return std::vector<SocketAddress>{*service.literal()};
}

}  // namespace

Verdict CheckService(const ServiceAddress& service, Deadline deadline,
                     Wakeup& wakeup) {
  const auto addresses = AddressesOf(service);
  absl::Status status = addresses.status();
  std::string place = absl::StrCat(service.host(), " port ", service.port());
  if (addresses.ok()) {
    for (const SocketAddress& one : *addresses) {
      place = one.ToString();
      status = Reach(one, deadline, wakeup);
      if (status.ok()) {
        return Fine("service", absl::StrCat("the service at ", place,
                                            " takes connections"));
      }
    }
  }
  return Broken("service",
                absl::StrCat("the service at ", place,
                             " is not to be reached: ", status.message()),
                "Start the service, or say with --service_address and "
                "--service_port where it is.");
}

}  // namespace vios
