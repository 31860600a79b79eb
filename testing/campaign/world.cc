// SPDX-License-Identifier: Apache-2.0
#include "testing/campaign/world.h"

#include <csignal>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "testing/vm/runfile.h"

namespace vios::testing {
namespace {

constexpr absl::Duration kLimit = absl::Seconds(60);
constexpr size_t kTailLines = 25;

// Shorter than the defaults where that is what a connection may outlive a fault
// by, and longer than any fault lasts.
constexpr char kGuestFlags[] = "--half_close_timeout=20s --connect_timeout=15s";
constexpr char kHostHalfClose[] = "--half_close_timeout=20s";
constexpr char kHostConnect[] = "--connect_timeout=12s";

// Of the guest's TCP sockets: one on port 5672 that listens.
constexpr char kAwaitListening[] =
    "until grep -q ':1628 0*:0000 0A' /proc/net/tcp; do usleep 20000; done";

std::string Tail(const std::string& title, const std::string& log) {
  std::vector<std::string> lines = absl::StrSplit(log, '\n', absl::SkipEmpty());
  if (lines.size() > kTailLines) {
    lines.erase(lines.begin(),
                lines.end() - static_cast<std::ptrdiff_t>(kTailLines));
  }
  return absl::StrCat("--- ", title, "\n", absl::StrJoin(lines, "\n"), "\n");
}

void Append(const ServiceLog& from, ServiceLog& to) {
  to.served.insert(to.served.end(), from.served.begin(), from.served.end());
  to.strange.insert(to.strange.end(), from.strange.begin(), from.strange.end());
}

}  // namespace

absl::StatusOr<std::unique_ptr<World>> World::Start(const std::string& logs,
                                                    int ports) {
  std::unique_ptr<World> world(new World(logs, ports));
  VmOptions options;
  options.ports = ports;
  options.snapshots = true;
  options.programs = {"testing/vm/proxy.cpio"};
  absl::StatusOr<std::unique_ptr<Vm>> vm = Vm::Boot(options);
  if (!vm.ok()) return vm.status();
  world->vm_ = *std::move(vm);
  absl::Status status = world->StartService();
  if (status.ok()) status = world->StartHost();
  if (status.ok()) status = world->StartGuest();
  if (!status.ok()) return status;
  return world;
}

uint32_t World::Port(uint32_t which) const {
  return which % static_cast<uint32_t>(ports_);
}

std::string World::PortName(uint32_t port) {
  return absl::StrCat("qpid.", port);
}

std::string World::SocketPath(uint32_t port) const {
  return vm_->SocketPath(absl::StrCat(port));
}

// One that a former campaign left there would be appended to.
std::string World::NewLog(const std::string& name, int number) const {
  const std::string path = absl::StrCat(logs_, "/", name, ".", number);
  std::error_code error;
  std::filesystem::remove(path, error);
  return path;
}

absl::Status World::StartService() {
  absl::StatusOr<std::unique_ptr<TrafficService>> service =
      TrafficService::Start(NewLog("service", ++service_starts_), service_port_,
                            {"--kill_resets"});
  if (!service.ok()) return service.status();
  service_ = *std::move(service);
  service_port_ = service_->port();
  return absl::OkStatus();
}

void World::KillService() {
  service().Signal(SIGKILL);
  service().Wait(kLimit);  // So that its log is complete.
  ServiceLog log = ParseServiceLog(service_->Log());
  for (Served& served : log.served) {
    if (served.outcome.empty()) served.outcome = "killed";
  }
  Append(log, past_);
  service_.reset();
}

ServiceLog World::ServedSoFar() const {
  ServiceLog all = past_;
  if (service_) Append(ParseServiceLog(service_->Log()), all);
  return all;
}

absl::Status World::StartHost() {
  absl::StatusOr<std::unique_ptr<Process>> host = Process::Start(
      {Runfile("proxy/vios-proxy-host"), vm_->guests_directory(),
       absl::StrCat(service_port_), "INFO", kHostHalfClose, kHostConnect},
      NewLog("host", ++host_starts_));
  if (!host.ok()) return host.status();
  host_ = *std::move(host);
  return absl::OkStatus();
}

absl::Status World::StartGuest() {
  const absl::StatusOr<Job> job = vm_->agent().Start(absl::StrCat(
      "vios-proxy-guest /dev/virtio-ports 5672 INFO ", kGuestFlags));
  if (!job.ok()) return job.status();
  guest_ = *job;
  ++guest_starts_;
  return vm_->Run(kAwaitListening, kLimit).status();
}

absl::Status World::SignalGuest(int signal) {
  return vm_->agent().Signal(*guest_, signal);
}

absl::Status World::KillGuest() {
  const absl::Status status = SignalGuest(SIGKILL);
  if (!status.ok()) return status;
  return vm_->agent().Wait(*guest_, kLimit).status();
}

absl::StatusOr<std::string> World::GuestEnd() {
  return vm_->agent().Wait(*guest_, absl::ZeroDuration());
}

absl::StatusOr<Figures> World::GuestFigures() {
  const absl::StatusOr<std::string> output =
      vm_->Run(FiguresCommand(guest_->handle));
  if (!output.ok()) return output.status();
  return ParseFigures(*output);
}

absl::StatusOr<std::string> World::GuestLog() {
  if (!guest_) return absl::FailedPreconditionError("not started");
  return vm_->agent().ReadFile(guest_->log);
}

std::string World::LogTails() {
  const auto guest_log = GuestLog();
  return absl::StrCat(
      Tail("guest daemon",
           guest_log.ok() ? *guest_log : guest_log.status().ToString()),
      Tail("host daemon", host_ ? host_->Log() : "none"),
      Tail("service", service_ ? service_->Log() : "none"),
      Tail("console", vm_->Console()));
}

}  // namespace vios::testing
