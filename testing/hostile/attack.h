// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_HOSTILE_ATTACK_H_
#define VIOS_PROXY_TESTING_HOSTILE_ATTACK_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "testing/hostile/line.h"

namespace vios::testing {

// Whose end of the channel the attacker has.
enum class Side { kGuest, kHost };

// What a peer can do that no proxy does.
enum class Attack {
  kSyn,             // Opens sessions (a host: answers) without end.
  kReset,           // Resets, of no session, with texts.
  kPing,            // Questions whose answers it does not read.
  kUnknown,         // Types and versions that there are not, and stale frames.
  kNoise,           // Random bytes.
  kSlowFrame,       // The longest frame, one byte a second, out of session.
  kSlowData,        // The same in a session.
  kUnacknowledged,  // Begins sessions and does not go on.
  kUnread,  // Asks for endless data (a host: takes clients), reads none.
  kText,    // Control characters wherever there is text.
  kFlap,    // Comes and goes. For a host only.
};

// A guest has no kFlap: its host does not see it.
std::vector<Attack> AttacksOf(Side side);
std::string Name(Attack attack);
std::optional<Attack> ParseAttack(absl::string_view name);

// What the calling thread draws at random from here on follows from `seed`.
void SeedThisThread(uint32_t seed);

// Does it to the channel that `line` has open, until that fails; then it is to
// be opened again. Blocks.
void CarryOut(Attack attack, Side side, Line& line);

// What kText shows: escapes, a forged line, bytes of 0x80 and above.
std::string ControlText();

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_HOSTILE_ATTACK_H_
