// SPDX-License-Identifier: Apache-2.0
#include "proxy/status_example.h"

namespace vios {
namespace {

ChannelStatus OneChannel(const char* guest, const char* name,
                         ChannelState state) {
  return {.guest = guest,
          .name = name,
          .state = state,
          .in_state = absl::Minutes(12) + absl::Seconds(7)};
}

void Sum(DaemonStatus& status) {
  for (const ChannelStatus& channel : status.channels) {
    GuestFigures& guest = status.metrics.guests[channel.guest];
    guest.totals += channel.totals;
    ++guest.channels[static_cast<size_t>(channel.state)];
    status.metrics.all += channel.totals;
  }
}

DaemonStatus Common(Role role) {
  return {.role = role,
          .version = "1.0.0",
          .started = absl::FromUnixMillis(1'700'000'000'250),
          .uptime = absl::Hours(30) + absl::Minutes(5),
          .now = absl::FromUnixSeconds(1'800'000'000),  // Set meanwhile.
          .scanned = true,
          .threads = {{"supervisor", absl::Milliseconds(300), true}},
          .flags = {{"service_port", "5672"}, {"channels", "*"}},
          .process = {.cpu_seconds = 1.5,
                      .open_fds = 23,
                      .max_fds = 1024,
                      .threads = 9,
                      .resident_bytes = 4'096'000,
                      .virtual_bytes = 90'000'000}};
}

}  // namespace

DaemonStatus ExampleHostStatus() {
  DaemonStatus status = Common(Role::kHost);
  status.service = "127.0.0.1:5672";
  status.directory = "/run/guests";
  ChannelStatus busy = OneChannel("builder-1", "qpid.0", ChannelState::kBusy);
  busy.peer_agent = "vios-proxy-guest 1.0.0";
  busy.session = {.tokens = "Zx3q/81fP",
                  .client = "127.0.0.1:40112",
                  .age = absl::Seconds(75),
                  .up_bytes = 1'234,
                  .down_bytes = 56'789'012};
  busy.totals = {.up_bytes = 91'234, .down_bytes = 3'456'789'012};
  ChannelStatus free = OneChannel("builder-1", "qpid.1", ChannelState::kFree);
  free.totals = {.up_bytes = 17, .down_bytes = 4'200, .skipped_bytes = 65'549};
  free.last_error =
      "service refused (service 127.0.0.1:5672: Connection refused)";
  free.last_error_ago = absl::Hours(3);
  ChannelStatus down = OneChannel("broker-test", "0", ChannelState::kDown);
  down.last_error = "connect /run/guests/broker-test/0: Connection refused";
  down.last_error_ago = absl::Seconds(4);
  status.channels = {down, busy, free,
                     OneChannel("builder-2", "qpid.0", ChannelState::kResync)};
  status.metrics.ended[static_cast<size_t>(Termination::kClean)] = 4711;
  status.metrics.ended[static_cast<size_t>(Termination::kServiceRefused)] = 3;
  status.metrics.connect.counts[2] = 4711;
  status.metrics.connect.sum_seconds = 18.5;
  status.metrics.duration.bounds = kLifeBounds;
  Sum(status);
  return status;
}

DaemonStatus ExampleGuestStatus() {
  DaemonStatus status = Common(Role::kGuest);
  status.service = "127.0.0.1:5672";
  status.directory = "/dev/virtio-ports";
  status.queue = {.length = 2, .limit = 128};
  status.channels = {OneChannel("", "qpid.0", ChannelState::kFree)};
  Sum(status);
  return status;
}

}  // namespace vios
