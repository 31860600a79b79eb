// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_VM_TEMP_DIR_H_
#define VIOS_PROXY_TESTING_VM_TEMP_DIR_H_

#include <string>

namespace vios::testing {

// A directory of its own with a path short enough for unix sockets, removed
// with all that is in it when destroyed. Thread-safe: it never changes.
class TempDir {
 public:
  TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  ~TempDir();

  // Empty when none could be made; whatever is put there then fails.
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_VM_TEMP_DIR_H_
