// SPDX-License-Identifier: Apache-2.0
#include "channel/option_block.h"

#include <arpa/inet.h>

#include <array>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace vios {
namespace {

constexpr uint8_t kMagic0 = 'O';
constexpr uint8_t kMagic1 = '1';
constexpr uint8_t kKindVersion = 1;
constexpr uint8_t kKindAgent = 2;
constexpr uint8_t kKindClient = 3;
constexpr size_t kMaxValueSize = 255;

void AppendOption(uint8_t kind, absl::string_view value, std::string& out) {
  if (value.empty()) return;
  const absl::string_view kept = value.substr(0, kMaxValueSize);
  out.push_back(static_cast<char>(kind));
  out.push_back(static_cast<char>(kept.size()));
  absl::StrAppend(&out, kept);
}

void TakeOption(uint8_t kind, absl::Span<const uint8_t> value,
                OptionBlock& block) {
  const std::string text(value.begin(), value.end());
  if (kind == kKindVersion && value.size() == 1) block.version = value[0];
  if (kind == kKindAgent) block.agent = text;
  if (kind == kKindClient) block.client = text;
}

}  // namespace

std::string EncodeOptionBlock(const OptionBlock& block) {
  std::string out = {static_cast<char>(kMagic0), static_cast<char>(kMagic1)};
  AppendOption(kKindVersion, std::string(1, static_cast<char>(block.version)),
               out);
  AppendOption(kKindAgent, block.agent, out);
  AppendOption(kKindClient, block.client, out);
  return out;
}

std::optional<OptionBlock> DecodeOptionBlock(
    absl::Span<const uint8_t> payload) {
  if (payload.size() < 2 || payload[0] != kMagic0 || payload[1] != kMagic1) {
    return std::nullopt;
  }
  payload.remove_prefix(2);
  OptionBlock block;
  while (!payload.empty()) {
    if (payload.size() < 2 || payload.size() < 2u + payload[1]) {
      return std::nullopt;
    }
    TakeOption(payload[0], payload.subspan(2, payload[1]), block);
    payload.remove_prefix(2u + payload[1]);
  }
  return block;
}

std::string ClientClaimToString(const std::string& claim) {
  const bool v4 = claim.size() == 1 + 4 + 2 && claim[0] == 4;
  const bool v6 = claim.size() == 1 + 16 + 2 && claim[0] == 6;
  if (!v4 && !v6) return "";
  std::array<char, INET6_ADDRSTRLEN> text;
  ::inet_ntop(v4 ? AF_INET : AF_INET6, claim.data() + 1, text.data(),
              text.size());
  const auto high = static_cast<uint8_t>(claim[claim.size() - 2]);
  const auto low = static_cast<uint8_t>(claim[claim.size() - 1]);
  const int port = high << 8 | low;
  return v4 ? absl::StrCat(text.data(), ":", port)
            : absl::StrCat("[", text.data(), "]:", port);
}

}  // namespace vios
