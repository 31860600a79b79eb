// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_BPF_PROGRAM_H_
#define VIOS_PROXY_PROXY_BPF_PROGRAM_H_

#include <linux/filter.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace vios {

// Writes a seccomp filter, call by call: the first rule for a call counts. A
// rule looks at the low half of an argument, which is all of it for the `int`s
// of the system calls. Not thread-safe.
class BpfProgram {
 public:
  // Whatever has no rule, or not the arguments that its rule allows, fails with
  // `error`. A call of any other architecture (AUDIT_ARCH_...) kills the
  // process.
  BpfProgram(uint32_t architecture, int error);

  void Allow(int call);
  void Refuse(int call, int error);
  // At most 200 values.
  void AllowIfOneOf(int call, int argument,
                    const std::vector<uint32_t>& values);
  // If those bits of the argument that are in `mask` are `value`.
  void AllowIfBits(int call, int argument, uint32_t mask, uint32_t value);
  // If all 64 bits of the argument are zero.
  void AllowIfZero(int call, int argument);
  // Every call with a number above `call` for which there is no rule yet.
  void RefuseAbove(int call, int error);

  std::vector<sock_filter> Finish() &&;

 private:
  enum Half { kLow, kHigh };
  void Load(size_t offset);
  void LoadArgument(int argument, Half half);
  // Skips the next `count` instructions unless the comparison `code` holds.
  void SkipUnless(uint16_t code, uint32_t value, size_t count);
  // Skips them if what was loaded equals `value`.
  void SkipIfEqual(uint32_t value, size_t count);
  void Return(uint32_t action);

  const uint32_t refusal_;
  std::vector<sock_filter> code_;
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_BPF_PROGRAM_H_
