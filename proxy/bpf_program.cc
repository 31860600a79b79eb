// SPDX-License-Identifier: Apache-2.0
#include "proxy/bpf_program.h"

#include <linux/seccomp.h>

#include <utility>

namespace vios {
namespace {

constexpr size_t kNumber = offsetof(seccomp_data, nr);

uint32_t Fail(int error) {
  return SECCOMP_RET_ERRNO | static_cast<uint32_t>(error);
}

}  // namespace

// Between two rules the number of the call is loaded; a rule that loads
// something else ends in a return.
BpfProgram::BpfProgram(uint32_t architecture, int error)
    : refusal_(Fail(error)) {
  Load(offsetof(seccomp_data, arch));
  SkipIfEqual(architecture, 1);
  Return(SECCOMP_RET_KILL_PROCESS);
  Load(kNumber);
}

void BpfProgram::Load(size_t offset) {
  code_.push_back(
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<uint32_t>(offset)));
}

// Both architectures have the low half first.
void BpfProgram::LoadArgument(int argument, Half half) {
  Load(offsetof(seccomp_data, args) +
       sizeof(uint64_t) * static_cast<size_t>(argument) +
       (half == kHigh ? sizeof(uint32_t) : 0));
}

void BpfProgram::SkipUnless(uint16_t code, uint32_t value, size_t count) {
  code_.push_back({static_cast<uint16_t>(BPF_JMP | BPF_K | code), 0,
                   static_cast<uint8_t>(count), value});
}

void BpfProgram::SkipIfEqual(uint32_t value, size_t count) {
  code_.push_back(
      {BPF_JMP | BPF_K | BPF_JEQ, static_cast<uint8_t>(count), 0, value});
}

void BpfProgram::Return(uint32_t action) {
  code_.push_back(BPF_STMT(BPF_RET | BPF_K, action));
}

void BpfProgram::Allow(int call) {
  SkipUnless(BPF_JEQ, static_cast<uint32_t>(call), 1);
  Return(SECCOMP_RET_ALLOW);
}

void BpfProgram::Refuse(int call, int error) {
  SkipUnless(BPF_JEQ, static_cast<uint32_t>(call), 1);
  Return(Fail(error));
}

void BpfProgram::AllowIfOneOf(int call, int argument,
                              const std::vector<uint32_t>& values) {
  SkipUnless(BPF_JEQ, static_cast<uint32_t>(call), values.size() + 3);
  LoadArgument(argument, kLow);
  for (size_t i = 0; i < values.size(); ++i) {
    SkipIfEqual(values[i], values.size() - i);
  }
  Return(refusal_);
  Return(SECCOMP_RET_ALLOW);
}

void BpfProgram::AllowIfBits(int call, int argument, uint32_t mask,
                             uint32_t value) {
  SkipUnless(BPF_JEQ, static_cast<uint32_t>(call), 5);
  LoadArgument(argument, kLow);
  code_.push_back(BPF_STMT(BPF_ALU | BPF_AND | BPF_K, mask));
  SkipIfEqual(value, 1);
  Return(refusal_);
  Return(SECCOMP_RET_ALLOW);
}

void BpfProgram::AllowIfZero(int call, int argument) {
  SkipUnless(BPF_JEQ, static_cast<uint32_t>(call), 6);
  LoadArgument(argument, kLow);
  SkipUnless(BPF_JEQ, 0, 2);
  LoadArgument(argument, kHigh);
  SkipIfEqual(0, 1);
  Return(refusal_);
  Return(SECCOMP_RET_ALLOW);
}

void BpfProgram::RefuseAbove(int call, int error) {
  SkipUnless(BPF_JGT, static_cast<uint32_t>(call), 1);
  Return(Fail(error));
}

std::vector<sock_filter> BpfProgram::Finish() && {
  Return(refusal_);
  return std::move(code_);
}

}  // namespace vios
