// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_LOG_FIELDS_H_
#define VIOS_PROXY_PROXY_LOG_FIELDS_H_

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace vios {

// The name=value pairs of a log line, in their order. Names are ours: lower
// case letters and underscores, and none of "severity", "time", "thread" and
// "message". Text from elsewhere is escaped already (channel/escape.h). A plain
// value.
class LogFields {
 public:
  struct Text {
    std::string text;
    bool quoted;  // Where lines are text.
  };
  using Value = std::variant<Text, uint64_t, absl::Duration>;
  using Field = std::pair<std::string, Value>;

  // A word, without quotes where lines are text unless it has blanks after all.
  // Left out when it is empty.
  LogFields& Add(absl::string_view name, absl::string_view word);
  // The same for text that is always quoted.
  LogFields& AddText(absl::string_view name, absl::string_view text);
  LogFields& AddNumber(absl::string_view name, uint64_t number);
  // In milliseconds: one unit sorts.
  LogFields& AddDuration(absl::string_view name, absl::Duration duration);
  LogFields& Append(const LogFields& more);

  const std::vector<Field>& all() const { return fields_; }
  bool empty() const { return fields_.empty(); }
  // "channel=qpid.0 up=7 connect=1.5ms end=\"timed out\""
  std::string ToString() const;

 private:
  std::vector<Field> fields_;
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_LOG_FIELDS_H_
