// SPDX-License-Identifier: Apache-2.0
#include "proxy/directory_teller.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "proxy/log.h"

namespace vios {

void DirectoryTeller::Tell(const Listing& listing) {
  if (directory_.ShouldTell(listing.status.message())) {
    if (listing.status.ok()) {
      VIOS_LOG(kNotice) << "directory is back";
    } else {
      VIOS_LOG(kError) << listing.status.message() << "; waiting for it";
    }
  }
  std::set<std::string> unseen;
  for (const auto& [guest, why] : listing.unseen) unseen.insert(why);
  std::set<std::string> problems(listing.problems.begin(),
                                 listing.problems.end());
  problems.insert(unseen.begin(), unseen.end());
  for (const std::string& problem : problems) {
    if (problems_.count(problem) > 0) continue;
    VIOS_LOG(kWarn) << problem
                    << (unseen.count(problem) > 0 ? "; what was there stays"
                                                  : "; it is left out");
  }
  problems_ = std::move(problems);
  std::set<std::string> ignored;
  for (const Listing::Ignored& entry : listing.ignored) {
    ignored.insert(absl::StrCat(entry.path, ": ", entry.why));
  }
  for (const std::string& entry : ignored) {
    if (ignored_.count(entry) == 0) VIOS_LOG(kDebug) << "ignored " << entry;
  }
  ignored_ = std::move(ignored);
}

}  // namespace vios
