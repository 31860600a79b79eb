// SPDX-License-Identifier: Apache-2.0
#include "channel/channel_filter.h"

#include <fnmatch.h>

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace vios {
namespace {

constexpr const char* kWellKnown[] = {
    "org.qemu.*",       "com.redhat.*",         "org.spice-space.*",
    "org.libguestfs.*", "org.github.vhostmd.*",
};

bool Fits(const std::string& glob, const std::string& name) {
  return ::fnmatch(glob.c_str(), name.c_str(), 0) == 0;
}

absl::Status Unfit(absl::string_view globs, absl::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat("\"", globs, "\" ", why,
                   ": allowed are file name globs separated by commas, such as "
                   "\"qpid.*,spare.[0-9]\""));
}

}  // namespace

absl::StatusOr<ChannelFilter> ChannelFilter::Parse(absl::string_view globs) {
  std::set<std::string> parsed;
  for (absl::string_view glob : absl::StrSplit(globs, ',')) {
    glob = absl::StripAsciiWhitespace(glob);
    if (glob.empty()) return Unfit(globs, "has an empty glob");
    if (glob.find('/') != glob.npos) return Unfit(globs, "has a '/'");
    parsed.emplace(glob);
  }
  return ChannelFilter(globs, std::move(parsed));
}

bool ChannelFilter::Matches(absl::string_view file_name) const {
  const std::string name(file_name);
  const auto fits = [&name](const auto& glob) { return Fits(glob, name); };
  if (globs_ == std::set<std::string>{"*"}) {
    return std::none_of(std::begin(kWellKnown), std::end(kWellKnown), fits);
  }
  return std::any_of(globs_.begin(), globs_.end(), fits);
}

std::string ChannelFilter::Normalised() const {
  return absl::StrJoin(globs_, ",");
}

}  // namespace vios
