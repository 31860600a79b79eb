// SPDX-License-Identifier: Apache-2.0
#include "testing/campaign/health.h"

#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "testing/vm/eventually.h"

namespace vios::testing {
namespace {

constexpr char kHost[] = "host daemon";
constexpr char kGuest[] = "guest daemon";

// Threads of sessions that have just ended need a moment to go.
constexpr absl::Duration kSettles = absl::Seconds(10);
// What the allocator may keep of a burst. A leak grows beyond any such number.
constexpr int kSlackKib = 8 * 1024;

std::string Text(const Figures& figures) {
  std::ostringstream text;
  text << figures;
  return text.str();
}

bool HoldsNoMore(const Figures& now, const Figures& first) {
  return now.descriptors <= first.descriptors && now.threads <= first.threads &&
         now.resident_kib <= first.resident_kib + kSlackKib;
}

}  // namespace

absl::Status Health::Check(std::vector<std::string>& wrong) {
  const absl::StatusOr<std::string> guest = world_.GuestEnd();
  if (!guest.ok()) return guest.status();
  if (*guest != "running") {
    wrong.push_back("the guest daemon ended: " + *guest);
    const absl::Status started = world_.StartGuest();
    if (!started.ok()) return started;
  }
  if (!world_.host()->running()) {
    wrong.push_back(absl::StrCat("the host daemon ended: status ",
                                 *world_.host()->Wait(absl::ZeroDuration())));
    return world_.StartHost();
  }
  const absl::Status status = Compare(kHost, world_.host_starts(), wrong);
  if (!status.ok()) return status;
  return Compare(kGuest, world_.guest_starts(), wrong);
}

absl::StatusOr<Figures> Health::Read(const std::string& name) {
  return name == kHost ? world_.host()->ReadFigures() : world_.GuestFigures();
}

absl::Status Health::Compare(const std::string& name, int start,
                             std::vector<std::string>& wrong) {
  absl::StatusOr<testing::Figures> now = Read(name);
  if (!now.ok()) return now.status();
  Compared& compared = compared_[name];
  if (compared.start != start) compared = {start, *now, *now};
  Eventually(kSettles, [&] {
    if (now.ok() && HoldsNoMore(*now, compared.first)) return true;
    now = Read(name);
    return !now.ok();
  });
  if (!now.ok()) return now.status();
  compared.now = *now;
  if (!HoldsNoMore(*now, compared.first)) {
    wrong.push_back(absl::StrCat(name, " holds more: ", Text(*now), ", first ",
                                 Text(compared.first)));
    compared.first = *now;  // Told once.
  }
  return absl::OkStatus();
}

std::string Health::Figures() const {
  std::string text;
  for (const auto& [name, compared] : compared_) {
    absl::StrAppend(&text, name, " ", compared.start, ": ", Text(compared.now),
                    "; first ", Text(compared.first), "\n");
  }
  return text;
}

}  // namespace vios::testing
