// SPDX-License-Identifier: Apache-2.0
#include "proxy/relay.h"

#include <fcntl.h>
#include <linux/sockios.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "channel/handshake.h"
#include "channel/outbound.h"
#include "channel/session.h"
#include "channel/session_end.h"
#include "channel/unique_fd.h"
#include "gtest/gtest.h"
#include "proxy/tcp.h"
#include "testing/expect_idle.h"
#include "testing/process_figures.h"
#include "testing/relay_pair.h"
#include "testing/traffic/content.h"
#include "testing/traffic/stream.h"
#include "testing/traffic/tcp.h"
#include "testing/vm/eventually.h"

namespace vios::testing {
namespace {

constexpr uint64_t kMiB = 1 << 20;
constexpr Content kUp = {3 * kMiB + 17, 1};
constexpr Content kDown = {4 * kMiB + 5, 2};

// What must not be waited for, longer than RelayEnd::Await() waits.
constexpr RelayLimits kLongLimits = {.half_close_timeout = absl::Minutes(2),
                                     .ping_interval = absl::Minutes(2),
                                     .finish_timeout = absl::Minutes(2)};

// Sends `out`, ends, and meanwhile receives all that comes.
Received Exchange(int socket, const Content& out, const Content& in) {
  std::thread sender([&] {
    EXPECT_TRUE(SendContent(socket, out).status.ok());
    EXPECT_TRUE(ShutdownWrite(socket).ok());
  });
  Received received = ReceiveAll(socket, {.expect = in});
  sender.join();
  return received;
}

void ExpectWhole(const Received& received, const Content& content) {
  EXPECT_TRUE(received.end.ok()) << received.end;
  EXPECT_TRUE(received.same);
  EXPECT_EQ(received.content.bytes(), content.size);
  EXPECT_EQ(received.content.value(), DigestOf(content));
  EXPECT_EQ(received.tail, "");
}

void ExpectReset(int socket) {
  const Received received = ReceiveAll(socket, {});
  EXPECT_TRUE(absl::IsAborted(received.end)) << received.end;
}

void ExpectEnd(RelayEnd& end, SessionEnd::Kind kind, ResetReason reason) {
  const RelayResult* result = end.Await();
  ASSERT_NE(result, nullptr) << "has not ended";
  EXPECT_EQ(result->end.kind, kind) << Describe(result->end);
  EXPECT_EQ(result->end.reason, reason) << Describe(result->end);
}

void ExpectCleanEnd(RelayPair& pair) {
  ExpectEnd(pair.guest(), SessionEnd::Kind::kClean, ResetReason::kNone);
  ExpectEnd(pair.host(), SessionEnd::Kind::kClean, ResetReason::kNone);
}

// The reset that one end decided on and the other heard of.
void ExpectResetBy(RelayEnd& by, RelayEnd& other, ResetReason reason) {
  ExpectEnd(by, SessionEnd::Kind::kReset, reason);
  ExpectEnd(other, SessionEnd::Kind::kPeerReset, reason);
}

// Receives `size` bytes, or fewer where that fails.
Digest Receive(int socket, uint64_t size) {
  Digest digest;
  std::vector<uint8_t> piece(65536);
  while (digest.bytes() < size) {
    const auto n = ReadSome(socket, absl::MakeSpan(piece));
    EXPECT_TRUE(n.ok() && *n > 0) << n.status();
    if (!n.ok() || *n == 0) break;
    digest.Add({piece.data(), *n});
  }
  return digest;
}

// Sends until nothing more is taken for a moment; returns how many bytes went.
uint64_t Fill(int socket) {
  EXPECT_TRUE(SetNoProgressTimeout(socket, absl::Milliseconds(300)).ok());
  const Sent sent = SendContent(socket, {64 * kMiB, 1});
  EXPECT_TRUE(absl::IsDeadlineExceeded(sent.status)) << sent.status;
  EXPECT_TRUE(SetNoProgressTimeout(socket, absl::Seconds(20)).ok());
  return sent.bytes;
}

std::string ReadText(int socket, size_t size) {
  std::string text(size, '\0');
  // Interrupted when this process is stopped and goes on.
  const ssize_t n =
      TEMP_FAILURE_RETRY(::recv(socket, text.data(), size, MSG_WAITALL));
  text.resize(n < 0 ? 0 : static_cast<size_t>(n));
  return text;
}

uint32_t SegmentsReceived(int socket) {
  tcp_info info = {};
  socklen_t size = sizeof(info);
  EXPECT_EQ(::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size), 0);
  return info.tcpi_segs_in;
}

void CloseWithReset(UniqueFd& socket) {
  EXPECT_TRUE(ResetOnClose(socket.get()).ok());
  socket.Reset();
}

TEST(Relay, CarriesEveryByteBothWaysUnderShortWrites) {
  RelayPair pair({.channel_buffer = 1, .tcp_buffer = 16384});
  Received at_service;
  std::thread service(
      [&] { at_service = Exchange(pair.service(), kDown, kUp); });
  const Received at_client = Exchange(pair.client(), kUp, kDown);
  service.join();
  ExpectWhole(at_client, kDown);
  ExpectWhole(at_service, kUp);
  ExpectCleanEnd(pair);
  EXPECT_EQ(pair.guest().Await()->up_bytes, kUp.size);
  EXPECT_EQ(pair.guest().Await()->down_bytes, kDown.size);
  EXPECT_EQ(pair.host().Await()->up_bytes, kUp.size);
  EXPECT_EQ(pair.host().Await()->down_bytes, kDown.size);
}

TEST(Relay, CarriesSingleBytes) {
  RelayPair pair;
  for (int i = 0; i < 300; ++i) {
    const std::string byte(1, static_cast<char>(i));
    ASSERT_TRUE(WriteText(pair.client(), byte).ok());
    ASSERT_EQ(ReadText(pair.service(), 1), byte);
    ASSERT_TRUE(WriteText(pair.service(), byte).ok());
    ASSERT_EQ(ReadText(pair.client(), 1), byte);
  }
}

TEST(Relay, BringsTheAnswerToAClientThatEndedFirst) {
  constexpr Content answer = {10 * kMiB, 3};
  RelayPair pair;
  ASSERT_TRUE(WriteText(pair.client(), "request").ok());
  ASSERT_TRUE(ShutdownWrite(pair.client()).ok());
  const Received request = ReceiveAll(pair.service(), {});
  EXPECT_TRUE(request.end.ok());
  EXPECT_EQ(request.content.bytes(), 7u);
  std::thread service([&] {
    EXPECT_TRUE(SendContent(pair.service(), answer).status.ok());
    EXPECT_TRUE(ShutdownWrite(pair.service()).ok());
  });
  ExpectWhole(ReceiveAll(pair.client(), {.expect = answer}), answer);
  service.join();
  ExpectCleanEnd(pair);
}

TEST(Relay, BringsWhatComesAfterTheServiceEndedFirst) {
  RelayPair pair;
  ASSERT_TRUE(WriteText(pair.service(), "banner").ok());
  ASSERT_TRUE(ShutdownWrite(pair.service()).ok());
  const Received banner = ReceiveAll(pair.client(), {});
  EXPECT_TRUE(banner.end.ok());
  EXPECT_EQ(banner.content.bytes(), 6u);
  std::thread client([&] {
    EXPECT_TRUE(SendContent(pair.client(), kUp).status.ok());
    EXPECT_TRUE(ShutdownWrite(pair.client()).ok());
  });
  ExpectWhole(ReceiveAll(pair.service(), {.expect = kUp}), kUp);
  client.join();
  ExpectCleanEnd(pair);
}

TEST(Relay, PassesAResetOfTheClientOnAsAReset) {
  RelayPair pair;
  ASSERT_TRUE(WriteText(pair.client(), "x").ok());
  ASSERT_EQ(ReadText(pair.service(), 1), "x");
  CloseWithReset(pair.guest().app());
  ExpectReset(pair.service());
  ExpectResetBy(pair.guest(), pair.host(), ResetReason::kConnectionReset);
}

TEST(Relay, PassesAResetOfTheServiceOnAsAReset) {
  RelayPair pair;
  ASSERT_TRUE(WriteText(pair.client(), "x").ok());
  ASSERT_EQ(ReadText(pair.service(), 1), "x");
  CloseWithReset(pair.host().app());
  ExpectReset(pair.client());
  ExpectResetBy(pair.host(), pair.guest(), ResetReason::kConnectionReset);
}

// Nothing is read from it any more, and nothing comes for it.
TEST(Relay, NoticesTheResetOfAClientThatHadEnded) {
  RelayPair pair;
  ASSERT_TRUE(ShutdownWrite(pair.client()).ok());
  EXPECT_TRUE(ReceiveAll(pair.service(), {}).end.ok());
  CloseWithReset(pair.guest().app());
  ExpectResetBy(pair.guest(), pair.host(), ResetReason::kConnectionReset);
  EXPECT_TRUE(absl::IsAborted(WriteText(pair.service(), "x")) ||
              absl::IsAborted(WriteText(pair.service(), "x")));
}

TEST(Relay, EndsASessionInWhichNothingMoves) {
  RelayPair pair({.guest = {.idle_timeout = absl::Milliseconds(200)}});
  ExpectReset(pair.client());
  ExpectReset(pair.service());
  ExpectResetBy(pair.guest(), pair.host(), ResetReason::kIdleTimeout);
}

TEST(Relay, CountsTheHalfCloseTimeoutFromTheLastByte) {
  RelayPair pair({.host = {.half_close_timeout = absl::Seconds(5)}});
  ASSERT_TRUE(ShutdownWrite(pair.client()).ok());
  EXPECT_TRUE(ReceiveAll(pair.service(), {}).end.ok());
  // Longer than the time-out in all, each time far shorter.
  for (int i = 0; i < 6; ++i) {
    EXPECT_EQ(pair.host().Await(absl::Seconds(1)), nullptr);
    ASSERT_TRUE(WriteText(pair.service(), "x").ok());
    ASSERT_EQ(ReadText(pair.client(), 1), "x");
  }
  ExpectReset(pair.client());
  ExpectResetBy(pair.host(), pair.guest(), ResetReason::kHalfCloseTimeout);
}

TEST(Relay, CountsTheHalfCloseTimeoutOnlyFromTheFinAck) {
  // Long enough to take the last bytes in time.
  RelayPair pair({.guest = {.half_close_timeout = absl::Seconds(4)},
                  .host = {.half_close_timeout = absl::Seconds(4)},
                  .channel_buffer = 1,
                  .tcp_buffer = 16384});
  ASSERT_TRUE(SendContent(pair.client(), {100'000, 1}).status.ok());
  ASSERT_TRUE(ShutdownWrite(pair.client()).ok());
  // The end of file waits behind bytes that the service does not take.
  EXPECT_EQ(pair.guest().Await(absl::Seconds(5)), nullptr);
  const Received received = ReceiveAll(pair.service(), {});
  EXPECT_TRUE(received.end.ok()) << received.end;
  EXPECT_EQ(received.content.bytes(), 100'000u);
}

TEST(Relay, ResetsBothSidesWhenTheChannelIsLost) {
  RelayPair pair;
  ASSERT_TRUE(WriteText(pair.client(), "x").ok());
  ASSERT_EQ(ReadText(pair.service(), 1), "x");
  pair.LoseChannel();
  ExpectReset(pair.client());
  ExpectReset(pair.service());
  ExpectEnd(pair.guest(), SessionEnd::Kind::kChannelLost, ResetReason::kNone);
  ExpectEnd(pair.host(), SessionEnd::Kind::kChannelLost, ResetReason::kNone);
}

TEST(Relay, ACutResetsBothSidesAndSaysWhy) {
  for (const bool guest : {true, false}) {
    RelayPair pair;
    ASSERT_TRUE(WriteText(pair.client(), "x").ok());
    ASSERT_EQ(ReadText(pair.service(), 1), "x");
    (guest ? pair.guest() : pair.host()).Cut();
    ExpectReset(pair.client());
    ExpectReset(pair.service());
    ExpectResetBy(guest ? pair.guest() : pair.host(),
                  guest ? pair.host() : pair.guest(),
                  ResetReason::kShuttingDown);
  }
}

TEST(Relay, ACutEndsAtOnceInsideAFrameThatNobodyTakes) {
  RelayPair pair({.guest = kLongLimits, .host = kLongLimits});
  Fill(pair.client());
  pair.guest().Cut();
  ASSERT_NE(pair.guest().Await(), nullptr);
  pair.host().Cut();
  ASSERT_NE(pair.host().Await(), nullptr);
  ExpectReset(pair.client());
}

TEST(Relay, ASlowReaderHoldsBackOnlyItsOwnDirection) {
  RelayPair up_is_full;
  Fill(up_is_full.client());
  ASSERT_TRUE(WriteText(up_is_full.service(), "x").ok());
  EXPECT_EQ(ReadText(up_is_full.client(), 1), "x");
  std::thread service([&] { (void)SendContent(up_is_full.service(), kDown); });
  const Digest digest = Receive(up_is_full.client(), kDown.size);
  service.join();
  EXPECT_EQ(digest.value(), DigestOf(kDown));

  RelayPair down_is_full;
  Fill(down_is_full.service());
  ASSERT_TRUE(WriteText(down_is_full.client(), "x").ok());
  EXPECT_EQ(ReadText(down_is_full.service(), 1), "x");
}

TEST(Relay, BothDirectionsMoveOnFromFull) {
  RelayPair pair({.channel_buffer = 4096, .tcp_buffer = 16384});
  const uint64_t up = Fill(pair.client());
  const uint64_t down = Fill(pair.service());
  ASSERT_TRUE(ShutdownWrite(pair.client()).ok());
  ASSERT_TRUE(ShutdownWrite(pair.service()).ok());
  // A write that times out may have sent a part of its piece.
  const Received at_client = ReceiveAll(pair.client(), {});
  const Received at_service = ReceiveAll(pair.service(), {});
  EXPECT_TRUE(at_client.end.ok()) << at_client.end;
  EXPECT_TRUE(at_service.end.ok()) << at_service.end;
  EXPECT_GE(at_client.content.bytes(), down);
  EXPECT_GE(at_service.content.bytes(), up);
  ExpectCleanEnd(pair);
}

// The service has no room for what comes because nobody takes what it sends:
// only an end that still reads its channel gets that moving.
TEST(Relay, AClientThatResetsFreesAServiceThatWaitsForItself) {
  RelayPair pair({.guest = kLongLimits,
                  .host = kLongLimits,
                  .channel_buffer = 4096,
                  .tcp_buffer = 16384});
  std::thread echo([&] {
    std::vector<uint8_t> piece(65536);
    while (true) {
      const auto n = ReadSome(pair.service(), absl::MakeSpan(piece));
      if (!n.ok() || *n == 0) return;
      if (!WriteAll(pair.service(), {piece.data(), *n}).ok()) return;
    }
  });
  Fill(pair.client());
  CloseWithReset(pair.guest().app());
  ExpectResetBy(pair.guest(), pair.host(), ResetReason::kConnectionReset);
  echo.join();
}

TEST(Relay, BothEndsThatGiveUpOverAFullChannelFinish) {
  RelayPair pair({.guest = kLongLimits,
                  .host = kLongLimits,
                  .channel_buffer = 4096,
                  .tcp_buffer = 16384});
  Fill(pair.client());
  Fill(pair.service());
  CloseWithReset(pair.guest().app());
  CloseWithReset(pair.host().app());
  ASSERT_NE(pair.guest().Await(), nullptr);
  ASSERT_NE(pair.host().Await(), nullptr);
  EXPECT_FALSE(pair.guest().left_pending());
  EXPECT_FALSE(pair.host().left_pending());
}

TEST(Relay, ABaseSessionEndsWithTheFirstEndOfFile) {
  RelayPair pair({.options = false});
  std::thread client([&] {
    EXPECT_TRUE(SendContent(pair.client(), kUp).status.ok());
    EXPECT_TRUE(ShutdownWrite(pair.client()).ok());
  });
  ExpectWhole(ReceiveAll(pair.service(), {.expect = kUp}), kUp);
  client.join();
  // It may still wait for an answer: that there is none is no empty one.
  EXPECT_FALSE(ReceiveAll(pair.client(), {}).end.ok());
  ExpectEnd(pair.guest(), SessionEnd::Kind::kBaseClosed, ResetReason::kNone);
  ExpectEnd(pair.host(), SessionEnd::Kind::kBasePeer, ResetReason::kNone);
}

TEST(Relay, ABaseSessionDeliversAllWhenTheServiceEnds) {
  RelayPair pair({.options = false, .channel_buffer = 1});
  std::thread service([&] {
    EXPECT_TRUE(SendContent(pair.service(), kDown).status.ok());
    EXPECT_TRUE(ShutdownWrite(pair.service()).ok());
  });
  ExpectWhole(ReceiveAll(pair.client(), {.expect = kDown}), kDown);
  service.join();
  ExpectEnd(pair.host(), SessionEnd::Kind::kBaseClosed, ResetReason::kNone);
  ExpectEnd(pair.guest(), SessionEnd::Kind::kBasePeer, ResetReason::kNone);
}

TEST(Relay, AnIdleSessionCostsNothing) {
  RelayPair pair;
  ASSERT_TRUE(WriteText(pair.client(), "x").ok());
  ASSERT_EQ(ReadText(pair.service(), 1), "x");
  ExpectIdle();
}

TEST(Relay, AHalfClosedSessionCostsNothing) {
  RelayPair client_ended;
  ASSERT_TRUE(ShutdownWrite(client_ended.client()).ok());
  EXPECT_TRUE(ReceiveAll(client_ended.service(), {}).end.ok());
  RelayPair service_ended;
  ASSERT_TRUE(ShutdownWrite(service_ended.service()).ok());
  EXPECT_TRUE(ReceiveAll(service_ended.client(), {}).end.ok());
  ExpectIdle();
}

TEST(Relay, AFullSessionCostsNothing) {
  RelayPair pair;
  Fill(pair.client());
  Fill(pair.service());
  ExpectIdle();
}

// Far more goes through than there is room for.
TEST(Relay, TakesNoMoreMemoryForMoreBytes) {
  if (!MemoryCounts()) GTEST_SKIP() << "a sanitizer keeps what was freed";
  RelayPair pair;
  Fill(pair.client());
  const size_t before = ResidentBytes();
  std::thread service([&] { (void)ReceiveAll(pair.service(), {}); });
  EXPECT_TRUE(SendContent(pair.client(), {256 * kMiB, 1}).status.ok());
  EXPECT_TRUE(ShutdownWrite(pair.client()).ok());
  service.join();
  EXPECT_LT(ResidentBytes(), before + 4 * kMiB);
}

// The guest's end of a session whose other end is played by hand.
class RelayWithPeer {
 public:
  // The client says `said` before the session begins.
  explicit RelayWithPeer(const RelayLimits& limits, int channel_buffer = 0,
                         const std::string& said = "") {
    auto [near, far] = ChannelPair(channel_buffer);
    channel_ = UniqueFd(::fcntl(near.get(), F_DUPFD_CLOEXEC, 0));
    guest_.emplace(Role::kGuest, std::move(near),
                   RelayPairOptions{.guest = limits});
    peer_.emplace(std::move(far), Role::kHost, true);
    wakeup_ = *Wakeup::Create(cancel_);
    EXPECT_TRUE(WriteText(guest_->app().get(), said).ok());
    guest_->Begin();
    const auto syn = AwaitSyn(*peer_, Deadline::Never(), *wakeup_);
    id_ = std::get<SessionId>(AcceptSession(*peer_, **syn, Soon(), *wakeup_));
  }
  RelayEnd& guest() { return *guest_; }

  // Until the channel takes not a byte more from the guest.
  bool AwaitFullChannel() {
    int room = 0;
    socklen_t size = sizeof(room);
    EXPECT_EQ(::getsockopt(channel_.get(), SOL_SOCKET, SO_SNDBUF, &room, &size),
              0);
    return Eventually(absl::Seconds(20), [&] {
      int used = 0;
      return ::ioctl(channel_.get(), SIOCOUTQ, &used) == 0 && used >= room;
    });
  }

  // The type of the next frame.
  std::optional<FrameType> Next() {
    Frame frame;
    while (peer_->reader().Read(&frame) != FrameReader::Next::kFrame) {
      if (!WaitFor(peer_->fd(), POLLIN, Soon(), *wakeup_).ok() ||
          !peer_->reader().Fill(peer_->fd(), FrameReader::kIdleRead).ok()) {
        return std::nullopt;
      }
    }
    return frame.header.type;
  }
  void SendReset() {
    ASSERT_TRUE(
        peer_->Queue({FrameType::kReset, id_.guest, id_.host}, "\x03").ok());
    ASSERT_TRUE(peer_->writer().TryFlush(peer_->fd()).ok());
  }
  // DATA and FIN, in one write.
  void SendLast(char byte) {
    const Session session(id_, Role::kHost);
    Outbound outbound(*peer_, session);
    outbound.Room()[0] = static_cast<uint8_t>(byte);
    outbound.CommitData(1);
    ASSERT_TRUE(outbound.Fin().ok());
    ASSERT_TRUE(peer_->writer().TryFlush(peer_->fd()).ok());
  }

 private:
  static Deadline Soon() { return Deadline::After(absl::Seconds(20)); }

  Cancel cancel_;
  UniqueFd channel_;  // A second descriptor of the guest's end.
  std::unique_ptr<Wakeup> wakeup_;
  std::optional<Channel> peer_;
  std::optional<RelayEnd> guest_;
  SessionId id_;
};

TEST(Relay, SendsPingWhenItHasSentNothing) {
  RelayWithPeer relay({.ping_interval = absl::Milliseconds(100)});
  EXPECT_EQ(relay.Next(), FrameType::kPing);
  EXPECT_EQ(relay.Next(), FrameType::kPing);
  ASSERT_TRUE(WriteText(relay.guest().app().get(), "x").ok());
  std::optional<FrameType> next = relay.Next();
  while (next == FrameType::kPing) next = relay.Next();
  EXPECT_EQ(next, FrameType::kData);
}

// More than a frame holds, and more than the channel takes before it is read.
TEST(Relay, CarriesWhatTheClientSaidBeforeTheSessionBegan) {
  RelayWithPeer relay({}, /*channel_buffer=*/1, std::string(48 * 1024, 's'));
  EXPECT_EQ(relay.Next(), FrameType::kData);
  EXPECT_EQ(relay.Next(), FrameType::kData);
  ASSERT_TRUE(ShutdownWrite(relay.guest().app().get()).ok());
  EXPECT_EQ(relay.Next(), FrameType::kFin);
}

// One pass through TCP less at the end of a short answer.
TEST(Relay, TheLastByteAndTheEndOfFileShareASegment) {
  bool shared = false;
  // One will do: TCP holds the byte back no longer than 200 ms, in which a
  // machine that stands still does not get to the end of file.
  for (int tries = 0; tries < 5 && !shared; ++tries) {
    RelayWithPeer relay({});
    const int client = relay.guest().app().get();
    const uint32_t before = SegmentsReceived(client);
    relay.SendLast('x');
    EXPECT_EQ(ReadText(client, 2), "x");
    shared = SegmentsReceived(client) == before + 1;
  }
  EXPECT_TRUE(shared);
}

TEST(Relay, GivesUpAFrameThatThePeerDoesNotTakeInTime) {
  RelayWithPeer relay({.finish_timeout = absl::Milliseconds(300)});
  Fill(relay.guest().app().get());
  ASSERT_TRUE(relay.AwaitFullChannel());
  relay.SendReset();
  ASSERT_NE(relay.guest().Await(), nullptr);
  EXPECT_TRUE(relay.guest().left_pending());
  ExpectReset(relay.guest().app().get());
}

// Both streams are whole, only the last FINACK is missing.
TEST(Relay, WaitsForTheLastFinAckWithoutWork) {
  RelayWithPeer relay({});
  const int client = relay.guest().app().get();
  ASSERT_TRUE(ShutdownWrite(client).ok());
  EXPECT_EQ(relay.Next(), FrameType::kFin);
  relay.SendLast('x');
  EXPECT_EQ(ReadText(client, 2), "x");
  EXPECT_EQ(relay.Next(), FrameType::kFinAck);
  ExpectIdle();
}

}  // namespace
}  // namespace vios::testing
