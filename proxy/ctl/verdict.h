// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_CTL_VERDICT_H_
#define VIOS_PROXY_PROXY_CTL_VERDICT_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "channel/escape.h"

namespace vios {

// What the doctor found out about one link of the chain. A value.
struct Verdict {
  enum class State {
    kOk,
    kNote,    // It works, but there is something to know.
    kBroken,  // Nothing gets through here.
  };

  State state = State::kOk;
  std::string check;    // A name for scripts: "module", "permission", ...
  std::string finding;  // In plain words, one line.
  std::string advice;   // What to do; may have several lines. With kOk empty.
};

using Verdicts = std::vector<Verdict>;

inline Verdict Fine(std::string check, std::string finding) {
  return {Verdict::State::kOk, std::move(check), std::move(finding), ""};
}
inline Verdict Note(std::string check, std::string finding,
                    std::string advice) {
  return {Verdict::State::kNote, std::move(check), std::move(finding),
          std::move(advice)};
}
inline Verdict Broken(std::string check, std::string finding,
                      std::string advice) {
  return {Verdict::State::kBroken, std::move(check), std::move(finding),
          std::move(advice)};
}

// Text that somebody else made up, as a finding shows it.
inline std::string Shown(absl::string_view text) { return Escape(text, 512); }

inline bool IsBroken(const Verdict& verdict) {
  return verdict.state == Verdict::State::kBroken;
}

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_CTL_VERDICT_H_
