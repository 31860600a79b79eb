// SPDX-License-Identifier: Apache-2.0
#include "testing/traffic/service.h"

#include <sys/socket.h>

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "testing/traffic/behaviour.h"
#include "testing/traffic/stream.h"
#include "testing/traffic/tcp.h"

namespace vios::testing {

absl::StatusOr<std::unique_ptr<Service>> Service::Start(
    ServiceOptions options) {
  absl::StatusOr<UniqueFd> listener = ListenTcp(options.host, options.port);
  if (!listener.ok()) return listener.status();
  const absl::StatusOr<uint16_t> port = LocalPort(listener->get());
  if (!port.ok()) return port.status();
  if (options.kill_resets) {
    const absl::Status status = ResetOnClose(listener->get());
    if (!status.ok()) return status;
  }
  return std::unique_ptr<Service>(
      new Service(std::move(options), *std::move(listener), *port));
}

Service::Service(ServiceOptions options, UniqueFd listener, uint16_t port)
    : options_(std::move(options)),
      listener_(std::move(listener)),
      port_(port),
      acceptor_(&Service::AcceptAll, this) {}

Service::~Service() {
  stopping_.Notify();
  ::shutdown(listener_.get(), SHUT_RDWR);  // Wakes the accept.
  acceptor_.join();
  for (Connection& connection : connections_) {
    {
      absl::MutexLock lock(&connection.mu);
      if (connection.socket.ok()) {
        ::shutdown(connection.socket.get(), SHUT_RDWR);
      }
    }
    connection.thread.join();
  }
}

void Service::AcceptAll() {
  for (uint64_t id = 1; !stopping_.HasBeenNotified(); ++id) {
    UniqueFd accepted(
        ::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    JoinFinished();
    if (!accepted.ok()) {
      // Out of descriptors, or stopping: neither may spin.
      stopping_.WaitForNotificationWithTimeout(absl::Milliseconds(10));
      continue;
    }
    const int socket = accepted.get();
    Connection& connection = connections_.emplace_back();
    absl::MutexLock lock(&connection.mu);
    connection.socket = std::move(accepted);
    connection.thread = std::thread(
        [this, &connection, socket, id] { Serve(connection, socket, id); });
  }
}

void Service::JoinFinished() {
  connections_.remove_if([](Connection& connection) {
    if (!connection.done) return false;
    connection.thread.join();
    return true;
  });
}

void Service::Serve(Connection& connection, int socket, uint64_t id) {
  AnswerRequest(socket, id);
  {
    absl::MutexLock lock(&connection.mu);
    connection.socket.Reset();
  }
  connection.done = true;
}

void Service::AnswerRequest(int socket, uint64_t id) {
  if (!SetNoProgressTimeout(socket, options_.no_progress).ok()) return;
  const absl::StatusOr<std::string> request = ReadRequest(socket);
  if (!request.ok()) {
    options_.log(
        absl::StrCat("no request ", id, ": ", Outcome(request.status())));
    return;
  }
  options_.log(absl::StrCat("begin ", id, " ", *request));
  const std::string result =
      Behave(*request, {socket, options_.no_progress, &stopping_});
  if (options_.kill_resets && absl::StartsWith(result, "outcome=clean-eof")) {
    EndOnClose(socket).IgnoreError();
  }
  options_.log(absl::StrCat("end ", id, " ", *request, " : ", result));
}

}  // namespace vios::testing
