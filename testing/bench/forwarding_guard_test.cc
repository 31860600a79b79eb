// SPDX-License-Identifier: Apache-2.0
// Forwarding allocates nothing and asks nobody for the exact time, in either
// daemon.
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <new>
#include <thread>
#include <vector>

#include "channel/deadline.h"
#include "gtest/gtest.h"
#include "testing/bench/load_stream.h"
#include "testing/relay_pair.h"
#include "testing/traffic/tcp.h"

namespace {

std::atomic<int> allocations = 0;
std::atomic<int> exact_times = 0;
std::atomic<int> rough_times = 0;

void* Allocate(size_t size) {
  ++allocations;
  void* memory = std::malloc(size);
  if (memory == nullptr) std::abort();
  return memory;
}

}  // namespace

// In place of the C library's, for all of this program.
extern "C" int clock_gettime(clockid_t clock, timespec* now) noexcept {
  if (clock == CLOCK_MONOTONIC || clock == CLOCK_REALTIME) ++exact_times;
  if (clock == CLOCK_MONOTONIC_COARSE) ++rough_times;
  return static_cast<int>(::syscall(SYS_clock_gettime, clock, now));
}
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

// Each would be a system call and an access to a device where the clock is one.
TEST(ForwardingGuard, ForwardedMessagesTakeNoExactTime) {
  const int counted = exact_times;
  (void)Clock::now();
  ASSERT_EQ(exact_times, counted + 1) << "is not seen";
  RelayPair pair;
  RoundTrips(pair, 64, 10);
  constexpr int kCount = 500;
  const int before = exact_times;
  const int rough_before = rough_times;
  RoundTrips(pair, 64, kCount);
  // A wait that timed out on a slow machine looks closer.
  constexpr int kBeside = 10;
  EXPECT_LE(exact_times - before, kBeside)
      << "for " << kCount << " round trips";
  EXPECT_GT(rough_times - rough_before, kCount);
}

// Also where both sides are waited for.
TEST(ForwardingGuard, AStreamTakesNoExactTime) {
  constexpr uint64_t kBytes = 64 << 20;
  RelayPair pair;
  RoundTrips(pair, 64, 10);
  const int before = exact_times;
  std::thread sender(
      [&pair] { EXPECT_TRUE(SendLoad(pair.client(), kBytes, 1 << 16).ok()); });
  EXPECT_TRUE(TakeLoad(pair.service(), kBytes).ok());
  sender.join();
  constexpr int kBeside = 20;
  EXPECT_LE(exact_times - before, kBeside) << "for " << kBytes << " bytes";
}

TEST(ForwardingGuard, ForwardedMessagesAllocateNothing) {
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
