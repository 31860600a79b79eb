// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_TOKEN_TEXT_H_
#define VIOS_PROXY_PROXY_TOKEN_TEXT_H_

#include <string>

#include "channel/escape.h"
#include "channel/frame.h"

namespace vios {

// As the log shows it; each byte may take four.
inline std::string TokenText(Token token) {
  return Escape(ToString(token), 4 * sizeof(token.value));
}

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_TOKEN_TEXT_H_
