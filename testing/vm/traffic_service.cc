// SPDX-License-Identifier: Apache-2.0
#include "testing/vm/traffic_service.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "testing/vm/eventually.h"
#include "testing/vm/runfile.h"

namespace vios::testing {
namespace {

constexpr absl::Duration kStartLimit = absl::Seconds(30);
constexpr char kListening[] = "listening ";

// The port in the first line once that is complete, else 0.
uint16_t ListeningPort(const std::string& log) {
  const std::vector<absl::string_view> lines = absl::StrSplit(log, '\n');
  absl::string_view first = lines[0];
  int port = 0;
  if (lines.size() < 2 || !absl::ConsumePrefix(&first, kListening) ||
      !absl::SimpleAtoi(first, &port)) {
    return 0;
  }
  return static_cast<uint16_t>(port);
}

// Whether a line begins with `kind`, goes on with the request behind its
// number, and has `how`.
bool HasLine(const std::string& log, absl::string_view kind,
             const std::string& request, const std::string& how) {
  for (absl::string_view line : absl::StrSplit(log, '\n')) {
    if (!absl::ConsumePrefix(&line, kind)) continue;
    line.remove_prefix(std::min(line.size(), line.find(' ') + 1));
    if (absl::ConsumePrefix(&line, request) && absl::StrContains(line, how) &&
        (line.empty() || line[0] == ' ')) {
      return true;
    }
  }
  return false;
}

}  // namespace

absl::StatusOr<std::unique_ptr<TrafficService>> TrafficService::Start(
    const std::string& log, uint16_t port,
    const std::vector<std::string>& flags) {
  std::vector<std::string> argv = {Runfile("testing/traffic/traffic"), "serve",
                                   absl::StrCat("--port=", port)};
  argv.insert(argv.end(), flags.begin(), flags.end());
  absl::StatusOr<std::unique_ptr<Process>> process =
      Process::Start(std::move(argv), log);
  if (!process.ok()) return process.status();
  uint16_t listening = 0;
  Eventually(kStartLimit, [&] {
    listening = ListeningPort((*process)->Log());
    return listening != 0 || !(*process)->running();
  });
  if (listening == 0) {
    return absl::UnavailableError("no service: " + (*process)->Log());
  }
  return std::unique_ptr<TrafficService>(
      new TrafficService(*std::move(process), listening));
}

TrafficService::TrafficService(std::unique_ptr<Process> process, uint16_t port)
    : process_(std::move(process)), port_(port) {}

bool TrafficService::Began(const std::string& request) const {
  return HasLine(Log(), "begin ", request, "");
}

bool TrafficService::Began(const std::string& request,
                           absl::Duration limit) const {
  return Eventually(limit, [&] { return Began(request); });
}

bool TrafficService::Ended(const std::string& request, const std::string& how,
                           absl::Duration limit) const {
  return Eventually(limit,
                    [&] { return HasLine(Log(), "end ", request, how); });
}

}  // namespace vios::testing
