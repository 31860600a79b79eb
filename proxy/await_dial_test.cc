// SPDX-License-Identifier: Apache-2.0
#include "proxy/await_dial.h"

#include <memory>

#include "absl/time/time.h"
#include "channel/cancel.h"
#include "channel/scratch_dir.h"
#include "gtest/gtest.h"
#include "proxy/listener.h"

namespace vios {
namespace {

class AwaitDialTest : public ::testing::Test {
 protected:
  absl::StatusOr<UniqueFd> Await(const SocketAddress& address) {
    return AwaitDial(address, Deadline::After(absl::Seconds(20)), *wakeup_);
  }

  Cancel cancel_;
  const std::unique_ptr<Wakeup> wakeup_ = *Wakeup::Create(cancel_);
  SocketAddress tcp_ = *ParseSocketAddress("127.0.0.1", 0);
};

TEST_F(AwaitDialTest, ConnectsOverTcpAndUnixSockets) {
  const ScratchDir dir;
  const auto unix_address = *ParseSocketAddress("unix:" + (dir / "s"), 0);
  const auto unix_listener = OpenListener(unix_address, 0600);
  EXPECT_TRUE(Await(unix_address).ok());
  const auto listener = OpenListener(tcp_, 0);
  ASSERT_TRUE(listener.ok()) << listener.status();
  tcp_ = *ParseSocketAddress("127.0.0.1", PortOfListener(listener->get()));
  EXPECT_TRUE(Await(tcp_).ok());
}

TEST_F(AwaitDialTest, SaysThatItWasRefused) {
  const auto port = PortOfListener(OpenListener(tcp_, 0)->get());
  const auto refused = Await(*ParseSocketAddress("127.0.0.1", port));
  EXPECT_TRUE(absl::IsUnavailable(refused.status())) << refused.status();
}

TEST_F(AwaitDialTest, EndsWhenCancelled) {
  const auto listener = OpenListener(tcp_, 0);
  ASSERT_TRUE(listener.ok()) << listener.status();
  cancel_.Fire();
  const auto port = PortOfListener(listener->get());
  const auto dialled = Await(*ParseSocketAddress("127.0.0.1", port));
  EXPECT_TRUE(absl::IsCancelled(dialled.status())) << dialled.status();
}

}  // namespace
}  // namespace vios
