// SPDX-License-Identifier: Apache-2.0
#include "proxy/log_fields.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"

namespace vios {
namespace {

struct Shown {
  std::string operator()(const LogFields::Text& value) const {
    // A word with a blank would look like more than one field.
    return value.quoted || absl::StrContains(value.text, ' ')
               ? absl::StrCat("\"", value.text, "\"")
               : value.text;
  }
  std::string operator()(uint64_t value) const { return absl::StrCat(value); }
  std::string operator()(absl::Duration value) const {
    return absl::StrFormat("%.1fms", absl::ToDoubleMilliseconds(value));
  }
};

}  // namespace

LogFields& LogFields::Add(absl::string_view name, absl::string_view word) {
  if (!word.empty()) {
    fields_.emplace_back(name, Text{std::string(word), /*quoted=*/false});
  }
  return *this;
}

LogFields& LogFields::AddText(absl::string_view name, absl::string_view text) {
  if (!text.empty()) {
    fields_.emplace_back(name, Text{std::string(text), /*quoted=*/true});
  }
  return *this;
}

LogFields& LogFields::AddNumber(absl::string_view name, uint64_t number) {
  fields_.emplace_back(name, number);
  return *this;
}

LogFields& LogFields::AddDuration(absl::string_view name,
                                  absl::Duration duration) {
  fields_.emplace_back(name, duration);
  return *this;
}

LogFields& LogFields::Append(const LogFields& more) {
  fields_.insert(fields_.end(), more.fields_.begin(), more.fields_.end());
  return *this;
}

std::string LogFields::ToString() const {
  return absl::StrJoin(fields_, " ",
                       [](std::string* line, const LogFields::Field& field) {
                         absl::StrAppend(line, field.first, "=",
                                         std::visit(Shown(), field.second));
                       });
}

}  // namespace vios
