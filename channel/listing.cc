// SPDX-License-Identifier: Apache-2.0
#include "channel/listing.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>
#include <tuple>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace vios {
namespace {

using Entry = DirectoryEntries::Entry;

constexpr DirectoryWording kOneGuest = {
    "Error accessing guest root path",
    "Guest root path is not a directory",
    "Guest root path open error",
};

// Collects one Listing: what is left out, the limits, the order, and what could
// not be told. One thread's; blocks as the file system does.
class ListingBuilder {
 public:
  explicit ListingBuilder(const ChannelFilter& filter) : filter_(filter) {}

  // The entries of a directory of `guest`; those of the top-level one may be
  // guests themselves. Of what cannot be looked at among them there is a
  // problem.
  absl::StatusOr<std::vector<Entry>> Read(const std::string& directory,
                                          const std::string& guest,
                                          const DirectoryWording& wording,
                                          bool top_level);
  // An end point, unless the filter leaves it out or there are too many.
  void Add(const Entry& entry, const std::string& guest, EndpointKind kind,
           const struct stat& info);
  void Ignore(const Entry& entry, std::string why) {
    if (listing_.ignored.size() == kMaxListed) return;
    listing_.ignored.push_back({entry.path, std::move(why)});
  }
  void CannotTell(const std::string& guest, absl::string_view why) {
    listing_.unseen.try_emplace(guest, why);
  }
  void AddProblem(absl::string_view problem) {
    listing_.problems.emplace_back(problem);
  }
  void AddSubDirectory(const std::string& path) {
    listing_.sub_directories.push_back(path);
  }
  Listing Finish() &&;

 private:
  // Why there is no place for one more of `guest`; OK if there is.
  absl::Status PlaceFor(const std::string& guest);
  void NoPlace(const std::string& guest, absl::string_view why);

  const ChannelFilter& filter_;
  Listing listing_;
  std::map<std::string, size_t> listed_of_guest_;
};

absl::StatusOr<std::vector<Entry>> ListingBuilder::Read(
    const std::string& directory, const std::string& guest,
    const DirectoryWording& wording, bool top_level) {
  absl::StatusOr<DirectoryEntries> read =
      ReadDirectory(directory, wording, /*follow=*/top_level, kMaxListed);
  if (!read.ok()) return read.status();
  // One problem for all: they are likely to have the same.
  if (!read->unread.empty()) AddProblem(read->unread[0].status.message());
  for (const auto& [name, failure] : read->unread) {
    if (TellsWhatIsThere(failure)) continue;
    CannotTell(guest, failure.message());
    if (top_level) CannotTell(name, failure.message());
  }
  if (read->more) {
    const std::string why =
        absl::StrCat("More than ", kMaxListed, " entries in ", directory,
                     ": the rest is left out");
    AddProblem(why);
    CannotTell(guest, why);
    if (top_level) listing_.guests_left_out = true;
  }
  return std::move(read->entries);
}

void ListingBuilder::Add(const Entry& entry, const std::string& guest,
                         EndpointKind kind, const struct stat& info) {
  if (!filter_.Matches(entry.name)) {
    return Ignore(entry, "its name is left out by --channels");
  }
  const absl::Status place = PlaceFor(guest);
  if (!place.ok()) return NoPlace(guest, place.message());
  ++listed_of_guest_[guest];
  listing_.endpoints.push_back({guest, entry.name, entry.path, kind,
                                info.st_dev, info.st_ino, info.st_rdev});
}

// Whoever may make sockets in one guest's directory takes no other guest's
// place, and what is served already goes on.
absl::Status ListingBuilder::PlaceFor(const std::string& guest) {
  if (listed_of_guest_[guest] == kMaxListedOfGuest) {
    return absl::ResourceExhaustedError(absl::StrCat(
        "More than ", kMaxListedOfGuest, " end points",
        guest.empty() ? "" : " of guest ", guest, ": the rest is left out"));
  }
  if (listing_.endpoints.size() == kMaxListed) {
    return absl::ResourceExhaustedError(absl::StrCat(
        "More than ", kMaxListed, " end points: the rest is left out"));
  }
  return absl::OkStatus();
}

// Once, however many there are.
void ListingBuilder::NoPlace(const std::string& guest, absl::string_view why) {
  CannotTell(guest, why);
  const std::vector<std::string>& told = listing_.problems;
  if (std::find(told.begin(), told.end(), why) == told.end()) AddProblem(why);
}

Listing ListingBuilder::Finish() && {
  std::sort(listing_.endpoints.begin(), listing_.endpoints.end(),
            [](const Endpoint& a, const Endpoint& b) {
              return std::tie(a.guest, a.name, a.path) <
                     std::tie(b.guest, b.name, b.path);
            });
  return std::move(listing_);
}

// udev makes each of its symlinks under such a name, and renames it.
bool IsBeingMade(const Entry& entry) {
  return absl::StartsWith(entry.name, ".#");
}

void AddPort(const Entry& entry, ListingBuilder& builder) {
  if (IsBeingMade(entry)) return builder.Ignore(entry, "udev is making it");
  if (S_ISSOCK(entry.info.st_mode)) {
    return builder.Add(entry, "", EndpointKind::kSocket, entry.info);
  }
  struct stat info = entry.info;
  if (S_ISLNK(info.st_mode) && ::stat(entry.path.c_str(), &info) != 0) {
    const int error = errno;
    const absl::Status failure =
        LookFailure(kGuestSideWording.stat_failed, entry.path);
    // One link whose target is closed to us says nothing of the other ports.
    if (!TellsWhatIsThere(failure) && !absl::IsPermissionDenied(failure)) {
      builder.CannotTell("", failure.message());
    }
    return builder.Ignore(entry,
                          absl::StrCat("a symlink to what cannot be reached: ",
                                       std::strerror(error)));
  }
  if (S_ISCHR(info.st_mode)) {
    return builder.Add(entry, "", EndpointKind::kDevice, info);
  }
  builder.Ignore(
      entry, absl::StrCat(S_ISLNK(entry.info.st_mode) ? "a symlink to " : "",
                          FileKind(info.st_mode)));
}

void AddSocket(const Entry& entry, const std::string& guest,
               ListingBuilder& builder) {
  if (!S_ISSOCK(entry.info.st_mode)) {
    return builder.Ignore(entry, FileKind(entry.info.st_mode));
  }
  builder.Add(entry, guest, EndpointKind::kSocket, entry.info);
}

void AddGuest(const Entry& entry, ListingBuilder& builder) {
  const auto sockets =
      builder.Read(entry.path, entry.name, kOneGuest, /*top_level=*/false);
  if (absl::IsNotFound(sockets.status())) return;
  builder.AddSubDirectory(entry.path);
  if (!sockets.ok()) {
    // Not to have been able to look is no news of the guest.
    if (!TellsWhatIsThere(sockets.status())) {
      builder.CannotTell(entry.name, sockets.status().message());
    }
    return builder.AddProblem(sockets.status().message());
  }
  for (const Entry& socket : *sockets) AddSocket(socket, entry.name, builder);
}

}  // namespace

bool Listing::Tells(const std::string& guest) const {
  if (unseen.count(guest) > 0) return false;
  return !guests_left_out ||
         std::ranges::binary_search(endpoints, guest, {}, &Endpoint::guest);
}

bool ListingCounts(const Listing& listing) {
  return TellsWhatIsThere(listing.status);
}

Listing ListGuestSide(const std::string& directory,
                      const ChannelFilter& filter) {
  ListingBuilder builder(filter);
  const auto ports =
      builder.Read(directory, "", kGuestSideWording, /*top_level=*/true);
  if (!ports.ok()) return {.status = ports.status()};
  for (const Entry& port : *ports) AddPort(port, builder);
  return std::move(builder).Finish();
}

Listing ListHostSide(const std::string& directory,
                     const ChannelFilter& filter) {
  ListingBuilder builder(filter);
  const std::string own_guest = BaseName(directory);
  const auto entries =
      builder.Read(directory, own_guest, kHostSideWording, /*top_level=*/true);
  if (!entries.ok()) return {.status = entries.status()};
  for (const Entry& entry : *entries) {
    const mode_t mode = entry.info.st_mode;
    if (S_ISDIR(mode)) {
      AddGuest(entry, builder);
    } else if (S_ISSOCK(mode) || S_ISLNK(mode)) {
      AddSocket(entry, own_guest, builder);
    } else {
      builder.AddProblem(
          absl::StrCat(kOneGuest.no_directory, ": ", entry.path));
    }
  }
  return std::move(builder).Finish();
}

}  // namespace vios
