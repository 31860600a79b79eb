// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_ROOT_DIRECTORY_H_
#define VIOS_PROXY_PROXY_ROOT_DIRECTORY_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace vios {

// How the manual words what is wrong with a directory; the path follows.
struct DirectoryDiagnostics {
  absl::string_view stat;
  absl::string_view not_a_directory;
  absl::string_view open;
};

inline constexpr DirectoryDiagnostics kHostDirectoryDiagnostics = {
    "Root path stat fail:", "Root path is not a directory:",
    "Root path open error:"};
inline constexpr DirectoryDiagnostics kGuestDirectoryDiagnostics = {
    "Error accessing guest path:", "Guest path is not a directory:",
    "Guest path open error:"};
inline constexpr DirectoryDiagnostics kGuestRootDiagnostics = {
    "Error accessing guest root path:", "Guest root path is not a directory:",
    "Guest root path open error:"};

// Whether `path` is a directory, or a link to one, that we can list. The
// message of an error is the diagnostic, complete with path and strerror.
// Blocks only for the file system.
absl::Status CheckDirectory(const std::string& path,
                            const DirectoryDiagnostics& diagnostics);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_ROOT_DIRECTORY_H_
