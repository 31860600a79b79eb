// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_VM_PROXY_VM_FIXTURE_H_
#define VIOS_PROXY_TESTING_VM_PROXY_VM_FIXTURE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "channel/scratch_dir.h"
#include "gtest/gtest.h"
#include "testing/vm/process.h"
#include "testing/vm/proxy_vm.h"
#include "testing/vm/traffic_service.h"

namespace vios::testing {

// A test of both daemons around a real guest. The guest is booted once per test
// suite and number of processors; service and daemons belong to one test. Logs
// are printed when it failed.
class ProxyVmTest : public ::testing::Test {
 protected:
  static void TearDownTestSuite();

  // Starts service, host daemon and guest daemon. A test that wants them
  // otherwise says so in its first line: StopAll() or Restart().
  void SetUp() override;
  void TearDown() override;

  virtual VmOptions Options() const { return {}; }

  ProxyVm& guest() { return *guest_; }
  Vm& vm() { return guest_->vm(); }
  TrafficService& service() { return *service_; }
  Process& host() { return *host_; }

  void StartService();  // Again on the port that it had before.
  void StopService() { service_.reset(); }
  void StartHost(const std::vector<std::string>& flags = {});
  // One whose patience with silent guests is `haste` times shorter than the
  // protocol says: about 30 s / `haste` with one that has never said a word.
  void StartHastyHost(int haste, const std::vector<std::string>& flags = {});
  // Kills it if it is still there.
  void StopHost() { host_.reset(); }
  // Another one may be started then; this one is killed with its object.
  std::unique_ptr<Process> TakeHost() { return std::move(host_); }
  // Until the host daemon has connected to `count` channels.
  void AwaitConnected(int count);
  void StopAll();
  void Restart(const std::string& guest_flags,
               const std::vector<std::string>& host_flags = {});

  // `count` clients that stay, the session of each begun and idle by now: echo
  // NAME 0, 1, ...
  std::vector<Job> StayingClients(const std::string& name, int count);
  // Finishes them, which must be clean.
  void FinishAll(const std::vector<Job>& clients);
  // As many sessions at once as there are channels, bytes both ways.
  void ExpectChannelsWork(int count);

 private:
  void RunHost(std::vector<std::string> argv,
               const std::vector<std::string>& flags);

  // Of logs and of nothing else: other files would be guests' directories.
  const ScratchDir temp_;
  ProxyVm* guest_ = nullptr;
  std::unique_ptr<TrafficService> service_;
  std::unique_ptr<Process> host_;
  uint16_t service_port_ = 0;
  int names_ = 0;
};

// The same with as many virtual processors as the parameter says.
class ProxyVmTestWithVcpus : public ProxyVmTest,
                             public ::testing::WithParamInterface<int> {
 protected:
  VmOptions Options() const override;
};

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_VM_PROXY_VM_FIXTURE_H_
