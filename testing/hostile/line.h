// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_HOSTILE_LINE_H_
#define VIOS_PROXY_TESTING_HOSTILE_LINE_H_

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "channel/raw_frame.h"
#include "channel/unique_fd.h"

namespace vios::testing {

// How much has been sent, by all lines together. Thread-safe.
struct SentCount {
  std::atomic<uint64_t> frames = 0;
  std::atomic<uint64_t> bytes = 0;
};

// An end of a channel without any of the manners of a proxy. Everything blocks
// for as long as the other end likes. One thread's.
class Line {
 public:
  // A device file, or a unix socket to connect to. `count` outlives the line.
  static absl::StatusOr<Line> Open(const std::string& path, SentCount& count);

  // False when the channel is lost, here and below. `frames` is what the bytes
  // count for.
  bool Send(absl::string_view bytes, uint64_t frames = 1);
  bool SendFrame(char type, absl::string_view guest, absl::string_view host,
                 absl::string_view payload = "");
  // The next frame that is no PING out of session; those are answered.
  std::optional<RawFrame> Next();
  // The next frame of `type`; all others are left out.
  std::optional<RawFrame> Next(char type);

 private:
  Line(UniqueFd fd, SentCount& count) : fd_(std::move(fd)), count_(&count) {}

  UniqueFd fd_;
  SentCount* count_;
};

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_HOSTILE_LINE_H_
