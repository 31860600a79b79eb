// SPDX-License-Identifier: Apache-2.0
#include "testing/vm/vm.h"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "gtest/gtest.h"
#include "testing/vm/runfile.h"

namespace vios::testing {
namespace {

// Generous: a machine may run much else, and every instruction of the guest is
// interpreted. A boot takes a few seconds.
constexpr absl::Duration kStartLimit = absl::Seconds(30);
constexpr absl::Duration kBootLimit = absl::Seconds(120);
constexpr absl::Duration kEventLimit = absl::Seconds(30);
constexpr size_t kConsoleTail = 4000;

// The kernel takes initramfs archives one behind the other.
absl::Status Concatenate(const std::vector<std::string>& parts,
                         const std::string& path) {
  std::ofstream out(path, std::ios::binary);
  for (const std::string& part : parts) {
    std::ifstream in(Runfile(part), std::ios::binary);
    if (!(out << in.rdbuf())) {
      return absl::NotFoundError(absl::StrCat("cannot copy ", Runfile(part)));
    }
  }
  return absl::OkStatus();
}

std::vector<std::string> InitrdParts(const VmOptions& options) {
  std::vector<std::string> parts = {"testing/vm/base.cpio",
                                    "testing/vm/harness.cpio"};
  parts.insert(parts.end(), options.programs.begin(), options.programs.end());
  return parts;
}

absl::Status WithConsole(const absl::Status& status, const Vm& vm,
                         const std::string& qemu_log) {
  if (status.ok()) return status;
  return absl::Status(status.code(),
                      absl::StrCat(status.message(), "; QEMU: ", qemu_log,
                                   "; console:\n", vm.Console()));
}

absl::Status MakeDisk(const std::string& path, const std::string& log) {
  const auto maker = Process::Start(
      {"qemu-img", "create", "-q", "-f", "qcow2", path, "1G"}, log);
  if (!maker.ok()) return maker.status();
  if ((*maker)->Wait(kStartLimit) == 0) return absl::OkStatus();
  return absl::UnknownError("qemu-img: " + (*maker)->Log());
}

absl::Status StatusOf(const absl::StatusOr<std::string>& answer) {
  return answer.status();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Vm>> Vm::Boot(const VmOptions& options) {
  std::unique_ptr<Vm> vm(new Vm(options));
  const absl::Status status = vm->Start();
  const std::string qemu_log = vm->qemu_ ? vm->qemu_->Log() : "not started";
  if (!status.ok()) return WithConsole(status, *vm, qemu_log);
  return vm;
}

Vm::Vm(const VmOptions& options)
    : options_(options),
      guests_directory_(options.guests_directory.empty()
                            ? temp_.path() + "/guests"
                            : options.guests_directory) {
  command_.kernel = Runfile("testing/vm/vmlinuz");
  command_.initrd = temp_.path() + "/initrd";
  command_.cpu = options.cpu;
  command_.vcpus = options.vcpus;
  command_.devices = options.devices;
  command_.max_ports = options.max_ports;
  command_.more = options.more;
  command_.console_path = temp_.path() + "/console";
  command_.agent_path = temp_.path() + "/agent";
  command_.qmp_path = temp_.path() + "/qmp";
  if (options.snapshots) command_.disk_path = temp_.path() + "/disk";
  command_.incoming = options.incoming;
  command_.network = options.network;
  for (int i = 0; i < options.ports; ++i) {
    command_.ports.push_back(
        {absl::StrCat("qpid.", i), SocketPath(absl::StrCat(i))});
  }
  for (const std::string& name : options.other_ports) {
    command_.ports.push_back({name, SocketPath(name)});
  }
}

Vm::~Vm() {
  if (!::testing::UnitTest::GetInstance()->Failed()) return;
  const std::string console = Console();
  const size_t skip =
      console.size() > kConsoleTail ? console.size() - kConsoleTail : 0;
  std::cerr << "console of " << options_.name << ":\n"
            << console.substr(skip) << std::endl;
}

std::string Vm::guest_directory() const {
  return guests_directory_ + "/" + options_.name;
}

std::string Vm::SocketPath(const std::string& file_name) const {
  return guest_directory() + "/" + file_name;
}

absl::Status Vm::Start() {
  const Clock::time_point start = Clock::now();
  std::error_code error;
  std::filesystem::create_directories(guest_directory(), error);
  if (error) return absl::UnknownError("mkdir: " + error.message());
  absl::Status status = Concatenate(InitrdParts(options_), command_.initrd);
  if (status.ok() && options_.snapshots) {
    status = MakeDisk(command_.disk_path, temp_.path() + "/disk.log");
  }
  if (!status.ok()) return status;
  absl::StatusOr<std::unique_ptr<Process>> qemu =
      Process::Start(CommandLine(command_), temp_.path() + "/qemu.log");
  if (!qemu.ok()) return qemu.status();
  qemu_ = *std::move(qemu);
  const Deadline deadline = Deadline::After(kStartLimit);
  absl::StatusOr<std::unique_ptr<Stream>> line =
      Stream::Connect(command_.agent_path, deadline);
  if (!line.ok()) return line.status();
  agent_ = std::make_unique<Agent>(*std::move(line));
  absl::StatusOr<std::unique_ptr<Qmp>> qmp =
      Qmp::Connect(command_.qmp_path, deadline);
  if (!qmp.ok()) return qmp.status();
  qmp_ = *std::move(qmp);
  if (options_.incoming.empty()) status = AwaitBoot();
  boot_time_ = absl::FromChrono(Clock::now() - start);
  return status;
}

absl::Status Vm::AwaitBoot() {
  const absl::Status status = agent_->AwaitHello(Deadline::After(kBootLimit));
  if (!status.ok()) return status;
  std::string all_there = "true";
  for (const Port& port : command_.ports) {
    absl::StrAppend(&all_there, " && test -e /dev/virtio-ports/", port.name);
  }
  return StatusOf(
      Run(absl::StrCat("until ", all_there, "; do usleep 10000; done"),
          kBootLimit));
}

absl::StatusOr<std::string> Vm::Run(const std::string& command,
                                    absl::Duration limit) {
  absl::StatusOr<CommandResult> result = agent_->Run(command, limit);
  if (!result.ok()) return result.status();
  if (result->ok()) return std::move(result->out);
  return absl::UnknownError(
      absl::StrCat(command, ": ", result->end, "\n", result->out, result->err));
}

absl::Status Vm::HotPlugPort(const std::string& name,
                             const std::string& socket) {
  const absl::Status status = StatusOf(qmp_->Execute(
      "chardev-add",
      absl::StrFormat(R"({"id":"%s","backend":{"type":"socket","data":{"addr":)"
                      R"({"type":"unix","data":{"path":"%s"}},"server":true,)"
                      R"("wait":false}}})",
                      ChardevId(name), socket)));
  if (!status.ok()) return status;
  return StatusOf(qmp_->Execute(
      "device_add",
      absl::StrFormat(R"({"driver":"virtserialport","id":"%s","bus":"%s",)"
                      R"("chardev":"%s","name":"%s"})",
                      DeviceId(name), BusId(0), ChardevId(name), name)));
}

absl::Status Vm::UnplugPort(const std::string& name) {
  const std::string device = DeviceId(name);
  absl::Status status = StatusOf(
      qmp_->Execute("device_del", absl::StrFormat(R"({"id":"%s"})", device)));
  if (!status.ok()) return status;
  status = StatusOf(qmp_->AwaitEvent("DEVICE_DELETED",
                                     absl::StrCat("\"", device, "\""),
                                     Deadline::After(kEventLimit)));
  if (!status.ok()) return status;
  return StatusOf(qmp_->Execute(
      "chardev-remove", absl::StrFormat(R"({"id":"%s"})", ChardevId(name))));
}

absl::Status Vm::Pause() { return StatusOf(qmp_->Execute("stop")); }

absl::Status Vm::Continue() { return StatusOf(qmp_->Execute("cont")); }

absl::Status Vm::Reset() {
  const absl::Status status = StatusOf(qmp_->Execute("system_reset"));
  return status.ok() ? AwaitBoot() : status;
}

void Vm::Kill() {
  qemu_->Signal(SIGKILL);
  qemu_->Wait(kEventLimit);
}

std::string Vm::Console() const { return FileText(command_.console_path); }

}  // namespace vios::testing
