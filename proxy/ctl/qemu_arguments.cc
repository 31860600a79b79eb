// SPDX-License-Identifier: Apache-2.0
#include "proxy/ctl/qemu_arguments.h"

#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "nlohmann/json.hpp"

namespace vios {
namespace {

constexpr char kPort[] = "virtserialport";

// {"driver":"virtserialport","bus":"virtio-serial0.0",...}
std::optional<std::string> BusInJson(const std::string& device) {
  const auto json = nlohmann::json::parse(device, nullptr,
                                          /*allow_exceptions=*/false);
  const auto text = [&json](const char* name) {
    const auto found = json.find(name);
    return found != json.end() && found->is_string() ? found->get<std::string>()
                                                     : std::string();
  };
  if (!json.is_object() || text("driver") != kPort) return std::nullopt;
  return text("bus");
}

// virtserialport,bus=virtio-serial0.0,...
std::optional<std::string> BusInWords(const std::string& device) {
  std::string bus;
  bool port = false;
  for (absl::string_view word : absl::StrSplit(device, ',')) {
    if (word == kPort || word == "driver=virtserialport") port = true;
    if (absl::ConsumePrefix(&word, "bus=")) bus = std::string(word);
  }
  if (!port) return std::nullopt;
  return bus;
}

}  // namespace

std::map<std::string, int> PortsByBus(absl::Span<const std::string> arguments) {
  std::map<std::string, int> ports;
  for (size_t i = 1; i < arguments.size(); ++i) {
    if (arguments[i - 1] != "-device" && arguments[i - 1] != "--device") {
      continue;
    }
    const std::string& device = arguments[i];
    const auto bus =
        absl::StartsWith(device, "{") ? BusInJson(device) : BusInWords(device);
    if (bus) ++ports[*bus];
  }
  return ports;
}

}  // namespace vios
