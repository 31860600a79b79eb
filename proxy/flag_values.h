// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_FLAG_VALUES_H_
#define VIOS_PROXY_PROXY_FLAG_VALUES_H_

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "channel/channel_filter.h"
#include "proxy/log.h"
#include "proxy/socket_address.h"

namespace vios {

// What the text of a flag means. Pure. The message of an error is one line that
// names the flag, the value and what is allowed.

// Name and value as the operator wrote them.
struct FlagText {
  absl::string_view name;
  absl::string_view value;
};

// "--name=value: must be ALLOWED", with the value escaped.
absl::Status BadFlag(const FlagText& flag, absl::string_view allowed);

// What is allowed where a unix socket may be named.
std::string UnixPathAllowed();

// Decimal digits alone, 1..65535. The message begins with `diagnostic`.
absl::StatusOr<uint16_t> PortFlag(const FlagText& flag,
                                  absl::string_view diagnostic);
// Decimal digits alone, `lowest`..`highest`.
absl::StatusOr<int> NumberFlag(const FlagText& flag, int lowest, int highest);
// Three or four octal digits, 000..0777.
absl::StatusOr<mode_t> ModeFlag(const FlagText& flag);
// "30s", "500ms", "2m"; at least a millisecond, or 0 for off.
absl::StatusOr<absl::Duration> DurationFlag(const FlagText& flag);
// A duration of at least `shortest`: it cannot be off.
absl::StatusOr<absl::Duration> IntervalFlag(const FlagText& flag,
                                            absl::Duration shortest);
// The path of a directory, not empty.
absl::StatusOr<std::string> PathFlag(const FlagText& flag);
// The name of a level of the log, in any case.
absl::StatusOr<LogLevel> LevelFlag(const FlagText& flag);
// "ADDRESS:PORT" or "unix:/path" of a status server; empty: nothing.
absl::StatusOr<std::optional<SocketAddress>> HttpAddressFlag(
    const FlagText& flag);
// Globs over file names, split by commas, none empty.
absl::StatusOr<ChannelFilter> GlobsFlag(const FlagText& flag);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_FLAG_VALUES_H_
