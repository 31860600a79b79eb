// SPDX-License-Identifier: Apache-2.0
#include "testing/bench/way.h"

#include <csignal>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "testing/vm/figures.h"
#include "testing/vm/process.h"

namespace vios::testing {
namespace {

constexpr absl::Duration kLimit = absl::Seconds(60);
constexpr uint16_t kSocatPort = 6000;

class Direct : public Way {
 public:
  Direct(const std::string& host, uint16_t port)
      : flags_(absl::StrCat("--host=", host, " --port=", port)) {}

  absl::StatusOr<std::string> Open(int) override { return flags_; }

 private:
  const std::string flags_;
};

class Socat : public Way {
 public:
  explicit Socat(const WayWorld& world) : world_(world) {}

  absl::StatusOr<std::string> Open(int streams) override {
    for (int i = 0; i < streams; ++i) {
      const absl::Status status = OpenPort(i);
      if (!status.ok()) return status;
    }
    return absl::StrCat("--port=", kSocatPort, " --step=1");
  }

  absl::Status Close() override {
    absl::Status status;
    for (const Job& job : in_guest_) {
      (void)world_.vm.agent().Signal(job, SIGKILL);  // It may have ended.
      status.Update(world_.vm.agent().Wait(job, kLimit).status());
    }
    in_guest_.clear();
    on_host_.clear();
    return status;
  }

  bool carries_connections() const override { return false; }

 private:
  absl::Status OpenPort(int i) {
    auto process = Process::Start(
        {"socat", "-b65536",
         absl::StrCat("UNIX-CONNECT:",
                      world_.vm.SocketPath(absl::StrCat("raw.", i))),
         absl::StrCat("TCP:127.0.0.1:", world_.service_port, ",nodelay")},
        world_.logs + "/socat.log");
    if (!process.ok()) return process.status();
    on_host_.push_back(*std::move(process));
    const auto port = static_cast<uint16_t>(kSocatPort + i);
    const auto job = world_.vm.agent().Start(
        absl::StrCat("socat -b65536 TCP-LISTEN:", port,
                     ",reuseaddr,nodelay /dev/virtio-ports/raw.", i));
    if (!job.ok()) return job.status();
    in_guest_.push_back(*job);
    return AwaitListening(world_.vm, port);
  }

  const WayWorld world_;
  std::vector<Job> in_guest_;
  std::vector<std::unique_ptr<Process>> on_host_;
};

class Proxies : public Way {
 public:
  Proxies(const WayWorld& world, const ProxyWayOptions& options)
      : world_(world), options_(options) {}

  absl::Status Start() {
    auto host =
        Process::Start({options_.host_program, world_.vm.guests_directory(),
                        absl::StrCat(world_.service_port),
                        "--channels=" + options_.host_channels},
                       absl::StrCat(world_.logs, "/", options_.name, ".log"));
    if (!host.ok()) return host.status();
    host_ = *std::move(host);
    const auto guest = world_.vm.agent().Start(absl::StrCat(
        options_.guest_program, " /dev/virtio-ports ", options_.port,
        " '--channels=", options_.guest_channels, "'"));
    if (!guest.ok()) return guest.status();
    guest_ = *guest;
    return AwaitListening(world_.vm, options_.port);
  }

  absl::StatusOr<std::string> Open(int) override {
    return absl::StrCat("--port=", options_.port);
  }

  absl::StatusOr<CpuTimes> Cpu() override {
    const auto output = world_.vm.Run(FiguresCommand(guest_.handle));
    if (!output.ok()) return output.status();
    const auto guest = ParseFigures(*output);
    if (!guest.ok()) return guest.status();
    const auto host = host_->ReadFigures();
    if (!host.ok()) return host.status();
    return CpuTimes{guest->cpu_ms / 1e3, host->cpu_ms / 1e3};
  }

 private:
  const WayWorld world_;
  const ProxyWayOptions options_;
  std::unique_ptr<Process> host_;
  Job guest_;
};

}  // namespace

std::unique_ptr<Way> DirectWay(const std::string& host, uint16_t port) {
  return std::make_unique<Direct>(host, port);
}

std::unique_ptr<Way> SocatWay(const WayWorld& world) {
  return std::make_unique<Socat>(world);
}

absl::StatusOr<std::unique_ptr<Way>> ProxyWay(const WayWorld& world,
                                              const ProxyWayOptions& options) {
  auto proxies = std::make_unique<Proxies>(world, options);
  const absl::Status status = proxies->Start();
  if (!status.ok()) return status;
  return proxies;
}

absl::Status AwaitListening(Vm& vm, uint16_t port) {
  return vm
      .Run(absl::StrFormat("until grep -q ':%04X 0*:0000 0A' /proc/net/tcp; do "
                           "usleep 10000; done",
                           port),
           kLimit)
      .status();
}

}  // namespace vios::testing
