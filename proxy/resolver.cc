// SPDX-License-Identifier: Apache-2.0
#include "proxy/resolver.h"

#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <memory>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "channel/errno_status.h"

namespace vios {
namespace {

constexpr std::chrono::seconds kAtMostEvery(1);
constexpr std::chrono::minutes kAtLeastEvery(1);

bool IsLabel(absl::string_view label) {
  return !label.empty() && label.size() <= 63 &&
         std::all_of(label.begin(), label.end(), [](unsigned char c) {
           return absl::ascii_isalnum(c) || c == '-' || c == '_';
         });
}

// A last label of digits alone can only be an address with a slip in it.
bool IsHostName(absl::string_view name) {
  if (name.size() > 253) return false;
  const std::vector<absl::string_view> labels = absl::StrSplit(
      absl::EndsWith(name, ".") ? name.substr(0, name.size() - 1) : name, '.');
  return std::all_of(labels.begin(), labels.end(), IsLabel) &&
         !std::all_of(labels.back().begin(), labels.back().end(),
                      absl::ascii_isdigit);
}

std::vector<SocketAddress> Loopback(uint16_t port) {
  return {*ParseSocketAddress("127.0.0.1", port),
          *ParseSocketAddress("::1", port)};
}

absl::Status LookUpFailure(const std::string& host, int error) {
  if (error == EAI_SYSTEM) return ErrnoStatus("resolve", host);
  return absl::UnavailableError(
      absl::StrCat("resolve ", host, ": ", ::gai_strerror(error)));
}

}  // namespace

absl::Status CheckServiceAddress(absl::string_view address) {
  const absl::Status literal = ParseSocketAddress(address, 0).status();
  if (literal.ok() || IsHostName(address)) return absl::OkStatus();
  if (absl::StartsWith(address, "unix:")) return literal;
  return absl::InvalidArgumentError(absl::StrCat(
      "'", address, "' is not an address, a host name or unix:/path"));
}

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

ServiceResolver::ServiceResolver(const std::string& address, uint16_t port,
                                 LookUp look_up)
    : host_(ParseSocketAddress(address, port).ok() ? "" : address),
      port_(port),
      look_up_(std::move(look_up)),
      current_(absl::UnavailableError(
          absl::StrCat("resolve ", address, ": no answer yet"))) {
  absl::StatusOr<SocketAddress> literal = ParseSocketAddress(address, port);
  if (literal.ok()) current_ = std::vector<SocketAddress>{*literal};
}

absl::StatusOr<std::vector<SocketAddress>> ServiceResolver::Current() const {
  absl::MutexLock lock(&mu_);
  return current_;
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
