// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_VM_FIGURES_H_
#define VIOS_PROXY_TESTING_VM_FIGURES_H_

#include <ostream>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace vios::testing {

// What a process has taken from its system at one moment.
struct Figures {
  int descriptors = 0;
  int threads = 0;
  int resident_kib = 0;
  int cpu_ms = 0;  // Since its start, user and system.
};

inline std::ostream& operator<<(std::ostream& out, const Figures& figures) {
  return out << figures.descriptors << " descriptors, " << figures.threads
             << " threads, " << figures.resident_kib << " KiB, "
             << figures.cpu_ms << " ms";
}

// A shell command that prints the figures of the process `pid`; busybox's
// shell runs it, too.
std::string FiguresCommand(const std::string& pid);
absl::StatusOr<Figures> ParseFigures(absl::string_view output);

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_VM_FIGURES_H_
