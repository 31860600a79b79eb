// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_CHANNEL_ESCAPE_H_
#define VIOS_PROXY_CHANNEL_ESCAPE_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace vios {

// Text from the other side, safe to show in a line of a log: printable ASCII
// stays, a quote or backslash gets a backslash, every other byte becomes \xNN.
// What would make the result longer than `max_length` bytes is cut off, never
// inside an escape, and "..." stands for it (then up to three bytes more).
std::string Escape(absl::string_view text, size_t max_length);

}  // namespace vios

#endif  // VIOS_PROXY_CHANNEL_ESCAPE_H_
