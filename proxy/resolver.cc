// SPDX-License-Identifier: Apache-2.0
#include "proxy/resolver.h"

#include <netdb.h>
#include <sys/socket.h>

#include <chrono>
#include <cstring>
#include <memory>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "channel/errno_status.h"

namespace vios {
namespace {

constexpr std::chrono::seconds kAtMostEvery(1);
constexpr std::chrono::minutes kAtLeastEvery(1);

std::vector<SocketAddress> Loopback(uint16_t port) {
  return {SocketAddress::Loopback(port), *ParseSocketAddress("::1", port)};
}

absl::Status LookUpFailure(const std::string& host, int error) {
  if (error == EAI_SYSTEM) return ErrnoStatus("resolve", host);
  return absl::UnavailableError(
      absl::StrCat("resolve ", host, ": ", ::gai_strerror(error)));
}

}  // namespace

absl::StatusOr<std::vector<SocketAddress>> LookUpHost(const std::string& host,
                                                      uint16_t port) {
  addrinfo hints = {};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int error =
      ::getaddrinfo(host.c_str(), absl::StrCat(port).c_str(), &hints, &found);
  if (error != 0) {
    const absl::Status failure = LookUpFailure(host, error);
    if (absl::EqualsIgnoreCase(host, "localhost")) return Loopback(port);
    return failure;
  }
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(found,
                                                             ::freeaddrinfo);
  std::vector<SocketAddress> addresses;
  for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
    addresses.emplace_back(one->ai_addr, one->ai_addrlen);
  }
  return addresses;
}

ServiceResolver::ServiceResolver(const ServiceAddress& service, LookUp look_up)
    : host_(service.literal() ? "" : service.host()),
      port_(service.port()),
      look_up_(std::move(look_up)),
      current_(absl::UnavailableError(
          absl::StrCat("resolve ", service.host(), ": no answer yet"))) {
  if (service.literal()) {
    current_ = std::vector<SocketAddress>{*service.literal()};
  }
}

absl::StatusOr<std::vector<SocketAddress>> ServiceResolver::Current() const {
  absl::MutexLock lock(&mu_);
  return current_;
}

bool ServiceResolver::waits_for_first() const {
  absl::MutexLock lock(&mu_);
  return !current_.ok() && refreshed_ == Clock::time_point();
}

void ServiceResolver::RequestRefresh() {
  absl::MutexLock lock(&mu_);
  requested_ = true;
}

bool ServiceResolver::Due(Clock::time_point now) const {
  if (host_.empty()) return false;
  absl::MutexLock lock(&mu_);
  if (refreshed_ == Clock::time_point()) return true;
  const bool wanted = requested_ || !current_.ok();
  return now - refreshed_ >= (wanted ? kAtMostEvery : kAtLeastEvery);
}

absl::Status ServiceResolver::Refresh() {
  if (host_.empty()) return absl::OkStatus();
  {
    absl::MutexLock lock(&mu_);
    requested_ = false;  // What fails from now on wants another answer.
  }
  absl::StatusOr<std::vector<SocketAddress>> answer = look_up_(host_, port_);
  if (answer.ok() && answer->empty()) {
    answer = absl::UnavailableError(
        absl::StrCat("resolve ", host_, ": no addresses"));
  }
  absl::MutexLock lock(&mu_);
  refreshed_ = Clock::now();
  if (answer.ok() || !current_.ok()) current_ = answer;
  return answer.status();
}

}  // namespace vios
