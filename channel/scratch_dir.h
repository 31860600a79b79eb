// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_CHANNEL_SCRATCH_DIR_H_
#define VIOS_PROXY_CHANNEL_SCRATCH_DIR_H_

#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "absl/strings/string_view.h"

namespace vios {

// For tests: an empty directory with a path short enough for socket addresses
// (those of TEST_TMPDIR are not), removed with all that is in it.
class ScratchDir {
 public:
  explicit ScratchDir(const std::string& parent = "/tmp")
      : path_(parent + "/vios.XXXXXX") {
    if (::mkdtemp(path_.data()) == nullptr) path_ = "/nonexistent";
  }
  ScratchDir(const ScratchDir&) = delete;
  ScratchDir& operator=(const ScratchDir&) = delete;
  ~ScratchDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::string& path() const { return path_; }
  std::string operator/(absl::string_view name) const {
    return path_ + "/" + std::string(name);
  }
  // Each returns the new path.
  std::string MakeDirectory(absl::string_view name) const {
    std::filesystem::create_directory(*this / name);
    return *this / name;
  }
  std::string MakeFile(absl::string_view name) const {
    std::ofstream(*this / name) << "text";
    return *this / name;
  }
  // A socket file that nobody listens on.
  std::string MakeSocket(absl::string_view name) const {
    (void)::mknod((*this / name).c_str(), S_IFSOCK | 0666, 0);
    return *this / name;
  }
  std::string MakeSymlink(absl::string_view name,
                          const std::string& target) const {
    std::filesystem::create_symlink(target, *this / name);
    return *this / name;
  }

 private:
  std::string path_;
};

}  // namespace vios

#endif  // VIOS_PROXY_CHANNEL_SCRATCH_DIR_H_
