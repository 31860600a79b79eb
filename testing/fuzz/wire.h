// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_FUZZ_WIRE_H_
#define VIOS_PROXY_TESTING_FUZZ_WIRE_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace vios::fuzz {

// The wire format once more, over strings that are there as a whole, and from
// its description alone: nothing is shared with channel/. Pure functions; what
// they return points into their argument.

inline constexpr size_t kHeaderBytes = 14;

struct WireFrame {
  char type = '?';
  absl::string_view guest, host;
  size_t length = 0;          // As the header has it.
  absl::string_view payload;  // Empty while it is incomplete.

  size_t size() const { return kHeaderBytes + length; }
  bool out_of_session() const { return guest == "RRRR" && host == "RRRR"; }
};

// What some bytes begin with.
enum class Fit {
  kFrame,   // A whole frame.
  kHeader,  // A valid header, and not all of its payload.
  kPart,    // Less than a header, which it may become.
  kNone,    // What can become no header.
};
struct Sight {
  Fit fit;
  WireFrame frame;        // Valid for the first two.
  size_t decided_by = 0;  // kNone: how many bytes it takes to see that.
};
Sight LookAt(absl::string_view bytes);

// Whether a session may have this name.
bool IsName(absl::string_view token);

struct WireBlock {
  bool valid = false;
  int version = 0;
  absl::string_view agent, client;
};
WireBlock ParseBlock(absl::string_view payload);

// 0 when there is none.
int ReasonOf(absl::string_view reset_payload);
absl::string_view TextOf(absl::string_view reset_payload);

inline absl::string_view AsText(const uint8_t* data, size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

}  // namespace vios::fuzz

#endif  // VIOS_PROXY_TESTING_FUZZ_WIRE_H_
