// SPDX-License-Identifier: Apache-2.0
// The harness alone: what the other tests in real guests rely on.
#include "testing/vm/vm.h"

#include <iostream>
#include <map>
#include <memory>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "testing/vm/eventually.h"
#include "testing/vm/stream.h"

namespace vios::testing {
namespace {

using ::testing::HasSubstr;

constexpr size_t kMebibyte = 1 << 20;
constexpr absl::Duration kLimit = absl::Seconds(60);

std::string Pattern(size_t size) {
  std::string bytes(size, '\0');
  for (size_t i = 0; i < size; ++i)
    bytes[i] = static_cast<char>(i * 7 + i / 256);
  return bytes;
}

// The parameter is the number of virtual processors; one boot for each.
class VmTest : public ::testing::TestWithParam<int> {
 protected:
  static void TearDownTestSuite() { guests().clear(); }

  void SetUp() override {
    std::unique_ptr<Vm>& guest = guests()[GetParam()];
    if (!guest) {
      VmOptions options;
      options.vcpus = GetParam();
      options.other_ports = {"org.qemu.guest_agent.0"};
      auto booted = Vm::Boot(options);
      ASSERT_TRUE(booted.ok()) << booted.status();
      guest = *std::move(booted);
    }
    vm_ = guest.get();
  }

  bool GuestSees(const std::string& port) {
    return vm_->Run("test -e /dev/virtio-ports/" + port).ok();
  }

  std::unique_ptr<Stream> ConnectTo(const std::string& socket) {
    auto stream =
        Stream::Connect(vm_->SocketPath(socket), Deadline::After(kLimit));
    EXPECT_TRUE(stream.ok()) << stream.status();
    return stream.ok() ? *std::move(stream) : nullptr;
  }

  // Leaves the same in /tmp/mib; the line to the agent is slow.
  std::string MakeMebibyteInGuest() {
    std::string bytes = Pattern(kMebibyte / 256);
    EXPECT_TRUE(vm_->agent().WriteFile("/tmp/mib", bytes).ok());
    for (int i = 0; i < 4; ++i) {
      EXPECT_TRUE(
          vm_->Run("cd /tmp && cat mib mib mib mib >n && mv n mib").ok());
      bytes = absl::StrCat(bytes, bytes, bytes, bytes);
    }
    return bytes;
  }

  Vm* vm_ = nullptr;

 private:
  static std::map<int, std::unique_ptr<Vm>>& guests() {
    static std::map<int, std::unique_ptr<Vm>> guests;
    return guests;
  }
};

TEST_P(VmTest, BootsWithItsPorts) {
  std::cout << "boot took " << vm_->boot_time() << std::endl;
  const auto ports = vm_->Run("ls /dev/virtio-ports");
  ASSERT_TRUE(ports.ok()) << ports.status();
  EXPECT_EQ(*ports, "org.qemu.guest_agent.0\nqpid.0\nqpid.1\nqpid.2\n");
  EXPECT_EQ(vm_->Run("nproc").value(), absl::StrCat(GetParam(), "\n"));
}

TEST_P(VmTest, HasNoNetworkButItself) {
  EXPECT_EQ(vm_->Run("ls /sys/class/net").value(), "lo\n");
  EXPECT_TRUE(vm_->Run("ping -c 1 -W 5 127.0.0.1").ok());
}

TEST_P(VmTest, CommandsTellHowTheyEnd) {
  const auto result =
      vm_->agent().Run("echo out; echo err >&2; exit 3", kLimit);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->end, "exit 3");
  EXPECT_EQ(result->out, "out\n");
  EXPECT_EQ(result->err, "err\n");
  EXPECT_EQ(vm_->agent().Run("kill -9 $$", kLimit)->end, "signal 9");
  EXPECT_EQ(vm_->agent().Run("sleep 60", absl::Milliseconds(50))->end,
            "timeout");
}

TEST_P(VmTest, JobsRunUntilASignal) {
  const auto job = vm_->agent().Start("sleep 600");
  ASSERT_TRUE(job.ok()) << job.status();
  EXPECT_EQ(vm_->agent().Wait(*job, absl::ZeroDuration()).value(), "running");
  EXPECT_TRUE(vm_->agent().Signal(*job, SIGTERM).ok());
  EXPECT_EQ(vm_->agent().Wait(*job, kLimit).value(), "signal 15");
}

TEST_P(VmTest, FilesOfAnyBytesGoInAndOut) {
  const std::string bytes = Pattern(40001);
  const absl::Status status = vm_->agent().WriteFile("/tmp/file", bytes);
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_TRUE(vm_->agent().ReadFile("/tmp/file").value() == bytes);
  EXPECT_FALSE(vm_->agent().ReadFile("/tmp/none").ok());
}

TEST_P(VmTest, PortsCarryAMebibyteUp) {
  const std::string expected = MakeMebibyteInGuest();
  const auto stream = ConnectTo("0");
  ASSERT_NE(stream, nullptr);
  const auto job =
      vm_->agent().Start("sh -c 'cat /tmp/mib >/dev/virtio-ports/qpid.0'");
  ASSERT_TRUE(job.ok()) << job.status();
  const auto received = stream->ReadExactly(kMebibyte, Deadline::After(kLimit));
  ASSERT_TRUE(received.ok()) << received.status();
  EXPECT_TRUE(*received == expected);
  EXPECT_EQ(vm_->agent().Wait(*job, kLimit).value(), "exit 0");
}

TEST_P(VmTest, PortsCarryAMebibyteDown) {
  const std::string bytes = MakeMebibyteInGuest();
  const auto stream = ConnectTo("1");
  ASSERT_NE(stream, nullptr);
  const auto job = vm_->agent().Start(
      absl::StrCat("sh -c 'head -c ", kMebibyte,
                   " /dev/virtio-ports/qpid.1 | cmp - /tmp/mib && echo same'"));
  ASSERT_TRUE(job.ok()) << job.status();
  ASSERT_TRUE(stream->Write(bytes, Deadline::After(kLimit)).ok());
  EXPECT_EQ(vm_->agent().Wait(*job, kLimit).value(), "exit 0");
  EXPECT_EQ(vm_->agent().ReadFile(job->log).value(), "same\n");
}

TEST_P(VmTest, PortsComeAndGo) {
  const std::string socket = vm_->SocketPath("new");
  for (int round = 0; round < 2; ++round) {
    absl::Status status = vm_->HotPlugPort("qpid.new", socket);
    ASSERT_TRUE(status.ok()) << status;
    EXPECT_TRUE(Eventually(kLimit, [&] { return GuestSees("qpid.new"); }));
    EXPECT_NE(ConnectTo("new"), nullptr);
    status = vm_->UnplugPort("qpid.new");
    ASSERT_TRUE(status.ok()) << status;
    EXPECT_TRUE(Eventually(kLimit, [&] { return !GuestSees("qpid.new"); }));
  }
}

TEST_P(VmTest, PausedGuestIsSilent) {
  ASSERT_TRUE(vm_->Pause().ok());
  EXPECT_THAT(vm_->qmp().Execute("query-status").value(),
              HasSubstr("\"paused\""));
  ASSERT_TRUE(vm_->Continue().ok());
  EXPECT_EQ(vm_->Run("echo awake").value(), "awake\n");
}

TEST_P(VmTest, ResetBootsAgain) {
  ASSERT_TRUE(vm_->Run("touch /tmp/before").ok());
  const absl::Status status = vm_->Reset();
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_FALSE(vm_->Run("test -e /tmp/before").ok());
}

INSTANTIATE_TEST_SUITE_P(Vcpus, VmTest, ::testing::Values(1, 2));

}  // namespace
}  // namespace vios::testing
