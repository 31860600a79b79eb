// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_CHANNEL_LISTING_H_
#define VIOS_PROXY_CHANNEL_LISTING_H_

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "channel/channel_filter.h"
#include "channel/directory_entries.h"
#include "channel/endpoint.h"

namespace vios {

// What a directory holds at one moment. A value.
struct Listing {
  struct Ignored {
    std::string path;
    std::string why;
  };
  // Of the directory itself. When it fails all the rest is empty. The message
  // begins as the manual page words it ("Root path stat fail: ..."); the codes
  // are those of ReadDirectory().
  absl::Status status;
  // Sorted by guest and name.
  std::vector<Endpoint> endpoints;
  // Guests of which it cannot be told what they have, and why, worded as the
  // problems are: what is not listed of them may still be there. In a guest it
  // is "", the guest of all its ports.
  std::map<std::string, std::string> unseen;
  // Of guests that have no end point here the same: there are too many to look.
  bool guests_left_out = false;
  // What is no end point of ours; for the log's DEBUG.
  std::vector<Ignored> ignored;
  // What the operator should look at; for the log's WARN. Each line begins as
  // the manual page words it ("Error accessing guest root path: ...").
  std::vector<std::string> problems;
  // The sub-directories of a host's directory, readable or not; for watching.
  std::vector<std::string> sub_directories;

  // Whether what is not listed of `guest` is not there.
  bool Tells(const std::string& guest) const;
};

// How the manual page words what can be wrong with the directory itself.
inline constexpr DirectoryWording kGuestSideWording = {
    "Root path stat fail",
    "Root path is not a directory",
    "Root path open error",
};
inline constexpr DirectoryWording kHostSideWording = {
    "Error accessing guest path",
    "Guest path is not a directory",
    "Guest path open error",
};

// Whether a listing tells what there is: also that the directory is gone, but
// not that we may not look, that there were no descriptors or memory for it, or
// that the file system failed.
bool ListingCounts(const Listing& listing);

// At most so many entries of a directory are looked at, and so many end points
// are listed, of each guest no more than the second; of a guest that has more,
// what is not listed cannot be told. QEMU gives a device 511 ports.
inline constexpr size_t kMaxListed = 4096;
inline constexpr size_t kMaxListedOfGuest = 1024;

// Both only look: nothing is opened but directories. Thread-safe. They block as
// the file system does. What vanishes while they look is absent. A path too
// long for a socket is listed: opening it explains.

// Of the guest daemon: device files, symlinks to them, and unix sockets.
Listing ListGuestSide(const std::string& directory,
                      const ChannelFilter& filter);

// Of the host daemon: unix sockets, in one sub-directory per guest or directly
// in `directory` (their guest then has the directory's own name). Nothing below
// `directory` is reached through a symlink.
Listing ListHostSide(const std::string& directory, const ChannelFilter& filter);

}  // namespace vios

#endif  // VIOS_PROXY_CHANNEL_LISTING_H_
