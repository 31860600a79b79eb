// SPDX-License-Identifier: Apache-2.0
#include "proxy/ctl/status_command.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "channel/escape.h"
#include "channel/fd_io.h"
#include "nlohmann/json.hpp"
#include "proxy/ctl/daemon_finder.h"
#include "proxy/ctl/status_table.h"
#include "proxy/http_address.h"
#include "proxy/http_client.h"
#include "proxy/json_text.h"
#include "proxy/log_text.h"

namespace vios {
namespace {

using Json = nlohmann::ordered_json;

// How often a condition is looked at that only a daemon can tell.
constexpr absl::Duration kPace = absl::Milliseconds(200);
// What one question may take: a daemon answers at once.
constexpr absl::Duration kPatience = absl::Seconds(5);
constexpr size_t kLongestAnswer = 300;

std::string NoDaemon() {
  if (::access(kStatusSockets, R_OK | X_OK) != 0 && errno == EACCES) {
    return "no daemon asked: /run/vios-proxy is not for this user to look "
           "into; run this as root or in the group vios-proxy";
  }
  return "no daemon answers: none has a socket /run/vios-proxy/*.sock; start "
         "it with --http_address=unix:/run/vios-proxy/NAME.sock, or give this "
         "program its --http_address";
}

// Empty once the condition holds, else why it does not, a line for each daemon.
using Condition = std::vector<std::string> (*)(const DaemonReports&);

std::vector<std::string> Problems(const DaemonReports& all) {
  std::vector<std::string> lines;
  for (const DaemonReports::Failure& failure : all.failures) {
    lines.push_back(failure.ToString());
  }
  if (all.reports.empty() && lines.empty()) lines.push_back(NoDaemon());
  return lines;
}

std::vector<std::string> NotReady(const DaemonReports& all) {
  std::vector<std::string> lines = Problems(all);
  for (const DaemonReport& report : all.reports) {
    if (report.ready) continue;
    lines.push_back(absl::StrCat(report.program, " at ", report.address, ": ",
                                 Escape(report.why_not_ready, kLongestAnswer)));
  }
  return lines;
}

// One that has ended meanwhile has nothing left to finish. One that cannot be
// asked may have, and one that does not drain yet may get more.
std::vector<std::string> NotIdle(const DaemonReports& all) {
  std::vector<std::string> lines;
  for (const DaemonReports::Failure& failure : all.failures) {
    if (!absl::IsNotFound(failure.status)) lines.push_back(failure.ToString());
  }
  for (const DaemonReport& report : all.reports) {
    if (!report.draining) {
      lines.push_back(absl::StrCat(report.program, " at ", report.address,
                                   ": has not begun to drain"));
      continue;
    }
    const size_t busy = report.CountChannels("busy");
    const uint64_t queued = report.queued.value_or(0);
    if (busy == 0 && queued == 0) continue;
    lines.push_back(absl::StrCat(
        report.program, " at ", report.address, ": ", busy,
        " channels are busy",
        queued == 0 ? "" : absl::StrCat(", ", queued, " clients wait")));
  }
  return lines;
}

// A line for each, whatever the daemons made it say.
std::string Lines(const std::vector<std::string>& problems) {
  std::string lines;
  for (const std::string& problem : problems) {
    absl::StrAppend(&lines, LogOneLine(problem), "\n");
  }
  return lines;
}

CommandResult Result(const StatusRequest& request, const std::string& done,
                     const std::vector<std::string>& problems) {
  CommandResult result = {.exit_status = problems.empty() ? 0 : 1};
  if (request.json) {
    result.out = JsonText({{"ok", problems.empty()}, {"problems", problems}});
  } else if (problems.empty()) {
    result.out = done + "\n";
  } else {
    result.err = Lines(problems);
  }
  return result;
}

CommandResult Await(const StatusRequest& request, Condition condition,
                    const std::string& done, Deadline deadline,
                    Wakeup& wakeup) {
  std::vector<std::string> last;
  while (true) {
    std::vector<std::string> problems =
        condition(AskDaemons(request.addresses(), deadline, wakeup));
    // Who was cut off by the deadline says nothing new.
    if (deadline.passed() && !problems.empty() && !last.empty()) {
      return Result(request, done, last);
    }
    last = std::move(problems);
    const absl::Status paused =
        last.empty()
            ? absl::OkStatus()
            : WaitForRing(Earlier(deadline, Deadline::After(kPace)), wakeup);
    if (last.empty() || deadline.passed() || absl::IsCancelled(paused)) {
      return Result(request, done, last);
    }
  }
}

// OK when the daemon does, NOT_FOUND when none is there any more.
absl::Status AskToDrain(const std::string& address, Deadline deadline,
                        Wakeup& wakeup) {
  const auto server = ParseHttpAddress(address);
  if (!server.ok()) return server.status();
  const auto answer = AskHttp(*server, "POST", "/drain", deadline, wakeup);
  if (!answer.ok()) {
    return absl::Status(answer.status().code(),
                        absl::StrCat(address, ": ", answer.status().message()));
  }
  if (answer->status == 200) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      address, ": ",
      Escape(absl::StripAsciiWhitespace(answer->body), kLongestAnswer)));
}

}  // namespace

CommandResult ShowStatus(const StatusRequest& request, Deadline deadline,
                         Wakeup& wakeup) {
  const DaemonReports all = AskDaemons(request.addresses(), deadline, wakeup);
  const std::vector<std::string> problems = Problems(all);
  CommandResult result = {.exit_status = problems.empty() ? 0 : 1};
  Json array = Json::array();
  for (const DaemonReport& report : all.reports) {
    if (!request.json) absl::StrAppend(&result.out, StatusTable(report));
    Json one = Json::parse(report.json, nullptr, /*allow_exceptions=*/false);
    one["address"] = report.address;
    array.push_back(std::move(one));
  }
  if (request.json) result.out = JsonText(array);
  result.err = Lines(problems);
  return result;
}

CommandResult AwaitReady(const StatusRequest& request, Deadline deadline,
                         Wakeup& wakeup) {
  return Await(request, NotReady, "ready", deadline, wakeup);
}

CommandResult Drain(const StatusRequest& request, Deadline deadline,
                    Wakeup& wakeup) {
  const std::vector<std::string> addresses = request.addresses();
  std::vector<std::string> problems, gone;
  for (const std::string& address : addresses) {
    const absl::Status asked = AskToDrain(
        address, Earlier(deadline, Deadline::After(kPatience)), wakeup);
    if (asked.ok()) continue;
    // The socket of one that was killed keeps nobody from draining the others.
    (absl::IsNotFound(asked) ? gone : problems)
        .push_back(std::string(asked.message()));
  }
  if (gone.size() == addresses.size()) problems = gone;
  if (addresses.empty()) problems = {NoDaemon()};
  if (!problems.empty()) return Result(request, "", problems);
  return Await(request, NotIdle, "drained", deadline, wakeup);
}

}  // namespace vios
