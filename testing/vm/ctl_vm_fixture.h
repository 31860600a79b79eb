// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_VM_CTL_VM_FIXTURE_H_
#define VIOS_PROXY_TESTING_VM_CTL_VM_FIXTURE_H_

#include <string>
#include <vector>

#include "testing/vm/proxy_vm_fixture.h"
#include "testing/vm/vm.h"

namespace vios::testing {

// What a command said, and its exit status in front: "0 ok: guest: ...".
using Said = std::string;

// `vios-proxy-ctl FLAGS` on the host.
Said RunCtl(std::vector<std::string> flags);

// A real guest, with both daemons and vios-proxy-ctl on either side.
class CtlVmTest : public ProxyVmTest {
 protected:
  // With the kernel's figures of the ports in sight.
  void SetUp() override;
  VmOptions Options() const override;

  // `vios-proxy-ctl FLAGS` in the guest, and on the host with its directory.
  Said InGuest(const std::string& flags);
  Said OnHost(std::vector<std::string> flags);
  // Until `doctor` finds nothing broken in the guest.
  void AwaitHealthyGuest();
};

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_VM_CTL_VM_FIXTURE_H_
