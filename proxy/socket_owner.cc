// SPDX-License-Identifier: Apache-2.0
#include "proxy/socket_owner.h"

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "proxy/http_address.h"
#include "proxy/socket_list.h"

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

}  // namespace

std::optional<Process> OwnerOfListener(const Machine& machine,
                                       const ProcessList& processes,
                                       const SocketAddress& address,
                                       absl::string_view program) {
  const std::vector<uint64_t> inodes = ListenersAt(machine, address);
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

std::optional<Process> OwnerOfServer(const Machine& machine,
                                     const ProcessList& processes,
                                     const std::string& http_address,
                                     absl::string_view program) {
  const auto address = ParseHttpAddress(http_address);
  if (!address.ok()) return std::nullopt;
  std::set<std::string> pids;
  for (const uint64_t inode : ListenersAt(machine, *address)) {
    for (const Process& owner : processes.HoldersOfSocket(inode)) {
      if (owner.program == program) pids.insert(owner.pid);
    }
  }
  if (pids.size() > 1) return std::nullopt;
  auto owner = OwnerOfListener(machine, processes, *address, program);
  if (owner && owner->program.empty()) return std::nullopt;
  return owner;
}

}  // namespace vios
