// SPDX-License-Identifier: Apache-2.0
#include "testing/bench/report.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"

namespace vios::testing {
namespace {

constexpr double kMega = 1e6;
constexpr double kGiga = 1e9;

std::string Cell(const Workload& workload, const std::optional<Sample>& cell) {
  if (!cell.has_value()) return absl::StrFormat("%16s", "-");
  if (!workload.is_latency) {
    return absl::StrFormat("%11.1f MB/s", cell->value / kMega);
  }
  return absl::StrFormat("%6.0f (%4.0f) us", cell->value, cell->p99);
}

std::string RatioCell(const std::optional<double>& ratio) {
  if (!ratio.has_value()) return absl::StrFormat("%9s", "-");
  return absl::StrFormat("%9.2f", *ratio);
}

std::string CpuCell(const Workload& workload, const Sample& ours) {
  if (workload.bytes == 0) return "";
  const double gigabytes = static_cast<double>(workload.bytes) / kGiga;
  return absl::StrFormat("  %5.1f %5.1f %5.1f", ours.guest_cpu / gigabytes,
                         ours.host_cpu / gigabytes, ours.qemu_cpu / gigabytes);
}

std::string Row(const Results& results, const Workload& workload) {
  const std::string& ours = results.ways().front();
  std::string row = absl::StrFormat("%-24s", workload.name);
  for (const std::string& way : results.ways()) {
    absl::StrAppend(&row, Cell(workload, results.MedianOf(workload.name, way)));
  }
  for (size_t i = 1; i < results.ways().size(); ++i) {
    absl::StrAppend(
        &row, RatioCell(results.Ratio(workload.name, ours, results.ways()[i])));
  }
  const auto sample = results.MedianOf(workload.name, ours);
  if (sample.has_value()) absl::StrAppend(&row, CpuCell(workload, *sample));
  return row + "\n";
}

std::string Heading(const Results& results) {
  std::string line = absl::StrFormat(
      "%-24s", absl::StrCat(results.vcpus(), " virtual processor",
                            results.vcpus() == 1 ? "" : "s"));
  for (const std::string& way : results.ways()) {
    absl::StrAppend(&line, absl::StrFormat("%16s", way));
  }
  for (size_t i = 1; i < results.ways().size(); ++i) {
    absl::StrAppend(&line, absl::StrFormat("%9s", "/" + results.ways()[i]));
  }
  return line + "  CPU s per GB: guest, host, QEMU\n";
}

std::string JsonSample(const Sample& sample) {
  return absl::StrFormat(
      R"({"value":%.1f,"p99":%.1f,"guest_cpu":%.2f,"host_cpu":%.2f,)"
      R"("qemu_cpu":%.2f})",
      sample.value, sample.p99, sample.guest_cpu, sample.host_cpu,
      sample.qemu_cpu);
}

std::string JsonRow(const Results& results, const Workload& workload,
                    const std::string& way) {
  const auto& samples = results.Samples(workload.name, way);
  return absl::StrFormat(
      R"({"vcpus":%d,"workload":"%s","way":"%s","unit":"%s","bytes":%d,)"
      R"("median":%s,"rounds":[%s]})",
      results.vcpus(), workload.name, way,
      workload.is_latency ? "us" : "bytes/s", workload.bytes,
      JsonSample(Median(samples)),
      absl::StrJoin(samples, ",", [](std::string* out, const Sample& sample) {
        out->append(JsonSample(sample));
      }));
}

}  // namespace

std::string Table(const Results& results) {
  std::string table = Heading(results);
  for (const Workload& workload : results.workloads()) {
    absl::StrAppend(&table, Row(results, workload));
  }
  return table;
}

std::string Json(const std::string& machine, const std::string& date,
                 const std::vector<Results>& all) {
  std::vector<std::string> rows;
  for (const Results& results : all) {
    for (const Workload& workload : results.workloads()) {
      for (const std::string& way : results.ways()) {
        if (results.Samples(workload.name, way).empty()) continue;
        rows.push_back(JsonRow(results, workload, way));
      }
    }
  }
  return absl::StrFormat(
      "{\"machine\":\"%s\",\"date\":\"%s\",\"results\":[\n%s\n]}\n", machine,
      date, absl::StrJoin(rows, ",\n"));
}

}  // namespace vios::testing
