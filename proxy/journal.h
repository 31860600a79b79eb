// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_JOURNAL_H_
#define VIOS_PROXY_PROXY_JOURNAL_H_

#include "absl/strings/string_view.h"

namespace vios {

// systemd's journal, which takes the lines of a unit's stderr.

// Whether `fd` leads there, as $JOURNAL_STREAM has it (systemd.exec(5)).
bool IsJournal(int fd);

// What in front of a line tells the journal how severe it is (sd-daemon(3)):
// "<4>" for "WARN", or "WARNING" as glog says. "<6>" for a word unknown here.
absl::string_view JournalPriority(absl::string_view severity);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_JOURNAL_H_
