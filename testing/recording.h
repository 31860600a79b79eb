// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_RECORDING_H_
#define VIOS_PROXY_TESTING_RECORDING_H_

#include <string>
#include <vector>

namespace vios {

// One line of an exchange in hexadecimal, "G>H SYN 5653...".
struct RecordedLine {
  bool from_guest = false;
  std::string type;  // "SYN", ..., or "PREAMBLE".
  std::string wire;  // All bytes, header and payload.

  std::string guest() const { return wire.substr(4, 4); }
  std::string host() const { return wire.substr(8, 4); }
  std::string payload() const { return wire.substr(14); }
};

// The lines of that form in a file of the runfiles; none when there is no such
// file. Everything else in it is text.
std::vector<RecordedLine> ReadRecording(const std::string& path);

}  // namespace vios

#endif  // VIOS_PROXY_TESTING_RECORDING_H_
