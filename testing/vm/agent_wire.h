// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_VM_AGENT_WIRE_H_
#define VIOS_PROXY_TESTING_VM_AGENT_WIRE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace vios::testing {

// What runs on the serial line between a test and the agent in its guest. The
// agent says kAgentHello once it has started; then each request gets one
// answer. A message is its size as 8 hex digits, then fields, each its own
// size as 8 hex digits and its bytes; they may hold anything.
//
// Requests (numbers are decimal), and what follows "ok" in the answer:
//   run TIMEOUT_MS COMMAND    END STDOUT STDERR
//   start COMMAND             HANDLE LOG_PATH (of stdout and stderr)
//   kill HANDLE SIGNAL
//   wait HANDLE TIMEOUT_MS    END, or "running"
//   read PATH OFFSET SIZE     BYTES, at most SIZE and kMaxChunk
//   write PATH OFFSET BYTES   (offset 0 truncates)
// END is "exit N", "signal N" or "timeout" (killed for it). Instead of "ok" an
// answer may be "error TEXT".
inline constexpr char kAgentHello[] = "\nvios-agent is ready\n";
inline constexpr size_t kSizeDigits = 8;
// The line has no flow control worth the name: more at once may be lost in
// the guest's kernel while its processor is busy elsewhere.
inline constexpr size_t kMaxChunk = 16384;

using Fields = std::vector<std::string>;

std::string EncodeMessage(const Fields& fields);
// The value of kSizeDigits hex digits.
absl::StatusOr<size_t> DecodeSize(absl::string_view digits);
// The fields of a message whose size has been taken off.
absl::StatusOr<Fields> DecodeFields(absl::string_view body);

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_VM_AGENT_WIRE_H_
