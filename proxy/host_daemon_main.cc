// SPDX-License-Identifier: Apache-2.0
#include "proxy/host_daemon_main.h"

#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "channel/listing.h"
#include "channel/version.h"
#include "gflags/gflags.h"
#include "proxy/command_line_main.h"
#include "proxy/common_flags_main.h"
#include "proxy/confine.h"
#include "proxy/daemon_main.h"
#include "proxy/default_directories.h"
#include "proxy/flag_reader_main.h"
#include "proxy/flag_values.h"
#include "proxy/host_proxy.h"
#include "proxy/log.h"
#include "proxy/log_flags_main.h"
#include "proxy/options.h"
#include "proxy/out_of_memory.h"
#include "proxy/proxy_header.h"
#include "proxy/service_address.h"
#include "proxy/standard_descriptors.h"

DEFINE_string(guest_directory, vios::kGuestDirectory,
              "find a sub-directory for each guest, with the unix sockets of "
              "its channels, in this directory");
DEFINE_string(service_port, "5672", "connect to the service on this port");
DEFINE_string(service_address, "127.0.0.1",
              "address or host name of the service, or unix:/path (then "
              "service_port is not used)");
DEFINE_string(proxy_protocol, "off",
              "tell the service of each session in a PROXY protocol header: "
              "off, v1 (nothing but that it is proxied), v2 (guest and "
              "channel), v2-inet (the same with addresses, for haproxy)");
DEFINE_string(connect_timeout, "25s",
              "how long the service may take to accept a connection, and the "
              "guest to confirm it");

// What a sanitizer or a coverage run does behind the program's back, at its end
// above all, the rules do not know.
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define VIOS_UNCONFINED
#endif
#endif
#ifdef VIOS_UNCONFINED
#define VIOS_CONFINES false
#else
#define VIOS_CONFINES true
#endif

DEFINE_bool(landlock, VIOS_CONFINES,
            "give up all files but what the daemon needs, where the kernel can "
            "do that");
DEFINE_bool(seccomp, VIOS_CONFINES,
            "give up all system calls but those that the daemon needs");

namespace vios {
namespace {

Daemon HostDaemon() {
  CommandLine line = {
      "vios-proxy-host",
      "The QEMU host's side of a network proxy over virtio-serial channels:\n"
      "connects what comes out of the guests' channels to a service.",
      "guest_directory",
      {"service_address", "proxy_protocol", "landlock", "seccomp"}};
  for (std::string& name : CommonFlagNames()) line.own_flags.push_back(name);
  return {std::move(line), kHostSideWording, nullptr};
}

absl::StatusOr<ProxyProtocol> ProxyProtocolFlag(const FlagText& flag) {
  if (flag.value == "off") return ProxyProtocol::kOff;
  if (flag.value == "v1") return ProxyProtocol::kV1;
  if (flag.value == "v2") return ProxyProtocol::kV2;
  if (flag.value == "v2-inet") return ProxyProtocol::kV2Inet;
  return BadFlag(flag, "off, v1, v2 or v2-inet");
}

absl::StatusOr<ServiceAddress> ServiceAddressFlag(const FlagText& flag,
                                                  uint16_t port) {
  absl::StatusOr<ServiceAddress> address =
      ServiceAddress::Parse(flag.value, port);
  if (address.ok()) return address;
  return BadFlag(flag, absl::StrCat("an IPv4 or IPv6 address, a host name, or ",
                                    UnixPathAllowed()));
}

absl::Status ReadFlags(const CommandLine& line, HostOptions& options) {
  const auto port_flag = [](const FlagText& flag) {
    return PortFlag(flag, "Specify service port in range 1..65535");
  };
  uint16_t port = 0;
  const auto service_address = [&port](const FlagText& flag) {
    return ServiceAddressFlag(flag, port);
  };
  FlagReader flags;
  flags.Read("service_port", port_flag, port);
  ApplyLogFlags(flags);
  ReadCommonFlags(line, flags, options);
  flags.Read("service_address", service_address, options.service);
  flags.Read("proxy_protocol", ProxyProtocolFlag, options.proxy_protocol);
  return flags.status();
}

std::string Serves(const HostOptions& options) {
  const ServiceAddress& service = options.service;
  return absl::StrCat(
      "vios-proxy-host ", kVersion, " connects the channels in ",
      options.directory, " (--channels=", options.channels.text(), ") to ",
      service.host(),
      service.is_unix() ? "" : absl::StrCat(" port ", service.port()));
}

}  // namespace

int HostDaemonMain(int argc, char** argv, const SilenceLimits& silence) {
  FillStandardDescriptors();
  ExitOnOutOfMemory();
  Daemon daemon = HostDaemon();
  ParseCommandLine(daemon.line, argc, argv);
  HostOptions options;
  options.silence = silence;
  const absl::Status status = ReadFlags(daemon.line, options);
  if (!status.ok()) FatalExit(status.message());
  daemon.confine = [&options] {
    const auto& http = options.http_address;
    const bool is_file = http.has_value() && http->is_unix();
    ConfineHost(options, {.landlock = FLAGS_landlock,
                          .seccomp = FLAGS_seccomp,
                          .log_directory = LogDirectory(),
                          .socket = is_file ? http->path() : ""});
  };
  return RunDaemon<HostProxy>(daemon, options, Serves(options));
}

}  // namespace vios
