// SPDX-License-Identifier: Apache-2.0
// Forwarding allocates nothing, in either daemon.
#include <atomic>
#include <cstdlib>
#include <new>
#include <vector>

#include "gtest/gtest.h"
#include "testing/bench/load_stream.h"
#include "testing/relay_pair.h"
#include "testing/traffic/tcp.h"

namespace {

std::atomic<int> allocations = 0;

void* Allocate(size_t size) {
  ++allocations;
  void* memory = std::malloc(size);
  if (memory == nullptr) std::abort();
  return memory;
}

}  // namespace

void* operator new(size_t size) { return Allocate(size); }
void* operator new[](size_t size) { return Allocate(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, size_t) noexcept { std::free(memory); }

namespace vios::testing {
namespace {

void RoundTrips(RelayPair& pair, size_t size, int count) {
  std::vector<uint8_t> message(size, 'x');
  const auto bytes = absl::MakeSpan(message);
  for (int i = 0; i < count; ++i) {
    ASSERT_TRUE(WriteAll(pair.client(), bytes).ok());
    ASSERT_TRUE(ReadAll(pair.service(), bytes).ok());
    ASSERT_TRUE(WriteAll(pair.service(), bytes).ok());
    ASSERT_TRUE(ReadAll(pair.client(), bytes).ok());
  }
}

TEST(AllocationGuard, ForwardedMessagesAllocateNothing) {
  RelayPair pair;
  for (const size_t size : {64, 4096, 65536}) {
    RoundTrips(pair, size, 10);
    constexpr int kCount = 500;
    const int before = allocations;
    RoundTrips(pair, size, kCount);
    // The message itself; and a wait that timed out on a slow machine says so
    // in a status that is allocated.
    constexpr int kBeside = 10;
    EXPECT_LE(allocations - before, kBeside)
        << "for " << kCount << " round trips of " << size << " bytes";
  }
}

}  // namespace
}  // namespace vios::testing
