// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_VM_HOSTILE_GUEST_FIXTURE_H_
#define VIOS_PROXY_TESTING_VM_HOSTILE_GUEST_FIXTURE_H_

#include <memory>
#include <string>
#include <vector>

#include "channel/scratch_dir.h"
#include "gtest/gtest.h"
#include "testing/hostile/attack.h"
#include "testing/vm/process.h"
#include "testing/vm/proxy_vm.h"
#include "testing/vm/traffic_service.h"

namespace vios::testing {

// A host daemon with two guests: in one our guest daemon, in the other a
// program that misuses its ports. All of them live as long as the test suite;
// logs are printed when a test failed.
class HostileGuestTest : public ::testing::Test {
 protected:
  static constexpr int kPorts = 3;  // Of each guest.

  static void SetUpTestSuite();
  static void TearDownTestSuite() { world_.reset(); }
  void SetUp() override;
  void TearDown() override;

  ProxyVm& honest() { return *world_->honest; }
  ProxyVm& hostile() { return *world_->hostile; }
  Process& host() { return *world_->host; }
  TrafficService& service() { return *world_->service; }

  // On all ports of the hostile guest, until StopAttack().
  void StartAttack(Attack attack);
  // In its place: keeps the hostile guest's processor busy.
  void StartBusyLoop();
  // Returns once it has sent something.
  void AwaitAttack();
  void StopAttack();
  // What it says of itself: "frames=N bytes=N".
  std::string AttackReport();
  // How often the service has been dialled.
  size_t Dials() const;
  // `guest` has as many sessions at once as channels, bytes both ways.
  void ExpectChannelsWork(ProxyVm& guest);

 private:
  struct World {
    const ScratchDir temp;
    const std::string guests = temp / "guests";
    std::unique_ptr<TrafficService> service;
    std::unique_ptr<Process> host;
    std::unique_ptr<ProxyVm> honest;
    std::unique_ptr<ProxyVm> hostile;
    int names = 0;
  };
  static std::unique_ptr<ProxyVm> Boot(const std::string& name);
  void StartInHostileGuest(const std::string& command);

  static std::unique_ptr<World> world_;
  Job attack_;
};

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_VM_HOSTILE_GUEST_FIXTURE_H_
