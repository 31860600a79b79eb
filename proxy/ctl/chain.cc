// SPDX-License-Identifier: Apache-2.0
#include "proxy/ctl/chain.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "nlohmann/json.hpp"
#include "proxy/json_text.h"
#include "proxy/log_text.h"

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
  return absl::StrCat("ok: ", side, ": ",
                      LogOneLine(absl::StrJoin(findings, "; ")), "\n");
}

// A finding is a line, an advice may be several. Both may quote what others
// chose, such as the name of a file.
std::string Told(const Verdict& verdict) {
  std::string text = absl::StrCat(NameOf(verdict.state), ": ",
                                  LogOneLine(verdict.finding), "\n");
  if (verdict.advice.empty()) return text;
  for (const absl::string_view line : absl::StrSplit(verdict.advice, '\n')) {
    absl::StrAppend(&text, "    ", LogOneLine(line), "\n");
  }
  return text;
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
    if (verdict.state != Verdict::State::kOk) text += Told(verdict);
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
