// SPDX-License-Identifier: Apache-2.0
#include "proxy/ctl/process_list.h"

#include <sys/stat.h>

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "channel/directory_entries.h"
#include "channel/escape.h"

namespace vios {
namespace {

constexpr size_t kLongestName = 64;

bool IsPid(const std::string& name) {
  return !name.empty() &&
         std::all_of(name.begin(), name.end(), absl::ascii_isdigit);
}

// Devices are the same whatever node leads to them.
bool SameFile(const struct stat& a, const struct stat& b) {
  if (S_ISCHR(a.st_mode) && S_ISCHR(b.st_mode)) return a.st_rdev == b.st_rdev;
  return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

void AddOnce(const Process& process, std::vector<Process>& list) {
  if (list.empty() || list.back().pid != process.pid) list.push_back(process);
}

}  // namespace

std::string Process::ToString() const {
  return absl::StrCat("PID ", pid, " (", Escape(program, kLongestName), ")");
}

ProcessList::ProcessList(const Machine& machine) : machine_(machine) {
  for (const std::string& pid : machine.List("/proc")) {
    if (!IsPid(pid)) continue;
    const std::string line =
        machine.Read(absl::StrCat("/proc/", pid, "/cmdline"));
    std::vector<std::string> words = absl::StrSplit(line, '\0');
    // Each word ends with one.
    if (words.size() > 1 && words.back().empty()) words.pop_back();
    // The kernel's own threads and zombies have none.
    if (words.front().empty()) continue;
    processes_.push_back({pid, BaseName(words.front()), std::move(words)});
    AddFiles(processes_.size() - 1);
  }
}

void ProcessList::AddFiles(size_t process) {
  const std::string directory =
      absl::StrCat("/proc/", processes_[process].pid, "/fd");
  if (!machine_.MayList(directory)) complete_ = false;
  for (const std::string& number : machine_.List(directory)) {
    const std::string fd = absl::StrCat(directory, "/", number);
    files_.push_back({process, fd, machine_.ReadLink(fd)});
  }
}

std::vector<Process> ProcessList::Running(absl::string_view program) const {
  std::vector<Process> running;
  for (const Process& process : processes_) {
    if (process.program == program) running.push_back(process);
  }
  return running;
}

std::vector<Process> ProcessList::HoldersOf(const std::string& path) const {
  std::vector<Process> holders;
  struct stat wanted = {};
  if (::stat(machine_.Real(path).c_str(), &wanted) != 0) return holders;
  for (const OpenFile& file : files_) {
    // Only what may be it is looked at: stat() on anything may hang.
    if (BaseName(file.link) != BaseName(path)) continue;
    struct stat found = {};
    if (::stat(machine_.Real(file.fd).c_str(), &found) == 0 &&
        SameFile(found, wanted)) {
      AddOnce(processes_[file.process], holders);
    }
  }
  return holders;
}

std::vector<Process> ProcessList::HoldersOfSocket(uint64_t inode) const {
  const std::string wanted = absl::StrCat("socket:[", inode, "]");
  std::vector<Process> holders;
  for (const OpenFile& file : files_) {
    if (file.link == wanted) AddOnce(processes_[file.process], holders);
  }
  return holders;
}

}  // namespace vios
