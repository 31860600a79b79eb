// SPDX-License-Identifier: Apache-2.0
#include "testing/bench/scale_host.h"

#include <array>
#include <string>
#include <utility>

#include "absl/memory/memory.h"
#include "absl/strings/str_cat.h"
#include "channel/deadline.h"
#include "testing/bench/idle_watch.h"
#include "testing/bench/load_stream.h"
#include "testing/traffic/tcp.h"
#include "testing/vm/runfile.h"

namespace vios::testing {
namespace {

// Longer than anything should take, on a machine that others use, too.
constexpr absl::Duration kPatience = absl::Seconds(60);
// What a short session carries each way.
constexpr int kPieces = 8;

}  // namespace

absl::StatusOr<std::unique_ptr<ScaleHost>> ScaleHost::Start(int channels,
                                                            int per_guest) {
  auto host = absl::WrapUnique(new ScaleHost());
  absl::Status status = host->Prepare(channels, per_guest);
  if (status.ok()) status = host->StartDaemon();
  for (const auto& port : host->ports_) {
    if (status.ok()) status = port->Greet();
  }
  if (!status.ok()) return status;
  return host;
}

absl::Status ScaleHost::Prepare(int channels, int per_guest) {
  auto paths = HostPaths(dir_.path() + "/guests", channels, per_guest);
  if (!paths.ok()) return paths.status();
  auto farm = SocketFarm::Listen(*std::move(paths));
  if (!farm.ok()) return farm.status();
  farm_ = *std::move(farm);
  auto service = ListenTcp("127.0.0.1", 0);
  if (!service.ok()) return service.status();
  service_ = *std::move(service);
  busy_.assign(farm_->paths().size(), false);
  return absl::OkStatus();
}

absl::Status ScaleHost::StartDaemon() {
  const auto port = LocalPort(service_.get());
  if (!port.ok()) return port.status();
  const Clock::time_point begun = Clock::now();
  auto daemon =
      Process::Start({Runfile("proxy/vios-proxy-host"), dir_.path() + "/guests",
                      absl::StrCat("--service_port=", *port),
                      absl::StrCat("--rescan_interval=",
                                   absl::FormatDuration(kRescanInterval))},
                     dir_.path() + "/log");
  if (!daemon.ok()) return daemon.status();
  daemon_ = *std::move(daemon);
  for (size_t i = 0; i < farm_->paths().size(); ++i) {
    auto fd = farm_->Accept(i, kPatience);
    if (!fd.ok()) {
      return absl::Status(
          fd.status().code(),
          absl::StrCat(farm_->paths()[i], ": ", fd.status().message(),
                       "; the daemon: ", daemon_->Log().substr(0, 2000)));
    }
    ports_.push_back(std::make_unique<FarmPort>(*std::move(fd)));
  }
  ready_seconds_ =
      absl::ToDoubleSeconds(absl::FromChrono(Clock::now() - begun));
  return absl::OkStatus();
}

absl::Status ScaleHost::Tend() {
  absl::Status status;
  for (size_t i = 0; i < ports_.size(); ++i) {
    if (!busy_[i]) status.Update(ports_[i]->Tend());
  }
  return status;
}

absl::StatusOr<IdleFigures> ScaleHost::Idle(absl::Duration window) {
  auto idle = WatchIdle(*daemon_, window, [this] { return Tend(); });
  if (!idle.ok()) return idle.status();
  idle->channels = static_cast<int>(ports_.size());
  idle->ready_seconds = ready_seconds_;
  return idle;
}

absl::StatusOr<std::unique_ptr<Line>> ScaleHost::OpenLine(size_t i) {
  const absl::Status opened = ports_[i]->Open();
  if (!opened.ok()) return opened;
  auto service = AcceptOne(service_.get(), kPatience);
  if (!service.ok()) return service.status();
  const absl::Status prompt = SetNoDelay(service->get());
  if (!prompt.ok()) return prompt;
  return std::make_unique<Line>(*ports_[i], *std::move(service));
}

absl::Status ScaleHost::RunSession(size_t i) {
  const auto line = OpenLine(i);
  if (!line.ok()) return line.status();
  const std::vector<uint8_t> piece(FarmPort::kMaxData, 'x');
  std::vector<uint8_t> buffer(piece.size());
  for (int n = 0; n < 2 * kPieces; ++n) {
    const Direction way = n % 2 == 0 ? Direction::kUp : Direction::kDown;
    absl::Status status = (*line)->Send(way, piece);
    if (status.ok()) {
      status = (*line)->TakeAll(way, piece.size(), absl::MakeSpan(buffer));
    }
    if (!status.ok()) return status;
  }
  return (*line)->Close();
}

absl::Status ScaleHost::SessionOnEach(int* resident_kib, int* threads) {
  for (size_t i = 0; i < ports_.size(); ++i) {
    const absl::Status ran = RunSession(i);
    if (!ran.ok()) return ran;
  }
  const auto figures = daemon_->ReadFigures();
  if (!figures.ok()) return figures.status();
  *resident_kib = figures->resident_kib;
  *threads = figures->threads;
  return absl::OkStatus();
}

absl::StatusOr<Turnover> ScaleHost::TurnOver() {
  const auto before = daemon_->ReadFigures();
  if (!before.ok()) return before.status();
  Turnover turnover = {.sessions = static_cast<int>(ports_.size()),
                       .resident_kib_before = before->resident_kib,
                       .threads_before = before->threads};
  absl::Status status =
      SessionOnEach(&turnover.resident_kib_after, &turnover.threads_after);
  if (status.ok()) {
    status = SessionOnEach(&turnover.resident_kib_after_more,
                           &turnover.threads_after_more);
  }
  if (!status.ok()) return status;
  return turnover;
}

absl::StatusOr<std::vector<std::unique_ptr<Line>>> ScaleHost::OpenLines(
    int count) {
  std::vector<std::unique_ptr<Line>> lines;
  const auto wanted = static_cast<size_t>(count);
  if (wanted > ports_.size()) {
    return absl::InvalidArgumentError("more lines than channels");
  }
  for (size_t n = 0; n < wanted; ++n) {
    const size_t i = n * ports_.size() / wanted;
    auto line = OpenLine(i);
    if (!line.ok()) return line.status();
    busy_[i] = true;
    lines.push_back(*std::move(line));
  }
  return lines;
}

}  // namespace vios::testing
