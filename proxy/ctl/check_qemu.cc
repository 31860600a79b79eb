// SPDX-License-Identifier: Apache-2.0
#include "proxy/ctl/check_qemu.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "channel/endpoint.h"
#include "proxy/ctl/qemu_arguments.h"
#include "proxy/ctl/vm_channels.h"
#include "proxy/silent_guest.h"

namespace vios {
namespace {

using Kind = UnixSocket::Kind;

// The kernel lists only the sockets of our own network namespace, and by the
// path that QEMU used. So when it does not know of one, others are asked.
bool SomebodyListens(const HostFacts& facts, const HostSocket& socket) {
  if (!facts.SocketsAt(socket.path, Kind::kListening).empty()) return true;
  if (const auto* channel = facts.ChannelOf(socket)) {
    // A backlog that is full is somebody's, too.
    return channel->state != "down" ||
           !absl::StrContains(channel->last_error, "Connection refused");
  }
  // Where a daemon is connected another connection would wait behind it.
  if (!facts.daemons.empty()) return true;
  return !absl::IsUnavailable(
      ConnectSocket(facts.machine.Real(socket.path)).status());
}

// The processes that listen on our sockets, each once.
std::vector<Process> Qemus(const HostFacts& facts) {
  std::vector<Process> qemus;
  std::set<std::string> seen;
  for (const HostSocket& socket : facts.sockets) {
    for (const auto* end : facts.SocketsAt(socket.path, Kind::kListening)) {
      for (Process& one : facts.processes.HoldersOfSocket(end->inode)) {
        if (seen.insert(one.pid).second) qemus.push_back(std::move(one));
      }
    }
  }
  return qemus;
}

// Between two tries of the daemon to connect to a channel.
absl::Duration LongestPause(const DaemonReport& report) {
  const std::string* flag = report.Flag("reconnect_interval");
  absl::Duration pause = absl::Seconds(5);
  if (flag != nullptr) (void)absl::ParseDuration(*flag, &pause);
  return pause;
}

}  // namespace

Verdict CheckQemuListens(const HostFacts& facts) {
  for (const HostSocket& socket : facts.sockets) {
    if (SomebodyListens(facts, socket)) continue;
    return Broken("qemu",
                  absl::StrCat("nobody listens on ", Shown(socket.path),
                               ": the QEMU that made it is gone"),
                  "Start the guest again; QEMU replaces the socket. Remove it "
                  "if the guest is gone for good.");
  }
  return Fine("qemu", "");
}

Verdict CheckQemuPorts(const HostFacts& facts) {
  for (const Process& qemu : Qemus(facts)) {
    for (const auto& [bus, ports] : PortsByBus(qemu.arguments)) {
      if (ports <= kMostPortsOfDevice) continue;
      return Note(
          "port count",
          absl::StrCat(qemu.ToString(), " has ", ports,
                       " ports on one virtio-serial device: with more than ",
                       kMostPortsOfDevice,
                       " the notice that the host is there can get lost"),
          "Spread them over several devices, as --qemu=N and --libvirt=N print "
          "it.");
    }
  }
  return Fine("port count", "");
}

Verdict CheckConnected(const HostFacts& facts) {
  if (!facts.report.has_value() || facts.report->draining) {
    return Fine("connected", "");
  }
  const absl::Duration patience =
      LongestPause(*facts.report) + absl::Seconds(5);
  size_t down = 0;
  const DaemonReport::Channel* last = nullptr;
  for (const HostSocket& socket : facts.sockets) {
    const DaemonReport::Channel* channel = facts.ChannelOf(socket);
    if (channel == nullptr || channel->state != "down" ||
        absl::Seconds(channel->state_seconds) < patience) {
      continue;
    }
    ++down;
    last = channel;
  }
  if (last == nullptr) return Fine("connected", "");
  const std::string what =
      absl::StrCat("vios-proxy-host is not connected to ", down, " of ",
                   facts.sockets.size(), " channels, such as ",
                   Shown(last->name), ": ", Shown(last->last_error));
  const std::string advice =
      "See its log; if QEMU hangs, or another program has the channel, end "
      "that one.";
  return down == facts.sockets.size() ? Broken("connected", what, advice)
                                      : Note("connected", what, advice);
}

Verdict CheckGuestEnd(const HostFacts& facts) {
  for (const HostSocket& socket : facts.sockets) {
    const DaemonReport::Channel* channel = facts.ChannelOf(socket);
    if (channel == nullptr || !channel->peer_agent.empty() || channel->heard ||
        channel->state == "busy" ||
        !absl::StrContains(channel->last_error, kSilentGuest)) {
      continue;
    }
    return Broken("guest",
                  absl::StrCat("guest ", Shown(socket.guest),
                               " has not opened its end of channel ",
                               Shown(socket.name), ": not a word has come"),
                  "Start vios-proxy-guest in the guest, and run "
                  "`vios-proxy-ctl doctor` there. (One of 0.2 says nothing "
                  "before its first session.)");
  }
  return Fine("guest", "");
}

}  // namespace vios
