// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_HTML_ESCAPE_H_
#define VIOS_PROXY_PROXY_HTML_ESCAPE_H_

#include <string>

#include "absl/strings/string_view.h"

namespace vios {

// Any bytes as HTML text, fit for an attribute in quotes, too: of printable
// ASCII what HTML gives a meaning becomes an entity, every other byte is shown
// as \xNN. Pure.
std::string HtmlEscape(absl::string_view text);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_HTML_ESCAPE_H_
