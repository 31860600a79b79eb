// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_FUZZ_OUTPUT_H_
#define VIOS_PROXY_TESTING_FUZZ_OUTPUT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "testing/fuzz/session_model.h"
#include "testing/fuzz/wire.h"

namespace vios::fuzz {

// What our side has written for one session.
struct Written {
  bool acked = false;
  std::string data;
  uint32_t numbered = 0;
  bool fin = false;
  bool fin_ack = false;
  std::optional<int> reset;  // Its reason.
};

// Judges every byte that our side writes: it must be a frame that the model has
// a reason for, with the right tokens and number. Ends the process when not.
class Output {
 public:
  // `model` outlives it, is always ahead of the output, and is told the tokens.
  Output(Role role, bool options_enabled, SessionModel& model)
      : role_(role), options_enabled_(options_enabled), model_(model) {}

  void Take(absl::string_view bytes);
  // No frame was cut short.
  void CheckEnd() const;

  // In the order of the model's sessions.
  const std::vector<Written>& sessions() const { return sessions_; }
  // Whether a PONG with these bytes is among those behind the `first`-th.
  bool HasPong(absl::string_view bytes, size_t first) const;
  size_t pong_count() const { return pongs_.size(); }

 private:
  void TakePreamble();
  void OnFrame(const WireFrame& frame);
  void OnGreeting(const WireFrame& frame);
  void OnOutOfSession(const WireFrame& frame);
  void OnReset(const WireFrame& frame);
  void OnSession(const WireFrame& frame);
  absl::string_view TakeNumber(const WireFrame& frame);
  const ModelSession& session() const;

  const Role role_;
  const bool options_enabled_;
  SessionModel& model_;
  std::string left_;
  size_t frames_ = 0;
  bool preamble_ = false;
  std::vector<Written> sessions_;
  std::vector<std::string> pongs_;
};

}  // namespace vios::fuzz

#endif  // VIOS_PROXY_TESTING_FUZZ_OUTPUT_H_
