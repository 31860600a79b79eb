// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_FLAG_FILE_H_
#define VIOS_PROXY_PROXY_FLAG_FILE_H_

#include <string>

#include "absl/status/status.h"
#include "proxy/arguments.h"

namespace vios {

// Whether gflags will understand every line of the flag file at `path`, and of
// those that it brings in: gflags passes over what it does not know, and so
// over every slip of the pen. Flags in `undefok` may be unknown. What follows a
// line with programs' names, a section, is not looked at. The message of an
// error is one line that names file and line. Blocks for the file system.
absl::Status CheckFlagFile(const std::string& path, const KindOfFlag& kind_of,
                           const std::string& undefok);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_FLAG_FILE_H_
