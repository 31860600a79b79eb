// SPDX-License-Identifier: Apache-2.0
#include "proxy/arguments.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "channel/escape.h"

namespace vios {
namespace {

constexpr size_t kMaxShown = 200;

bool IsFlag(absl::string_view word) {
  return word.size() > 1 && word[0] == '-';
}

bool IsOneOf(absl::string_view value, absl::Span<const char* const> words) {
  return std::any_of(words.begin(), words.end(), [value](const char* word) {
    return absl::EqualsIgnoreCase(value, word);
  });
}

// "true" or "false", whatever was written; nothing for any other word.
std::optional<std::string> SwitchValue(absl::string_view value) {
  if (IsOneOf(value, {"true", "t", "yes", "y", "1"})) return "true";
  if (IsOneOf(value, {"false", "f", "no", "n", "0"})) return "false";
  return std::nullopt;
}

class Scanner {
 public:
  Scanner(absl::Span<const std::string> words, const KindOfFlag& kind_of)
      : words_(words), kind_of_(kind_of) {}

  absl::StatusOr<Arguments> Run() {
    while (next_ < words_.size()) {
      const std::string& word = words_[next_++];
      if (word == "--") break;
      if (!IsFlag(word)) {
        found_.positionals.push_back(word);
        continue;
      }
      absl::Status status = TakeFlag(word);
      if (!status.ok()) return status;
    }
    const auto rest = words_.subspan(next_);
    found_.positionals.insert(found_.positionals.end(), rest.begin(),
                              rest.end());
    absl::Status status = CheckUnknown();
    if (!status.ok()) return status;
    return std::move(found_);
  }

 private:
  absl::Status TakeFlag(absl::string_view word) {
    absl::ConsumePrefix(&word, "-");
    absl::ConsumePrefix(&word, "-");
    const size_t equals = word.find('=');
    const bool has_value = equals != absl::string_view::npos;
    const std::string name =
        absl::StrReplaceAll(word.substr(0, equals), {{"-", "_"}});
    const FlagKind kind = kind_of_(name);
    if (kind == FlagKind::kUnknown) {
      TakeNegation(name, has_value);
      return absl::OkStatus();
    }
    if (has_value) {
      const absl::string_view value = word.substr(equals + 1);
      if (kind == FlagKind::kSwitch) return TakeSwitch(name, value);
      Add(name, value);
    } else if (kind == FlagKind::kSwitch) {
      Add(name, "true");
    } else if (next_ < words_.size()) {
      Add(name, words_[next_++]);
    } else {
      return absl::InvalidArgumentError(
          absl::StrCat("--", name, ": must be followed by a value"));
    }
    return absl::OkStatus();
  }

  absl::Status TakeSwitch(const std::string& name, absl::string_view value) {
    const auto on = SwitchValue(value);
    if (!on.has_value()) {
      return absl::InvalidArgumentError(
          absl::StrCat("--", name, "=", Escape(value, kMaxShown),
                       ": must be true or false"));
    }
    Add(name, *on);
    return absl::OkStatus();
  }

  void TakeNegation(absl::string_view name, bool has_value) {
    absl::string_view rest = name;
    if (!has_value && absl::ConsumePrefix(&rest, "no") &&
        kind_of_(std::string(rest)) == FlagKind::kSwitch) {
      Add(rest, "false");
    } else {
      unknown_.emplace_back(name);
    }
  }

  void Add(absl::string_view name, absl::string_view value) {
    found_.flags.push_back({std::string(name), std::string(value)});
  }

  absl::Status CheckUnknown() const {
    const std::string* undefok = found_.Find("undefok");
    const std::vector<std::string> allowed =
        absl::StrSplit(undefok == nullptr ? "" : *undefok, ',');
    for (const std::string& name : unknown_) {
      if (std::find(allowed.begin(), allowed.end(), name) != allowed.end()) {
        continue;
      }
      return absl::InvalidArgumentError(
          absl::StrCat("--", Escape(name, kMaxShown),
                       ": no such flag; --help shows those that are allowed"));
    }
    return absl::OkStatus();
  }

  const absl::Span<const std::string> words_;
  const KindOfFlag& kind_of_;
  size_t next_ = 0;
  Arguments found_;
  std::vector<std::string> unknown_;
};

bool IsWeak(const Arguments::Flag& flag) {
  return flag.name == "flagfile" || flag.name == "fromenv" ||
         flag.name == "tryfromenv";
}

}  // namespace

const std::string* Arguments::Find(const std::string& name) const {
  const auto found =
      std::find_if(flags.rbegin(), flags.rend(),
                   [&](const Flag& flag) { return flag.name == name; });
  return found == flags.rend() ? nullptr : &found->value;
}

absl::StatusOr<Arguments> ScanArguments(absl::Span<const std::string> words,
                                        const KindOfFlag& kind_of) {
  return Scanner(words, kind_of).Run();
}

absl::Status NamePositionals(absl::Span<const std::string> names,
                             Arguments& arguments) {
  if (arguments.positionals.size() > names.size()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "Unexpected argument ",
        Escape(arguments.positionals[names.size()], kMaxShown), ": at most ",
        names.size(), " are allowed without a flag's name"));
  }
  for (size_t i = 0; i < arguments.positionals.size(); ++i) {
    const std::string& value = arguments.positionals[i];
    const std::string* flag = arguments.Find(names[i]);
    if (flag != nullptr && *flag != value) {
      return absl::InvalidArgumentError(absl::StrCat(
          "--", names[i], "=", Escape(*flag, kMaxShown),
          ": must be the same as the argument ", Escape(value, kMaxShown)));
    }
    arguments.flags.push_back({names[i], value});
  }
  arguments.positionals.clear();
  return absl::OkStatus();
}

void PutWeakFlagsFirst(Arguments& arguments) {
  std::stable_partition(arguments.flags.begin(), arguments.flags.end(), IsWeak);
}

}  // namespace vios
