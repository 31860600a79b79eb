// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_BENCH_CROWD_H_
#define VIOS_PROXY_TESTING_BENCH_CROWD_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "testing/bench/line.h"

namespace vios::testing {

// Streams in one direction on many lines at once, as fast as they go: for each
// a thread that sends and one that takes. From the constructor to Stop().
class Crowd {
 public:
  // The lines outlive it.
  Crowd(const std::vector<Line*>& lines, Direction direction);
  ~Crowd() { (void)Stop(); }

  // Bytes that have come through each line by now.
  std::vector<uint64_t> Taken() const;
  // Stops the senders, and waits until all that they sent has come: the lines
  // are empty then. The first failure of any line, of which every one ends.
  absl::Status Stop();

 private:
  struct Stream {
    Line* line = nullptr;
    std::atomic<uint64_t> taken = 0;
    // What will have been sent in all, once that is known.
    std::atomic<uint64_t> total = UINT64_MAX;
    std::thread sender;
    std::thread taker;
  };
  void Send(Stream& stream);
  void Take(Stream& stream);
  void Note(const absl::Status& status);

  const Direction direction_;
  std::atomic<bool> stop_ = false;
  absl::Mutex mu_;
  absl::Status failure_ ABSL_GUARDED_BY(mu_);
  std::vector<std::unique_ptr<Stream>> streams_;
};

// The round trips of one line that is quiet but for a small message there and
// back, in microseconds: for `limit`, and at least one.
absl::StatusOr<std::vector<double>> RoundTrips(Line& line,
                                               absl::Duration limit);

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_BENCH_CROWD_H_
