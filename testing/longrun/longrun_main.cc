// SPDX-License-Identifier: Apache-2.0
// Many connections through a real guest for a long time, and what they leave
// behind; see tools/longrun. Exits 0 when nothing was wrong, 1 when something
// was, 2 when the harness itself failed.
#include <cstdio>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "channel/scratch_dir.h"
#include "gflags/gflags.h"
#include "testing/campaign/world.h"
#include "testing/longrun/long_run.h"

DEFINE_int32(connections, 10000, "short connections");
DEFINE_int32(clients, 50, "how many make them at once");
DEFINE_double(minutes, 10, "of mixed traffic after that");
DEFINE_int32(ports, 8, "channels of the guest");
DEFINE_uint64(seed, 1, "what the mixed traffic is drawn from");
DEFINE_string(logs, "", "directory for the processes' logs; empty: none stay");

namespace vios::testing {
namespace {

void Print(const std::string& text) {
  std::fputs(text.c_str(), stdout);
  std::fflush(stdout);
}

int Main() {
  const ScratchDir temp;
  const std::string logs = FLAGS_logs.empty() ? temp.path() : FLAGS_logs;
  const auto world = World::Start(logs, FLAGS_ports);
  absl::Status status = world.status();
  std::vector<std::string> wrong;
  if (status.ok()) {
    LongRun run(**world, {.connections = FLAGS_connections,
                          .clients = FLAGS_clients,
                          .mixed = absl::Minutes(FLAGS_minutes),
                          .seed = FLAGS_seed});
    status = run.Run();
    wrong = run.wrong();
  }
  for (const std::string& what : wrong) {
    Print(absl::StrCat("VIOLATION ", what, "\n"));
  }
  if (!status.ok()) {
    Print(absl::StrCat("the run itself failed: ", status.message(), "\n"));
  }
  if (world.ok() && (!status.ok() || !wrong.empty())) {
    Print((*world)->LogTails());
  }
  Print(absl::StrCat(wrong.size(), " violations\n"));
  if (!status.ok()) return 2;
  return wrong.empty() ? 0 : 1;
}

}  // namespace
}  // namespace vios::testing

int main(int argc, char** argv) {
  gflags::ParseCommandLineFlags(&argc, &argv, /*remove_flags=*/true);
  return vios::testing::Main();
}
