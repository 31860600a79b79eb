// SPDX-License-Identifier: Apache-2.0
#include "proxy/ctl/socket_list.h"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <sys/socket.h>

#include <array>
#include <cstring>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "channel/errno_status.h"
#include "channel/unique_fd.h"

namespace vios {
namespace {

using Words = std::vector<absl::string_view>;

constexpr absl::string_view kTcpListens = "0A";
constexpr uint32_t kListens = 0x10000;  // Of the kernel's __SO_ACCEPTCON.

// Num RefCount Protocol Flags Type St Inode Path
UnixSocket::Kind KindOf(const Words& words) {
  uint32_t flags = 0;
  (void)absl::SimpleHexAtoi(words[3], &flags);
  if ((flags & kListens) != 0) return UnixSocket::Kind::kListening;
  if (words[5] == "03") return UnixSocket::Kind::kAccepted;
  return UnixSocket::Kind::kOther;
}

// sl local_address rem_address st queues tr:tm retrnsmt uid timeout inode
void AddListeners(const std::string& table, std::vector<TcpListener>& found) {
  for (const absl::string_view line : absl::StrSplit(table, '\n')) {
    const Words words = absl::StrSplit(line, ' ', absl::SkipEmpty());
    if (words.size() < 10 || words[3] != kTcpListens) continue;
    const Words address = absl::StrSplit(words[1], ':');
    TcpListener listener;
    uint32_t port = 0;
    if (absl::SimpleHexAtoi(address.back(), &port) &&
        absl::SimpleAtoi(words[9], &listener.inode)) {
      listener.port = static_cast<uint16_t>(port);
      found.push_back(listener);
    }
  }
}

absl::Status AskForPeers(int netlink) {
  struct {
    nlmsghdr header = {};
    unix_diag_req request = {};
  } ask;
  ask.header = {.nlmsg_len = sizeof ask,
                .nlmsg_type = SOCK_DIAG_BY_FAMILY,
                .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP};
  ask.request = {.sdiag_family = AF_UNIX,
                 .udiag_states = ~0u,
                 .udiag_show = UDIAG_SHOW_PEER};
  sockaddr_nl kernel = {};
  kernel.nl_family = AF_NETLINK;
  const ssize_t sent =
      ::sendto(netlink, &ask, sizeof ask, 0,
               reinterpret_cast<const sockaddr*>(&kernel), sizeof kernel);
  if (sent == sizeof ask) return absl::OkStatus();
  return ErrnoStatus("sendto", "sock_diag");
}

void AddPeer(nlmsghdr* header, UnixPeers& peers) {
  const auto* socket = static_cast<const unix_diag_msg*>(NLMSG_DATA(header));
  auto* attribute = reinterpret_cast<rtattr*>(
      static_cast<char*>(NLMSG_DATA(header)) + NLMSG_ALIGN(sizeof *socket));
  int left = static_cast<int>(header->nlmsg_len) -
             static_cast<int>(NLMSG_LENGTH(sizeof *socket));
  while (RTA_OK(attribute, left)) {
    if (attribute->rta_type == UNIX_DIAG_PEER) {
      uint32_t peer = 0;
      std::memcpy(&peer, RTA_DATA(attribute), sizeof peer);
      peers[socket->udiag_ino] = peer;
    }
    attribute = RTA_NEXT(attribute, left);
  }
}

// False once the kernel has told everything.
absl::StatusOr<bool> AddPeers(nlmsghdr* header, size_t size, UnixPeers& peers) {
  auto left = static_cast<unsigned>(size);
  for (; NLMSG_OK(header, left); header = NLMSG_NEXT(header, left)) {
    if (header->nlmsg_type == NLMSG_DONE) return false;
    if (header->nlmsg_type == NLMSG_ERROR) {
      return absl::UnavailableError("the kernel has no unix_diag");
    }
    AddPeer(header, peers);
  }
  return true;
}

}  // namespace

std::vector<UnixSocket> UnixSockets(const Machine& machine) {
  std::vector<UnixSocket> sockets;
  const std::string table = machine.Read("/proc/net/unix");
  for (const absl::string_view line : absl::StrSplit(table, '\n')) {
    // The path is last and may have blanks in it.
    const size_t slash = line.find(" /");
    if (slash == absl::string_view::npos) continue;
    const Words words =
        absl::StrSplit(line.substr(0, slash), ' ', absl::SkipEmpty());
    UnixSocket socket;
    if (words.size() != 7 || !absl::SimpleAtoi(words[6], &socket.inode)) {
      continue;
    }
    socket.kind = KindOf(words);
    socket.path = std::string(line.substr(slash + 1));
    sockets.push_back(socket);
  }
  return sockets;
}

std::vector<TcpListener> TcpListeners(const Machine& machine) {
  std::vector<TcpListener> listeners;
  AddListeners(machine.Read("/proc/net/tcp"), listeners);
  AddListeners(machine.Read("/proc/net/tcp6"), listeners);
  return listeners;
}

absl::StatusOr<UnixPeers> ReadUnixPeers() {
  const UniqueFd netlink(::socket(
      AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_SOCK_DIAG));
  if (!netlink.ok()) return ErrnoStatus("socket", "sock_diag");
  const absl::Status asked = AskForPeers(netlink.get());
  if (!asked.ok()) return asked;
  UnixPeers peers;
  while (true) {
    // The kernel answers within the call: there is nothing to wait for.
    alignas(nlmsghdr) std::array<char, 32768> answer;
    const ssize_t size = ::recv(netlink.get(), answer.data(), answer.size(), 0);
    if (size < 0) return ErrnoStatus("recv", "sock_diag");
    if (size == 0) return absl::UnavailableError("recv sock_diag: no answer");
    const auto more = AddPeers(reinterpret_cast<nlmsghdr*>(answer.data()),
                               static_cast<size_t>(size), peers);
    if (!more.ok()) return more.status();
    if (!*more) return peers;
  }
}

}  // namespace vios
