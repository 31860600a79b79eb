// SPDX-License-Identifier: Apache-2.0
#include "testing/fuzz/driver.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "channel/cancel.h"
#include "channel/fd_io.h"
#include "channel/wakeup.h"
#include "glog/logging.h"
#include "testing/fuzz/sockets.h"

namespace vios::fuzz {
namespace {

using Kind = SessionEnd::Kind;

Deadline Patience() { return Deadline::After(absl::Seconds(10)); }

Wakeup& NeverRings() {
  static auto* const never = new Cancel;
  static auto* const wakeup =
      new std::unique_ptr<Wakeup>(*Wakeup::Create(*never));
  return **wakeup;
}

int SocketError(int fd) {
  int error = 0;
  socklen_t size = sizeof(error);
  PCHECK(::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0);
  return error;
}

bool Tells(const SessionEnd& end) {
  return end.kind == Kind::kReset || end.kind == Kind::kBaseClosed ||
         end.kind == Kind::kPeerReopened;
}

}  // namespace

Driver::Driver(Role role, bool options_enabled)
    : Driver(role, options_enabled, NewChannel()) {}

Driver::Driver(Role role, bool options_enabled, Sockets channel)
    : role_(role),
      model_(role, options_enabled),
      output_(role, options_enabled, model_),
      channel_(std::move(channel.theirs)),
      ours_(role, options_enabled, std::move(channel.ours),
            SessionModel::kMaxSessions) {}

size_t Driver::EndedSessions() const {
  return static_cast<size_t>(std::count_if(
      model_.sessions().begin(), model_.sessions().end(),
      [](const ModelSession& session) { return session.end.has_value(); }));
}

void Driver::Send(absl::string_view bytes) {
  while (!bytes.empty()) {
    const size_t ended = EndedSessions();
    const size_t taken = model_.Feed(bytes);
    absl::StrAppend(&to_write_, bytes.substr(0, taken));
    bytes.remove_prefix(taken);
    NotePings();
    // What comes behind the end of a session may only be sent once the guest
    // has begun the next one: whether it belongs to the old one is chance.
    if (role_ == Role::kGuest && EndedSessions() != ended) Settle();
  }
}

// The PONG of a new PING is none of those that have come already.
void Driver::NotePings() {
  if (model_.ping_count() == pings_seen_) return;
  pings_seen_ = model_.ping_count();
  pongs_before_ = output_.pong_count();
}

void Driver::Settle() {
  const Deadline deadline = Patience();
  while (!Settled()) Pump(deadline);
  for (App& app : apps_) app.settled = app.got.size();
}

bool Driver::Settled() const {
  const size_t count = model_.sessions().size();
  if (!to_write_.empty() || output_.sessions().size() != count ||
      apps_.size() != count || !PongSettled()) {
    return false;
  }
  for (size_t i = 0; i < count; ++i) {
    if (!SessionSettled(i)) return false;
  }
  return true;
}

bool Driver::PongSettled() const {
  const auto due = model_.pong_due();
  return !due.has_value() || output_.HasPong(*due, pongs_before_);
}

bool Driver::SessionSettled(size_t index) const {
  const ModelSession& session = model_.sessions()[index];
  const Written& written = output_.sessions()[index];
  const App& app = apps_[index];
  if (session.end.has_value()) return EndSettled(index);
  if (!session.established) return true;
  return app.got.size() >= session.delivered.size() &&
         (role_ == Role::kHost || written.acked) &&
         (!session.fin_received || (app.at_end && written.fin_ack)) &&
         (!session.closed_by_app || written.fin) &&
         written.data.size() >= app.wrote.size();
}

bool Driver::EndSettled(size_t index) const {
  const SessionEnd& end = *model_.sessions()[index].end;
  const App& app = apps_[index];
  return (app.at_end || app.was_reset || !app.fd.ok()) &&
         (!Tells(end) || output_.sessions()[index].reset.has_value());
}

void Driver::Pump(Deadline deadline) {
  TakeApps();  // One that is full may be what our side waits for.
  App* const app = Unfinished();
  const auto out = static_cast<short>(to_write_.empty() ? 0 : POLLOUT);
  std::array<pollfd, 2> fds = {
      {{channel_ended_ ? -1 : channel_.get(), static_cast<short>(POLLIN | out),
        0},
       {app != nullptr ? app->fd.get() : -1, POLLIN, 0}}};
  const absl::Status waited =
      WaitAny(absl::MakeSpan(fds), deadline, NeverRings());
  CHECK(waited.ok()) << waited << ": the proxy does not do what it has to; "
                     << model_.sessions().size() << " sessions, "
                     << output_.sessions().size() << " greeted";
  if ((fds[0].revents & POLLOUT) != 0 && out != 0) WriteChannel();
  if ((fds[0].revents & ~POLLOUT) != 0) ReadChannel();
  if (fds[1].revents != 0) ReadApp(*app);
  TakeApps();  // The greeting that has come may have brought one.
}

void Driver::TakeApps() {
  for (UniqueFd fd = ours_.TakeApp(); fd.ok(); fd = ours_.TakeApp()) {
    apps_.push_back({std::move(fd)});
  }
}

// Our side serves one session after the other, so it can wait for no other.
Driver::App* Driver::Unfinished() {
  for (App& app : apps_) {
    if (app.fd.ok() && !app.at_end && !app.was_reset) return &app;
  }
  return nullptr;
}

void Driver::WriteChannel() {
  const ssize_t n =
      ::send(channel_.get(), to_write_.data(), to_write_.size(), MSG_NOSIGNAL);
  PCHECK(n >= 0 || IsTransient(errno)) << "the proxy left its channel";
  if (n > 0) to_write_.erase(0, static_cast<size_t>(n));
}

void Driver::ReadChannel() {
  std::array<char, 65536> bytes;
  const ssize_t n = ::read(channel_.get(), bytes.data(), bytes.size());
  if (n < 0 && IsTransient(errno)) return;
  PCHECK(n >= 0);
  if (n == 0) channel_ended_ = true;
  output_.Take({bytes.data(), static_cast<size_t>(n)});
}

void Driver::ReadApp(App& app) {
  std::array<char, 65536> bytes;
  const ssize_t n = ::read(app.fd.get(), bytes.data(), bytes.size());
  if (n < 0 && IsTransient(errno)) return;
  if (n < 0) app.was_reset = true;
  if (n == 0) app.at_end = true;
  if (n > 0) app.got.append(bytes.data(), static_cast<size_t>(n));
}

void Driver::AppWrites(size_t size) {
  Settle();
  if (!model_.established()) return;
  App& app = apps_.back();
  if (model_.sessions().back().closed_by_app) return;
  std::string bytes;
  for (size_t i = 0; i < size; ++i) {
    bytes.push_back(static_cast<char>((app.wrote.size() + i) * 7));
  }
  PCHECK(::send(app.fd.get(), bytes.data(), size, MSG_NOSIGNAL) ==
         static_cast<ssize_t>(size));
  absl::StrAppend(&app.wrote, bytes);
  Settle();
}

void Driver::AppCloses() {
  Settle();
  if (!model_.established() || model_.sessions().back().closed_by_app) return;
  model_.AppCloses();
  NotePings();
  const size_t index = apps_.size() - 1;
  PCHECK(::shutdown(apps_[index].fd.get(), SHUT_WR) == 0);
  Settle();
}

void Driver::AppResets() {
  Settle();
  // It may have gone behind both ends of file.
  if (!model_.established() || !apps_.back().fd.ok()) return;
  const size_t index = apps_.size() - 1;
  model_.AppResets();
  NotePings();
  ResetAndClose(apps_[index].fd);
  Settle();
}

void Driver::Finish() {
  const Deadline deadline = Patience();
  while (!to_write_.empty()) Pump(deadline);
  model_.ChannelEnds();
  PCHECK(::shutdown(channel_.get(), SHUT_WR) == 0);
  while (!channel_ended_) Pump(deadline);
  const std::vector<SessionEnd> ends = ours_.Join();
  TakeApps();
  while (Unfinished() != nullptr) Pump(deadline);
  output_.CheckEnd();
  CheckEnds(ends);
  CHECK_EQ(apps_.size(), model_.sessions().size());
  for (size_t i = 0; i < apps_.size(); ++i) CheckApp(i);
}

void Driver::CheckEnds(const std::vector<SessionEnd>& ends) const {
  CHECK_EQ(ends.size(), model_.sessions().size());
  for (size_t i = 0; i < ends.size(); ++i) {
    const SessionEnd& expected = *model_.sessions()[i].end;
    CHECK(ends[i].kind == expected.kind && ends[i].reason == expected.reason)
        << i << ": " << Describe(ends[i]) << ", expected "
        << Describe(expected);
    for (const char c : ends[i].detail) CHECK(c >= ' ' && c <= '~');
    CHECK(!Tells(expected) || output_.sessions()[i].reset.has_value());
  }
}

void Driver::CheckApp(size_t index) {
  const ModelSession& session = model_.sessions()[index];
  App& app = apps_[index];
  CHECK(absl::StartsWith(session.delivered, app.got)) << "not what was sent";
  CHECK_GE(app.got.size(), app.settled);
  CheckWrote(index);
  if (!app.fd.ok()) return;
  const bool clean = session.end->closes_cleanly();
  const bool both_ended = session.fin_received && session.closed_by_app;
  if (clean || session.fin_received) {
    CHECK(app.at_end && app.got == session.delivered);
  }
  if (clean) {
    CHECK_EQ(SocketError(app.fd.get()), 0) << "a clean end became a reset";
  } else if (!both_ended) {
    CheckWasAborted(app);
  }
}

// All of it, however the session ended: AppWrites() has waited until it had
// gone.
void Driver::CheckWrote(size_t index) const {
  const std::string& wrote = apps_[index].wrote;
  if (index >= output_.sessions().size()) {  // It was never greeted.
    CHECK_EQ(wrote, "");
    return;
  }
  CHECK(output_.sessions()[index].data == wrote) << "not what the app wrote";
}

// Behind an end of file an abort only shows as an error.
void Driver::CheckWasAborted(App& app) {
  if (app.was_reset) return;
  CHECK(app.at_end);
  const absl::Status waited =
      WaitFor(app.fd.get(), 0, Patience(), NeverRings());
  CHECK(waited.ok()) << "a cut stream passes for a whole one";
  CHECK_NE(SocketError(app.fd.get()), 0);
}

}  // namespace vios::fuzz
