// SPDX-License-Identifier: Apache-2.0
#include "proxy/ctl/check_daemon.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "proxy/ctl/daemon_list.h"
#include "proxy/ctl/socket_owner.h"

namespace vios {
namespace {

constexpr char kGuest[] = "vios-proxy-guest";

// A session of ours that was agreed on without a block from the peer.
bool SpeaksBase(const DaemonReport::Channel& channel) {
  return channel.peer_agent.empty() &&
         channel.bytes_to_service + channel.bytes_from_service > 0;
}

bool WasToldNoOptions(const Process& daemon) {
  if (daemon.arguments.empty()) return false;
  const auto scanned =
      ScanDaemonArguments(absl::MakeConstSpan(daemon.arguments).subspan(1));
  if (!scanned.ok()) return false;
  const std::string* value = scanned->Find("protocol_options");
  return value != nullptr && *value == "false";
}

}  // namespace

Verdict CheckRunning(const DaemonKind& kind, const Machine& machine,
                     const ProcessList& processes,
                     const std::vector<Process>& daemons) {
  const std::string& program = kind.program;
  if (!daemons.empty()) {
    return Fine("daemon",
                absl::StrCat(program, " runs, PID ", daemons.front().pid));
  }
  if (!processes.Running(program).empty()) {
    return Broken(
        "daemon",
        absl::StrCat(program, " does not run here for that directory, but ",
                     DaemonListText(kind, {}, machine, processes)),
        "Say which directory is meant, or start one for this.");
  }
  // The host's unit has an instance for each service.
  const std::string unit = program == kGuest
                               ? program
                               : absl::StrCat(program,
                                              "@NAME, with its flags in "
                                              "/etc/vios-proxy/NAME.flags");
  return Broken("daemon", absl::StrCat(program, " does not run here"),
                absl::StrCat("Start it: systemctl start ", unit, "; or ",
                             program, " --help"));
}

Verdict CheckListening(const Machine& machine, const ProcessList& processes,
                       const std::vector<Process>& daemons,
                       const SocketAddress& address) {
  const std::string place = address.is_unix()
                                ? address.ToString()
                                : absl::StrCat("port ", address.port());
  const auto owner = OwnerOfListener(machine, processes, address, kGuest);
  if (!owner) {
    return Broken(
        "listening", absl::StrCat("nothing listens on ", place),
        daemons.empty()
            ? "Start vios-proxy-guest."
            : absl::StrCat("vios-proxy-guest runs (PID ", daemons.front().pid,
                           "), but not there: see its log and its "
                           "--service_port and --listen_address, and give the "
                           "same to this doctor."));
  }
  if (!owner->program.empty() && owner->program != kGuest) {
    return Broken(
        "listening",
        absl::StrCat("it is ", owner->ToString(), " that listens on ", place),
        "Stop that program, or choose another --service_port.");
  }
  return Fine("listening", absl::StrCat("it listens on ", place));
}

bool OptionsOff(const std::optional<DaemonReport>& report,
                const std::vector<Process>& daemons) {
  if (report) {
    const std::string* flag = report->Flag("protocol_options");
    if (flag != nullptr) return *flag == "false";
  }
  return std::any_of(daemons.begin(), daemons.end(), WasToldNoOptions);
}

Verdict CheckOptions(const std::optional<DaemonReport>& report,
                     const std::vector<Process>& daemons) {
  constexpr char kWeak[] =
      "the base protocol has no half-close, shows no reset, and does not "
      "notice lost bytes";
  if (OptionsOff(report, daemons)) {
    return Note("options", absl::StrCat("--protocol_options is off: ", kWeak),
                "Leave it at true unless the other side is of 0.2 and has "
                "trouble with it.");
  }
  if (!report) return Fine("options", "");
  for (const DaemonReport::Channel& channel : report->channels) {
    if (!SpeaksBase(channel)) continue;
    return Note("options",
                absl::StrCat("the far end of ", channel.name,
                             " speaks no options, as vios-proxy 0.2: ", kWeak),
                "Update the other side; it may also have been started with "
                "--protocol_options=false.");
  }
  return Fine("options", "");
}

Verdict CheckDraining(const std::optional<DaemonReport>& report) {
  if (!report || !report->draining) return Fine("draining", "");
  return Note("draining",
              absl::StrCat(report->program, " drains: it takes no new clients"),
              "It was asked to, or is about to end. Start it again.");
}

}  // namespace vios
