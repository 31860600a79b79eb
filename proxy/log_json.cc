// SPDX-License-Identifier: Apache-2.0
#include "proxy/log_json.h"

#include <variant>

#include "nlohmann/json.hpp"

namespace vios {
namespace {

using Json = nlohmann::ordered_json;

std::string Str(absl::string_view text) { return std::string(text); }

struct AddTo {
  Json& line;
  const std::string& name;

  void operator()(const LogFields::Text& value) { line[name] = value.text; }
  void operator()(uint64_t value) { line[name] = value; }
  void operator()(absl::Duration value) {
    line[name + "_ms"] = absl::ToDoubleMilliseconds(value);
  }
};

}  // namespace

std::string JsonLogLine(const LogHead& head, const LogFields& fields) {
  Json line = {{"severity", Str(head.severity)},
               {"time", Str(head.time)},
               {"thread", Str(head.thread)},
               {"message", Str(head.message)}};
  for (const auto& [name, value] : fields.all()) {
    std::visit(AddTo{line, name}, value);
  }
  // The handler is what keeps it from throwing.
  return line.dump(-1, ' ', /*ensure_ascii=*/false,
                   Json::error_handler_t::replace) +
         "\n";
}

}  // namespace vios
