// SPDX-License-Identifier: Apache-2.0
#include "testing/vm/agent.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace vios::testing {
namespace {

// How long an answer may be under way on an emulated processor that is busy.
constexpr absl::Duration kAnswerTime = absl::Seconds(60);

std::string Milliseconds(absl::Duration duration) {
  return absl::StrCat(absl::ToInt64Milliseconds(duration));
}

absl::StatusOr<Fields> ReadAnswer(Stream& line, Deadline deadline) {
  const absl::StatusOr<std::string> digits =
      line.ReadExactly(kSizeDigits, deadline);
  if (!digits.ok()) return digits.status();
  const absl::StatusOr<size_t> size = DecodeSize(*digits);
  if (!size.ok()) return size.status();
  const absl::StatusOr<std::string> body = line.ReadExactly(*size, deadline);
  if (!body.ok()) return body.status();
  return DecodeFields(*body);
}

}  // namespace

absl::Status Agent::AwaitHello(Deadline deadline) {
  return line_->ReadThrough(kAgentHello, deadline).status();
}

absl::StatusOr<Fields> Agent::Ask(const Fields& request, size_t answer_fields,
                                  absl::Duration limit) {
  const Deadline deadline = Deadline::After(limit + kAnswerTime);
  const absl::Status status = line_->Write(EncodeMessage(request), deadline);
  if (!status.ok()) return status;
  absl::StatusOr<Fields> answer = ReadAnswer(*line_, deadline);
  if (!answer.ok()) return answer.status();
  if (answer->size() == answer_fields + 1 && (*answer)[0] == "ok") {
    answer->erase(answer->begin());
    return answer;
  }
  return absl::UnknownError(absl::StrCat(
      "agent, ", request[0], ": ", answer->empty() ? "" : answer->back()));
}

absl::StatusOr<CommandResult> Agent::Run(const std::string& command,
                                         absl::Duration limit) {
  const absl::StatusOr<Fields> answer =
      Ask({"run", Milliseconds(limit), command}, 3, limit);
  if (!answer.ok()) return answer.status();
  return CommandResult{(*answer)[0], (*answer)[1], (*answer)[2]};
}

absl::StatusOr<Job> Agent::Start(const std::string& command) {
  const absl::StatusOr<Fields> answer = Ask({"start", "exec " + command}, 2);
  if (!answer.ok()) return answer.status();
  return Job{(*answer)[0], (*answer)[1]};
}

absl::Status Agent::Signal(const Job& job, int signal) {
  return Ask({"kill", job.handle, absl::StrCat(signal)}, 0).status();
}

absl::StatusOr<std::string> Agent::Wait(const Job& job, absl::Duration limit) {
  const absl::StatusOr<Fields> answer =
      Ask({"wait", job.handle, Milliseconds(limit)}, 1, limit);
  if (!answer.ok()) return answer.status();
  return (*answer)[0];
}

absl::StatusOr<std::string> Agent::ReadFile(const std::string& path) {
  std::string bytes;
  while (true) {
    const absl::StatusOr<Fields> answer = Ask(
        {"read", path, absl::StrCat(bytes.size()), absl::StrCat(kMaxChunk)}, 1);
    if (!answer.ok()) return answer.status();
    if ((*answer)[0].empty()) return bytes;
    bytes += (*answer)[0];
  }
}

absl::Status Agent::WriteFile(const std::string& path,
                              absl::string_view bytes) {
  size_t done = 0;
  do {
    const std::string chunk(bytes.substr(done, kMaxChunk));
    const absl::Status status =
        Ask({"write", path, absl::StrCat(done), chunk}, 0).status();
    if (!status.ok()) return status;
    done += chunk.size();
  } while (done < bytes.size());
  return absl::OkStatus();
}

}  // namespace vios::testing
