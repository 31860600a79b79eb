// SPDX-License-Identifier: Apache-2.0
#include "proxy/ctl/machine.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace vios {

namespace fs = std::filesystem;

namespace {
constexpr size_t kMostRead = 16 << 20;
}  // namespace

std::string Machine::Real(absl::string_view path) const {
  return absl::StrCat(root_, path);
}

bool Machine::Exists(absl::string_view path) const {
  std::error_code error;
  return fs::exists(Real(path), error);
}

bool Machine::MayReadAll(absl::string_view path) const {
  std::error_code error;
  return fs::is_regular_file(Real(path), error) &&
         ::access(Real(path).c_str(), R_OK) == 0;
}

std::string Machine::Read(absl::string_view path) const {
  std::ifstream file(Real(path), std::ios::binary);
  std::string text;
  std::array<char, 4096> piece;
  do {
    file.read(piece.data(), piece.size());
    text.append(piece.data(), static_cast<size_t>(file.gcount()));
  } while (file && text.size() < kMostRead);
  return text;
}

std::string Machine::ReadLine(absl::string_view path) const {
  const std::string text = Read(path);
  return std::string(
      absl::StripAsciiWhitespace(text.substr(0, text.find('\n'))));
}

std::string Machine::ReadLink(absl::string_view path) const {
  std::error_code error;
  return fs::read_symlink(Real(path), error).string();
}

std::vector<std::string> Machine::List(absl::string_view directory) const {
  std::vector<std::string> names;
  std::error_code error;
  fs::directory_iterator entry(Real(directory), error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    names.push_back(entry->path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

bool Machine::MayList(absl::string_view directory) const {
  return ::access(Real(directory).c_str(), R_OK | X_OK) == 0 || errno != EACCES;
}

}  // namespace vios
