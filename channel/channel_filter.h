// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_CHANNEL_CHANNEL_FILTER_H_
#define VIOS_PROXY_CHANNEL_CHANNEL_FILTER_H_

#include <set>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace vios {

// Which end points of a directory are ours: the value of --channels. A value;
// const calls are thread-safe.
class ChannelFilter {
 public:
  ChannelFilter() : ChannelFilter("*", {"*"}) {}  // The default, "*".
  // "GLOB[,GLOB]" over file names, as fnmatch(3) has them; blanks around a glob
  // do not count. INVALID_ARGUMENT for an empty glob or one with a '/'; the
  // message quotes `globs` and says what is allowed.
  static absl::StatusOr<ChannelFilter> Parse(absl::string_view globs);

  // "*" alone, the default, leaves ports alone that are well known to belong to
  // other programs. Any other set takes what it matches.
  bool Matches(absl::string_view file_name) const;

  // As it was written, for people.
  const std::string& text() const { return text_; }
  // The same text for the same set: sorted, without duplicates.
  std::string Normalised() const;

 private:
  ChannelFilter(absl::string_view text, std::set<std::string> globs)
      : text_(text), globs_(std::move(globs)) {}

  std::string text_;
  std::set<std::string> globs_;
};

}  // namespace vios

#endif  // VIOS_PROXY_CHANNEL_CHANNEL_FILTER_H_
