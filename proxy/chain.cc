// SPDX-License-Identifier: Apache-2.0
#include "proxy/chain.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "nlohmann/json.hpp"
#include "proxy/json_text.h"

namespace vios {
namespace {

const char* NameOf(Verdict::State state) {
  switch (state) {
    case Verdict::State::kOk:
      return "ok";
    case Verdict::State::kNote:
      return "note";
    case Verdict::State::kBroken:
      return "broken";
  }
  return "?";
}

std::string Healthy(const std::string& side, const Verdicts& verdicts) {
  std::vector<std::string> findings;
  for (const Verdict& verdict : verdicts) {
    if (verdict.state == Verdict::State::kOk && !verdict.finding.empty()) {
      findings.push_back(verdict.finding);
    }
  }
  return absl::StrCat("ok: ", side, ": ", absl::StrJoin(findings, "; "), "\n");
}

}  // namespace

Verdicts Examine(const Chain& chain) {
  Verdicts verdicts;
  for (const auto& check : chain) {
    verdicts.push_back(check());
    if (IsBroken(verdicts.back())) break;
  }
  return verdicts;
}

void Append(Verdicts more, Verdicts& verdicts) {
  std::move(more.begin(), more.end(), std::back_inserter(verdicts));
}

bool AnyBroken(const Verdicts& verdicts) {
  return std::any_of(verdicts.begin(), verdicts.end(), IsBroken);
}

std::string VerdictText(const std::string& side, const Verdicts& verdicts) {
  std::string text;
  if (!AnyBroken(verdicts)) text = Healthy(side, verdicts);
  for (const Verdict& verdict : verdicts) {
    if (verdict.state == Verdict::State::kOk) continue;
    absl::StrAppend(&text, NameOf(verdict.state), ": ", verdict.finding, "\n");
    if (verdict.advice.empty()) continue;
    absl::StrAppend(&text, "    ",
                    absl::StrReplaceAll(verdict.advice, {{"\n", "\n    "}}),
                    "\n");
  }
  return text;
}

std::string VerdictJson(const std::string& side, const Verdicts& verdicts) {
  nlohmann::ordered_json json = {{"side", side},
                                 {"ok", !AnyBroken(verdicts)},
                                 {"checks", nlohmann::ordered_json::array()}};
  for (const Verdict& verdict : verdicts) {
    json["checks"].push_back({{"check", verdict.check},
                              {"state", NameOf(verdict.state)},
                              {"finding", verdict.finding},
                              {"advice", verdict.advice}});
  }
  return JsonText(json);
}

}  // namespace vios
