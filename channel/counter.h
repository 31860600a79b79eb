// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_CHANNEL_COUNTER_H_
#define VIOS_PROXY_CHANNEL_COUNTER_H_

#include <atomic>
#include <cstdint>

namespace vios {

// A number that only grows. One thread at a time adds, any may read: adding is
// a plain load and store without a lock on the bus, so it may stand beside the
// moving of bytes.
class Counter {
 public:
  Counter() = default;
  Counter(const Counter&) = delete;
  Counter& operator=(const Counter&) = delete;

  void Add(uint64_t count = 1) {
    value_.store(value() + count, std::memory_order_relaxed);
  }
  uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<uint64_t> value_ = 0;
};

}  // namespace vios

#endif  // VIOS_PROXY_CHANNEL_COUNTER_H_
