// SPDX-License-Identifier: Apache-2.0
// The host daemon with less patience for silent guests: a test cannot wait for
// as long as the protocol does. The environment variable VIOS_HASTE says how
// many times shorter its waits are.
#include <algorithm>
#include <cstdlib>

#include "channel/silence.h"
#include "proxy/host_daemon_main.h"

int main(int argc, char** argv) {
  const char* text = std::getenv("VIOS_HASTE");
  const int haste = std::max(1, text == nullptr ? 1 : std::atoi(text));
  vios::SilenceLimits limits;
  limits.first /= haste;
  limits.most /= haste;
  limits.ask_after /= haste;
  limits.answer_within /= haste;
  return vios::HostDaemonMain(argc, argv, limits);
}
