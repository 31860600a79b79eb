// SPDX-License-Identifier: Apache-2.0
#include "proxy/directory_to_read.h"

#include <filesystem>
#include <system_error>

namespace vios {
namespace {

// Where `path` leads, or will lead once what sets up the network has come.
std::filesystem::path TargetOf(std::filesystem::path path) {
  constexpr int kMostLinks = 40;  // As the kernel has it.
  std::error_code error;
  for (int links = 0; links < kMostLinks; ++links) {
    const auto target = std::filesystem::read_symlink(path, error);
    if (error) break;
    path = path.parent_path() / target;
  }
  return path;
}

bool IsOfTheRoot(const std::filesystem::path& directory) {
  return !directory.parent_path().has_relative_path();
}

}  // namespace

std::optional<std::string> DirectoryToRead(const std::string& path) {
  std::error_code error;
  std::filesystem::path directory = TargetOf(path).parent_path();
  bool above = false;
  while (!std::filesystem::exists(directory, error) &&
         directory.has_relative_path()) {
    directory = directory.parent_path();
    above = true;
  }
  directory = std::filesystem::canonical(directory, error);
  if (!directory.has_relative_path()) return std::nullopt;
  const bool is_systems = directory == "/etc" || directory == "/run";
  if (above && IsOfTheRoot(directory) && !is_systems) return std::nullopt;
  return directory.string();
}

}  // namespace vios
