// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "channel/errno_status.h"
#include "channel/listing.h"
#include "channel/unique_fd.h"
#include "channel/version.h"
#include "gflags/gflags.h"
#include "proxy/activation.h"
#include "proxy/common_flags_main.h"
#include "proxy/daemon_main.h"
#include "proxy/flag_values.h"
#include "proxy/guest_proxy.h"
#include "proxy/log.h"
#include "proxy/options.h"
#include "proxy/out_of_memory.h"
#include "proxy/socket_address.h"
#include "proxy/standard_descriptors.h"
#include "proxy/tcp.h"

DEFINE_string(host_directory, "/dev/virtio-ports",
              "find the virtio-serial end points in this directory");
DEFINE_string(service_port, "5672", "listen for clients on this port");
DEFINE_string(listen_address, "127.0.0.1",
              "IPv4 or IPv6 address to listen on, or unix:/path (then "
              "service_port is not used)");
DEFINE_string(listen_mode, "0660", "file mode of the unix socket");
DEFINE_string(connect_timeout, "30s",
              "how long the host may take to connect a session");
DEFINE_string(queue_timeout, "30s",
              "how long a client waits for a free channel");
DEFINE_string(max_queue, "128", "how many clients may wait");

namespace vios {
namespace {

Daemon GuestDaemon() {
  CommandLine line = {
      "vios-proxy-guest",
      "The QEMU guest's side of a network proxy over virtio-serial channels:\n"
      "takes clients on a local port and gives each a free channel to the "
      "host.",
      "host_directory",
      {"listen_address", "listen_mode", "queue_timeout", "max_queue"}};
  for (std::string& name : CommonFlagNames()) line.own_flags.push_back(name);
  return {std::move(line), "Specify listen port in range 1..65535",
          kGuestSideWording, nullptr};
}

absl::Status ReadFlags(const Daemon& daemon, GuestOptions& options) {
  absl::Status status =
      ReadCommonFlags(daemon.line, daemon.port_diagnostic, options);
  const auto mode = ModeFlag({"listen_mode", FLAGS_listen_mode});
  const auto wait = DurationFlag({"queue_timeout", FLAGS_queue_timeout});
  const auto queue = NumberFlag({"max_queue", FLAGS_max_queue}, 0, 65535);
  for (const absl::Status& one :
       {mode.status(), wait.status(), queue.status()}) {
    status.Update(one);
  }
  const auto address =
      ParseSocketAddress(FLAGS_listen_address, options.service_port);
  if (!address.ok()) {
    status.Update(BadFlag({"listen_address", FLAGS_listen_address},
                          "an IPv4 or IPv6 address, or unix: and an absolute "
                          "path of at most 107 bytes"));
  }
  if (!status.ok()) return status;
  options.listen_address = FLAGS_listen_address;
  options.listen_mode = *mode;
  options.queue_timeout = *wait;
  options.max_queue = *queue;
  return absl::OkStatus();
}

// A listener from systemd stands for the address and port of the flags.
absl::Status TakeListener(GuestOptions& options) {
  auto listener = TakeActivationListener();
  if (!listener.ok() || !listener->has_value()) return listener.status();
  const auto address = NearAddress((*listener)->get());
  if (!address.has_value()) return ErrnoStatus("getsockname", "listener");
  options.listen_address = address->HostToString();
  options.service_port = address->port();
  options.listener = std::make_shared<UniqueFd>(**std::move(listener));
  return absl::OkStatus();
}

std::string Serves(const GuestOptions& options) {
  return absl::StrCat(
      "vios-proxy-guest ", kVersion, " listens on ",
      ParseSocketAddress(options.listen_address, options.service_port)
          ->ToString(),
      options.listener == nullptr ? "" : " (opened by systemd)",
      " for the channels in ", options.directory,
      " (--channels=", options.channels.text(), ")");
}

int Main(int argc, char** argv) {
  FillStandardDescriptors();
  EndWithoutMemory();
  const Daemon daemon = GuestDaemon();
  ParseCommandLine(daemon.line, argc, argv);
  GuestOptions options;
  absl::Status status = ReadFlags(daemon, options);
  status.Update(TakeListener(options));
  if (!status.ok()) FatalExit(status.message());
  return RunDaemon<GuestProxy>(daemon, options, Serves(options));
}

}  // namespace
}  // namespace vios

int main(int argc, char** argv) { return vios::Main(argc, argv); }
