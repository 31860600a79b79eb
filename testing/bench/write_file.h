// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_BENCH_WRITE_FILE_H_
#define VIOS_PROXY_TESTING_BENCH_WRITE_FILE_H_

#include <fstream>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace vios::testing {

// Writes `text` to the file at `path`, unless that is empty. UNAVAILABLE when
// not all of it is there then.
inline absl::Status WriteFile(const std::string& path, absl::string_view text) {
  if (path.empty()) return absl::OkStatus();
  std::ofstream file(path);
  file << text;
  file.close();
  if (file.good()) return absl::OkStatus();
  return absl::UnavailableError("cannot write " + path);
}

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_BENCH_WRITE_FILE_H_
