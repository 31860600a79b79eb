// SPDX-License-Identifier: Apache-2.0
#include "testing/campaign/play.h"

#include <algorithm>
#include <csignal>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "testing/vm/client_result.h"
#include "testing/vm/eventually.h"

namespace vios::testing {
namespace {

// By how much a connection may outlive the faults, and how long channels may
// need to serve again. What takes longest is a channel that looks attached and
// is not: it is noticed after 30 s of silence, and a client may have waited for
// one, or for an answer, before.
constexpr absl::Duration kOutlives = absl::Seconds(90);
constexpr absl::Duration kServesWithin = absl::Seconds(90);
// For what takes no time but that of a busy machine.
constexpr absl::Duration kPromptly = absl::Seconds(30);

bool MayReset(const Round& round) {
  return std::any_of(round.faults.begin(), round.faults.end(),
                     [](const auto& it) { return MostResets(it.fault) > 0; });
}

bool Has(const Round& round, Fault fault) {
  return std::any_of(round.faults.begin(), round.faults.end(),
                     [&](const auto& it) { return it.fault == fault; });
}

}  // namespace

absl::StatusOr<RoundResult> Campaign::Play(const Round& round) {
  RoundResult result;
  for (const auto& it : round.faults) result.faults.push_back(it.fault);
  clients_.clear();
  expected_.clear();
  const ServiceLog before = world_.ServedSoFar();
  served_before_ = before.served.size();
  strange_before_ = before.strange.size();
  absl::Status status = StartConnections(round);
  if (status.ok()) {
    absl::SleepFor(round.before);
    status = Inject(round);
  }
  const absl::Time over = absl::Now();
  if (status.ok()) status = AwaitConnections(result);
  // Of the round's own: those that look for a channel afterwards may meet one
  // that only looks attached.
  const std::string too_many = JudgeResets(result.faults, result.resets);
  if (!too_many.empty()) result.wrong.push_back(too_many);
  const absl::Time ended = absl::Now();
  result.ended = ended - over;
  if (status.ok()) status = AwaitAllChannels(result);
  result.served = absl::Now() - ended;
  JudgeServices(result);
  if (status.ok()) status = health_.Check(result.wrong);
  if (!status.ok()) return status;
  return result;
}

absl::StatusOr<RunningClient> Campaign::Start(const Connection& plan,
                                              Allowed allowed) {
  const absl::StatusOr<Job> job = world_.vm().agent().Start(plan.Command());
  if (!job.ok()) return job.status();
  expected_[plan.name] = {plan, allowed};
  return RunningClient{plan, *job};
}

absl::Status Campaign::StartConnections(const Round& round) {
  const Allowed allowed = {.reset = MayReset(round),
                           .refused = Has(round, Fault::kGuestKilled)};
  bool snapshot = Has(round, Fault::kSnapshotLoaded);
  for (const Connection& plan : round.connections) {
    // Not with more in flight: QEMU 7.2 cannot go back to a port that was
    // waiting for its socket to take more.
    if (snapshot && !plan.stay) {
      Eventually(kPromptly, [this] { return HaveBegun(clients_); });
      const absl::Status status = injector_.TakeSnapshot(clients_);
      if (!status.ok()) return status;
      snapshot = false;
    }
    absl::StatusOr<RunningClient> client = Start(plan, allowed);
    if (!client.ok()) return client.status();
    clients_.push_back(*std::move(client));
  }
  return absl::OkStatus();
}

absl::Status Campaign::Inject(const Round& round) {
  std::vector<PlannedFault> order = round.faults;
  const uint32_t bits = order[0].which;
  if (bits & 1) std::reverse(order.begin(), order.end());
  for (const PlannedFault& fault : order) {
    const absl::Status status = injector_.Begin(fault, clients_);
    if (!status.ok()) return status;
    absl::SleepFor(fault.lasts / static_cast<int>(order.size()));
  }
  if (bits & 2) std::reverse(order.begin(), order.end());
  for (const PlannedFault& fault : order) {
    const absl::Status status = injector_.End(fault);
    if (!status.ok()) return status;
  }
  for (const RunningClient& client : clients_) {
    Expected& expected = expected_[client.plan.name];
    expected.wiped = client.wiped;
    if (client.killed) expected.allowed.reset = true;
  }
  return absl::OkStatus();
}

absl::Status Campaign::AwaitConnections(RoundResult& result) {
  const Deadline deadline = Deadline::After(kOutlives);
  for (const bool stay : {false, true}) {
    for (const RunningClient& client : clients_) {
      if (client.plan.stay != stay || client.wiped) continue;
      if (stay) world_.vm().agent().Signal(client.job, SIGTERM).IgnoreError();
      const absl::Status status = Await(client, deadline, result);
      if (!status.ok()) return status;
    }
  }
  Eventually(deadline.remaining(), [this] {
    const ServiceLog log = world_.ServedSoFar();
    return std::none_of(
        log.served.begin() + static_cast<std::ptrdiff_t>(served_before_),
        log.served.end(), [](const Served& it) { return it.outcome.empty(); });
  });
  return absl::OkStatus();
}

absl::Status Campaign::Await(const RunningClient& client, Deadline deadline,
                             RoundResult& result) {
  Agent& agent = world_.vm().agent();
  const auto end = agent.Wait(client.job, deadline.remaining());
  if (!end.ok()) return end.status();
  if (*end == "running") {
    result.wrong.push_back(client.plan.name + ", client: still there");
    const absl::Status killed = agent.Signal(client.job, SIGKILL);
    if (!killed.ok()) return killed;
    return agent.Wait(client.job, kPromptly).status();
  }
  if (client.killed && *end == "signal 9") {
    Count({Ending::kMeant, ""}, result);
    return absl::OkStatus();
  }
  const absl::StatusOr<std::string> said = agent.ReadFile(client.job.log);
  if (!said.ok()) return said.status();
  Count(JudgeClient(client.plan, ClientResult(*said),
                    expected_[client.plan.name].allowed),
        result);
  return absl::OkStatus();
}

absl::StatusOr<RunningClient> Campaign::StartCheck() {
  return Start(CheckConnection(absl::StrCat("c", ++checks_)), {.reset = true});
}

absl::Status Campaign::AwaitAllChannels(RoundResult& result) {
  const Deadline deadline = Deadline::After(kServesWithin);
  std::vector<RunningClient> checks;
  while (checks.size() < static_cast<size_t>(world_.ports())) {
    absl::StatusOr<RunningClient> check = StartCheck();
    if (!check.ok()) return check.status();
    checks.push_back(*std::move(check));
  }
  while (!Eventually(absl::Seconds(1), [&] { return HaveBegun(checks); })) {
    if (deadline.passed()) {
      result.wrong.push_back("not all channels serve again");
      break;
    }
    const absl::Status status = ReplaceEnded(checks, result);
    if (!status.ok()) return status;
  }
  for (const RunningClient& check : checks) {
    if (!deadline.passed()) expected_[check.plan.name].allowed = {};
    world_.vm().agent().Signal(check.job, SIGTERM).IgnoreError();
  }
  for (const RunningClient& check : checks) {
    const absl::Status status =
        Await(check, Deadline::After(kPromptly), result);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

// A check that a fault's last consequence has ended, or that waited too long.
absl::Status Campaign::ReplaceEnded(std::vector<RunningClient>& checks,
                                    RoundResult& result) {
  for (RunningClient& check : checks) {
    const auto end = world_.vm().agent().Wait(check.job, absl::ZeroDuration());
    if (!end.ok()) return end.status();
    if (*end == "running") continue;
    const auto said = world_.vm().agent().ReadFile(check.job.log);
    if (!said.ok()) return said.status();
    Count(JudgeClient(check.plan, ClientResult(*said), {.reset = true}),
          result);
    absl::StatusOr<RunningClient> next = StartCheck();
    if (!next.ok()) return next.status();
    check = *std::move(next);
  }
  return absl::OkStatus();
}

bool Campaign::HaveBegun(const std::vector<RunningClient>& clients) const {
  const ServiceLog log = world_.ServedSoFar();
  return std::all_of(clients.begin(), clients.end(), [&](const auto& client) {
    return std::any_of(log.served.begin(), log.served.end(),
                       [&](const Served& served) {
                         return NameIn(served.request) == client.plan.name &&
                                served.outcome.empty();
                       });
  });
}

void Campaign::JudgeServices(RoundResult& result) {
  const ServiceLog log = world_.ServedSoFar();
  for (size_t i = served_before_; i < log.served.size(); ++i) {
    Judge(log.served[i], result);
  }
  for (size_t i = strange_before_; i < log.strange.size(); ++i) {
    result.wrong.push_back("service: " + log.strange[i]);
  }
}

void Campaign::Judge(const Served& served, RoundResult& result) {
  const auto found = expected_.find(NameIn(served.request));
  if (found == expected_.end()) {
    result.wrong.push_back("service, foreign request: " + served.request);
    return;
  }
  if (served.outcome == "killed") return;
  const Verdict verdict =
      JudgeService(found->second.plan, served, found->second.allowed);
  if (found->second.wiped) {
    Count(verdict, result);
  } else if (!verdict.wrong.empty()) {
    result.wrong.push_back(verdict.wrong);
  }
}

void Campaign::Count(const Verdict& verdict, RoundResult& result) {
  switch (verdict.ending) {
    case Ending::kClean:
      ++result.clean;
      break;
    case Ending::kReset:
      ++result.resets;
      break;
    case Ending::kMeant:
      ++result.meant;
  }
  if (!verdict.wrong.empty()) result.wrong.push_back(verdict.wrong);
}

}  // namespace vios::testing
