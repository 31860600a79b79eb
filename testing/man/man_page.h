// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_MAN_MAN_PAGE_H_
#define VIOS_PROXY_TESTING_MAN_MAN_PAGE_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "testing/man/diagnostic.h"

namespace vios {

// What a manual page in mdoc says that a program can check. It looks for
//   .It Fl -NAME ...            a flag, and, before the next item,
//   .Pq default Ql VALUE .      its default, or
//   .Pq default empty .
//   .Bl -diag / .It TEXT / LEVEL - ...    a diagnostic
struct ManPage {
  std::map<std::string, std::optional<std::string>> flags;
  std::vector<Diagnostic> diagnostics;

  static ManPage Parse(absl::string_view mdoc);
};

}  // namespace vios

#endif  // VIOS_PROXY_TESTING_MAN_MAN_PAGE_H_
