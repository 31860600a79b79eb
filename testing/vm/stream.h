// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_VM_STREAM_H_
#define VIOS_PROXY_TESTING_VM_STREAM_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "channel/cancel.h"
#include "channel/deadline.h"
#include "channel/unique_fd.h"
#include "channel/wakeup.h"

namespace vios::testing {

// A connection to a unix socket of QEMU: its monitor, the guest's agent, or a
// virtio port. Every call ends at its deadline (DEADLINE_EXCEEDED); the end of
// the stream is UNAVAILABLE. Not thread-safe.
class Stream {
 public:
  // Tries again until somebody listens at `path`.
  static absl::StatusOr<std::unique_ptr<Stream>> Connect(
      const std::string& path, Deadline deadline);

  absl::Status Write(absl::string_view bytes, Deadline deadline);
  // What is there, at least one byte.
  absl::StatusOr<std::string> ReadSome(Deadline deadline);
  absl::StatusOr<std::string> ReadExactly(size_t size, Deadline deadline);
  // Everything up to and including `mark`.
  absl::StatusOr<std::string> ReadThrough(absl::string_view mark,
                                          Deadline deadline);

 private:
  Stream() = default;
  absl::Status ReadMore(Deadline deadline);

  std::unique_ptr<Cancel> never_ = std::make_unique<Cancel>();
  std::unique_ptr<Wakeup> wakeup_;
  UniqueFd socket_;
  std::string unread_;
};

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_VM_STREAM_H_
