// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_RESOLVER_H_
#define VIOS_PROXY_PROXY_RESOLVER_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "channel/deadline.h"
#include "proxy/service_address.h"
#include "proxy/socket_address.h"

namespace vios {

// All addresses of a host name. Blocks for as long as the system's resolver
// likes; the name "localhost" also works where the system does not know it.
absl::StatusOr<std::vector<SocketAddress>> LookUpHost(const std::string& host,
                                                      uint16_t port);

// Where the service is. Keeps the last good answer, so that a resolver that
// fails or hangs delays nobody but the thread that refreshes. Thread-safe.
class ServiceResolver {
 public:
  using LookUp = std::function<absl::StatusOr<std::vector<SocketAddress>>(
      const std::string& host, uint16_t port)>;
  explicit ServiceResolver(const ServiceAddress& service,
                           LookUp look_up = LookUpHost);

  // The addresses to try, in order; never empty. At once. UNAVAILABLE as long
  // as a name has never been resolved.
  absl::StatusOr<std::vector<SocketAddress>> Current() const;
  // Whether the first look for a name is not over yet.
  bool waits_for_first() const;

  // Says that the addresses did not work. At once.
  void RequestRefresh();
  // Whether to call Refresh(): at first, every minute, and when requested or
  // while there is no answer, but at most once a second. Never for a literal.
  bool Due(Clock::time_point now) const;
  // Resolves; blocks. For one thread. The status is for the log: the last good
  // answer stays when it fails.
  absl::Status Refresh();

 private:
  const std::string host_;  // Empty: nothing to resolve.
  const uint16_t port_;
  const LookUp look_up_;

  mutable absl::Mutex mu_;
  absl::StatusOr<std::vector<SocketAddress>> current_ ABSL_GUARDED_BY(mu_);
  bool requested_ ABSL_GUARDED_BY(mu_) = true;
  Clock::time_point refreshed_ ABSL_GUARDED_BY(mu_);
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_RESOLVER_H_
