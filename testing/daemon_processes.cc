// SPDX-License-Identifier: Apache-2.0
#include "testing/daemon_processes.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "proxy/socket_address.h"
#include "proxy/tcp.h"
#include "testing/traffic/tcp.h"

namespace vios {

using testing::FakeQemu;
using testing::Service;

void DaemonProcessesTest::SetUp() {
  CliTest::SetUp();
  ASSERT_EQ(::chmod(Directory().c_str(), 0777), 0);
  const mode_t before = ::umask(0);  // Other users connect, too.
  for (const char* name : {"hosts", "hosts/g1", "ports"}) NewDirectory(name);
  for (int i = 0; i < kChannels; ++i) {
    channels_.push_back(std::make_unique<FakeQemu>(
        Path(absl::StrCat("hosts/g1/", i)), Path(absl::StrCat("ports/q.", i))));
  }
  ::umask(before);
  auto service = Service::Start({});
  ASSERT_TRUE(service.ok()) << service.status();
  service_ = *std::move(service);
}

std::unique_ptr<Subprocess> DaemonProcessesTest::StartDaemon(
    const Program& program, Subprocess::Options how) const {
  const bool host = &program == &HostProgram();
  Words args = {Path(host ? "hosts" : "ports"), "--rescan_interval=100ms",
                "--reconnect_interval=200ms",
                host ? absl::StrCat("--service_port=", service_->port())
                     : ListenFlag("listen")};
  if (!host) args.push_back("--listen_mode=0666");
  args.insert(args.end(), how.args.begin(), how.args.end());
  how.args = std::move(args);
  auto process = Subprocess::Start("proxy/" + program.name, how);
  EXPECT_TRUE(process.ok()) << process.status();
  return *std::move(process);
}

UniqueFd DaemonProcessesTest::Connect(absl::Duration patience) const {
  auto dial =
      StartDial(*ParseSocketAddress(absl::StrCat("unix:", Path("listen")), 0));
  if (!dial.ok()) return UniqueFd();
  const int fd = dial->fd.get();
  (void)::fcntl(fd, F_SETFL, 0);  // Blocking, with a time-out.
  (void)testing::SetNoProgressTimeout(fd, patience);
  if (!testing::WriteText(fd, "echo\n").ok()) return UniqueFd();
  return Echoes(dial->fd) ? std::move(dial->fd) : UniqueFd();
}

bool DaemonProcessesTest::Echoes(const UniqueFd& client) {
  char answer = 0;
  // Interrupted when this process is stopped and goes on.
  return testing::WriteText(client.get(), "x").ok() &&
         TEMP_FAILURE_RETRY(::recv(client.get(), &answer, 1, 0)) == 1 &&
         answer == 'x';
}

bool DaemonProcessesTest::ServesWithin(absl::Duration patience) const {
  return Connect(patience).ok();
}

bool DaemonProcessesTest::ServesSoon() const {
  const Deadline deadline = Soon();
  while (!deadline.passed()) {
    if (ServesWithin(absl::Seconds(2))) return true;
  }
  return false;
}

}  // namespace vios
