// SPDX-License-Identifier: Apache-2.0
#include "testing/bench/scale_guest.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "channel/deadline.h"
#include "channel/scratch_dir.h"
#include "testing/bench/farm_port.h"
#include "testing/bench/idle_watch.h"
#include "testing/bench/socket_farm.h"
#include "testing/vm/process.h"
#include "testing/vm/runfile.h"

namespace vios::testing {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(60);

using Ports = std::vector<std::unique_ptr<FarmPort>>;

// All that the daemon connects to, each of them greeted.
absl::StatusOr<Ports> TakeIn(SocketFarm& farm) {
  Ports ports;
  for (size_t i = 0; i < farm.paths().size(); ++i) {
    auto fd = farm.Accept(i, kPatience);
    if (!fd.ok()) return fd.status();
    ports.push_back(std::make_unique<FarmPort>(*std::move(fd)));
    const absl::Status greeted = ports.back()->AwaitGreeting();
    if (!greeted.ok()) return greeted;
  }
  return ports;
}

absl::Status TendAll(Ports& ports) {
  absl::Status status;
  for (const auto& port : ports) status.Update(port->Tend());
  return status;
}

}  // namespace

absl::StatusOr<IdleFigures> MeasureIdleGuest(int ports, absl::Duration window) {
  const ScratchDir dir;
  auto paths = GuestPaths(dir / "ports", ports);
  if (!paths.ok()) return paths.status();
  const auto farm = SocketFarm::Listen(*std::move(paths));
  if (!farm.ok()) return farm.status();
  const Clock::time_point begun = Clock::now();
  const auto daemon = Process::Start(
      {Runfile("proxy/vios-proxy-guest"), dir / "ports",
       absl::StrCat("--listen_address=unix:", dir.path(), "/listen"),
       absl::StrCat("--rescan_interval=",
                    absl::FormatDuration(kRescanInterval))},
      dir / "log");
  if (!daemon.ok()) return daemon.status();
  auto connected = TakeIn(**farm);
  if (!connected.ok()) {
    return absl::Status(
        connected.status().code(),
        absl::StrCat(connected.status().message(),
                     "; the daemon: ", (*daemon)->Log().substr(0, 2000)));
  }
  const absl::Duration ready = absl::FromChrono(Clock::now() - begun);
  auto idle =
      WatchIdle(**daemon, window, [&connected] { return TendAll(*connected); });
  if (!idle.ok()) return idle.status();
  idle->channels = ports;
  idle->ready_seconds = absl::ToDoubleSeconds(ready);
  return idle;
}

}  // namespace vios::testing
