// SPDX-License-Identifier: Apache-2.0
#include "testing/campaign/tally.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace vios::testing {

void Tally::Add(const RoundResult& result, Row& row) {
  ++row.times;
  row.clean += result.clean;
  row.resets += result.resets;
  row.meant += result.meant;
  row.ended = std::max(row.ended, result.ended);
  row.served = std::max(row.served, result.served);
  row.wrong += static_cast<int>(result.wrong.size());
}

void Tally::Add(const RoundResult& result) {
  for (const Fault fault : result.faults) Add(result, rows_[fault]);
  Add(result, all_);
  ++rounds_;
  wrong_ += static_cast<int>(result.wrong.size());
}

std::string Tally::Line(const std::string& name, const Row& row) {
  return absl::StrFormat("%-21s %5d  %5d  %6d  %7d  %10s  %11s  %10d\n", name,
                         row.times, row.clean, row.resets, row.meant,
                         Seconds(row.ended), Seconds(row.served), row.wrong);
}

std::string Tally::Table() const {
  std::string table = absl::StrFormat(
      "%-21s %5s  %5s  %6s  %7s  %10s  %11s  %10s\n", "fault", "times", "clean",
      "reset", "gave up", "last ended", "then served", "violations");
  for (const auto& [fault, row] : rows_) {
    absl::StrAppend(&table, Line(Name(fault), row));
  }
  absl::StrAppend(&table, Line("all rounds", all_));
  return table;
}

std::string Seconds(absl::Duration duration) {
  return absl::StrFormat("%.1f s", absl::ToDoubleSeconds(duration));
}

}  // namespace vios::testing
