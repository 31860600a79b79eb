// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_FUZZ_SCRIPT_H_
#define VIOS_PROXY_TESTING_FUZZ_SCRIPT_H_

#include <string>

#include "channel/channel.h"
#include "testing/fuzz/driver.h"
#include "testing/fuzz/input.h"

namespace vios::fuzz {

// A fuzzer's input as what the other proxy and the applications do. The first
// byte is a set of flags: 1 our options are off, 2 the channel ends without
// waiting for what was sent before. Then a byte is sent as it is, but for:
//   f0      our token in the latest session, once we have one
//   f1      the number that the next frame has to have
//   f2      a preamble
//   f3      the application ends its side
//   f4 n    the application writes n + 1 bytes
//   f5      the application resets its connection
//   f6 n n  a run of n 'x'
//   f7 b    the byte b
//   f8 t n  a right frame of type t for the latest session, with n bytes (SYN
//           and SYNACK: with an option block when n is odd)
//   f9      wait until all this has had its effect
//   fa t n  a frame of type t outside sessions, with n bytes
class Script {
 public:
  Script(Role role, Input input);
  // Plays it to the end; the process ends when something is not right.
  void Run();

 private:
  void Step(uint8_t byte);
  void Flush();
  void Emit(absl::string_view bytes);
  std::string OurToken();
  std::string PeerToken() const;
  std::string NextNumber() const;
  std::string RightFrame(char type, size_t size);
  std::string Greeting(size_t size);

  const Role role_;
  Input input_;
  const uint8_t flags_;
  Driver driver_;
  std::string plain_;  // Bytes that are still to be handed to the driver.
  size_t emitted_ = 0;
};

}  // namespace vios::fuzz

#endif  // VIOS_PROXY_TESTING_FUZZ_SCRIPT_H_
