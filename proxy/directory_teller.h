// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_DIRECTORY_TELLER_H_
#define VIOS_PROXY_PROXY_DIRECTORY_TELLER_H_

#include <set>
#include <string>

#include "channel/listing.h"
#include "proxy/on_change.h"

namespace vios {

// Tells the log what the supervisor's listings show, each fact once while it
// lasts: a directory that went away, sub-directories that cannot be used, files
// that are no end points. The supervisor's alone.
class DirectoryTeller {
 public:
  void Tell(const Listing& listing);

 private:
  OnChange directory_;
  std::set<std::string> problems_;  // Of the last listing.
  std::set<std::string> ignored_;
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_DIRECTORY_TELLER_H_
