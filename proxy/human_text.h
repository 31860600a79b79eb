// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_HUMAN_TEXT_H_
#define VIOS_PROXY_PROXY_HUMAN_TEXT_H_

#include <cstdint>
#include <string>

#include "absl/time/time.h"

namespace vios {

// Figures for people to read at a glance. Pure.

// "0 B", "999 B", "1.5 kB", "12 MB": powers of 1000.
std::string HumanBytes(uint64_t bytes);
// The two largest units: "0s", "59s", "1m 5s", "3h 0m", "12d 4h".
std::string HumanDuration(absl::Duration duration);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_HUMAN_TEXT_H_
