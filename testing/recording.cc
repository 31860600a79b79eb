// SPDX-License-Identifier: Apache-2.0
#include "testing/recording.h"

#include <fstream>
#include <sstream>

#include "channel/raw_frame.h"

namespace vios {

std::vector<RecordedLine> ReadRecording(const std::string& path) {
  std::ifstream file(path);
  std::vector<RecordedLine> lines;
  for (std::string text; std::getline(file, text);) {
    std::istringstream words(text);
    RecordedLine line;
    std::string direction, hex;
    words >> direction >> line.type;
    std::getline(words, hex);
    line.from_guest = direction == "G>H";
    if (!line.from_guest && direction != "H>G") continue;
    line.wire = FromHex(hex);
    lines.push_back(line);
  }
  return lines;
}

}  // namespace vios
