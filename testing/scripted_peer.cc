// SPDX-License-Identifier: Apache-2.0
#include "testing/scripted_peer.h"

#include <sys/socket.h>

#include "channel/fd_pair.h"
#include "gtest/gtest.h"

namespace vios {

void ScriptedPeer::SendRaw(absl::string_view bytes) {
  EXPECT_TRUE(WriteAll(fd_.get(), bytes)) << "the channel takes nothing";
}

void ScriptedPeer::SendFrame(char type, absl::string_view guest,
                             absl::string_view host,
                             absl::string_view payload) {
  SendRaw(Raw(type, guest, host, payload));
}

void ScriptedPeer::Flood(absl::string_view bytes) {
  (void)::send(fd_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT);
}

void ScriptedPeer::SendPreamble(size_t size) {
  SendRaw(std::string(size, 'V'));
}

void ScriptedPeer::SendOutOfSession(char type, absl::string_view payload) {
  SendFrame(type, "RRRR", "RRRR", payload);
}

RawFrame ScriptedPeer::ExpectFrame(char type) { return Expect(type, 0); }

RawFrame ScriptedPeer::ExpectFrameBehindPreamble(char type) {
  return Expect(type, 14 + 65535);
}

RawFrame ScriptedPeer::Expect(char type, size_t preamble) {
  auto frame = ReadRawFrame(fd_.get());
  if (!frame.has_value()) {
    ADD_FAILURE() << "no frame came, expected " << type;
    return {.type = '?', .guest = "none", .host = "none"};
  }
  EXPECT_EQ(std::string(1, frame->type), std::string(1, type));
  EXPECT_EQ(frame->preamble, preamble) << "in front of " << type;
  return *std::move(frame);
}

void ScriptedPeer::ExpectSilenceUntilPong() {
  SendOutOfSession('I', "marker-1");
  const auto pong = ReadRawFrame(fd_.get());
  ASSERT_TRUE(pong.has_value());
  EXPECT_EQ(pong->type, 'J') << "something was sent";
  EXPECT_EQ(pong->payload, "marker-1");
}

void ScriptedPeer::ExpectHangUp() {
  EXPECT_TRUE(AtEndOfFile(fd_.get())) << "the channel is not closed";
}

}  // namespace vios
