// SPDX-License-Identifier: Apache-2.0
// vios-proxy-ctl: asks the daemons of this machine how they are, and tells
// which link of the chain is broken.
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "channel/cancel.h"
#include "channel/deadline.h"
#include "channel/fd_io.h"
#include "channel/wakeup.h"
#include "gflags/gflags.h"
#include "proxy/command_line_main.h"
#include "proxy/ctl/command_result.h"
#include "proxy/ctl/daemon_finder.h"
#include "proxy/ctl/doctor_command.h"
#include "proxy/ctl/doctor_flags_main.h"
#include "proxy/ctl/machine.h"
#include "proxy/ctl/status_command.h"
#include "proxy/flag_values.h"
#include "proxy/http_address.h"
#include "proxy/log.h"
#include "proxy/standard_descriptors.h"

DEFINE_string(command, "",
              "status: a table of channels and sessions; wait: until all "
              "daemons are ready; drain: no new clients, until no channel is "
              "busy; doctor: what is broken, and what to do");
DEFINE_string(http_address, "",
              "ADDRESS:PORT or unix:/path of a daemon's status server; by "
              "default all of /run/vios-proxy/*.sock");
DEFINE_string(timeout, "30s", "how long wait and drain wait; 0: for ever");
DEFINE_bool(json, false, "print JSON");
DEFINE_bool(watch, false, "status: show it again every second");

namespace vios {
namespace {

CommandLine Line() {
  CommandLine line = {
      .program = "vios-proxy-ctl",
      .summary =
          "Asks the daemons of this guest or host how they are, and "
          "finds what is broken\nbetween a client and its service.",
      .own_flags = {"http_address", "timeout", "json", "watch", "probe", "qemu",
                    "libvirt", "guest", "host_directory", "listen_address",
                    "guest_directory", "service_address", "service_port",
                    "channels"}};
  line.positionals = {"command", "side"};
  return line;
}

template <typename Value>
Value OrExit(absl::StatusOr<Value> value) {
  if (!value.ok()) FatalExit(value.status().message());
  return *std::move(value);
}

void ExitUnless(bool good, const char* name, const std::string& value,
                absl::string_view allowed) {
  if (!good) FatalExit(BadFlag({name, value}, allowed).message());
}

std::vector<std::string> HttpAddresses(const Machine& machine) {
  if (FLAGS_http_address.empty()) return DefaultHttpAddresses(machine);
  return {FLAGS_http_address};
}

void Show(const CommandResult& result) {
  std::fputs(result.err.c_str(), stderr);
  std::fputs(result.out.c_str(), stdout);
}

// In place on a terminal. Ends only by a signal, or when nobody reads it.
int Watch(const StatusRequest& request, Wakeup& wakeup) {
  const char* clear = ::isatty(STDOUT_FILENO) != 0 ? "\033[H\033[2J" : "";
  while (true) {
    const CommandResult result = ShowStatus(request, Deadline::Never(), wakeup);
    std::fputs(clear, stdout);
    Show(result);
    if (std::fflush(stdout) != 0) return 1;
    (void)WaitForRing(Deadline::After(absl::Seconds(1)), wakeup);
  }
}

CommandResult Run(const Machine& machine, Wakeup& wakeup) {
  const Deadline deadline = Deadline::AfterUnlessZero(
      OrExit(DurationFlag({"timeout", FLAGS_timeout})));
  const StatusRequest request = {[&] { return HttpAddresses(machine); },
                                 FLAGS_json};
  if (FLAGS_command == "wait") return AwaitReady(request, deadline, wakeup);
  if (FLAGS_command == "drain") return Drain(request, deadline, wakeup);
  if (FLAGS_command == "status") {
    if (FLAGS_watch) return {.exit_status = Watch(request, wakeup)};
    return ShowStatus(request, Deadline::Never(), wakeup);
  }
  ExitUnless(FLAGS_command == "doctor", "command", FLAGS_command,
             "status, wait, drain or doctor");
  DoctorRequest doctor = DoctorFlags();
  const std::string print = ChannelsToPrint();
  if (!print.empty()) return {.out = print};
  doctor.http_addresses = HttpAddresses(machine);
  doctor.http_address_given = !FLAGS_http_address.empty();
  doctor.json = FLAGS_json;
  return RunDoctor(doctor, machine, wakeup);
}

int Main(int argc, char** argv) {
  FillStandardDescriptors();
  ParseCommandLine(Line(), argc, argv);
  if (!FLAGS_http_address.empty()) {
    ExitUnless(ParseHttpAddress(FLAGS_http_address).ok(), "http_address",
               FLAGS_http_address, "ADDRESS:PORT or unix:/path");
  }
  // A pipe that nobody reads is a failed write.
  (void)std::signal(SIGPIPE, SIG_IGN);
  Cancel cancel;
  const auto wakeup = OrExit(Wakeup::Create(cancel));
  const Machine machine;
  const CommandResult result = Run(machine, *wakeup);
  Show(result);
  return std::fflush(stdout) == 0 ? result.exit_status : 1;
}

}  // namespace
}  // namespace vios

int main(int argc, char** argv) { return vios::Main(argc, argv); }
