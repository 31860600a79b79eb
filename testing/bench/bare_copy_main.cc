// SPDX-License-Identifier: Apache-2.0
// What the scale bench measures the host daemon beside: connects each of the
// unix sockets DIRECTORY/qpid.0, 1, ... to the service, one after the other,
// and copies with as many threads as the daemon has, one for each direction, in
// calls that block, and nothing else. It goes on until it is killed.
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstdio>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "channel/errno_status.h"
#include "channel/unique_fd.h"
#include "gflags/gflags.h"
#include "testing/traffic/tcp.h"

DEFINE_string(directory, "", "where the sockets are");
DEFINE_int32(count, 0, "how many");
DEFINE_int32(service_port, 0, "of the service on this machine");

namespace vios::testing {
namespace {

// More at once, or a buffer at the start of a page, made it no faster.
constexpr size_t kCopySize = 64 * 1024;

absl::StatusOr<UniqueFd> ConnectUnix(const std::string& path) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof(address.sun_path) - 1);
  UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd.ok() ||
      ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address),
                sizeof(address)) != 0) {
    return ErrnoStatus("connect", path);
  }
  return fd;
}

void Copy(int from, int to) {
  std::vector<uint8_t> buffer(kCopySize);
  while (true) {
    const auto n = ReadSome(from, absl::MakeSpan(buffer));
    if (!n.ok() || *n == 0) break;
    if (!WriteAll(to, absl::MakeSpan(buffer).first(*n)).ok()) break;
  }
  ::shutdown(to, SHUT_WR);
}

absl::Status Run() {
  std::vector<UniqueFd> sockets;
  std::vector<std::thread> threads;
  absl::Status status;
  for (int i = 0; i < FLAGS_count && status.ok(); ++i) {
    auto channel = ConnectUnix(absl::StrCat(FLAGS_directory, "/qpid.", i));
    auto service =
        ConnectTcp("127.0.0.1", static_cast<uint16_t>(FLAGS_service_port),
                   absl::ZeroDuration());  // Without a limit.
    status.Update(channel.status());
    status.Update(service.status());
    if (!status.ok()) break;
    threads.emplace_back(Copy, channel->get(), service->get());
    threads.emplace_back(Copy, service->get(), channel->get());
    sockets.push_back(*std::move(channel));
    sockets.push_back(*std::move(service));
  }
  if (!status.ok()) {
    for (const UniqueFd& socket : sockets) ::shutdown(socket.get(), SHUT_RDWR);
  }
  for (std::thread& thread : threads) thread.join();
  return status;
}

}  // namespace
}  // namespace vios::testing

int main(int argc, char** argv) {
  gflags::ParseCommandLineFlags(&argc, &argv, /*remove_flags=*/true);
  const absl::Status status = vios::testing::Run();
  if (status.ok()) return 0;
  std::fprintf(stderr, "bare_copy: %s\n", status.ToString().c_str());
  return 1;
}
