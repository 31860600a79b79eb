// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_JSON_TEXT_H_
#define VIOS_PROXY_PROXY_JSON_TEXT_H_

#include <string>

#include "nlohmann/json.hpp"

namespace vios {

// As we print and answer it: indented, with a newline at the end, and in ASCII
// whatever bytes the strings hold.
inline std::string JsonText(const nlohmann::ordered_json& json) {
  return json.dump(2, ' ', /*ensure_ascii=*/true,
                   nlohmann::ordered_json::error_handler_t::replace) +
         "\n";
}

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_JSON_TEXT_H_
