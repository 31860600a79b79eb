// SPDX-License-Identifier: Apache-2.0
#include "testing/campaign/fault.h"

#include <cstddef>

namespace vios::testing {
namespace {

struct About {
  const char* name;
  Victim victim;
  int most_resets;
};

// In the order of the enumeration.
constexpr std::array<About, kFaults> kAbout = {{
    {"none", Victim::kNothing, 0},
    {"host daemon killed", Victim::kHost, kEveryConnection},
    {"host daemon stopped", Victim::kHost, 0},
    {"guest daemon killed", Victim::kGuest, kEveryConnection},
    {"guest daemon stopped", Victim::kGuest, 0},
    {"service killed", Victim::kService, kEveryConnection},
    {"service stopped", Victim::kService, 0},
    {"client killed", Victim::kGuest, 0},
    {"host end closed", Victim::kHost, 1},
    {"socket replaced", Victim::kHost, 1},
    {"port unplugged", Victim::kGuest, 1},
    {"guest paused", Victim::kGuest, 0},
    {"guest suspended", Victim::kGuest, kEveryConnection},
    {"guest reset", Victim::kGuest, kEveryConnection},
    {"snapshot loaded", Victim::kGuest, kEveryConnection},
}};

const About& AboutOf(Fault fault) { return kAbout[static_cast<size_t>(fault)]; }

}  // namespace

Victim VictimOf(Fault fault) { return AboutOf(fault).victim; }

std::string Name(Fault fault) { return AboutOf(fault).name; }

int MostResets(Fault fault) { return AboutOf(fault).most_resets; }

}  // namespace vios::testing
