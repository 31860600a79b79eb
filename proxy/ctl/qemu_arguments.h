// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_CTL_QEMU_ARGUMENTS_H_
#define VIOS_PROXY_PROXY_CTL_QEMU_ARGUMENTS_H_

#include <map>
#include <string>

#include "absl/types/span.h"

namespace vios {

// How many virtserialports a QEMU with these arguments has, by bus. Ports
// without a bus go to the first device, as long as it has room: they are
// counted as "". Knows both forms of -device, words and JSON. Pure.
std::map<std::string, int> PortsByBus(absl::Span<const std::string> arguments);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_CTL_QEMU_ARGUMENTS_H_
