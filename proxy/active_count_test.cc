// SPDX-License-Identifier: Apache-2.0
#include "proxy/active_count.h"

#include <optional>
#include <thread>

#include "absl/time/time.h"
#include "channel/deadline.h"
#include "gtest/gtest.h"

namespace vios {
namespace {

TEST(ActiveCountTest, WaitsForTheLastOne) {
  ActiveCount count;
  std::optional<ActiveCount::Hold> one(count);
  std::optional<ActiveCount::Hold> other(count);
  one.reset();
  EXPECT_FALSE(count.AwaitNone(Deadline::After(absl::Milliseconds(20))));
  std::thread ends([&] { other.reset(); });
  EXPECT_TRUE(count.AwaitNone(Deadline::Never()));
  ends.join();
}

TEST(ActiveCountTest, NoneIsNoneEvenWhenTheTimeIsOver) {
  ActiveCount count;
  EXPECT_TRUE(count.AwaitNone(Deadline::After(absl::ZeroDuration())));
}

}  // namespace
}  // namespace vios
