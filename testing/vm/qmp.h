// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_VM_QMP_H_
#define VIOS_PROXY_TESTING_VM_QMP_H_

#include <deque>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "channel/deadline.h"
#include "testing/vm/stream.h"

namespace vios::testing {

// QEMU's monitor. JSON goes in and out as text: QEMU writes each message on a
// line of its own and begins it with what it is, which is all that is looked
// at here. Not thread-safe.
class Qmp {
 public:
  static absl::StatusOr<std::unique_ptr<Qmp>> Connect(const std::string& path,
                                                      Deadline deadline);

  // Executes `command` with `arguments`, a JSON object or nothing, and returns
  // the line of the answer; UNKNOWN with that line when it is an error.
  absl::StatusOr<std::string> Execute(absl::string_view command,
                                      absl::string_view arguments = "");

  // The oldest event not yet taken that is called `name` and in whose line
  // `part` occurs; older others are kept.
  absl::StatusOr<std::string> AwaitEvent(absl::string_view name,
                                         absl::string_view part,
                                         Deadline deadline);

 private:
  explicit Qmp(std::unique_ptr<Stream> monitor)
      : monitor_(std::move(monitor)) {}
  absl::StatusOr<std::string> ReadLine(Deadline deadline);

  const std::unique_ptr<Stream> monitor_;
  std::deque<std::string> events_;
};

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_VM_QMP_H_
