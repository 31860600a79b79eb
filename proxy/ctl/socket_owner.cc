// SPDX-License-Identifier: Apache-2.0
#include "proxy/ctl/socket_owner.h"

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "proxy/ctl/socket_list.h"
#include "proxy/http_address.h"

namespace vios {
namespace {

std::vector<uint64_t> ListenersAt(const Machine& machine,
                                  const SocketAddress& address) {
  std::vector<uint64_t> inodes;
  if (address.is_unix()) {
    const std::string path = address.path();
    for (const UnixSocket& socket : UnixSockets(machine)) {
      if (socket.path == path && socket.kind == UnixSocket::Kind::kListening) {
        inodes.push_back(socket.inode);
      }
    }
    return inodes;
  }
  for (const TcpListener& listener : TcpListeners(machine)) {
    if (listener.port == address.port()) inodes.push_back(listener.inode);
  }
  return inodes;
}

// Of those that hold one of `inodes` a process of `program`, or else the first.
std::optional<Process> OwnerOf(const ProcessList& processes,
                               const std::vector<uint64_t>& inodes,
                               absl::string_view program) {
  if (inodes.empty()) return std::nullopt;
  Process found;
  for (const uint64_t inode : inodes) {
    for (const Process& owner : processes.HoldersOfSocket(inode)) {
      if (owner.program == program) return owner;
      if (found.program.empty()) found = owner;
    }
  }
  return found;
}

// How many processes of `program` hold one of `inodes`.
size_t CountHolders(const ProcessList& processes,
                    const std::vector<uint64_t>& inodes,
                    absl::string_view program) {
  std::set<std::string> pids;
  for (const uint64_t inode : inodes) {
    for (const Process& owner : processes.HoldersOfSocket(inode)) {
      if (owner.program == program) pids.insert(owner.pid);
    }
  }
  return pids.size();
}

}  // namespace

std::optional<Process> OwnerOfListener(const Machine& machine,
                                       const ProcessList& processes,
                                       const SocketAddress& address,
                                       absl::string_view program) {
  return OwnerOf(processes, ListenersAt(machine, address), program);
}

std::optional<Process> OwnerOfServer(const Machine& machine,
                                     const ProcessList& processes,
                                     const std::string& http_address,
                                     absl::string_view program) {
  const auto address = ParseHttpAddress(http_address);
  if (!address.ok()) return std::nullopt;
  const std::vector<uint64_t> inodes = ListenersAt(machine, *address);
  if (CountHolders(processes, inodes, program) > 1) return std::nullopt;
  auto owner = OwnerOf(processes, inodes, program);
  if (owner && owner->program.empty()) return std::nullopt;
  return owner;
}

}  // namespace vios
