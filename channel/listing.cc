// SPDX-License-Identifier: Apache-2.0
#include "channel/listing.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"

namespace vios {
namespace {

using Entry = DirectoryEntries::Entry;

constexpr DirectoryWording kOneGuest = {
    "Error accessing guest root path",
    "Guest root path is not a directory",
    "Guest root path open error",
};

const char* KindOf(mode_t mode) {
  switch (mode & S_IFMT) {
    case S_IFREG:
      return "a plain file";
    case S_IFDIR:
      return "a directory";
    case S_IFLNK:
      return "a symlink";
    case S_IFIFO:
      return "a pipe";
    case S_IFBLK:
      return "a block device";
    case S_IFCHR:
      return "a character device";
    case S_IFSOCK:
      return "a socket";
    default:
      return "of an unknown kind";
  }
}

// Fills a Listing, entry by entry.
class Lister {
 public:
  explicit Lister(const ChannelFilter& filter) : filter_(filter) {}

  void AddGuestSide(const std::string& directory);
  void AddHostSide(const std::string& directory);
  Listing Finish() &&;

 private:
  // Of `guest`. Empty when the directory cannot be read: then `status` says
  // why.
  std::vector<Entry> Read(const std::string& directory,
                          const std::string& guest,
                          const DirectoryWording& wording, bool follow,
                          absl::Status* status);
  void AddPort(const Entry& entry);
  void AddGuest(const Entry& entry);
  void AddSocket(const Entry& entry, const std::string& guest);
  void Add(const Entry& entry, const std::string& guest, EndpointKind kind,
           const struct stat& info);
  void CannotTell(const std::string& guest, const absl::Status& failure) {
    listing_.unseen.try_emplace(guest, failure.message());
  }
  void Ignore(const Entry& entry, std::string why) {
    if (listing_.ignored.size() == kMaxListed) return;
    listing_.ignored.push_back({entry.path, std::move(why)});
  }

  const ChannelFilter& filter_;
  Listing listing_;
  size_t left_out_ = 0;
};

std::vector<Entry> Lister::Read(const std::string& directory,
                                const std::string& guest,
                                const DirectoryWording& wording, bool follow,
                                absl::Status* status) {
  absl::StatusOr<DirectoryEntries> read =
      ReadDirectory(directory, wording, follow, kMaxListed);
  *status = read.status();
  if (!read.ok()) return {};
  // One problem for all: they are likely to have the same.
  if (!read->unread.empty()) {
    listing_.problems.emplace_back(read->unread[0].status.message());
  }
  for (const auto& [name, failure] : read->unread) {
    if (TellsWhatIsThere(failure)) continue;
    // A socket of this guest, or in the top-level directory a guest itself.
    CannotTell(guest, failure);
    CannotTell(name, failure);
  }
  if (read->more) {
    listing_.problems.push_back(absl::StrCat("More than ", kMaxListed,
                                             " entries in ", directory,
                                             ": the rest is left out"));
  }
  return std::move(read->entries);
}

void Lister::Add(const Entry& entry, const std::string& guest,
                 EndpointKind kind, const struct stat& info) {
  if (!filter_.Matches(entry.name)) {
    return Ignore(entry, "its name is left out by --channels");
  }
  if (listing_.endpoints.size() == kMaxListed) {
    ++left_out_;
    return;
  }
  listing_.endpoints.push_back({guest, entry.name, entry.path, kind,
                                info.st_dev, info.st_ino, info.st_rdev});
}

void Lister::AddPort(const Entry& entry) {
  if (S_ISSOCK(entry.info.st_mode)) {
    return Add(entry, "", EndpointKind::kSocket, entry.info);
  }
  struct stat info = entry.info;
  if (S_ISLNK(info.st_mode) && ::stat(entry.path.c_str(), &info) != 0) {
    const int error = errno;
    const absl::Status failure =
        LookFailure(kGuestSideWording.stat_failed, entry.path);
    if (!TellsWhatIsThere(failure)) CannotTell("", failure);
    return Ignore(entry, absl::StrCat("a symlink to what cannot be reached: ",
                                      std::strerror(error)));
  }
  if (S_ISCHR(info.st_mode)) {
    return Add(entry, "", EndpointKind::kDevice, info);
  }
  Ignore(entry, absl::StrCat(S_ISLNK(entry.info.st_mode) ? "a symlink to " : "",
                             KindOf(info.st_mode)));
}

void Lister::AddGuestSide(const std::string& directory) {
  const std::vector<Entry> entries =
      Read(directory, "", kGuestSideWording, /*follow=*/true, &listing_.status);
  for (const Entry& entry : entries) AddPort(entry);
}

void Lister::AddSocket(const Entry& entry, const std::string& guest) {
  if (!S_ISSOCK(entry.info.st_mode)) {
    return Ignore(entry, KindOf(entry.info.st_mode));
  }
  Add(entry, guest, EndpointKind::kSocket, entry.info);
}

void Lister::AddGuest(const Entry& entry) {
  absl::Status status;
  const std::vector<Entry> sockets =
      Read(entry.path, entry.name, kOneGuest, /*follow=*/false, &status);
  if (absl::IsNotFound(status)) return;
  // Not to have been able to look is no news of the guest.
  if (!status.ok() && !TellsWhatIsThere(status)) CannotTell(entry.name, status);
  listing_.sub_directories.push_back(entry.path);
  if (!status.ok()) listing_.problems.emplace_back(status.message());
  for (const Entry& socket : sockets) AddSocket(socket, entry.name);
}

void Lister::AddHostSide(const std::string& directory) {
  const std::string own_guest = BaseName(directory);
  const std::vector<Entry> entries =
      Read(directory, own_guest, kHostSideWording, /*follow=*/true,
           &listing_.status);
  for (const Entry& entry : entries) {
    const mode_t mode = entry.info.st_mode;
    if (S_ISDIR(mode)) {
      AddGuest(entry);
    } else if (S_ISSOCK(mode) || S_ISLNK(mode)) {
      AddSocket(entry, own_guest);
    } else {
      listing_.problems.push_back(
          absl::StrCat(kOneGuest.no_directory, ": ", entry.path));
    }
  }
}

Listing Lister::Finish() && {
  if (left_out_ > 0) {
    listing_.problems.push_back(absl::StrCat(
        "More than ", kMaxListed, " end points: ", left_out_, " are left out"));
  }
  std::sort(listing_.endpoints.begin(), listing_.endpoints.end(),
            [](const Endpoint& a, const Endpoint& b) {
              return std::tie(a.guest, a.name, a.path) <
                     std::tie(b.guest, b.name, b.path);
            });
  return std::move(listing_);
}

}  // namespace

bool ListingCounts(const Listing& listing) {
  return TellsWhatIsThere(listing.status);
}

Listing ListGuestSide(const std::string& directory,
                      const ChannelFilter& filter) {
  Lister lister(filter);
  lister.AddGuestSide(directory);
  return std::move(lister).Finish();
}

Listing ListHostSide(const std::string& directory,
                     const ChannelFilter& filter) {
  Lister lister(filter);
  lister.AddHostSide(directory);
  return std::move(lister).Finish();
}

}  // namespace vios
