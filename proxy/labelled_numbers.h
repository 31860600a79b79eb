// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_LABELLED_NUMBERS_H_
#define VIOS_PROXY_PROXY_LABELLED_NUMBERS_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/strings/string_view.h"

namespace vios {

// For the kernel's tables of lines such as "Uid: 0 0 0 0".

// The numbers behind `label` in the first line that begins with it. Pure.
std::vector<uint64_t> NumbersBehind(absl::string_view text,
                                    absl::string_view label);
// The first word behind it, if that is a number.
std::optional<uint64_t> NumberBehind(absl::string_view text,
                                     absl::string_view label);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_LABELLED_NUMBERS_H_
