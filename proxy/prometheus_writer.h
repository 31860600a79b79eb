// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_PROMETHEUS_WRITER_H_
#define VIOS_PROXY_PROXY_PROMETHEUS_WRITER_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "proxy/histogram.h"

namespace vios {

// Builds Prometheus' text format, version 0.0.4: families one after the other,
// each with its samples. For one thread.
class PrometheusWriter {
 public:
  // Values may be any bytes; what is not printable ASCII is shown as \xNN.
  using Labels = std::vector<std::pair<absl::string_view, absl::string_view>>;

  // Begins a family; `help` is plain ASCII of one line.
  void Counter(absl::string_view name, absl::string_view help);
  void Gauge(absl::string_view name, absl::string_view help);
  // A sample of the family that was begun last.
  void Sample(const Labels& labels, double value);
  void Sample(double value) { Sample({}, value); }
  // A family and its one histogram.
  void Add(absl::string_view name, absl::string_view help, const Labels& labels,
           const HistogramSnapshot& histogram);

  const std::string& text() const { return text_; }

 private:
  void Begin(absl::string_view name, absl::string_view help,
             absl::string_view type);
  void Line(absl::string_view suffix, const Labels& labels, double value);

  std::string family_;
  std::string text_;
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_PROMETHEUS_WRITER_H_
