// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_FLAG_FILE_H_
#define VIOS_PROXY_PROXY_FLAG_FILE_H_

#include "absl/status/status.h"
#include "proxy/arguments.h"

namespace vios {

// Replaces each --flagfile=FILE[,FILE] by the flags in the files and in those
// that they bring in. In the place of gflags, which passes over what it does
// not know, and so over every slip of the pen. A line is one flag, a comment
// that begins with #, or blank. Flags that --undefok lists may be unknown. The
// message of an error is one line that names file and line. Reads each file
// once, so that it may be a pipe; blocks for the file system.
absl::Status ExpandFlagFiles(const KindOfFlag& kind_of, Arguments& arguments);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_FLAG_FILE_H_
