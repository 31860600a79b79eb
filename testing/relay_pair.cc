// SPDX-License-Identifier: Apache-2.0
#include "testing/relay_pair.h"

#include <fcntl.h>
#include <sys/socket.h>

#include <csignal>
#include <optional>
#include <utility>
#include <variant>

#include "channel/deadline.h"
#include "channel/handshake.h"
#include "gtest/gtest.h"

namespace vios::testing {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(20);

template <typename T>
std::optional<SessionId> IdOf(const T& agreed) {
  const auto* id = std::get_if<SessionId>(&agreed);
  return id == nullptr ? std::nullopt : std::make_optional(*id);
}

}  // namespace

std::pair<UniqueFd, UniqueFd> ChannelPair(int buffer) {
  std::signal(SIGPIPE, SIG_IGN);  // As both daemons do.
  int fds[2] = {-1, -1};
  EXPECT_EQ(
      ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds),
      0);
  for (const int fd : fds) SetBuffers(fd, buffer);
  return {UniqueFd(fds[0]), UniqueFd(fds[1])};
}

RelayEnd::RelayEnd(Role role, UniqueFd channel, const RelayPairOptions& options)
    : limits_(role == Role::kGuest ? options.guest : options.host),
      channel_(std::move(channel), role, options.options),
      tcp_(ConnectedTcpPair({.buffer = options.tcp_buffer})),
      wakeup_(*Wakeup::Create(cut_)),
      pump_(*PumpThread::Start("down", cut_)) {}

RelayEnd::~RelayEnd() {
  Cut();
  if (thread_.joinable()) thread_.join();
}

void RelayEnd::Begin() { thread_ = std::thread(&RelayEnd::Run, this); }

std::optional<SessionId> RelayEnd::Handshake() {
  const Deadline deadline = Deadline::After(kPatience);
  if (channel_.role() == Role::kGuest) {
    return IdOf(OpenSession(channel_, RandomToken(), "", tcp_.leg.get(),
                            deadline, *wakeup_));
  }
  const auto syn = AwaitSyn(channel_, Deadline::Never(), *wakeup_);
  if (!syn.ok() || !syn->has_value()) return std::nullopt;
  return IdOf(AcceptSession(channel_, **syn, deadline, *wakeup_));
}

void RelayEnd::Run() {
  const std::optional<SessionId> id = Handshake();
  EXPECT_TRUE(id.has_value() || cut_.fired());
  if (id.has_value()) {
    result_ = Relay(channel_, *id, tcp_.leg.get(), limits_, *wakeup_, *pump_);
  }
  left_pending_ = channel_.writer().pending();
  tcp_.leg.Reset();
  ended_.Notify();
  if (!left_pending_) ReadOn();
}

void RelayEnd::ReadOn() {
  const auto any = [](const FrameHeader&) { return true; };
  while (channel_
             .Await(any, nullptr, channel_.retry().idle, Deadline::Never(),
                    *wakeup_)
             .ok()) {
  }
}

const RelayResult* RelayEnd::Await(absl::Duration limit) {
  return ended_.WaitForNotificationWithTimeout(limit) ? &result_ : nullptr;
}

RelayPair::RelayPair(const RelayPairOptions& options) {
  auto [guest, host] = ChannelPair(options.channel_buffer);
  channel_ = UniqueFd(::fcntl(guest.get(), F_DUPFD_CLOEXEC, 0));
  guest_ = std::make_unique<RelayEnd>(Role::kGuest, std::move(guest), options);
  host_ = std::make_unique<RelayEnd>(Role::kHost, std::move(host), options);
  host_->Begin();
  guest_->Begin();
}

void RelayPair::LoseChannel() { ::shutdown(channel_.get(), SHUT_RDWR); }

}  // namespace vios::testing
