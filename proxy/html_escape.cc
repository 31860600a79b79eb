// SPDX-License-Identifier: Apache-2.0
#include "proxy/html_escape.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"

namespace vios {

std::string HtmlEscape(absl::string_view text) {
  std::string html;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    switch (c) {
      case '&':
        html += "&amp;";
        break;
      case '<':
        html += "&lt;";
        break;
      case '>':
        html += "&gt;";
        break;
      case '"':
        html += "&quot;";
        break;
      case '\'':
        html += "&#39;";
        break;
      default:
        if (absl::ascii_isprint(byte)) {
          html += c;
        } else {
          absl::StrAppendFormat(&html, "\\x%02x", byte);
        }
    }
  }
  return html;
}

}  // namespace vios
