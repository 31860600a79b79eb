// SPDX-License-Identifier: Apache-2.0
#include "testing/fake_qemu.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "absl/types/span.h"
#include "channel/deadline.h"
#include "channel/fd_io.h"
#include "gtest/gtest.h"

namespace vios::testing {
namespace {

// QEMU's: one is served, another may wait.
constexpr int kBacklog = 1;

UniqueFd Listen(const std::string& path) {
  UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  EXPECT_LT(path.size(), sizeof(address.sun_path));
  path.copy(address.sun_path, sizeof(address.sun_path) - 1);
  EXPECT_EQ(::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address),
                   sizeof(address)),
            0)
      << path;
  EXPECT_EQ(::listen(fd.get(), kBacklog), 0);
  return fd;
}

}  // namespace

FakeQemu::FakeQemu(std::string host_path, std::string guest_path, size_t buffer)
    : buffer_(buffer), wakeup_(*Wakeup::Create(stop_)) {
  {
    absl::MutexLock lock(&mu_);
    host_.path = std::move(host_path);
    guest_.path = std::move(guest_path);
    Plug(true);
  }
  thread_ = std::thread(&FakeQemu::Run, this);
}

FakeQemu::~FakeQemu() {
  stop_.Fire();
  thread_.join();
}

void FakeQemu::Plug(bool in) {
  for (Side* side : {&host_, &guest_}) {
    ::unlink(side->path.c_str());
    *side = {.path = side->path};
    if (in) side->listener = Listen(side->path);
  }
  wakeup_->Ring();
}

void FakeQemu::Remove() {
  absl::MutexLock lock(&mu_);
  Plug(false);
}

void FakeQemu::Create() {
  absl::MutexLock lock(&mu_);
  Plug(true);
}

void FakeQemu::Pause(bool paused) {
  absl::MutexLock lock(&mu_);
  paused_ = paused;
  wakeup_->Ring();
}

void FakeQemu::DropHost() {
  absl::MutexLock lock(&mu_);
  HostLeft();
  wakeup_->Ring();
}

void FakeQemu::DropGuest() {
  absl::MutexLock lock(&mu_);
  GuestLeft();
  wakeup_->Ring();
}

void FakeQemu::InjectToHost(absl::string_view bytes) {
  absl::MutexLock lock(&mu_);
  host_.incoming.append(bytes.data(), bytes.size());
  wakeup_->Ring();
}

void FakeQemu::InjectToGuest(absl::string_view bytes) {
  absl::MutexLock lock(&mu_);
  guest_.incoming.append(bytes.data(), bytes.size());
  wakeup_->Ring();
}

bool FakeQemu::host_attached() const {
  absl::MutexLock lock(&mu_);
  return host_.peer.ok();
}

bool FakeQemu::guest_attached() const {
  absl::MutexLock lock(&mu_);
  return guest_.peer.ok();
}

void FakeQemu::Run() {
  absl::Status status;
  while (!absl::IsCancelled(status)) {
    std::array<pollfd, 4> fds;
    {
      absl::MutexLock lock(&mu_);
      if (!paused_) Step();
      const auto unless_paused = [this](int fd, short events) {
        mu_.AssertHeld();
        return pollfd{paused_ || events == 0 ? -1 : fd, events, 0};
      };
      const short accept_host = host_.peer.ok() ? 0 : POLLIN;
      const short accept_guest = guest_.peer.ok() ? 0 : POLLIN;
      fds = {unless_paused(host_.listener.get(), accept_host),
             unless_paused(guest_.listener.get(), accept_guest),
             unless_paused(host_.peer.get(), Wanted(host_, guest_)),
             unless_paused(guest_.peer.get(), Wanted(guest_, host_))};
      // That the host leaves is seen even while nothing can be taken from it.
      if (!paused_) fds[2].fd = host_.peer.get();
    }
    status = WaitAny(absl::MakeSpan(fds), Deadline::Never(), *wakeup_);
  }
}

void FakeQemu::Step() {
  Accept(host_);
  Accept(guest_);
  if (guest_.peer.ok() && !host_.peer.ok()) guest_.peer.Reset();
  if (host_.peer.ok() && HungUp(host_)) return HostLeft();
  if (guest_.peer.ok() && !Take(host_, guest_)) return HostLeft();
  if (!Take(guest_, host_)) GuestLeft();
  Give(host_);
  Give(guest_);
}

bool FakeQemu::HungUp(const Side& side) const {
  return (ReadyNow(side.peer.get(), 0) & POLLHUP) != 0;
}

void FakeQemu::Accept(Side& side) {
  if (side.peer.ok() || !side.listener.ok()) return;
  side.peer = UniqueFd(::accept4(side.listener.get(), nullptr, nullptr,
                                 SOCK_NONBLOCK | SOCK_CLOEXEC));
}

bool FakeQemu::Take(Side& from, Side& to) {
  while (from.peer.ok() && to.incoming.size() < buffer_) {
    std::array<char, 4096> piece;
    const size_t room = std::min(piece.size(), buffer_ - to.incoming.size());
    const ssize_t n = ::recv(from.peer.get(), piece.data(), room, 0);
    if (n < 0 && IsTransient(errno)) break;
    if (n <= 0) return false;
    to.incoming.append(piece.data(), static_cast<size_t>(n));
    Give(to);
  }
  return true;
}

void FakeQemu::Give(Side& to) {
  if (!to.peer.ok() || to.incoming.empty()) return;
  const ssize_t n = ::send(to.peer.get(), to.incoming.data(),
                           to.incoming.size(), MSG_NOSIGNAL);
  if (n > 0) to.incoming.erase(0, static_cast<size_t>(n));
  if (n < 0 && !IsTransient(errno)) to.incoming.clear();
}

void FakeQemu::HostLeft() {
  Give(guest_);  // What has reached the guest is the guest's.
  host_.peer.Reset();
  host_.incoming.clear();
  guest_.peer.Reset();
  guest_.incoming.clear();
}

void FakeQemu::GuestLeft() {
  guest_.peer.Reset();
  guest_.incoming.clear();
}

short FakeQemu::Wanted(const Side& side, const Side& other) const {
  const bool takes = &side == &guest_ || guest_.peer.ok();
  const bool readable = takes && other.incoming.size() < buffer_;
  return static_cast<short>((readable ? POLLIN : 0) |
                            (side.incoming.empty() ? 0 : POLLOUT));
}

}  // namespace vios::testing
