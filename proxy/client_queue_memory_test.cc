// SPDX-License-Identifier: Apache-2.0
// Whoever waits for memory inside of the queue does not hold its lock: those
// that would give some back go through there, too.
#include <atomic>
#include <cstdlib>
#include <functional>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "channel/cancel.h"
#include "channel/deadline.h"
#include "channel/fd_pair.h"
#include "channel/unique_fd.h"
#include "channel/wakeup.h"
#include "gtest/gtest.h"
#include "proxy/client.h"
#include "proxy/client_queue.h"
#include "proxy/place_in_line.h"

namespace {

// Called, if set, when its thread asks for memory.
thread_local std::function<void()>* asks = nullptr;

}  // namespace

void* operator new(size_t size) {
  if (std::function<void()>* called = std::exchange(asks, nullptr)) {
    (*called)();
    asks = called;
  }
  return std::malloc(size);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, size_t) noexcept { std::free(memory); }

namespace vios {
namespace {

class ClientQueueMemoryTest : public ::testing::Test {
 protected:
  // Does it; each time that it asks for memory another thread tries the queue.
  void Try(const std::function<void()>& operation) {
    asks = &try_;
    operation();
    asks = nullptr;
  }

  // A client that has left if `here` is false.
  Client NewClient(bool here) {
    FdPair pair = ConnectedPair();
    if (here) far_.push_back(std::move(pair.theirs));
    return {.fd = std::move(pair.ours), .from = "somebody"};
  }

  ClientQueue queue_{100, absl::Milliseconds(1)};
  int tries_ = 0;

 private:
  void TryFromElsewhere() {
    std::atomic<bool> done = false;
    std::thread other([this, &done] {
      (void)queue_.size();
      done = true;
    });
    const Deadline deadline = Deadline::After(absl::Seconds(30));
    while (!done && !deadline.passed()) std::this_thread::yield();
    EXPECT_TRUE(done) << "asks for memory under the lock";
    ++tries_;
    if (done) return other.join();
    std::quick_exit(1);  // It would wait for us.
  }

  std::vector<UniqueFd> far_;
  std::function<void()> try_ = [this] { TryFromElsewhere(); };
};

TEST_F(ClientQueueMemoryTest, IsNotAskedForUnderTheLock) {
  Cancel cancel;
  const auto wakeup = *Wakeup::Create(cancel);
  Client first = NewClient(true), second = NewClient(false);
  Client third = NewClient(true);
  Try([&] { EXPECT_EQ(queue_.Offer(first), ClientQueue::Push::kQueued); });
  EXPECT_GT(tries_, 0);
  Try([&] { EXPECT_EQ(queue_.Offer(second), ClientQueue::Push::kQueued); });
  Try([&] { queue_.PutBack(std::move(third)); });
  Try([&] { PlaceInLine leaves(queue_, *wakeup, 0); });
  Try([&] {
    PlaceInLine place(queue_, *wakeup, 0);
    EXPECT_TRUE(place.Take().has_value());
  });
  absl::SleepFor(absl::Milliseconds(2));
  Try([&] { EXPECT_EQ(queue_.Expire(Clock::now()).size(), 2); });
}

}  // namespace
}  // namespace vios
