// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_CHANNEL_OPTION_BLOCK_H_
#define VIOS_PROXY_CHANNEL_OPTION_BLOCK_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/types/span.h"

namespace vios {

// What SYN and SYNACK may carry beyond the base protocol. Pure functions;
// nothing that a block says is trusted, and its text is escaped wherever it is
// shown.
struct OptionBlock {
  // 0: no options. A peer of a higher version speaks ours.
  uint8_t version = 0;
  std::string agent;  // Name and version of the sender.
  // The guest's claim about its client: family (4 or 6), address, port.
  std::string client;
};

// The option version that this program speaks.
inline constexpr uint8_t kOptionVersion = 1;

// Text beyond 255 bytes is cut.
std::string EncodeOptionBlock(const OptionBlock& block);
// Nothing when the bytes are no block as a whole. Unknown kinds are skipped; of
// one kind that comes twice the last counts.
std::optional<OptionBlock> DecodeOptionBlock(absl::Span<const uint8_t> payload);

// "10.0.0.1:80", "[::1]:80", or "" when the claim has no such form.
std::string ClientClaimToString(const std::string& claim);

}  // namespace vios

#endif  // VIOS_PROXY_CHANNEL_OPTION_BLOCK_H_
