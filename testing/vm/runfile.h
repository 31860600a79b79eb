// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_VM_RUNFILE_H_
#define VIOS_PROXY_TESTING_VM_RUNFILE_H_

#include <cstdlib>
#include <string>

namespace vios::testing {

// Where the file that is `path` in the workspace (or is made there) is found
// by a test that has it as data. Outside of Bazel: below the working directory.
inline std::string Runfile(const std::string& path) {
  const char* root = std::getenv("TEST_SRCDIR");
  const char* workspace = std::getenv("TEST_WORKSPACE");
  if (root == nullptr || workspace == nullptr) return path;
  return std::string(root) + "/" + workspace + "/" + path;
}

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_VM_RUNFILE_H_
