// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_CLIENT_H_
#define VIOS_PROXY_PROXY_CLIENT_H_

#include <memory>
#include <string>

#include "channel/deadline.h"
#include "channel/unique_fd.h"

namespace vios {

// An accepted connection on its way to a channel. Move-only.
struct Client {
  UniqueFd fd;
  std::string from;  // For the log: "127.0.0.1:4711" or "unix".
  Clock::time_point accepted = Clock::now();
  std::shared_ptr<void> alive = nullptr;  // Released with the client.
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_CLIENT_H_
