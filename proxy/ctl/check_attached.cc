// SPDX-License-Identifier: Apache-2.0
#include "proxy/ctl/check_attached.h"

#include <poll.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "channel/endpoint.h"
#include "channel/fd_io.h"
#include "proxy/ctl/check_daemon.h"

namespace vios {
namespace {

constexpr char kLookAtHost[] =
    "Start vios-proxy-host on the host, and run `vios-proxy-ctl doctor` there.";

const DaemonReport::Channel* ChannelOf(const GuestFacts& facts,
                                       const GuestPort& port) {
  return facts.report ? facts.report->FindChannel("", port.name) : nullptr;
}

// Nothing when it cannot be known without disturbing anybody.
std::optional<bool> Attached(const GuestFacts& facts, const GuestPort& port) {
  if (port.figures) return port.figures->host_attached;
  if (const auto* channel = ChannelOf(facts, port)) {
    return channel->state != "down";
  }
  if (!facts.daemons.empty()) return std::nullopt;
  const auto opened = OpenDevice(facts.machine.Real(port.path));
  if (!opened.ok()) return std::nullopt;
  return (ReadyNow(opened->get(), POLLIN | POLLOUT) & POLLHUP) == 0;
}

// What shows that nobody answers at an attached port; empty: nothing does.
std::string Silence(const GuestFacts& facts, const GuestPort& port) {
  const DaemonReport::Channel* channel = ChannelOf(facts, port);
  if (channel != nullptr && channel->state == "resync" &&
      channel->state_seconds > 10) {
    return absl::StrCat("the daemon has waited for ",
                        static_cast<int64_t>(channel->state_seconds),
                        "s for an answer");
  }
  const bool asked =
      !facts.daemons.empty() && !OptionsOff(facts.report, facts.daemons);
  if (asked && port.figures && port.figures->host_attached &&
      port.figures->bytes_received == 0) {
    return "not a byte has come from it";
  }
  return "";
}

// How many sessions got no answer in time, while none ever got one.
uint64_t TimedOut(const std::optional<DaemonReport>& report) {
  if (!report) return 0;
  for (const DaemonReport::Channel& channel : report->channels) {
    if (!channel.peer_agent.empty()) return 0;
  }
  const auto count = report->ended.find("connect_timeout");
  return count == report->ended.end() ? 0 : count->second;
}

}  // namespace

Verdict CheckAttached(const GuestFacts& facts) {
  std::vector<std::string> absent;
  size_t unknown = 0;
  for (const GuestPort& port : facts.ports) {
    const std::optional<bool> attached = Attached(facts, port);
    if (!attached) ++unknown;
    if (attached == false) absent.push_back(port.name);
  }
  const size_t all = facts.ports.size();
  if (!absent.empty()) {
    return Broken(
        "host",
        absl::StrCat("no host is attached to ", absl::StrJoin(absent, ", "),
                     " (", absent.size(), " of ", all, " ports)"),
        kLookAtHost);
  }
  if (unknown > 0) {
    return Note(
        "host",
        absl::StrCat("whether a host is attached cannot be seen at ", unknown,
                     " of ", all, " ports"),
        absl::StrCat(facts.status_fails ? "Have its status server answer"
                                        : "Start vios-proxy-guest with "
                                          "--http_address=unix:/run/vios-proxy/"
                                          "guest.sock",
                     ", or, as root, mount -t debugfs none "
                     "/sys/kernel/debug"));
  }
  return Fine("host", absl::StrCat("a host is attached to all ", all));
}

Verdict CheckAnswers(const GuestFacts& facts) {
  for (const GuestPort& port : facts.ports) {
    const std::string silence = Silence(facts, port);
    if (silence.empty()) continue;
    return Broken("answer",
                  absl::StrCat("a host is attached to ", port.name,
                               ", but no daemon answers there: ", silence),
                  "Something else may be connected to the socket on the host. "
                  "Start vios-proxy-host there, and run `vios-proxy-ctl "
                  "doctor` there.");
  }
  const uint64_t timed_out = TimedOut(facts.report);
  if (timed_out == 0) return Fine("answer", "");
  return Note("answer",
              absl::StrCat(timed_out,
                           " clients got no session in time, and none got one: "
                           "either no daemon answers at the far end, or its "
                           "service does not"),
              kLookAtHost);
}

}  // namespace vios
