// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_DAEMON_PAIR_H_
#define VIOS_PROXY_TESTING_DAEMON_PAIR_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "channel/deadline.h"
#include "channel/scratch_dir.h"
#include "channel/unique_fd.h"
#include "proxy/guest_proxy.h"
#include "proxy/host_proxy.h"
#include "proxy/options.h"
#include "testing/fake_qemu.h"
#include "testing/traffic/client.h"
#include "testing/traffic/service.h"

namespace vios::testing {

// Both daemons in this process, with a service behind them and a fake QEMU in
// between. What is wrong at a start fails the test.
class DaemonPair {
 public:
  explicit DaemonPair(int channels, size_t buffer = 64 * 1024);

  // May be changed before the daemon is started.
  GuestOptions& guest_options() { return guest_options_; }
  HostOptions& host_options() { return host_options_; }

  void StartGuest(std::optional<UniqueFd> listener = std::nullopt);
  void StartHost();
  void StartAll();
  void StopGuest() { guest_.reset(); }
  void StopHost() { host_.reset(); }
  GuestProxy& guest() { return *guest_; }
  HostProxy& host() { return *host_; }

  FakeQemu& channel(size_t i) { return *channels_[i]; }
  size_t channels() const { return channels_.size(); }
  const ScratchDir& dir() const { return dir_; }
  void StartService();  // On the same port as before.
  void StopService() { service_.reset(); }

  // Its lines so far; see ServiceOptions.
  std::vector<std::string> ServiceLog() const;

  // A connection through the proxies on which `request` was sent. None for one
  // that is to be reset at once: a write would be told of it, and a read then
  // not any more.
  UniqueFd Connect(const std::string& request,
                   absl::Duration no_progress = absl::Seconds(20));
  // A client that checks all it gets; see RunClient().
  std::string Run(ClientOptions options);
  // Whether every channel serves a client, all of them at the same time.
  bool EveryChannelServes();

 private:
  const ScratchDir dir_;
  const UniqueFd service_port_;
  mutable absl::Mutex mu_;
  std::vector<std::string> service_log_ ABSL_GUARDED_BY(mu_);
  GuestOptions guest_options_;
  HostOptions host_options_;
  std::unique_ptr<Service> service_;
  std::vector<std::unique_ptr<FakeQemu>> channels_;
  std::unique_ptr<HostProxy> host_;
  std::unique_ptr<GuestProxy> guest_;
};

// How a connection ends, whatever comes before: clean-eof, reset, timeout.
std::string EndOf(const UniqueFd& connection);
// The next byte; 0 when there is none.
char NextByte(const UniqueFd& connection);

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_DAEMON_PAIR_H_
