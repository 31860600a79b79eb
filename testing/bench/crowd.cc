// SPDX-License-Identifier: Apache-2.0
#include "testing/bench/crowd.h"

#include <array>

#include "absl/types/span.h"
#include "channel/deadline.h"
#include "proxy/thread.h"

namespace vios::testing {
namespace {

constexpr size_t kReadSize = 64 * 1024;
constexpr size_t kQuietSize = 64;

}  // namespace

Crowd::Crowd(const std::vector<Line*>& lines, Direction direction)
    : direction_(direction) {
  for (Line* line : lines) {
    streams_.push_back(std::make_unique<Stream>());
    Stream& stream = *streams_.back();
    stream.line = line;
    auto taker = StartThread("take", [this, &stream] { Take(stream); });
    auto sender = StartThread("send", [this, &stream] { Send(stream); });
    Note(taker.status());
    Note(sender.status());
    if (taker.ok()) stream.taker = *std::move(taker);
    if (sender.ok()) stream.sender = *std::move(sender);
  }
}

void Crowd::Note(const absl::Status& status) {
  if (status.ok()) return;
  stop_ = true;
  absl::MutexLock lock(&mu_);
  failure_.Update(status);
}

void Crowd::Send(Stream& stream) {
  const std::vector<uint8_t> piece(FarmPort::kMaxData, 'x');
  uint64_t sent = 0;
  absl::Status status;
  while (status.ok() && !stop_) {
    status = stream.line->Send(direction_, piece);
    sent += piece.size();
  }
  // The last byte follows its announcement, so that the taker, who may be
  // waiting for it, looks up.
  stream.total = sent + 1;
  status.Update(
      stream.line->Send(direction_, absl::MakeConstSpan(piece).first(1)));
  Note(status);
}

void Crowd::Take(Stream& stream) {
  std::vector<uint8_t> buffer(kReadSize);
  while (stream.taken < stream.total) {
    const auto n = stream.line->Take(direction_, absl::MakeSpan(buffer));
    if (!n.ok()) return Note(n.status());
    if (*n == 0) return Note(absl::AbortedError("a stream ended"));
    stream.taken.fetch_add(*n, std::memory_order_relaxed);
  }
  if (stream.taken > stream.total) {
    Note(absl::DataLossError("more has come than was sent"));
  }
}

std::vector<uint64_t> Crowd::Taken() const {
  std::vector<uint64_t> taken;
  for (const auto& stream : streams_) taken.push_back(stream->taken);
  return taken;
}

absl::Status Crowd::Stop() {
  stop_ = true;
  for (const auto& stream : streams_) {
    if (stream->sender.joinable()) stream->sender.join();
    if (stream->taker.joinable()) stream->taker.join();
  }
  absl::MutexLock lock(&mu_);
  return failure_;
}

absl::StatusOr<std::vector<double>> RoundTrips(Line& line,
                                               absl::Duration limit) {
  const std::array<uint8_t, kQuietSize> message = {};
  std::array<uint8_t, 2 * kQuietSize> buffer;
  const Deadline end = Deadline::After(limit);
  std::vector<double> samples;
  do {
    const Clock::time_point begun = Clock::now();
    for (const Direction direction : {Direction::kUp, Direction::kDown}) {
      absl::Status status = line.Send(direction, message);
      if (status.ok()) {
        status = line.TakeAll(direction, kQuietSize, absl::MakeSpan(buffer));
      }
      if (!status.ok()) return status;
    }
    samples.push_back(
        absl::ToDoubleMicroseconds(absl::FromChrono(Clock::now() - begun)));
  } while (!end.passed());
  return samples;
}

}  // namespace vios::testing
