// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "channel/errno_status.h"
#include "channel/listing.h"
#include "channel/unique_fd.h"
#include "channel/version.h"
#include "gflags/gflags.h"
#include "proxy/activation.h"
#include "proxy/command_line_main.h"
#include "proxy/common_flags_main.h"
#include "proxy/daemon_main.h"
#include "proxy/default_directories.h"
#include "proxy/flag_reader_main.h"
#include "proxy/flag_values.h"
#include "proxy/guest_proxy.h"
#include "proxy/log.h"
#include "proxy/log_flags_main.h"
#include "proxy/options.h"
#include "proxy/out_of_memory.h"
#include "proxy/socket_address.h"
#include "proxy/standard_descriptors.h"
#include "proxy/tcp.h"

DEFINE_string(host_directory, vios::kPortDirectory,
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
  return {std::move(line), kGuestSideWording, nullptr};
}

absl::StatusOr<SocketAddress> ListenAddressFlag(const FlagText& flag,
                                                uint16_t port) {
  absl::StatusOr<SocketAddress> address = ParseSocketAddress(flag.value, port);
  if (address.ok()) return address;
  return BadFlag(
      flag, absl::StrCat("an IPv4 or IPv6 address, or ", UnixPathAllowed()));
}

absl::Status ReadFlags(const CommandLine& line, GuestOptions& options) {
  const auto port_flag = [](const FlagText& flag) {
    return PortFlag(flag, "Specify listen port in range 1..65535");
  };
  const auto max_queue = [](const FlagText& flag) {
    return NumberFlag(flag, 0, 65535);
  };
  uint16_t port = 0;
  const auto listen_address = [&port](const FlagText& flag) {
    return ListenAddressFlag(flag, port);
  };
  FlagReader flags;
  flags.Read("service_port", port_flag, port);
  ApplyLogFlags(flags);
  ReadCommonFlags(line, flags, options);
  flags.Read("listen_mode", ModeFlag, options.listen_mode);
  flags.Read("queue_timeout", DurationFlag, options.queue_timeout);
  flags.Read("max_queue", max_queue, options.max_queue);
  flags.Read("listen_address", listen_address, options.listen_address);
  return flags.status();
}

// A listener from systemd stands for the address and port of the flags.
absl::StatusOr<std::optional<UniqueFd>> TakeListener(GuestOptions& options) {
  auto listener = TakeActivationListener();
  if (!listener.ok() || !listener->has_value()) return listener;
  const auto address = NearAddress((*listener)->get());
  if (!address.has_value()) return ErrnoStatus("getsockname", "listener");
  options.listen_address = *address;
  return listener;
}

std::string Serves(const GuestOptions& options, bool inherited) {
  return absl::StrCat("vios-proxy-guest ", kVersion, " listens on ",
                      options.listen_address.ToString(),
                      inherited ? " (opened by systemd)" : "",
                      " for the channels in ", options.directory,
                      " (--channels=", options.channels.text(), ")");
}

int Main(int argc, char** argv) {
  FillStandardDescriptors();
  ExitOnOutOfMemory();
  const Daemon daemon = GuestDaemon();
  ParseCommandLine(daemon.line, argc, argv);
  GuestOptions options;
  absl::Status status = ReadFlags(daemon.line, options);
  auto listener = TakeListener(options);
  status.Update(listener.status());
  if (!status.ok()) FatalExit(status.message());
  const std::string serves = Serves(options, listener->has_value());
  return RunDaemon<GuestProxy>(daemon, options, serves, *std::move(listener));
}

}  // namespace
}  // namespace vios

int main(int argc, char** argv) { return vios::Main(argc, argv); }
