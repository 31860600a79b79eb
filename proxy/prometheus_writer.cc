// SPDX-License-Identifier: Apache-2.0
#include "proxy/prometheus_writer.h"

#include <cmath>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace vios {
namespace {

// Whole numbers as such: a counter of bytes has more digits than %g shows.
std::string Number(double value) {
  if (value == std::floor(value) && std::abs(value) < 1e15) {
    return absl::StrFormat("%.0f", value);
  }
  return absl::StrFormat("%.15g", value);
}

std::string LabelValue(absl::string_view value) {
  std::string text;
  for (const char c : value) {
    if (c == '"' || c == '\\') {
      absl::StrAppend(&text, "\\", absl::string_view(&c, 1));
    } else if (absl::ascii_isprint(static_cast<unsigned char>(c))) {
      text += c;
    } else {  // A backslash of ours has to be escaped like any other.
      absl::StrAppendFormat(&text, "\\\\x%02x", static_cast<unsigned char>(c));
    }
  }
  return text;
}

}  // namespace

void PrometheusWriter::Counter(absl::string_view name, absl::string_view help) {
  Begin(name, help, "counter");
}

void PrometheusWriter::Gauge(absl::string_view name, absl::string_view help) {
  Begin(name, help, "gauge");
}

void PrometheusWriter::Begin(absl::string_view name, absl::string_view help,
                             absl::string_view type) {
  family_ = std::string(name);
  absl::StrAppend(&text_, "# HELP ", name, " ", help, "\n# TYPE ", name, " ",
                  type, "\n");
}

void PrometheusWriter::Sample(const Labels& labels, double value) {
  Line("", labels, value);
}

void PrometheusWriter::Add(absl::string_view name, absl::string_view help,
                           const Labels& labels,
                           const HistogramSnapshot& histogram) {
  Begin(name, help, "histogram");
  uint64_t below = 0;
  for (size_t i = 0; i < histogram.counts.size(); ++i) {
    below += histogram.counts[i];
    const std::string bound = i < histogram.bounds.size()
                                  ? absl::StrFormat("%g", histogram.bounds[i])
                                  : "+Inf";
    Labels with_bound = labels;
    with_bound.emplace_back("le", bound);
    Line("_bucket", with_bound, static_cast<double>(below));
  }
  Line("_sum", labels, histogram.sum_seconds);
  Line("_count", labels, static_cast<double>(below));
}

void PrometheusWriter::Line(absl::string_view suffix, const Labels& labels,
                            double value) {
  absl::StrAppend(&text_, family_, suffix);
  const char* separator = "{";
  for (const auto& [name, text] : labels) {
    absl::StrAppend(&text_, separator, name, "=\"", LabelValue(text), "\"");
    separator = ",";
  }
  absl::StrAppend(&text_, labels.empty() ? " " : "} ", Number(value), "\n");
}

}  // namespace vios
