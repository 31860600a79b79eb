// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_MAN_DIAGNOSTIC_H_
#define VIOS_PROXY_TESTING_MAN_DIAGNOSTIC_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace vios {

// What a daemon says: "..." in the text stands for what differs.
struct Diagnostic {
  std::string level;  // FATAL and so on; empty if it is not known.
  std::string text;
};

// Whether the manual's `entry` tells how `said` begins.
bool Tells(const Diagnostic& entry, const Diagnostic& said);

// The pieces of a text between "...", without the blanks around them.
std::vector<std::string> FixedPieces(absl::string_view text);

// What the C++ source logs with VIOS_LOG and FatalExit, but for DEBUG. A text
// that begins with "..." has its wording from elsewhere.
std::vector<Diagnostic> LoggedBy(absl::string_view source);

// The string literals of a C++ source that look like the beginning of a
// diagnostic, for those that reach the log as the message of a status.
std::vector<Diagnostic> StatusTextsOf(absl::string_view source);

}  // namespace vios

#endif  // VIOS_PROXY_TESTING_MAN_DIAGNOSTIC_H_
