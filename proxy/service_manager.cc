// SPDX-License-Identifier: Apache-2.0
#include "proxy/service_manager.h"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "channel/errno_status.h"
#include "proxy/environment.h"

namespace vios {
namespace {

// Until who did not look well is looked at again.
constexpr absl::Duration kSecondLook = absl::Seconds(1);

// Half of what systemd allows, and nothing when it watches another process.
absl::Duration PingInterval() {
  const std::string time = TakeFromEnvironment("WATCHDOG_USEC");
  const std::string process = TakeFromEnvironment("WATCHDOG_PID");
  int64_t microseconds = 0;
  if (!absl::SimpleAtoi(time, &microseconds) || microseconds <= 0 ||
      (!process.empty() && process != absl::StrCat(::getpid()))) {
    return absl::ZeroDuration();
  }
  return absl::Microseconds(microseconds) / 2;
}

}  // namespace

ServiceManager ServiceManager::FromEnvironment() {
  ServiceManager manager;
  const std::string name = TakeFromEnvironment("NOTIFY_SOCKET");
  const absl::Duration interval = PingInterval();
  if (!name.empty()) manager.Connect(name);
  if (!manager.socket_.ok() || interval == absl::ZeroDuration()) return manager;
  manager.interval_ = interval;
  manager.next_ping_ = Deadline::Passed();
  return manager;
}

// "/path", or "@name" for an abstract socket.
void ServiceManager::Connect(const std::string& name) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  if ((name[0] != '/' && name[0] != '@') ||
      name.size() >= sizeof(address.sun_path)) {
    status_ = absl::InvalidArgumentError(absl::StrCat(
        "NOTIFY_SOCKET=", name, ": must be a path or @ and a name"));
    return;
  }
  std::copy(name.begin(), name.end(), address.sun_path);
  if (name[0] == '@') address.sun_path[0] = '\0';
  const auto size =
      static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
  UniqueFd fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const timeval longest = {.tv_sec = 1, .tv_usec = 0};
  if (!fd.ok() ||
      ::setsockopt(fd.get(), SOL_SOCKET, SO_SNDTIMEO, &longest,
                   sizeof(longest)) != 0 ||
      ::connect(fd.get(), reinterpret_cast<sockaddr*>(&address), size) != 0) {
    status_ = ErrnoStatus("NOTIFY_SOCKET", name);
    return;
  }
  socket_ = std::move(fd);
}

// Whether it arrives is systemd's concern: it has time-outs for all of it.
void ServiceManager::Send(absl::string_view text) {
  if (!socket_.ok()) return;
  (void)::send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL);
}

void ServiceManager::Ready(absl::string_view text) {
  Send("READY=1");
  Status(text);
}

void ServiceManager::Stopping(absl::string_view text) {
  Send("STOPPING=1");
  Status(text);
}

void ServiceManager::Status(absl::string_view text) {
  // A second line would be another message.
  const std::string line = absl::StrReplaceAll(text, {{"\n", " "}});
  if (line == told_) return;
  told_ = line;
  Send(absl::StrCat("STATUS=", line));
}

void ServiceManager::PingIfDue(const std::function<bool()>& alive) {
  if (!next_ping_.passed()) return;
  const bool well = alive();
  // One bad moment, as after a pause of the whole process, is no verdict.
  next_ping_ =
      Deadline::After(well ? interval_ : std::min(interval_, kSecondLook));
  if (well) Send("WATCHDOG=1");
}

}  // namespace vios
