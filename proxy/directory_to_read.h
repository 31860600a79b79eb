// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_DIRECTORY_TO_READ_H_
#define VIOS_PROXY_PROXY_DIRECTORY_TO_READ_H_

#include <optional>
#include <string>

namespace vios {

// What has to be open to a process that reads the file at `path`, also when it
// is replaced by another one: the directory where it is, symlinks followed.
// Where a symlink leads to what is not there yet, as /etc/resolv.conf does
// before the network is set up, and the directory is missing, too, it is the
// nearest one above that there is. Nothing where that would be the root, or all
// of /home, say; a file that is, or will be, right in there is worth it. Blocks
// only on the file system.
std::optional<std::string> DirectoryToRead(const std::string& path);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_DIRECTORY_TO_READ_H_
