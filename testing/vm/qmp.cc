// SPDX-License-Identifier: Apache-2.0
#include "testing/vm/qmp.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace vios::testing {
namespace {

constexpr absl::Duration kAnswerTime = absl::Seconds(60);

bool IsEvent(absl::string_view line) {
  return absl::StartsWith(line, "{\"timestamp\"");
}

}  // namespace

absl::StatusOr<std::unique_ptr<Qmp>> Qmp::Connect(const std::string& path,
                                                  Deadline deadline) {
  absl::StatusOr<std::unique_ptr<Stream>> monitor =
      Stream::Connect(path, deadline);
  if (!monitor.ok()) return monitor.status();
  std::unique_ptr<Qmp> qmp(new Qmp(*std::move(monitor)));
  const absl::StatusOr<std::string> greeting = qmp->ReadLine(deadline);
  if (!greeting.ok()) return greeting.status();
  const absl::StatusOr<std::string> ready = qmp->Execute("qmp_capabilities");
  if (!ready.ok()) return ready.status();
  return qmp;
}

absl::StatusOr<std::string> Qmp::ReadLine(Deadline deadline) {
  return monitor_->ReadThrough("\n", deadline);
}

absl::StatusOr<std::string> Qmp::Execute(absl::string_view command,
                                         absl::string_view arguments) {
  const Deadline deadline = Deadline::After(kAnswerTime);
  std::string request = absl::StrCat("{\"execute\":\"", command, "\"");
  if (!arguments.empty())
    absl::StrAppend(&request, ",\"arguments\":", arguments);
  const absl::Status status = monitor_->Write(request + "}\n", deadline);
  if (!status.ok()) return status;
  while (true) {
    absl::StatusOr<std::string> line = ReadLine(deadline);
    if (!line.ok() || absl::StartsWith(*line, "{\"return\"")) return line;
    if (!IsEvent(*line)) return absl::UnknownError(*line);
    events_.push_back(*std::move(line));
  }
}

absl::StatusOr<std::string> Qmp::AwaitEvent(absl::string_view name,
                                            absl::string_view part,
                                            Deadline deadline) {
  const std::string event = absl::StrCat("\"event\": \"", name, "\"");
  const auto is_it = [&](const std::string& line) {
    return absl::StrContains(line, event) && absl::StrContains(line, part);
  };
  while (true) {
    const auto found = std::find_if(events_.begin(), events_.end(), is_it);
    if (found != events_.end()) {
      std::string line = *std::move(found);
      events_.erase(found);
      return line;
    }
    absl::StatusOr<std::string> line = ReadLine(deadline);
    if (!line.ok()) return line.status();
    events_.push_back(*std::move(line));
  }
}

}  // namespace vios::testing
