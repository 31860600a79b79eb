// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_HANDSHAKE_FIXTURE_H_
#define VIOS_PROXY_TESTING_HANDSHAKE_FIXTURE_H_

#include <sys/ioctl.h>

#include <chrono>
#include <cstddef>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <variant>

#include "absl/time/time.h"
#include "channel/channel.h"
#include "channel/deadline.h"
#include "channel/fd_pair.h"
#include "channel/handshake.h"
#include "channel/session_end.h"
#include "gtest/gtest.h"
#include "testing/scripted_peer.h"

namespace vios {

// A channel of ours, in one role, with a scripted peer at its far end. What
// blocks on our side runs beside the test, by Beside(), one at a time.
class OneChannel {
 public:
  explicit OneChannel(Role role, bool options_enabled = true)
      : OneChannel(ConnectedPair(), role, options_enabled) {}

  // Runs `blocking` on a thread of its own; get() waits for its result.
  template <typename F>
  static auto Beside(F blocking) {
    return std::async(std::launch::async, std::move(blocking));
  }

  Cancel cancel;
  std::unique_ptr<Wakeup> wakeup = *Wakeup::Create(cancel);
  Channel channel;
  ScriptedPeer peer;

 private:
  OneChannel(FdPair pair, Role role, bool options_enabled)
      : channel(std::move(pair.ours), role, options_enabled),
        peer(std::move(pair.theirs)) {}
};

// A test of one end's handshake, which runs beside it and leaves its result.
class HandshakeTest : public ::testing::Test {
 protected:
  void Make(Role role, bool options_enabled) {
    one_ = std::make_unique<OneChannel>(role, options_enabled);
  }
  // Sends `flood` again and again until `done` is.
  template <typename T>
  void FloodUntil(const std::future<T>& done, const std::string& flood) {
    const Deadline limit = Deadline::After(absl::Seconds(20));
    while (done.wait_for(std::chrono::seconds(0)) !=
           std::future_status::ready) {
      if (limit.passed()) {
        ADD_FAILURE() << "it goes on under a flood";
        return one_->cancel.Fire();  // Once the flood is over, that ends it.
      }
      peer().Flood(flood);
    }
  }
  // What has come on the channel, and was not read.
  size_t Unread() {
    int size = 0;
    EXPECT_EQ(::ioctl(channel().fd(), FIONREAD, &size), 0);
    return static_cast<size_t>(size);
  }
  ScriptedPeer& peer() { return one_->peer; }
  Channel& channel() { return one_->channel; }
  SessionId Established() { return Get<SessionId>(); }
  SessionEnd Failed() { return Get<SessionEnd>(); }

  std::unique_ptr<OneChannel> one_;
  std::future<HandshakeResult> result_;

 private:
  template <typename Wanted>
  Wanted Get() {
    HandshakeResult result = result_.get();
    const auto* wanted = std::get_if<Wanted>(&result);
    EXPECT_NE(wanted, nullptr) << "established: " << (result.index() == 0);
    return wanted != nullptr ? *wanted : Wanted{};
  }
};

// What a peer of ours puts into SYN and SYNACK, at the least.
inline const std::string& RawBlock() {
  static const auto* const block = new std::string("O1\x01\x01\x01");
  return *block;
}

}  // namespace vios

#endif  // VIOS_PROXY_TESTING_HANDSHAKE_FIXTURE_H_
