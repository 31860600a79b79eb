// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_FUZZ_SESSION_MODEL_H_
#define VIOS_PROXY_TESTING_FUZZ_SESSION_MODEL_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "channel/channel.h"
#include "channel/session_end.h"
#include "testing/fuzz/wire.h"

namespace vios::fuzz {

// A session, or the attempt at one, as a right receiver sees it.
struct ModelSession {
  std::string ours;  // Our token; empty while the other proxy cannot know it.
  std::string peer;  // Guest: empty until the SYNACK.
  bool options = false;
  bool established = false;
  std::string delivered;  // What TCP is to be given.
  uint32_t numbered = 0;  // Frames of the peer that came with a right number.
  bool fin_received = false;
  bool fin_ack_received = false;
  bool closed_by_app = false;    // Its end of file was read: FIN, or the end.
  bool options_offered = false;  // Host: by the SYN.
  std::optional<SessionEnd> end;
};

// What one end of a channel has to make of the bytes that it receives, from
// the description of the protocol alone: which sessions there are, what is
// handed on, and how each ends. Nothing here knows time. One thread's.
class SessionModel {
 public:
  static constexpr size_t kMaxSessions = 5;

  SessionModel(Role role, bool options_enabled);

  // The bytes that come next. A guest begins a new session by itself, so it
  // takes no more than those that end one: returns how many it took.
  size_t Feed(absl::string_view bytes);
  // What the application did. Only when established.
  void AppCloses();
  void AppResets();
  // No more bytes come.
  void ChannelEnds();

  // Sessions in their order. The token that our side chose for one is told
  // once it has been seen.
  const std::vector<ModelSession>& sessions() const { return sessions_; }
  void LearnToken(size_t session, absl::string_view token);
  bool established() const { return state_ == State::kEstablished; }

  // PINGs that were to be answered, and whether the last one is by now.
  const std::set<std::string>& pings() const { return pings_; }
  std::optional<std::string> pong_due() const;
  size_t ping_count() const { return ping_count_; }
  // Tokens of frames that may be told that there is no such session.
  const std::set<std::string>& strays() const { return strays_; }
  bool options_shown() const { return options_shown_; }

 private:
  // kIdle: a host that listens; a guest that has no client any more.
  enum class State { kIdle, kHandshake, kEstablished };

  ModelSession& now() { return sessions_.back(); }
  bool Step();
  bool Wanted(const WireFrame& frame) const;
  void OnHunted(const WireFrame& frame);
  void OnAnswer(const WireFrame& frame);   // Guest, SYN_SENT.
  void OnRequest(const WireFrame& frame);  // Host, SYN_RCVD.
  void OnOwn(const WireFrame& frame);
  void OnNumbered(const WireFrame& frame);
  void OnForeign(const WireFrame& frame);
  void OnReset(const WireFrame& frame);
  bool TakeSyn(const WireFrame& frame);
  bool TakePing(const WireFrame& frame);
  void Stray(const WireFrame& frame);
  void NoteOptions(const WireFrame& frame);
  bool IsOwn(const WireFrame& frame) const;
  absl::string_view OursIn(const WireFrame& frame) const;
  absl::string_view PeerIn(const WireFrame& frame) const;
  void Establish(bool options);
  void End(SessionEnd::Kind kind, ResetReason reason);
  void EndIfComplete();

  const Role role_;
  const bool options_enabled_;
  State state_ = State::kIdle;
  std::string stream_;
  size_t at_ = 0;
  std::optional<size_t> ended_at_;  // In the stream, by the last Step().
  std::vector<ModelSession> sessions_;
  std::set<std::string> pings_, strays_;
  std::string last_ping_;
  size_t ping_count_ = 0;
  bool options_shown_ = false;
};

}  // namespace vios::fuzz

#endif  // VIOS_PROXY_TESTING_FUZZ_SESSION_MODEL_H_
