// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_CAMPAIGN_FAULT_H_
#define VIOS_PROXY_TESTING_CAMPAIGN_FAULT_H_

#include <array>
#include <string>

namespace vios::testing {

// What can befall the proxies and what is around them.
enum class Fault {
  kNone,            // To see that the traffic itself is sound.
  kHostKilled,      // The host daemon, started again.
  kHostStopped,     // SIGSTOP, SIGCONT.
  kGuestKilled,     // The guest daemon, likewise.
  kGuestStopped,    //
  kServiceKilled,   // The service on the host, likewise.
  kServiceStopped,  //
  kClientKilled,    // One client.
  kHostEndClosed,   // The host's connection to one port.
  kSocketReplaced,  // The socket of one port.
  kPortUnplugged,   // One port, plugged in again.
  kVmPaused,        // And continued.
  kVmSuspended,     // S3, woken up.
  kVmReset,         // As by the reset button; the programs started again.
  kSnapshotLoaded,  // The guest is what it was some seconds before.
};
inline constexpr int kFaults = 15;
constexpr std::array<Fault, kFaults> AllFaults() {
  std::array<Fault, kFaults> all{};
  for (int i = 0; i < kFaults; ++i) {
    all[static_cast<size_t>(i)] = static_cast<Fault>(i);
  }
  return all;
}

// What a fault befalls. Two faults can overlap when that differs.
enum class Victim { kNothing, kHost, kService, kGuest };
Victim VictimOf(Fault fault);

std::string Name(Fault fault);

// How many connections it can cut, besides a killed client's own: one that
// befalls a single port leaves those on the others alone.
inline constexpr int kEveryConnection = 1000000;
int MostResets(Fault fault);

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_CAMPAIGN_FAULT_H_
