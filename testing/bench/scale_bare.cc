// SPDX-License-Identifier: Apache-2.0
#include "testing/bench/scale_bare.h"

#include <utility>

#include "absl/memory/memory.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "testing/bench/load_stream.h"
#include "testing/traffic/tcp.h"
#include "testing/vm/runfile.h"

namespace vios::testing {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(60);

}  // namespace

absl::StatusOr<std::unique_ptr<ScaleBare>> ScaleBare::Start(int lines) {
  auto bare = absl::WrapUnique(new ScaleBare());
  const absl::Status connected = bare->Connect(lines);
  if (!connected.ok()) return connected;
  return bare;
}

absl::Status ScaleBare::Connect(int lines) {
  auto paths = GuestPaths(dir_.path() + "/sockets", lines);
  if (!paths.ok()) return paths.status();
  auto farm = SocketFarm::Listen(*std::move(paths));
  if (!farm.ok()) return farm.status();
  farm_ = *std::move(farm);
  auto service = ListenTcp("127.0.0.1", 0);
  if (!service.ok()) return service.status();
  service_ = *std::move(service);
  const auto port = LocalPort(service_.get());
  if (!port.ok()) return port.status();
  auto process = Process::Start(
      {Runfile("testing/bench/bare_copy"),
       absl::StrCat("--directory=", dir_.path(), "/sockets"),
       absl::StrCat("--count=", lines), absl::StrCat("--service_port=", *port)},
      dir_.path() + "/log");
  if (!process.ok()) return process.status();
  process_ = *std::move(process);
  for (size_t i = 0; i < farm_->paths().size(); ++i) {
    auto fd = farm_->Accept(i, kPatience);
    if (!fd.ok()) return fd.status();
    // It connects both ends of one before it goes on to the next.
    auto leg = AcceptOne(service_.get(), kPatience);
    if (!leg.ok()) return leg.status();
    const absl::Status prompt = SetNoDelay(leg->get());
    if (!prompt.ok()) return prompt;
    lines_.push_back(std::make_unique<Line>(*std::move(fd), *std::move(leg)));
  }
  return absl::OkStatus();
}

}  // namespace vios::testing
