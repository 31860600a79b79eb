// SPDX-License-Identifier: Apache-2.0
#include "testing/bench/plot.h"

#include <functional>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace vios::testing {
namespace {

using Chosen = std::function<bool(const Workload&)>;

std::vector<Workload> Choose(const Results& results, const Chosen& chosen) {
  std::vector<Workload> rows;
  for (const Workload& workload : results.workloads()) {
    if (chosen(workload)) rows.push_back(workload);
  }
  return rows;
}

// A line for each workload, a column for each way.
std::string Data(const Results& results, const std::vector<Workload>& rows,
                 double unit) {
  std::string data;
  for (const Workload& row : rows) {
    absl::StrAppendFormat(&data, "\"%s\" %d", row.name, row.write_size);
    for (const std::string& way : results.ways()) {
      const auto median = results.MedianOf(row.name, way);
      absl::StrAppend(&data, " ",
                      median ? absl::StrCat(median->value / unit) : "NaN");
    }
    absl::StrAppend(&data, "\n");
  }
  return data;
}

std::string Panel(const Results& results, const std::string& name,
                  const std::string& title, const std::vector<Workload>& rows,
                  double unit, bool by_size) {
  if (rows.empty()) return "set multiplot next\n";
  std::string panel = absl::StrFormat(
      "$%s << END\n%sEND\nset title '%s'\n%s\nplot ", name,
      Data(results, rows, unit), title,
      by_size ? "set style data linespoints; set logscale x 2; set format x "
                "'%.0f'"
              : "set style data histograms; unset logscale x; set format x");
  for (size_t i = 0; i < results.ways().size(); ++i) {
    const std::string column = absl::StrCat(i + 3);
    absl::StrAppendFormat(
        &panel, "%s$%s using %s title '%s'", i == 0 ? "" : ", ", name,
        by_size ? "2:" + column : column + ":xtic(1)", results.ways()[i]);
  }
  return panel + "\n";
}

Chosen Sweep(const std::string& kind) {
  return [kind](const Workload& workload) {
    return workload.write_size > 0 && absl::StartsWith(workload.name, kind);
  };
}

}  // namespace

std::string PlotProgram(const std::string& caption, const Results& results) {
  const auto latencies = Choose(
      results, [](const Workload& workload) { return workload.is_latency; });
  const auto rates = Choose(results, [](const Workload& workload) {
    return !workload.is_latency && workload.write_size == 0;
  });
  const auto up = Choose(results, Sweep("up"));
  const auto down = Choose(results, Sweep("down"));
  const int rows = up.empty() ? 1 : 2;
  return absl::StrCat(
      absl::StrFormat("set terminal svg size 1000,%d background 'white'\n"
                      "set output output\nset multiplot layout %d,2 title "
                      "'%s'\n",
                      80 + 340 * rows, rows, caption),
      "set style fill solid 0.7; set style histogram cluster gap 1\n"
      "set key outside bottom center horizontal; set xtics font ',10'\n"
      "set yrange [0:*]; set grid ytics\n",
      Panel(results, "latency", "microseconds (less is better)", latencies, 1,
            false),
      Panel(results, "rate", "MB/s (more is better)", rates, 1e6, false),
      up.empty()
          ? ""
          : Panel(results, "up", "MB/s up, by size of writes", up, 1e6, true),
      up.empty() ? ""
                 : Panel(results, "down", "MB/s down, by size of writes", down,
                         1e6, true),
      "unset multiplot\n");
}

}  // namespace vios::testing
