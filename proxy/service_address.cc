// SPDX-License-Identifier: Apache-2.0
#include "proxy/service_address.h"

#include <algorithm>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace vios {
namespace {

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

}  // namespace

ServiceAddress::ServiceAddress(const SocketAddress& literal)
    : ServiceAddress(literal.HostToString(), literal.port(), literal) {}

absl::StatusOr<ServiceAddress> ServiceAddress::Parse(absl::string_view host,
                                                     uint16_t port) {
  const absl::StatusOr<SocketAddress> literal = ParseSocketAddress(host, port);
  if (literal.ok()) return ServiceAddress(host, port, *literal);
  if (IsHostName(host)) return ServiceAddress(host, port, std::nullopt);
  if (absl::StartsWith(host, "unix:")) return literal.status();
  return absl::InvalidArgumentError(absl::StrCat(
      "'", host, "' is not an address, a host name or unix:/path"));
}

std::string ServiceAddress::ToString() const {
  return literal_ ? literal_->ToString() : absl::StrCat(host_, ":", port_);
}

}  // namespace vios
