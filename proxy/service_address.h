// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_SERVICE_ADDRESS_H_
#define VIOS_PROXY_PROXY_SERVICE_ADDRESS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "proxy/socket_address.h"

namespace vios {

// Where the service is: an address, or the name of a host that is yet to be
// resolved. A value.
class ServiceAddress {
 public:
  explicit ServiceAddress(const SocketAddress& literal);
  // `host` is an IPv4 or IPv6 literal, "unix:/path", for which `port` is not
  // used, or a well-formed host name. INVALID_ARGUMENT says what is wrong. Does
  // not resolve.
  static absl::StatusOr<ServiceAddress> Parse(absl::string_view host,
                                              uint16_t port);

  const std::string& host() const { return host_; }  // As it was written.
  uint16_t port() const { return port_; }
  bool is_unix() const { return literal_ && literal_->is_unix(); }
  // Nothing for a name.
  const std::optional<SocketAddress>& literal() const { return literal_; }
  // "db.example:5672" or "unix:/run/x.sock"; the host as it was written.
  std::string ToString() const;

 private:
  ServiceAddress(absl::string_view host, uint16_t port,
                 std::optional<SocketAddress> literal)
      : host_(host), port_(port), literal_(literal) {}

  std::string host_;
  uint16_t port_;
  std::optional<SocketAddress> literal_;
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_SERVICE_ADDRESS_H_
