// SPDX-License-Identifier: Apache-2.0
#include "testing/campaign/fault.h"

#include <cstddef>

namespace vios::testing {
namespace {

struct About {
  const char* name;
  Victim victim;
  bool harmless;
};

// In the order of the enumeration.
constexpr std::array<About, kFaults> kAbout = {{
    {"none", Victim::kNothing, true},
    {"host daemon killed", Victim::kHost, false},
    {"host daemon stopped", Victim::kHost, true},
    {"guest daemon killed", Victim::kGuest, false},
    {"guest daemon stopped", Victim::kGuest, true},
    {"service killed", Victim::kService, false},
    {"service stopped", Victim::kService, true},
    {"client killed", Victim::kGuest, true},
    {"host end closed", Victim::kHost, false},
    {"socket replaced", Victim::kHost, false},
    {"port unplugged", Victim::kGuest, false},
    {"guest paused", Victim::kGuest, true},
    {"guest suspended", Victim::kGuest, false},
    {"guest reset", Victim::kGuest, false},
    {"snapshot loaded", Victim::kGuest, false},
}};

const About& AboutOf(Fault fault) { return kAbout[static_cast<size_t>(fault)]; }

}  // namespace

Victim VictimOf(Fault fault) { return AboutOf(fault).victim; }

std::string Name(Fault fault) { return AboutOf(fault).name; }

bool IsHarmless(Fault fault) { return AboutOf(fault).harmless; }

}  // namespace vios::testing
