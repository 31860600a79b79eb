// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_CHANNEL_RAW_FRAME_H_
#define VIOS_PROXY_CHANNEL_RAW_FRAME_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace vios {

// A second opinion on the wire format, for tests: shares no code with frame.h,
// so that a mistake there is not made twice. Values.
struct RawFrame {
  char type = '?';
  std::string guest;
  std::string host;
  std::string payload;
  size_t preamble = 0;  // How many 'V' came before it.
};

// The bytes of the frame, without a preamble.
std::string Raw(char type, absl::string_view guest, absl::string_view host,
                absl::string_view payload = "");
// Reads one frame from a blocking descriptor. Nothing when anything but a run
// of 'V' comes before it, when it is no frame, or when the stream ends.
std::optional<RawFrame> ReadRawFrame(int fd);

// The 4 bytes that number the `index`-th frame (from 0) of the sender `token`.
std::string RawNumber(absl::string_view token, uint32_t index);

// The bytes that hexadecimal text stands for, as recordings have it: words of
// hex digits, of which "56 * 32768" is a run.
std::string FromHex(absl::string_view text);

}  // namespace vios

#endif  // VIOS_PROXY_CHANNEL_RAW_FRAME_H_
