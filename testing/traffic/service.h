// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_TRAFFIC_SERVICE_H_
#define VIOS_PROXY_TESTING_TRAFFIC_SERVICE_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "channel/unique_fd.h"

namespace vios::testing {

struct ServiceOptions {
  std::string host = "127.0.0.1";
  uint16_t port = 0;  // 0: a free one.
  // A connection on which nothing moves for that long is given up.
  absl::Duration no_progress = absl::Minutes(5);
  // A service that is killed resets its connections, too. (Otherwise the kernel
  // ends some of them as if all had been said.)
  bool kill_resets = false;
  // Gets a line as each request begins and ends; called by many threads.
  std::function<void(const std::string& line)> log = [](const auto&) {};
};

// A TCP service that does with each connection what its first line asks for;
// behaviour.h lists the requests. Start() may block for a name or a port only.
class Service {
 public:
  static absl::StatusOr<std::unique_ptr<Service>> Start(ServiceOptions options);
  // Cuts and joins what is left.
  ~Service();

  uint16_t port() const { return port_; }

 private:
  struct Connection {
    absl::Mutex mu;
    UniqueFd socket ABSL_GUARDED_BY(mu);  // Closed by its thread at the end.
    std::atomic<bool> done = false;
    std::thread thread;  // Last: it uses the rest.
  };

  Service(ServiceOptions options, UniqueFd listener, uint16_t port);
  void AcceptAll();
  void Serve(Connection& connection, int socket, uint64_t id);
  void AnswerRequest(int socket, uint64_t id);
  void JoinFinished();

  const ServiceOptions options_;
  const UniqueFd listener_;
  const uint16_t port_;
  absl::Notification stopping_;
  std::list<Connection> connections_;  // The acceptor's until it is joined.
  std::thread acceptor_;               // Last: it uses the rest.
};

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_TRAFFIC_SERVICE_H_
