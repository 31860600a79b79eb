// SPDX-License-Identifier: Apache-2.0
// vios-proxy-ctl: asks the daemons of this machine how they are, and tells
// which link of the chain is broken.
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "channel/cancel.h"
#include "channel/channel_filter.h"
#include "channel/deadline.h"
#include "channel/fd_io.h"
#include "channel/wakeup.h"
#include "gflags/gflags.h"
#include "proxy/command_line_main.h"
#include "proxy/command_result.h"
#include "proxy/daemon_finder.h"
#include "proxy/doctor_command.h"
#include "proxy/flag_values.h"
#include "proxy/http_address.h"
#include "proxy/log.h"
#include "proxy/machine.h"
#include "proxy/service_address.h"
#include "proxy/socket_address.h"
#include "proxy/standard_descriptors.h"
#include "proxy/status_command.h"
#include "proxy/vm_channels.h"

DEFINE_string(command, "",
              "status: a table of channels and sessions; wait: until all "
              "daemons are ready; drain: no new clients, until no channel is "
              "busy; doctor: what is broken, and what to do");
DEFINE_string(side, "",
              "of doctor: guest or host; by default what this machine looks "
              "like");
DEFINE_string(http_address, "",
              "ADDRESS:PORT or unix:/path of a daemon's status server; by "
              "default all of /run/vios-proxy/*.sock");
DEFINE_string(timeout, "30s", "how long wait and drain wait; 0: for ever");
DEFINE_bool(json, false, "print JSON");
DEFINE_bool(watch, false, "status: show it again every second");
DEFINE_bool(probe, false,
            "doctor: instead of a look at the daemon, which must not run, send "
            "a PING through a channel and time the answer");
DEFINE_string(qemu, "",
              "doctor: only print the arguments of QEMU for so many channels");
DEFINE_string(libvirt, "",
              "doctor: only print libvirt's XML for so many channels");
DEFINE_string(guest, "guest1",
              "the name of the guest in what --qemu and --libvirt print");
DEFINE_string(host_directory, "/dev/virtio-ports",
              "as of vios-proxy-guest, as is listen_address");
DEFINE_string(listen_address, "127.0.0.1", "where it listens");
DEFINE_string(guest_directory, "/tmp/qpid",
              "as of vios-proxy-host, as is service_address");
DEFINE_string(service_address, "127.0.0.1", "where the service is");
DEFINE_string(service_port, "5672", "as of both daemons, as is channels");
DEFINE_string(channels, "*", "which end points are ours");

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

void Check(bool good, const char* name, const std::string& value,
           absl::string_view allowed) {
  if (!good) FatalExit(BadFlag({name, value}, allowed).message());
}

std::vector<std::string> HttpAddresses(const Machine& machine) {
  if (FLAGS_http_address.empty()) return DefaultHttpAddresses(machine);
  return {FLAGS_http_address};
}

DoctorRequest DoctorFlags(const Machine& machine) {
  DoctorRequest request = {.side = FLAGS_side,
                           .http_addresses = HttpAddresses(machine),
                           .probe = FLAGS_probe,
                           .json = FLAGS_json};
  const uint16_t port =
      OrExit(PortFlag({"service_port", FLAGS_service_port},
                      "Specify service port in range 1..65535"));
  const ChannelFilter channels =
      OrExit(GlobsFlag({"channels", FLAGS_channels}));
  Check(FLAGS_side.empty() || FLAGS_side == "guest" || FLAGS_side == "host",
        "side", FLAGS_side, "guest or host");
  const auto listen = ParseSocketAddress(FLAGS_listen_address, port);
  Check(listen.ok(), "listen_address", FLAGS_listen_address,
        "an IPv4 or IPv6 address or unix:/path");
  const auto service = ServiceAddress::Parse(FLAGS_service_address, port);
  Check(service.ok(), "service_address", FLAGS_service_address,
        "an IPv4 or IPv6 address, a host name or unix:/path");
  Check(FLAGS_host_directory.starts_with('/'), "host_directory",
        FLAGS_host_directory, "an absolute path");
  Check(FLAGS_guest_directory.starts_with('/'), "guest_directory",
        FLAGS_guest_directory, "an absolute path");
  const auto setup = {"host_directory", "guest_directory", "channels",
                      "listen_address", "service_address", "service_port"};
  request.as_started =
      std::all_of(setup.begin(), setup.end(), [](const char* flag) {
        return gflags::GetCommandLineFlagInfoOrDie(flag).is_default;
      });
  request.guest = {FLAGS_host_directory, channels, *listen};
  request.host = {FLAGS_guest_directory, channels, *service};
  return request;
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

// Nothing unless it was asked for.
std::string ChannelsToPrint() {
  const std::string directory =
      absl::StrCat(FLAGS_guest_directory, "/", FLAGS_guest);
  if (!FLAGS_qemu.empty()) {
    return QemuArguments(
        OrExit(NumberFlag({"qemu", FLAGS_qemu}, 1, kMostChannels)), directory);
  }
  if (FLAGS_libvirt.empty()) return "";
  return LibvirtXml(
      OrExit(NumberFlag({"libvirt", FLAGS_libvirt}, 1, kMostChannels)),
      directory);
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
  Check(FLAGS_command == "doctor", "command", FLAGS_command,
        "status, wait, drain or doctor");
  const DoctorRequest doctor = DoctorFlags(machine);
  const std::string print = ChannelsToPrint();
  if (!print.empty()) return {.out = print};
  return RunDoctor(doctor, machine, wakeup);
}

int Main(int argc, char** argv) {
  FillStandardDescriptors();
  ParseCommandLine(Line(), argc, argv);
  if (!FLAGS_http_address.empty()) {
    Check(ParseHttpAddress(FLAGS_http_address).ok(), "http_address",
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
