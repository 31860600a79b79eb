// SPDX-License-Identifier: Apache-2.0
#include "proxy/ctl/check_client.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "proxy/ctl/process_list.h"
#include "proxy/ctl/report_process.h"

namespace vios {
namespace {

constexpr char kHost[] = "vios-proxy-host";

// Who is connected to `socket`, of those that can be seen.
std::vector<Process> ClientsOf(const HostFacts& facts,
                               const HostSocket& socket) {
  std::vector<Process> clients;
  for (const UnixSocket* end :
       facts.SocketsAt(socket.path, UnixSocket::Kind::kAccepted)) {
    const auto peer = facts.peers.find(end->inode);
    if (peer == facts.peers.end()) continue;
    for (Process& one : facts.processes.HoldersOfSocket(peer->second)) {
      clients.push_back(std::move(one));
    }
  }
  return clients;
}

// Whether it is another host daemon than the one that was asked: than `asked`,
// or, where that cannot be told, by the word of that one that it is not
// connected.
bool IsAnother(const HostFacts& facts, const HostSocket& socket,
               const Process& client, const std::optional<Process>& asked) {
  if (client.program != kHost) return false;
  const DaemonReport::Channel* channel = facts.ChannelOf(socket);
  if (channel == nullptr) return false;
  return asked ? client.pid != asked->pid : channel->state == "down";
}

}  // namespace

Verdict CheckSocketClient(const HostFacts& facts) {
  const auto asked =
      facts.report ? ProcessOf(*facts.report, facts.machine, facts.processes)
                   : std::nullopt;
  for (const HostSocket& socket : facts.sockets) {
    const std::string path = Shown(socket.path);
    for (const Process& client : ClientsOf(facts, socket)) {
      if (IsAnother(facts, socket, client, asked)) {
        return Broken("client",
                      absl::StrCat("another ", kHost, " (PID ", client.pid,
                                   ") is connected to ", path),
                      "QEMU attends to one connection at a time: stop one of "
                      "them, or give each its own channels with --channels.");
      }
      if (client.program == kHost) continue;
      return Broken("client",
                    absl::StrCat("something else is connected to ", path, ": ",
                                 client.ToString()),
                    "QEMU attends to one connection at a time: stop that "
                    "program, or leave the channel to it with --channels.");
    }
  }
  return Fine("client", "");
}

}  // namespace vios
