// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_LOG_JSON_H_
#define VIOS_PROXY_PROXY_LOG_JSON_H_

#include <string>

#include "absl/strings/string_view.h"
#include "proxy/log_fields.h"

namespace vios {

// What a line of the log has besides its fields.
struct LogHead {
  absl::string_view severity;
  absl::string_view time;  // RFC 3339
  absl::string_view thread;
  absl::string_view message;
};

// One JSON object on one line, with its newline: severity, time, thread,
// message, then the fields; a duration becomes the number NAME_ms. Valid
// whatever the bytes are: what is no UTF-8 becomes U+FFFD. Pure.
std::string JsonLogLine(const LogHead& head, const LogFields& fields);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_LOG_JSON_H_
