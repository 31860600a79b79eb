// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_CTL_PROCESS_LIST_H_
#define VIOS_PROXY_PROXY_CTL_PROCESS_LIST_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "proxy/ctl/machine.h"

namespace vios {

// The processes of a machine and what they have open, from /proc, as of one
// moment. Without root only our own user's open files are seen.
struct Process {
  std::string pid;
  std::string program;  // The last part of argv[0].
  std::vector<std::string> arguments;

  // "PID 123 (socat)"
  std::string ToString() const;
};

class ProcessList {
 public:
  // Blocks as /proc does. `machine` is read later, too, and outlives this.
  explicit ProcessList(const Machine& machine);

  std::vector<Process> Running(absl::string_view program) const;
  // Who has the file or device at `path` (of the machine) open.
  std::vector<Process> HoldersOf(const std::string& path) const;
  // Who has the socket with this inode open.
  std::vector<Process> HoldersOfSocket(uint64_t inode) const;
  // False when there were processes that we may not look into.
  bool complete() const { return complete_; }

 private:
  struct OpenFile {
    size_t process;
    std::string fd;    // "/proc/123/fd/4"
    std::string link;  // What it leads to, "socket:[77]" or a path.
  };
  void AddFiles(size_t process);

  const Machine& machine_;
  std::vector<Process> processes_;
  std::vector<OpenFile> files_;
  bool complete_ = true;
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_CTL_PROCESS_LIST_H_
