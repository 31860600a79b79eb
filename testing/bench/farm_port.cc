// SPDX-License-Identifier: Apache-2.0
#include "testing/bench/farm_port.h"

#include <poll.h>

#include <algorithm>
#include <array>
#include <string>

#include "absl/strings/str_cat.h"
#include "channel/fd_io.h"
#include "channel/handshake.h"
#include "testing/traffic/tcp.h"

namespace vios::testing {
namespace {

constexpr std::array<uint8_t, kProbeSize> kNonce = {'s', 'c', 'a', 'l',
                                                    'e', '-', '0', '1'};

bool Any(const FrameHeader&) { return true; }

}  // namespace

absl::Status FarmPort::SendSmall(const FrameHeader& header,
                                 absl::Span<const uint8_t> payload) {
  std::vector<uint8_t> bytes(kHeaderSize);
  FrameHeader sized = header;
  sized.length = static_cast<uint16_t>(payload.size());
  EncodeHeader(sized, bytes.data());
  bytes.insert(bytes.end(), payload.begin(), payload.end());
  return WriteAll(fd_.get(), bytes);
}

absl::StatusOr<std::optional<Frame>> FarmPort::Buffered() {
  while (const std::optional<Frame> frame = reader_.Hunt(Any)) {
    if (!frame->header.IsProbe(FrameType::kPing)) return frame;
    absl::Status answered = SendSmall(
        {FrameType::kPong, kNoSessionToken, kNoSessionToken}, frame->payload);
    if (!answered.ok()) return answered;
  }
  return std::nullopt;
}

absl::StatusOr<Frame> FarmPort::Await(FrameType type) {
  while (true) {
    const auto frame = Buffered();
    if (!frame.ok()) return frame.status();
    if (frame->has_value() && (*frame)->header.type == type) return **frame;
    if (frame->has_value() && (*frame)->header.type == FrameType::kReset) {
      return absl::AbortedError("the daemon has reset the session");
    }
    if (frame->has_value()) continue;
    const auto n = reader_.Fill(fd_.get(), FrameReader::kSessionRead);
    if (!n.ok()) return n.status();
    if (!n->has_value()) {
      return absl::DeadlineExceededError(
          absl::StrCat("no ", FrameTypeName(type)));
    }
    if (**n == 0) return absl::UnavailableError("the daemon has left");
  }
}

absl::Status FarmPort::Greet() {
  absl::Status sent =
      SendSmall({FrameType::kPing, kNoSessionToken, kNoSessionToken}, kNonce);
  if (!sent.ok()) return sent;
  return Await(FrameType::kPong).status();
}

absl::Status FarmPort::AwaitGreeting() {
  while (true) {
    const auto n = reader_.Fill(fd_.get(), FrameReader::kSessionRead);
    if (!n.ok()) return n.status();
    if (!n->has_value()) return absl::DeadlineExceededError("no PING");
    if (**n == 0) return absl::UnavailableError("the daemon has left");
    while (const std::optional<Frame> frame = reader_.Hunt(Any)) {
      if (!frame->header.IsProbe(FrameType::kPing)) continue;
      return SendSmall({FrameType::kPong, kNoSessionToken, kNoSessionToken},
                       frame->payload);
    }
  }
}

absl::Status FarmPort::Tend() {
  while (ReadyNow(fd_.get(), POLLIN) != 0) {
    const auto n = reader_.Fill(fd_.get(), FrameReader::kIdleRead);
    if (!n.ok()) return n.status();
    if (n->has_value() && **n == 0) {
      return absl::UnavailableError("the daemon has left");
    }
    const auto frame = Buffered();
    if (!frame.ok()) return frame.status();
  }
  return absl::OkStatus();
}

absl::Status FarmPort::Open() {
  guest_ = RandomToken();
  const std::string block = OurOptionBlock("");
  absl::Status sent =
      SendSmall({FrameType::kSyn, guest_, kUnknownToken},
                {reinterpret_cast<const uint8_t*>(block.data()), block.size()});
  if (!sent.ok()) return sent;
  const auto answer = Await(FrameType::kSynAck);
  if (!answer.ok()) return answer.status();
  host_ = answer->header.host;
  tally_ = FrameTally();
  numbers_ = FrameNumbers(guest_);
  out_.assign(kMaxWriteSize, 'x');
  return SendSmall({FrameType::kAck, guest_, host_}, {});
}

absl::Status FarmPort::SendNumbered(FrameType type, size_t size) {
  const size_t length = size + kNumberSize;
  EncodeHeader({type, guest_, host_, static_cast<uint16_t>(length)},
               out_.data());
  EncodeNumber(numbers_.Next(), out_.data() + kHeaderSize + size);
  return WriteAll(fd_.get(),
                  absl::MakeConstSpan(out_).first(kHeaderSize + length));
}

absl::Status FarmPort::Send(size_t size) {
  return SendNumbered(FrameType::kData, std::min(size, kMaxData));
}

absl::StatusOr<size_t> FarmPort::Take(absl::Span<uint8_t> buffer) {
  while (true) {
    const auto n = ReadSome(fd_.get(), buffer);
    if (!n.ok()) return n.status();
    if (*n == 0) return absl::UnavailableError("the daemon has left");
    const auto data = tally_.Add(buffer.first(*n));
    if (!data.ok() || *data > 0) return data;
    if (tally_.fin()) return 0;
  }
}

absl::Status FarmPort::SendFin() { return SendNumbered(FrameType::kFin, 0); }

absl::Status FarmPort::Finish() {
  std::array<uint8_t, 4096> buffer;
  while (!tally_.fin() || !tally_.fin_ack()) {
    const auto n = ReadSome(fd_.get(), absl::MakeSpan(buffer));
    if (!n.ok()) return n.status();
    if (*n == 0) return absl::UnavailableError("the daemon has left");
    const auto data = tally_.Add(absl::MakeSpan(buffer).first(*n));
    if (!data.ok()) return data.status();
  }
  const absl::Status sent = SendNumbered(FrameType::kFinAck, 0);
  out_.clear();
  out_.shrink_to_fit();
  return sent;
}

}  // namespace vios::testing
