// SPDX-License-Identifier: Apache-2.0
#include "testing/bench/syscall_counts.h"

#include "gtest/gtest.h"

namespace vios::testing {
namespace {

TEST(SyscallCounts, ReadsTheTableWithAndWithoutErrors) {
  const SyscallCounts counts = ParseStraceTable(
      "% time     seconds  usecs/call     calls    errors syscall\n"
      "------ ----------- ----------- --------- --------- ----------------\n"
      " 71.20    0.989338          98     10083           poll\n"
      "  5.23    0.072670          14      5041         2 readv\n"
      "------ ----------- ----------- --------- --------- ----------------\n"
      "100.00    1.389601          45     15124         2 total\n");
  EXPECT_EQ(counts, (SyscallCounts{{"poll", 10083}, {"readv", 5041}}));
}

}  // namespace
}  // namespace vios::testing
