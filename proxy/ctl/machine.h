// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_CTL_MACHINE_H_
#define VIOS_PROXY_PROXY_CTL_MACHINE_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

namespace vios {

// The files of a machine as the doctor reads them: /sys, /proc, /dev and the
// rest, all below `root`. Every path given is absolute, as on the machine. What
// cannot be read is as if it were not there. A value; const calls are
// thread-safe and block as the file system does.
class Machine {
 public:
  explicit Machine(std::string root = "") : root_(std::move(root)) {}

  // Where the file is really found.
  std::string Real(absl::string_view path) const;

  bool Exists(absl::string_view path) const;
  // Whether it is a file with an end, not a pipe, and we may read it.
  bool MayReadAll(absl::string_view path) const;
  // All of it, at most 16 MiB.
  std::string Read(absl::string_view path) const;
  // The first line, without blanks around it.
  std::string ReadLine(absl::string_view path) const;
  // The text of a symlink.
  std::string ReadLink(absl::string_view path) const;
  // The names in a directory, sorted.
  std::vector<std::string> List(absl::string_view directory) const;
  // False when there is such a directory but we may not look into it.
  bool MayList(absl::string_view directory) const;

 private:
  std::string root_;
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_CTL_MACHINE_H_
