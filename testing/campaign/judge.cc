// SPDX-License-Identifier: Apache-2.0
#include "testing/campaign/judge.h"

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "testing/traffic/content.h"
#include "testing/traffic/stream.h"

namespace vios::testing {
namespace {

Verdict Wrong(const Connection& plan, absl::string_view side,
              absl::string_view what) {
  return {Ending::kReset, absl::StrCat(plan.name, ", ", side, ": ", what)};
}

// Of a reset stream: what came behind the content can only be the report.
bool HasForeignTail(const Connection& plan, absl::string_view line) {
  const size_t begin = line.find("tail=\"");
  if (begin == absl::string_view::npos) return true;
  absl::string_view tail = line.substr(begin + 6);
  absl::ConsumeSuffix(&tail, "\"");
  if (plan.verb == "first") return !tail.empty();
  return !absl::StartsWith(absl::CHexEscape(ReportOf(plan.up)), tail);
}

std::string DigestText(const Content& content) {
  return absl::StrFormat("%016x", DigestOf(content));
}

}  // namespace

Verdict JudgeClient(const Connection& plan, const ClientResult& result,
                    const Allowed& allowed) {
  const std::string outcome = result.outcome();
  if (outcome == "vanished" && plan.vanish) return {Ending::kMeant, ""};
  if (outcome == "clean-eof" && !plan.vanish) return {Ending::kClean, ""};
  if (outcome == "refused" && allowed.refused) return {};
  if (outcome != "reset" || !allowed.reset) {
    return Wrong(plan, "client", result.line());
  }
  if (!result.same() || HasForeignTail(plan, result.line())) {
    return Wrong(plan, "client, foreign bytes", result.line());
  }
  return {};
}

Verdict JudgeService(const Connection& plan, const Served& served,
                     const Allowed& allowed) {
  const std::string what =
      absl::StrCat("outcome=", served.outcome, " received=", served.received,
                   " of ", plan.up.size, " digest=", served.digest);
  if (served.request != plan.Request()) {
    return Wrong(plan, "service, other request", served.request);
  }
  if (served.outcome == "reset" && (allowed.reset || plan.vanish)) return {};
  if (served.outcome != "clean-eof" || plan.vanish) {
    return Wrong(plan, "service", what);
  }
  if (served.received != plan.up.size || served.digest != DigestText(plan.up)) {
    return Wrong(plan, "service, an end with other bytes", what);
  }
  return {Ending::kClean, ""};
}

std::string JudgeResets(const std::vector<Fault>& faults, int resets) {
  int most = 0;
  for (const Fault fault : faults) most += MostResets(fault);
  if (resets <= most) return "";
  return absl::StrCat(resets, " connections were cut, and not ", most,
                      " at the most");
}

}  // namespace vios::testing
