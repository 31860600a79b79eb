// SPDX-License-Identifier: Apache-2.0
#include "testing/longrun/long_run.h"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "testing/campaign/judge.h"
#include "testing/traffic/stream.h"
#include "testing/vm/client_result.h"
#include "testing/vm/eventually.h"

namespace vios::testing {
namespace {

// How many of the mixed connections run at once: more than there are channels.
constexpr size_t kMixedAtOnce = 12;
// For what takes no time but that of a busy machine.
constexpr absl::Duration kPromptly = absl::Seconds(60);
// After the last connection has begun; the largest last for many seconds.
constexpr absl::Duration kOutlives = absl::Minutes(3);
constexpr absl::Duration kPollInterval = absl::Milliseconds(200);

void Print(const std::string& text) {
  std::fputs(text.c_str(), stdout);
  std::fflush(stdout);
}

int Number(const ClientResult& result, const std::string& name) {
  int value = 0;
  return absl::SimpleAtoi(result.Get(name), &value) ? value : 0;
}

// All that a connection which ended cleanly has carried.
SessionSums SumsOf(const Connection& plan) {
  const uint64_t request = plan.Request().size() + 1;
  const uint64_t report = plan.verb == "first" ? 0 : ReportOf(plan.up).size();
  return {1, request + plan.up.size, plan.down.size + report};
}

void Add(const SessionSums& more, SessionSums& sums) {
  sums.sessions += more.sessions;
  sums.up += more.up;
  sums.down += more.down;
}

// A connection of round `index` of the campaign, without its faults.
Connection DrawConnection(uint64_t seed, int index) {
  Connection plan = DrawRound(seed, index).connections.back();
  plan.name = absl::StrCat("m", index);
  plan.stay = false;
  plan.vanish = false;  // Nobody could say how much of one arrived.
  return plan;
}

std::string Row(const std::string& name, const SessionSums& sums) {
  return absl::StrFormat("%-14s %10d %14d %14d\n", name, sums.sessions, sums.up,
                         sums.down);
}

}  // namespace

absl::Status LongRun::Run() {
  absl::Status status = UseEveryChannel();  // First times: threads, buffers.
  if (status.ok()) status = CheckHealth("at first");
  if (status.ok()) status = ShortConnections();
  if (status.ok()) status = CheckHealth("after the short connections");
  if (status.ok()) status = MixedTraffic();
  if (status.ok()) status = UseEveryChannel();
  if (status.ok()) status = CheckHealth("at the end");
  if (status.ok()) status = StopDaemons();
  if (status.ok()) status = CompareSums();
  return status;
}

absl::Status LongRun::CheckHealth(const std::string& when) {
  const absl::Status status = health_.Check(wrong_);
  Print(absl::StrCat(when, "\n", health_.Figures()));
  return status;
}

bool LongRun::Begun(const std::vector<Running>& clients) const {
  const ServiceLog log = world_.ServedSoFar();
  return std::all_of(clients.begin(), clients.end(), [&](const auto& client) {
    return std::any_of(
        log.served.begin(), log.served.end(),
        [&](const Served& it) { return it.request == client.plan.Request(); });
  });
}

absl::Status LongRun::UseEveryChannel() {
  static int checks = 0;
  std::vector<Running> running;
  for (int i = 0; i < world_.ports(); ++i) {
    Connection plan = CheckConnection(absl::StrCat("c", ++checks));
    const absl::Status status = Start({.plan = std::move(plan)}, running);
    if (!status.ok()) return status;
  }
  if (!Eventually(kPromptly, [&] { return Begun(running); })) {
    wrong_.push_back("not all channels serve at the same time");
  }
  for (const Running& client : running) {
    const absl::Status status = world_.vm().agent().Signal(client.job, SIGTERM);
    if (!status.ok()) return status;
  }
  return AwaitAll(running, kPromptly);
}

absl::Status LongRun::ShortConnections() {
  const absl::Time start = absl::Now();
  std::vector<Running> running;
  absl::Status status =
      StartShort(options_.connections, options_.clients, running);
  // A tenth of what an idle machine does.
  const absl::Duration limit =
      absl::Minutes(2) + options_.connections * absl::Milliseconds(300);
  if (status.ok()) status = AwaitAll(running, limit);
  const double seconds = absl::ToDoubleSeconds(absl::Now() - start);
  Print(
      absl::StrFormat("%d short connections from %d clients: %.1f s, %.0f/s\n",
                      options_.connections, options_.clients, seconds,
                      options_.connections / seconds));
  return status;
}

absl::Status LongRun::MixedTraffic() {
  const SessionSums before = clients_;
  const absl::Time start = absl::Now();
  std::vector<Running> running;
  for (int index = 0; absl::Now() - start < options_.mixed; ++index) {
    const absl::Status status =
        index % 5 == 4
            ? StartShort(20, 2, running)
            : Start({.plan = DrawConnection(options_.seed, index)}, running);
    if (!status.ok()) return status;
    while (running.size() >= kMixedAtOnce) {
      absl::SleepFor(kPollInterval);
      const absl::Status collected = Collect(running);
      if (!collected.ok()) return collected;
      if (absl::Now() - start > options_.mixed + kOutlives) break;
    }
  }
  const absl::Status status = AwaitAll(running, kOutlives);
  Print(absl::StrFormat("mixed traffic: %.1f s, %d connections, %.1f MB\n",
                        absl::ToDoubleSeconds(absl::Now() - start),
                        clients_.sessions - before.sessions,
                        static_cast<double>(clients_.up + clients_.down -
                                            before.up - before.down) /
                            1e6));
  return status;
}

absl::Status LongRun::Start(Running client, std::vector<Running>& running) {
  absl::StatusOr<Job> job = world_.vm().agent().Start(client.plan.Command());
  if (!job.ok()) return job.status();
  client.job = *std::move(job);
  running.push_back(std::move(client));
  return absl::OkStatus();
}

absl::Status LongRun::StartShort(int count, int clients,
                                 std::vector<Running>& running) {
  absl::StatusOr<Job> job = world_.vm().agent().Start(
      absl::StrCat("traffic short --port=5672 --timeout=10m --count=", count,
                   " --clients=", clients));
  if (!job.ok()) return job.status();
  running.push_back({.count = count, .job = *std::move(job)});
  return absl::OkStatus();
}

absl::Status LongRun::Collect(std::vector<Running>& running) {
  Agent& agent = world_.vm().agent();
  for (auto client = running.begin(); client != running.end();) {
    const auto end = agent.Wait(client->job, absl::ZeroDuration());
    if (!end.ok()) return end.status();
    if (*end == "running") {
      ++client;
      continue;
    }
    const absl::StatusOr<std::string> said = agent.ReadFile(client->job.log);
    if (!said.ok()) return said.status();
    Count(*client, *said);
    client = running.erase(client);
  }
  return absl::OkStatus();
}

absl::Status LongRun::AwaitAll(std::vector<Running>& running,
                               absl::Duration limit) {
  const absl::Time deadline = absl::Now() + limit;
  while (true) {
    const absl::Status status = Collect(running);
    if (!status.ok() || running.empty()) return status;
    if (absl::Now() > deadline) break;
    absl::SleepFor(kPollInterval);
  }
  for (const Running& client : running) {
    wrong_.push_back(client.plan.name + ": stuck");
    const absl::Status killed = world_.vm().agent().Signal(client.job, SIGKILL);
    if (!killed.ok()) return killed;
  }
  running.clear();
  return absl::OkStatus();
}

void LongRun::Count(const Running& client, const std::string& output) {
  const ClientResult result(output);
  if (client.count == 0) {
    const Verdict verdict = JudgeClient(client.plan, result, {});
    if (verdict.ending == Ending::kClean) Add(SumsOf(client.plan), clients_);
    if (!verdict.wrong.empty()) wrong_.push_back(verdict.wrong);
    return;
  }
  const int ok = Number(result, "ok");
  const auto count = static_cast<uint64_t>(ok);
  Add({count, 2 * count, count}, clients_);  // "p\n" and ".".
  if (ok != client.count) {
    wrong_.push_back("short connections: " + result.line());
  }
}

// In good order, so that they tell all that they have to tell.
absl::Status LongRun::StopDaemons() {
  const absl::Status status = world_.SignalGuest(SIGTERM);
  if (!status.ok()) return status;
  std::string guest_end = "running";
  Eventually(kPromptly, [&] {
    guest_end = world_.GuestEnd().value_or("running");
    return guest_end != "running";
  });
  if (guest_end != "exit 0") {
    wrong_.push_back("the guest daemon does not stop: " + guest_end);
  }
  world_.host()->Signal(SIGTERM);
  const auto host_end = world_.host()->Wait(kPromptly);
  if (host_end != 0) {
    wrong_.push_back(
        absl::StrCat("the host daemon does not stop: ", host_end.value_or(-1)));
  }
  return absl::OkStatus();
}

absl::Status LongRun::CompareSums() {
  const absl::StatusOr<std::string> guest_log = world_.GuestLog();
  if (!guest_log.ok()) return guest_log.status();
  const SessionSums guest = SumSessions(*guest_log, &wrong_);
  const SessionSums host = SumSessions(world_.host()->Log(), &wrong_);
  Print(absl::StrFormat("%-14s %10s %14s %14s\n", "", "sessions", "bytes up",
                        "bytes down"));
  Print(absl::StrCat(Row("clients", clients_), Row("guest daemon", guest),
                     Row("host daemon", host)));
  if (guest != clients_) {
    wrong_.push_back("the guest daemon's sums are not the clients'");
  }
  if (host != clients_) {
    wrong_.push_back("the host daemon's sums are not the clients'");
  }
  return absl::OkStatus();
}

}  // namespace vios::testing
