// SPDX-License-Identifier: Apache-2.0
#include "proxy/ctl/check_service.h"

#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "proxy/await_dial.h"
#include "proxy/ctl/await_look_up.h"
#include "proxy/socket_address.h"
#include "proxy/tcp.h"

namespace vios {
namespace {

absl::Status Reach(const SocketAddress& address, Deadline deadline,
                   Wakeup& wakeup) {
  const auto dialled = AwaitDial(address, deadline, wakeup);
  // To the service we are a client that left, not one that failed: a reset
  // would stand in its log.
  if (dialled.ok()) (void)EndCleanly(dialled->get());
  if (!absl::IsDeadlineExceeded(dialled.status())) return dialled.status();
  return absl::DeadlineExceededError("it does not answer");
}

}  // namespace

Verdict CheckService(const ServiceAddress& service, Deadline deadline,
                     Wakeup& wakeup, ServiceResolver::LookUp look_up) {
  const auto addresses =
      AwaitLookUp(service, deadline, wakeup, std::move(look_up));
  absl::Status status = addresses.status();
  std::string place = absl::StrCat(service.host(), " port ", service.port());
  if (addresses.ok()) {
    size_t left = addresses->size();
    for (const SocketAddress& one : *addresses) {
      place = one.ToString();
      const absl::Duration share =
          deadline.remaining() / static_cast<int64_t>(left--);
      status = Reach(one, Deadline::After(share), wakeup);
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
