// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_DAEMON_PROCESSES_H_
#define VIOS_PROXY_TESTING_DAEMON_PROCESSES_H_

#include <memory>
#include <vector>

#include "absl/time/time.h"
#include "channel/unique_fd.h"
#include "testing/cli.h"
#include "testing/fake_qemu.h"
#include "testing/subprocess.h"
#include "testing/traffic/service.h"

namespace vios {

// For tests of the real binaries at work: two channels, a service behind the
// host daemon that sends back what it gets, and clients. All paths may be used
// by every user.
class DaemonProcessesTest : public CliTest {
 protected:
  static constexpr int kChannels = 2;

  void SetUp() override;

  // `how.args` come on top of those that it needs. Does not wait for anything.
  std::unique_ptr<Subprocess> StartDaemon(const Program& program,
                                          Subprocess::Options how = {}) const;

  // A client to whom a byte has come back; none if that takes longer than
  // `patience`, as each Echoes() of that client may.
  UniqueFd Connect(absl::Duration patience) const;
  static bool Echoes(const UniqueFd& client);
  bool ServesWithin(absl::Duration patience) const;
  bool ServesSoon() const;

 private:
  std::vector<std::unique_ptr<testing::FakeQemu>> channels_;
  std::unique_ptr<testing::Service> service_;
};

}  // namespace vios

#endif  // VIOS_PROXY_TESTING_DAEMON_PROCESSES_H_
