// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_FLAG_READER_MAIN_H_
#define VIOS_PROXY_PROXY_FLAG_READER_MAIN_H_

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "proxy/command_line_main.h"
#include "proxy/flag_values.h"

namespace vios {

// Reads flags one after another; the first mistake stays. After
// ParseCommandLine(), for the main thread.
class FlagReader {
 public:
  // Sets `value` to what `check`, a function of proxy/flag_values.h, makes of
  // the flag's text; a mistake leaves it as it is.
  template <typename Check, typename Value>
  void Read(const std::string& name, const Check& check, Value& value) {
    const std::string text = FlagValue(name);
    auto checked = check(FlagText{name, text});
    Note(checked.status());
    if (checked.ok()) value = *std::move(checked);
  }
  // The verdict on what depends on several flags.
  void Note(const absl::Status& status) { status_.Update(status); }

  const absl::Status& status() const { return status_; }

 private:
  absl::Status status_;
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_FLAG_READER_MAIN_H_
