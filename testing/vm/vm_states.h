// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_VM_VM_STATES_H_
#define VIOS_PROXY_TESTING_VM_VM_STATES_H_

#include <string>

#include "absl/status/status.h"
#include "testing/vm/vm.h"

namespace vios::testing {

// What can befall a whole guest besides a reset. All block, with a limit, until
// it is done.

// Suspended to RAM (S3), by the guest itself. While it sleeps it runs nothing.
absl::Status Suspend(Vm& vm);
absl::Status WakeUp(Vm& vm);

// Of a guest with VmOptions::snapshots. Loading takes everything in the guest
// back to what it was, the jobs of its agent included.
absl::Status SaveSnapshot(Vm& vm, const std::string& tag);
absl::Status LoadSnapshot(Vm& vm, const std::string& tag);

// Live, to the QEMU that waits at `uri` (its VmOptions::incoming). `from` is
// left standing still.
absl::Status Migrate(Vm& from, const std::string& uri);

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_VM_VM_STATES_H_
