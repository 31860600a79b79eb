// SPDX-License-Identifier: Apache-2.0
#include "proxy/frame_log.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "proxy/channel_fields.h"
#include "proxy/log.h"
#include "proxy/token_text.h"

namespace vios {
namespace {

std::string Tokens(const FrameHeader& header) {
  return absl::StrCat(TokenText(header.guest), "/", TokenText(header.host));
}

}  // namespace

void FrameLog::Note(FrameWay way, const FrameHeader& header) {
  if (!lines_.Take()) {
    ++untold_;
    return;
  }
  const uint64_t untold = untold_.exchange(0);
  LogLine line(LogLevel::kDebug);
  line.With(ChannelFields(endpoint_))
      << "channel " << endpoint_.path
      << (way == FrameWay::kSent ? ": sent " : ": received ")
      << FrameTypeName(header.type) << " " << Tokens(header) << ", "
      << header.length << " bytes";
  if (untold > 0) line << "; " << untold << " before it were not shown";
}

}  // namespace vios
