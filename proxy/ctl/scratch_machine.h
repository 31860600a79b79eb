// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_CTL_SCRATCH_MACHINE_H_
#define VIOS_PROXY_PROXY_CTL_SCRATCH_MACHINE_H_

#include <filesystem>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "channel/scratch_dir.h"
#include "proxy/ctl/machine.h"

namespace vios {

// For tests: a machine made of files of our own, all below a directory that is
// removed in the end. Paths are absolute, as on the machine.
class ScratchMachine {
 public:
  ScratchMachine() : machine_(directory_.path()) {}

  const Machine& machine() const { return machine_; }
  std::string Real(absl::string_view path) const { return machine_.Real(path); }

  void MakeDirectory(absl::string_view path) const {
    std::filesystem::create_directories(Real(path));
  }
  void Write(absl::string_view path, absl::string_view text) const {
    MakeParent(path);
    std::ofstream(Real(path), std::ios::binary) << text;
  }
  // To `target` as it is: also to what is not there, or not below the root.
  void Link(absl::string_view path, const std::string& target) const {
    MakeParent(path);
    std::filesystem::create_symlink(target, Real(path));
  }
  void Remove(absl::string_view path) const {
    std::filesystem::remove_all(Real(path));
  }
  // A process of root's. `command_line` as one types it, without quotes.
  void AddProcess(int pid, std::string command_line) const {
    for (char& byte : command_line) byte = byte == ' ' ? '\0' : byte;
    command_line.push_back('\0');
    const std::string directory = absl::StrCat("/proc/", pid);
    Write(directory + "/cmdline", command_line);
    Write(directory + "/status", "Uid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\n");
    MakeDirectory(directory + "/fd");
  }

 private:
  void MakeParent(absl::string_view path) const {
    std::filesystem::create_directories(
        std::filesystem::path(Real(path)).parent_path());
  }
  const ScratchDir directory_;
  const Machine machine_;
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_CTL_SCRATCH_MACHINE_H_
