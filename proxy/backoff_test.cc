// SPDX-License-Identifier: Apache-2.0
#include "proxy/backoff.h"

#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace vios {
namespace {

TEST(BackoffTest, DoublesToTheLimitAndBeginsAnew) {
  Backoff backoff(absl::Milliseconds(500));
  for (const int wait : {100, 200, 400, 500, 500}) {
    EXPECT_EQ(backoff.Next(), absl::Milliseconds(wait));
  }
  backoff.Reset();
  EXPECT_EQ(backoff.Next(), absl::Milliseconds(100));
}

}  // namespace
}  // namespace vios
