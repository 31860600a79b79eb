// SPDX-License-Identifier: Apache-2.0
#include "testing/bench/stage.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "testing/vm/runfile.h"

namespace vios::testing {
namespace {

constexpr absl::Duration kStartLimit = absl::Seconds(30);
constexpr absl::Duration kRunLimit = absl::Minutes(5);
constexpr uint16_t kLoopbackPort = 7000;
constexpr int kChannels = 3;
constexpr char kNetworkUp[] =
    "ip addr add 10.0.2.15/24 dev eth0 && ip link set eth0 up";

VmOptions GuestFor(const StageOptions& options) {
  VmOptions vm;
  vm.cpu = options.cpu;
  vm.vcpus = options.vcpus;
  vm.ports = kChannels;
  vm.network = true;
  for (int i = 0; i < kChannels; ++i) {
    vm.other_ports.push_back(absl::StrCat("raw.", i));
  }
  vm.programs = {"testing/vm/proxy.cpio", "testing/bench/load.cpio",
                 "testing/bench/socat.cpio"};
  if (!options.other_archive.empty()) {
    for (int i = 0; i < kChannels; ++i) {
      vm.other_ports.push_back(absl::StrCat("other.", i));
    }
    vm.programs.push_back(options.other_archive);
  }
  // As the README recommends: every interrupt makes the guest look through the
  // queues of all ports that there could be. Port 0 is a console's.
  vm.max_ports = vm.ports + static_cast<int>(vm.other_ports.size()) + 1;
  return vm;
}

// The number behind "listening " in the log of a service.
absl::StatusOr<uint16_t> ListeningPort(const Process& service) {
  if (!service.AwaitLog("\n", kStartLimit)) {
    return absl::DeadlineExceededError("the load service does not listen");
  }
  const std::string log = service.Log();
  absl::string_view line = log;
  int port = 0;
  if (!absl::ConsumePrefix(&line, "listening ") ||
      !absl::SimpleAtoi(absl::StripSuffix(line, "\n"), &port)) {
    return absl::UnknownError("load service: " + log);
  }
  return static_cast<uint16_t>(port);
}

absl::StatusOr<Sample> ParseResult(const std::string& output) {
  absl::string_view line = output;
  const bool is_result = absl::ConsumePrefix(&line, "result ");
  const std::vector<absl::string_view> words =
      absl::StrSplit(line, absl::ByAnyChar(" \n"), absl::SkipEmpty());
  Sample sample;
  if (!is_result || words.empty() ||
      !absl::SimpleAtod(words[0], &sample.value) ||
      (words.size() > 1 && !absl::SimpleAtod(words[1], &sample.p99))) {
    return absl::UnknownError("load: " + output);
  }
  return sample;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Stage>> Stage::Set(const StageOptions& options) {
  std::unique_ptr<Stage> stage(new Stage(options));
  auto vm = Vm::Boot(GuestFor(options));
  if (!vm.ok()) return vm.status();
  stage->vm_ = *std::move(vm);
  absl::Status status = stage->vm_->Run(kNetworkUp).status();
  if (status.ok()) status = stage->StartServices();
  if (status.ok()) status = stage->AddWays();
  if (!status.ok()) return status;
  return stage;
}

absl::Status Stage::StartServices() {
  auto service = Process::Start({Runfile("testing/bench/load"), "serve"},
                                logs_.path() + "/service.log");
  if (!service.ok()) return service.status();
  service_ = *std::move(service);
  const auto port = ListeningPort(*service_);
  if (!port.ok()) return port.status();
  service_port_ = *port;
  const auto in_guest =
      vm_->agent().Start(absl::StrCat("load serve --port=", kLoopbackPort));
  if (!in_guest.ok()) return in_guest.status();
  return AwaitListening(*vm_, kLoopbackPort);
}

absl::Status Stage::AddWays() {
  absl::Status status =
      AddProxies({"ours", "vios-proxy-guest", Runfile("proxy/vios-proxy-host"),
                  "qpid.*", "[0-9]", 5672});
  if (status.ok() && !options_.other_archive.empty()) {
    status = AddProxies({"other", "other-guest", options_.other_host, "other.*",
                         "other.*", 5673});
  }
  const WayWorld world = {*vm_, service_port_, logs_.path()};
  if (Wanted("socat")) ways_.emplace_back("socat", SocatWay(world));
  if (Wanted("slirp")) {
    ways_.emplace_back("slirp", DirectWay("10.0.2.2", service_port_));
  }
  if (Wanted("loopback")) {
    ways_.emplace_back("loopback", DirectWay("127.0.0.1", kLoopbackPort));
  }
  return status;
}

absl::Status Stage::AddProxies(const ProxyWayOptions& options) {
  auto way = ProxyWay({*vm_, service_port_, logs_.path()}, options);
  if (!way.ok()) return way.status();
  ways_.emplace_back(options.name, *std::move(way));
  return absl::OkStatus();
}

bool Stage::Wanted(const std::string& way) const {
  return options_.ways.empty() ||
         std::find(options_.ways.begin(), options_.ways.end(), way) !=
             options_.ways.end();
}

std::vector<std::string> Stage::WayNames() const {
  std::vector<std::string> names;
  for (const auto& [name, way] : ways_) names.push_back(name);
  return names;
}

Way& Stage::Find(const std::string& way) const {
  const auto found =
      std::find_if(ways_.begin(), ways_.end(),
                   [&](const auto& entry) { return entry.first == way; });
  return *found->second;
}

bool Stage::Can(const std::string& way, const Workload& workload) const {
  return !workload.needs_connections || Find(way).carries_connections();
}

absl::StatusOr<Sample> Stage::Measure(const std::string& way,
                                      const Workload& workload) {
  Way& used = Find(way);
  absl::StatusOr<Sample> sample = RunOn(used, workload);
  const absl::Status closed = used.Close();
  if (!closed.ok()) return closed;
  return sample;
}

absl::StatusOr<Sample> Stage::RunOn(Way& way, const Workload& workload) {
  const auto flags = way.Open(workload.streams);
  if (!flags.ok()) return flags.status();
  const auto before = way.Cpu();
  if (!before.ok()) return before.status();
  const auto qemu_before = vm_->ReadFigures();
  if (!qemu_before.ok()) return qemu_before.status();
  const auto output =
      vm_->Run(absl::StrCat("load ", workload.command, " ", *flags), kRunLimit);
  if (!output.ok()) return output.status();
  const auto qemu_after = vm_->ReadFigures();
  if (!qemu_after.ok()) return qemu_after.status();
  const auto after = way.Cpu();
  if (!after.ok()) return after.status();
  absl::StatusOr<Sample> sample = ParseResult(*output);
  if (!sample.ok()) return sample;
  sample->guest_cpu = after->guest_seconds - before->guest_seconds;
  sample->host_cpu = after->host_seconds - before->host_seconds;
  sample->qemu_cpu = (qemu_after->cpu_ms - qemu_before->cpu_ms) / 1e3;
  return sample;
}

}  // namespace vios::testing
