// SPDX-License-Identifier: Apache-2.0
#include "testing/bench/frame_tally.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace vios::testing {

absl::StatusOr<size_t> FrameTally::Add(absl::Span<const uint8_t> bytes) {
  size_t data = 0;
  while (!bytes.empty()) {
    if (header_bytes_ == kHeaderSize) {
      data += Skip(bytes);
      continue;
    }
    const size_t n = std::min(kHeaderSize - header_bytes_, bytes.size());
    std::copy_n(bytes.begin(), n, header_.begin() + header_bytes_);
    header_bytes_ += n;
    bytes.remove_prefix(n);
    if (header_bytes_ < kHeaderSize) break;
    if (absl::Status begun = Begin(); !begun.ok()) return begun;
  }
  return data;
}

absl::Status FrameTally::Begin() {
  const auto header = DecodeHeader(header_);
  if (!header.has_value()) return absl::AbortedError("bytes that are no frame");
  if (header->type == FrameType::kReset) {
    return absl::AbortedError("the peer has reset the session");
  }
  if (header->length < kNumberSize) {
    return absl::AbortedError(
        absl::StrCat(FrameTypeName(header->type), " without a number"));
  }
  type_ = header->type;
  data_left_ =
      type_ == FrameType::kData ? header->length - kNumberSize : size_t{0};
  other_left_ = header->length - data_left_;
  return absl::OkStatus();
}

size_t FrameTally::Skip(absl::Span<const uint8_t>& bytes) {
  const size_t data = std::min(data_left_, bytes.size());
  data_left_ -= data;
  bytes.remove_prefix(data);
  const size_t other = std::min(other_left_, bytes.size());
  other_left_ -= other;
  bytes.remove_prefix(other);
  if (data_left_ + other_left_ == 0) {
    header_bytes_ = 0;
    fin_ = fin_ || type_ == FrameType::kFin;
    fin_ack_ = fin_ack_ || type_ == FrameType::kFinAck;
  }
  return data;
}

}  // namespace vios::testing
