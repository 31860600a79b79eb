// SPDX-License-Identifier: Apache-2.0
#include "proxy/ctl/doctor_flags_main.h"

#include <algorithm>
#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "gflags/gflags.h"
#include "proxy/ctl/vm_channels.h"
#include "proxy/default_directories.h"
#include "proxy/flag_reader_main.h"
#include "proxy/flag_values.h"
#include "proxy/log.h"
#include "proxy/service_address.h"
#include "proxy/socket_address.h"

DEFINE_string(side, "",
              "of doctor: guest or host; by default what this machine looks "
              "like");
DEFINE_bool(probe, false,
            "doctor: instead of a look at the daemon, which must not run, send "
            "a PING through a channel and time the answer");
DEFINE_string(qemu, "",
              "doctor: only print the arguments of QEMU for so many channels");
DEFINE_string(libvirt, "",
              "doctor: only print libvirt's XML for so many channels");
DEFINE_string(guest, "guest1",
              "the name of the guest in what --qemu and --libvirt print");
DEFINE_string(host_directory, vios::kPortDirectory,
              "as of vios-proxy-guest, as is listen_address");
DEFINE_string(listen_address, "127.0.0.1", "where it listens");
DEFINE_string(guest_directory, vios::kGuestDirectory,
              "as of vios-proxy-host, as is service_address");
DEFINE_string(service_address, "127.0.0.1", "where the service is");
DEFINE_string(service_port, "5672", "as of both daemons, as is channels");
DEFINE_string(channels, "*", "which end points are ours");

namespace vios {
namespace {

absl::StatusOr<std::string> SideFlag(const FlagText& flag) {
  if (flag.value.empty() || flag.value == "guest" || flag.value == "host") {
    return std::string(flag.value);
  }
  return BadFlag(flag, "guest or host");
}

absl::StatusOr<uint16_t> ServicePortFlag(const FlagText& flag) {
  return PortFlag(flag, "Specify service port in range 1..65535");
}

absl::StatusOr<std::string> AbsolutePathFlag(const FlagText& flag) {
  if (!flag.value.empty() && flag.value[0] == '/') {
    return std::string(flag.value);
  }
  return BadFlag(flag, "an absolute path");
}

absl::StatusOr<int> ChannelCountFlag(const FlagText& flag) {
  return NumberFlag(flag, 1, kMostChannels);
}

// Whether no flag says anything about how the daemon was started.
bool NothingIsSaid() {
  const auto setup = {"host_directory", "guest_directory", "channels",
                      "listen_address", "service_address", "service_port"};
  return std::all_of(setup.begin(), setup.end(), [](const char* flag) {
    return gflags::GetCommandLineFlagInfoOrDie(flag).is_default;
  });
}

void ExitUnlessGood(const FlagReader& flags) {
  if (!flags.status().ok()) FatalExit(flags.status().message());
}

}  // namespace

DoctorRequest DoctorFlags() {
  DoctorRequest request = {.as_started = NothingIsSaid(), .probe = FLAGS_probe};
  uint16_t port = 0;
  const auto listen_address =
      [&port](const FlagText& flag) -> absl::StatusOr<SocketAddress> {
    auto address = ParseSocketAddress(flag.value, port);
    if (address.ok()) return address;
    return BadFlag(flag, "an IPv4 or IPv6 address or unix:/path");
  };
  const auto service_address =
      [&port](const FlagText& flag) -> absl::StatusOr<ServiceAddress> {
    auto address = ServiceAddress::Parse(flag.value, port);
    if (address.ok()) return address;
    return BadFlag(flag, "an IPv4 or IPv6 address, a host name or unix:/path");
  };
  FlagReader flags;
  flags.Read("service_port", ServicePortFlag, port);
  flags.Read("channels", GlobsFlag, request.guest.channels);
  flags.Read("side", SideFlag, request.side);
  flags.Read("listen_address", listen_address, request.guest.listen_address);
  flags.Read("service_address", service_address, request.host.service);
  flags.Read("host_directory", AbsolutePathFlag, request.guest.directory);
  flags.Read("guest_directory", AbsolutePathFlag, request.host.directory);
  ExitUnlessGood(flags);
  request.host.channels = request.guest.channels;
  return request;
}

std::string ChannelsToPrint() {
  const std::string directory =
      absl::StrCat(FLAGS_guest_directory, "/", FLAGS_guest);
  FlagReader flags;
  int count = 0;
  if (!FLAGS_qemu.empty()) {
    flags.Read("qemu", ChannelCountFlag, count);
    ExitUnlessGood(flags);
    return QemuArguments(count, directory);
  }
  if (FLAGS_libvirt.empty()) return "";
  flags.Read("libvirt", ChannelCountFlag, count);
  ExitUnlessGood(flags);
  return LibvirtXml(count, directory);
}

}  // namespace vios
