// SPDX-License-Identifier: Apache-2.0
// Runs a program to which some system calls are refused:
//   refuse RULE... -- PROGRAM ARGUMENT...
// RULE is CALL[,INDEX=VALUE][,INDEX>VALUE]...:ERRNO, such as `fcntl,0>5,1=3:1`
// for F_GETFL on every descriptor above 5. The first rule that fits counts;
// with an ERRNO of 0 the call is not made and returns 0. Values are numbers of
// 32 bits. There is no way back, also for what PROGRAM starts.
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

namespace vios {
namespace {

[[noreturn]] void Fail(absl::string_view what, absl::string_view text) {
  std::fprintf(stderr, "refuse: %.*s: %.*s\n", static_cast<int>(what.size()),
               what.data(), static_cast<int>(text.size()), text.data());
  std::exit(127);
}

uint32_t Number(absl::string_view text) {
  uint32_t number = 0;
  if (!absl::SimpleAtoi(text, &number)) Fail("not a number", text);
  return number;
}

uint32_t CallNumber(absl::string_view name) {
  static const auto& calls = *new std::map<absl::string_view, uint32_t>{
      {"fcntl", SYS_fcntl}, {"listen", SYS_listen}, {"socket", SYS_socket}};
  const auto found = calls.find(name);
  if (found == calls.end()) Fail("no such call", name);
  return found->second;
}

using Program = std::vector<sock_filter>;

// Continues when the 32 bits at `offset` of seccomp_data compare; otherwise
// jumps over `rest` instructions behind itself.
void AddTest(uint32_t offset, uint16_t comparison, uint32_t value, size_t rest,
             Program& program) {
  program.push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset));
  program.push_back(
      BPF_JUMP(static_cast<uint16_t>(BPF_JMP | comparison | BPF_K), value, 0,
               static_cast<uint8_t>(rest)));
}

void AddRule(absl::string_view rule, Program& program) {
  const std::pair<std::string, std::string> halves = absl::StrSplit(rule, ':');
  const std::vector<std::string> words = absl::StrSplit(halves.first, ',');
  size_t rest = 2 * words.size() - 1;  // Two for each test, one to refuse.
  AddTest(offsetof(seccomp_data, nr), BPF_JEQ, CallNumber(words[0]), rest,
          program);
  for (size_t i = 1; i < words.size(); ++i) {
    const size_t sign = words[i].find_first_of("=>");
    if (sign == std::string::npos) Fail("no condition", words[i]);
    const uint32_t index = Number(words[i].substr(0, sign));
    AddTest(static_cast<uint32_t>(offsetof(seccomp_data, args)) + 8 * index,
            words[i][sign] == '=' ? BPF_JEQ : BPF_JGT,
            Number(words[i].substr(sign + 1)), rest -= 2, program);
  }
  program.push_back(
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | Number(halves.second)));
}

void Install(Program program) {
  program.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
  const sock_fprog filter = {static_cast<uint16_t>(program.size()),
                             program.data()};
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
      ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) != 0) {
    Fail("seccomp", std::strerror(errno));
  }
}

int Main(char** arguments) {
  Program program;
  for (; *arguments != nullptr && std::strcmp(*arguments, "--") != 0;
       ++arguments) {
    AddRule(*arguments, program);
  }
  if (*arguments == nullptr || arguments[1] == nullptr) {
    Fail("usage", "refuse RULE... -- PROGRAM ARGUMENT...");
  }
  Install(std::move(program));
  ::execv(arguments[1], arguments + 1);
  Fail(arguments[1], std::strerror(errno));
}

}  // namespace
}  // namespace vios

int main(int, char** argv) { return vios::Main(argv + 1); }
