// SPDX-License-Identifier: Apache-2.0
#include "testing/vm/temp_dir.h"

#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace vios::testing {

TempDir::TempDir() {
  char path[] = "/tmp/viosXXXXXX";
  if (::mkdtemp(path) != nullptr) path_ = path;
}

TempDir::~TempDir() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

}  // namespace vios::testing
