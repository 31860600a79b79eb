// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_SCRIPTED_PEER_H_
#define VIOS_PROXY_TESTING_SCRIPTED_PEER_H_

#include <cstddef>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "channel/raw_frame.h"
#include "channel/unique_fd.h"

namespace vios {

// The other proxy, played by hand by a test. It reads only what it is told to,
// so one that stalls is one that is not asked. Every call fails the running
// test, and returns something harmless, when the channel does not do as
// expected within ten seconds. That nothing is sent is shown by what comes
// first instead: provoke a later frame, and expect that one. One thread's.
class ScriptedPeer {
 public:
  // `fd` blocks with a time-out, as FdPair::theirs does.
  explicit ScriptedPeer(UniqueFd fd) : fd_(std::move(fd)) {}

  void SendRaw(absl::string_view bytes);
  void SendFrame(char type, absl::string_view guest, absl::string_view host,
                 absl::string_view payload = "");
  // What the channel takes now, cut off anywhere.
  void Flood(absl::string_view bytes);
  void SendPreamble(size_t size = 14 + 65535);
  // PING RRRR and the like: no session.
  void SendOutOfSession(char type, absl::string_view payload = "");

  // The next frame, which is to be of `type`, with no preamble in front of it,
  // or with one that is complete.
  RawFrame ExpectFrame(char type);
  RawFrame ExpectFrameBehindPreamble(char type);
  // Asks a peer that has no session whether it is there, and expects its PONG
  // as the very next frame.
  void ExpectSilenceUntilPong();
  // The channel is closed, and nothing more came.
  void ExpectHangUp();

  void HangUp() { fd_.Reset(); }
  int fd() const { return fd_.get(); }

 private:
  RawFrame Expect(char type, size_t preamble);
  UniqueFd fd_;
};

}  // namespace vios

#endif  // VIOS_PROXY_TESTING_SCRIPTED_PEER_H_
