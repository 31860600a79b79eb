// SPDX-License-Identifier: Apache-2.0
#include "proxy/flag_values.h"

#include "absl/strings/str_cat.h"
#include "channel/endpoint.h"
#include "channel/escape.h"
#include "proxy/digits.h"
#include "proxy/http_address.h"

namespace vios {
namespace {

constexpr size_t kMaxShown = 200;  // Bytes of a value.

// Far beyond any use, and still safe to add to a clock.
constexpr absl::Duration kLongest = absl::Hours(24 * 3650);

std::string Shown(const FlagText& flag) {
  return absl::StrCat("--", flag.name, "=", Escape(flag.value, kMaxShown));
}

}  // namespace

std::string UnixPathAllowed() {
  return absl::StrCat("unix: and an absolute path of at most ", kMaxSocketPath,
                      " bytes");
}

absl::Status BadFlag(const FlagText& flag, absl::string_view allowed) {
  return absl::InvalidArgumentError(
      absl::StrCat(Shown(flag), ": must be ", allowed));
}

absl::StatusOr<uint16_t> PortFlag(const FlagText& flag,
                                  absl::string_view diagnostic) {
  const int port = ParseDigits(flag.value).value_or(0);
  if (port >= 1 && port <= 65535) return static_cast<uint16_t>(port);
  return absl::InvalidArgumentError(
      absl::StrCat(diagnostic, ": ", Shown(flag)));
}

absl::StatusOr<int> NumberFlag(const FlagText& flag, int lowest, int highest) {
  const std::optional<int> number = ParseDigits(flag.value);
  if (number.has_value() && *number >= lowest && *number <= highest) {
    return *number;
  }
  return BadFlag(flag,
                 absl::StrCat("a number in range ", lowest, "..", highest));
}

absl::StatusOr<mode_t> ModeFlag(const FlagText& flag) {
  mode_t mode = 0;
  const absl::string_view text = flag.value;
  bool good = text.size() == 3 || (text.size() == 4 && text[0] == '0');
  for (const char digit : text) {
    good = good && digit >= '0' && digit <= '7';
    mode = mode * 8 + static_cast<mode_t>(digit - '0');
  }
  if (good) return mode;
  return BadFlag(flag, "an octal file mode in range 0000..0777");
}

absl::StatusOr<absl::Duration> DurationFlag(const FlagText& flag) {
  absl::Duration duration;
  if (absl::ParseDuration(flag.value, &duration) &&
      (duration == absl::ZeroDuration() ||
       (duration >= absl::Milliseconds(1) && duration <= kLongest))) {
    return duration;
  }
  return BadFlag(
      flag,
      "a duration such as 30s, 500ms or 2m, 1ms to 10 years, or 0 for off");
}

absl::StatusOr<absl::Duration> IntervalFlag(const FlagText& flag,
                                            absl::Duration shortest) {
  absl::Duration duration;
  if (absl::ParseDuration(flag.value, &duration) && duration >= shortest &&
      duration <= kLongest) {
    return duration;
  }
  return BadFlag(flag,
                 absl::StrCat("a duration such as 30s, 500ms or 2m, at least ",
                              absl::FormatDuration(shortest)));
}

absl::StatusOr<std::string> PathFlag(const FlagText& flag) {
  if (!flag.value.empty()) return std::string(flag.value);
  return BadFlag(flag, "the path of a directory");
}

absl::StatusOr<LogLevel> LevelFlag(const FlagText& flag) {
  absl::StatusOr<LogLevel> level = ParseLogLevel(flag.value);
  if (level.ok()) return level;
  return BadFlag(flag, "one of FATAL, ALERT, ERROR, WARN, NOTICE, INFO, DEBUG");
}

absl::StatusOr<std::optional<SocketAddress>> HttpAddressFlag(
    const FlagText& flag) {
  if (flag.value.empty()) return std::nullopt;
  const absl::StatusOr<SocketAddress> address = ParseHttpAddress(flag.value);
  if (address.ok()) return *address;
  return BadFlag(flag, absl::StrCat("ADDRESS:PORT with an IPv4 or [IPv6] "
                                    "address, or ",
                                    UnixPathAllowed()));
}

absl::StatusOr<ChannelFilter> GlobsFlag(const FlagText& flag) {
  absl::StatusOr<ChannelFilter> filter = ChannelFilter::Parse(flag.value);
  if (filter.ok()) return filter;
  return BadFlag(flag, "globs over file names, such as qpid.*,app.?");
}

}  // namespace vios
