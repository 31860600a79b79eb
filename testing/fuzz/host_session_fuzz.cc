// SPDX-License-Identifier: Apache-2.0
// Whole sessions of a host against a peer that sends anything: script.h.
#include <cstdint>

#include "testing/fuzz/script.h"
#include "testing/fuzz/wire.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using vios::fuzz::AsText;
  using vios::fuzz::Input;
  vios::fuzz::Script(vios::Role::kHost, Input(AsText(data, size))).Run();
  return 0;
}
