// SPDX-License-Identifier: Apache-2.0
#include "testing/vm/agent_wire.h"

#include <cstdint>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace vios::testing {
namespace {

std::string Sized(absl::string_view bytes) {
  return absl::StrCat(absl::StrFormat("%08x", bytes.size()), bytes);
}

}  // namespace

std::string EncodeMessage(const Fields& fields) {
  std::string body;
  for (const std::string& field : fields) body += Sized(field);
  return Sized(body);
}

absl::StatusOr<size_t> DecodeSize(absl::string_view digits) {
  uint32_t size = 0;
  if (digits.size() != kSizeDigits || !absl::SimpleHexAtoi(digits, &size)) {
    return absl::InvalidArgumentError(
        absl::StrCat("not the size of a message: ", digits));
  }
  return size;
}

absl::StatusOr<Fields> DecodeFields(absl::string_view body) {
  Fields fields;
  while (!body.empty()) {
    const absl::StatusOr<size_t> size = DecodeSize(body.substr(0, kSizeDigits));
    if (!size.ok()) return size.status();
    body.remove_prefix(kSizeDigits);
    if (*size > body.size()) return absl::InvalidArgumentError("field cut off");
    fields.emplace_back(body.substr(0, *size));
    body.remove_prefix(*size);
  }
  return fields;
}

}  // namespace vios::testing
