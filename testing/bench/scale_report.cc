// SPDX-License-Identifier: Apache-2.0
#include "testing/bench/scale_report.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"

namespace vios::testing {
namespace {

constexpr double kKibPerMib = 1024;
constexpr double kMega = 1e6;

const char* NameOf(Direction direction) {
  return direction == Direction::kUp ? "up" : "down";
}

double Mib(int kib) { return kib / kKibPerMib; }

double Over(double a, double b) { return b == 0 ? 0 : a / b; }

// What is more than the smallest has, per channel more.
double KibPerChannel(const IdleFigures& least, const IdleFigures& idle) {
  return Over(idle.resident_kib - least.resident_kib,
              idle.channels - least.channels);
}

std::string IdleRow(const IdleFigures& least, const IdleFigures& idle) {
  const double n = idle.channels;
  return absl::StrFormat(
      "%8d %8.2f s %8d %8.1f MiB %7.1f KiB %7.3f%% %8.2f us %8.3f ms %8.2f "
      "us\n",
      idle.channels, idle.ready_seconds, idle.threads, Mib(idle.resident_kib),
      KibPerChannel(least, idle), idle.cpu * 100, idle.cpu * 1e6 / n,
      idle.rescan_seconds * 1e3, idle.rescan_seconds * 1e6 / n);
}

std::string IdleTable(const char* what, const std::vector<IdleFigures>& all) {
  if (all.empty()) return "";
  std::string table =
      absl::StrFormat("%8s %10s %8s %12s %11s %8s %11s %11s %11s\n", what,
                      "ready", "threads", "resident", "per more", "CPU idle",
                      "per channel", "a rescan", "per channel");
  for (const IdleFigures& idle : all) {
    absl::StrAppend(&table, IdleRow(all.front(), idle));
  }
  return absl::StrCat(table, "  with ", all.back().channels,
                      ", the CPU is that of: ", all.back().by_thread, "\n\n");
}

std::string TurnoverText(const Turnover& turnover) {
  return absl::StrFormat(
      "%d sessions, one on each channel: resident %.1f -> %.1f MiB, threads %d "
      "-> %d;\n%d more: %.1f MiB, %d threads\n\n",
      turnover.sessions, Mib(turnover.resident_kib_before),
      Mib(turnover.resident_kib_after), turnover.threads_before,
      turnover.threads_after, turnover.sessions,
      Mib(turnover.resident_kib_after_more), turnover.threads_after_more);
}

std::string BusyRow(const char* way, const BusySample& sample) {
  return absl::StrFormat(
      "%-24s %8.1f MB/s %8.3f %8.3f %8.3f %11.0f us %11.0f us\n", way,
      sample.bytes_per_second / kMega, sample.jain, sample.slowest_to_fastest,
      sample.cpu_per_gb, sample.quiet.median_us, sample.quiet.p99_us);
}

std::string RatioRow(const BusySample& ours, const BusySample& bare) {
  return absl::StrFormat("%-24s %13.2f %8.2f %8.2f %8.2f %14.2f %14.2f\n",
                         "  ours / bare copy loop",
                         Over(ours.bytes_per_second, bare.bytes_per_second),
                         Over(ours.jain, bare.jain),
                         Over(ours.slowest_to_fastest, bare.slowest_to_fastest),
                         Over(ours.cpu_per_gb, bare.cpu_per_gb),
                         Over(ours.quiet.median_us, bare.quiet.median_us),
                         Over(ours.quiet.p99_us, bare.quiet.p99_us));
}

std::string BusyTable(const ScaleResults& results) {
  std::string table = absl::StrFormat(
      "%-24s %13s %8s %8s %8s %14s %14s\n",
      absl::StrCat(results.busy, " streams at once"), "all together", "Jain",
      "min/max", "CPU s/GB", "quiet: median", "99th");
  const auto rest = [&](const char* way, const QuietSample& quiet) {
    absl::StrAppendFormat(&table,
                          "%-24s %13s %8s %8s %8s %11.0f us %11.0f us\n", way,
                          "-", "-", "-", "-", quiet.median_us, quiet.p99_us);
  };
  rest("none, ours", MedianOf(results.quiet_ours));
  rest("none, bare copy loop", MedianOf(results.quiet_bare));
  for (const BusyRounds& rounds : results.rounds) {
    const std::string name = NameOf(rounds.direction);
    const BusySample ours = MedianOf(rounds.ours);
    const BusySample bare = MedianOf(rounds.bare);
    absl::StrAppend(&table, BusyRow((name + ", ours").c_str(), ours),
                    BusyRow((name + ", bare copy loop").c_str(), bare),
                    RatioRow(ours, bare));
  }
  return table + "\n";
}

std::string Goal(const std::string& what, double value, bool met) {
  return absl::StrFormat("  %-52s %8.2f  %s\n", what, value,
                         met ? "met" : "MISSED");
}

// How much faster than the number of channels a figure has grown: beyond the
// line through the last two steps before the most, or else from the origin.
double Growth(const std::vector<IdleFigures>& all,
              double (*figure)(const IdleFigures&)) {
  const IdleFigures& most = all.back();
  const IdleFigures& more = all[all.size() - 2];
  const IdleFigures least =
      all.size() > 2 ? all[all.size() - 3] : IdleFigures{};
  const double slope =
      Over(figure(more) - figure(least), more.channels - least.channels);
  return Over(figure(most),
              figure(more) + slope * (most.channels - more.channels));
}

struct NamedFigure {
  const char* name;
  double (*get)(const IdleFigures&);
};

std::string GrowthGoals(const std::string& what,
                        const std::vector<IdleFigures>& all) {
  constexpr NamedFigure kFigures[] = {
      {"resident", [](auto& idle) { return 1.0 * idle.resident_kib; }},
      {"threads", [](auto& idle) { return 1.0 * idle.threads; }},
      {"idle CPU", [](auto& idle) { return idle.cpu; }},
      {"a rescan", [](auto& idle) { return idle.rescan_seconds; }},
      {"ready", [](auto& idle) { return idle.ready_seconds; }},
  };
  std::string text;
  if (all.size() < 2) return text;
  for (const NamedFigure& figure : kFigures) {
    const double growth = Growth(all, figure.get);
    absl::StrAppend(&text, Goal(absl::StrCat(what, ", growth of ", figure.name,
                                             " / linear (at most 1.25)"),
                                growth, growth <= 1.25));
  }
  return text;
}

// For all that was measured as the goals say.
std::string Goals(const ScaleResults& results) {
  std::string text = "goals:\n";
  if (!results.host.empty()) {
    const IdleFigures& most = results.host.back();
    absl::StrAppend(
        &text,
        Goal(absl::StrCat(most.channels, " idle channels, MiB (at most 64)"),
             Mib(most.resident_kib), Mib(most.resident_kib) <= 64),
        Goal(absl::StrCat(most.channels, " idle channels, CPU % (under 1)"),
             most.cpu * 100, most.cpu < 0.01));
  }
  for (const BusyRounds& rounds : results.rounds) {
    const BusySample ours = MedianOf(rounds.ours);
    const BusySample bare = MedianOf(rounds.bare);
    const double all = Over(ours.bytes_per_second, bare.bytes_per_second);
    const double fair = Over(ours.jain, bare.jain);
    const std::string name = NameOf(rounds.direction);
    absl::StrAppend(
        &text,
        Goal(name + ", aggregate / bare (at least 0.9)", all, all >= 0.9),
        Goal(name + ", Jain index / bare (at least 0.9)", fair, fair >= 0.9));
  }
  absl::StrAppend(&text, GrowthGoals("channels", results.host),
                  GrowthGoals("ports", results.guest));
  return text;
}

std::string JsonIdle(const IdleFigures& idle) {
  return absl::StrFormat(
      R"({"channels":%d,"ready_s":%.3f,"threads":%d,"resident_kib":%d,)"
      R"("cpu":%.6f,"rescan_s":%.6f,"by_thread":"%s"})",
      idle.channels, idle.ready_seconds, idle.threads, idle.resident_kib,
      idle.cpu, idle.rescan_seconds, idle.by_thread);
}

std::string JsonQuiet(const QuietSample& quiet) {
  return absl::StrFormat(R"({"median_us":%.1f,"p99_us":%.1f})", quiet.median_us,
                         quiet.p99_us);
}

std::string JsonBusy(const BusySample& sample) {
  return absl::StrFormat(
      R"({"bytes_per_s":%.0f,"jain":%.4f,"min_to_max":%.4f,"cpu_per_gb":%.4f,"quiet":%s})",
      sample.bytes_per_second, sample.jain, sample.slowest_to_fastest,
      sample.cpu_per_gb, JsonQuiet(sample.quiet));
}

template <typename T>
std::string JsonList(const std::vector<T>& all, std::string (*one)(const T&)) {
  return absl::StrCat("[",
                      absl::StrJoin(all, ",",
                                    [one](std::string* out, const T& value) {
                                      out->append(one(value));
                                    }),
                      "]");
}

std::string JsonRounds(const BusyRounds& rounds) {
  return absl::StrFormat(
      R"({"direction":"%s","ours":%s,"bare":%s})", NameOf(rounds.direction),
      JsonList(rounds.ours, JsonBusy), JsonList(rounds.bare, JsonBusy));
}

std::string JsonTurnover(const Turnover& turnover) {
  return absl::StrFormat(
      R"({"sessions":%d,"resident_kib":[%d,%d,%d],"threads":[%d,%d,%d]})",
      turnover.sessions, turnover.resident_kib_before,
      turnover.resident_kib_after, turnover.resident_kib_after_more,
      turnover.threads_before, turnover.threads_after,
      turnover.threads_after_more);
}

}  // namespace

std::string ScaleTable(const ScaleResults& results) {
  return absl::StrCat(
      IdleTable("channels", results.host),
      absl::StrFormat("  ready: the pacing alone, %d channels per guest, takes "
                      "%.2f s\n\n",
                      results.per_guest, results.pacing_seconds),
      TurnoverText(results.turnover), BusyTable(results),
      IdleTable("ports", results.guest), Goals(results), "\n", results.machine,
      ", ", results.date, ", load average before: ", results.load,
      "; medians of ", results.quiet_ours.size(), " rounds\n");
}

std::string ScaleJson(const ScaleResults& results) {
  return absl::StrFormat(
      R"({"machine":"%s","date":"%s","load":"%s","per_guest":%d,)"
      R"("pacing_s":%.3f,"busy":%d,)"
      "\n"
      R"("host":%s,)"
      "\n"
      R"("guest":%s,)"
      "\n"
      R"("turnover":%s,)"
      "\n"
      R"("quiet_ours":%s,"quiet_bare":%s,)"
      "\n"
      R"("rounds":%s})"
      "\n",
      results.machine, results.date, results.load, results.per_guest,
      results.pacing_seconds, results.busy, JsonList(results.host, JsonIdle),
      JsonList(results.guest, JsonIdle), JsonTurnover(results.turnover),
      JsonList(results.quiet_ours, JsonQuiet),
      JsonList(results.quiet_bare, JsonQuiet),
      JsonList(results.rounds, JsonRounds));
}

}  // namespace vios::testing
