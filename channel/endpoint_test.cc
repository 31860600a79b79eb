// SPDX-License-Identifier: Apache-2.0
#include "channel/endpoint.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cstdio>
#include <filesystem>
#include <string>

#include "channel/scratch_dir.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace vios {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

UniqueFd Bound(const std::string& path, int type = SOCK_STREAM) {
  UniqueFd fd(::socket(AF_UNIX, type | SOCK_CLOEXEC, 0));
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path);
  EXPECT_EQ(
      ::bind(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address),
      0);
  return fd;
}

UniqueFd Listening(const std::string& path, int backlog = 1) {
  UniqueFd fd = Bound(path);
  EXPECT_EQ(::listen(fd.get(), backlog), 0);
  return fd;
}

Endpoint SocketAt(const std::string& path) {
  return {"g1", "0", path, EndpointKind::kSocket, 0, 0, 0};
}

TEST(EndpointTest, AnotherInodeOrDeviceIsAnotherThing) {
  const Endpoint one = {"g", "0", "/d/0", EndpointKind::kDevice, 1, 2, 3};
  EXPECT_TRUE(one.SameThing(one));
  for (const Endpoint& other :
       {Endpoint{"g", "0", "/d/1", EndpointKind::kDevice, 1, 2, 3},
        Endpoint{"g", "0", "/d/0", EndpointKind::kSocket, 1, 2, 3},
        Endpoint{"g", "0", "/d/0", EndpointKind::kDevice, 9, 2, 3},
        Endpoint{"g", "0", "/d/0", EndpointKind::kDevice, 1, 9, 3},
        Endpoint{"g", "0", "/d/0", EndpointKind::kDevice, 1, 2, 9}}) {
    EXPECT_FALSE(one.SameThing(other));
  }
}

TEST(OpenDeviceTest, OpensNonBlockingAndCloseOnExec) {
  absl::StatusOr<UniqueFd> device = OpenDevice("/dev/null");
  ASSERT_TRUE(device.ok()) << device.status();
  EXPECT_NE(::fcntl(device->get(), F_GETFL) & O_NONBLOCK, 0);
  EXPECT_EQ(::fcntl(device->get(), F_GETFL) & O_ACCMODE, O_RDWR);
  EXPECT_NE(::fcntl(device->get(), F_GETFD) & FD_CLOEXEC, 0);
}

TEST(OpenDeviceTest, FollowsASymlink) {
  const ScratchDir dir;
  EXPECT_TRUE(OpenDevice(dir.MakeSymlink("port", "/dev/null")).ok());
}

TEST(OpenDeviceTest, AMissingOneIsNotFound) {
  const absl::Status status = OpenDevice("/dev/vios-no-such").status();
  EXPECT_TRUE(absl::IsNotFound(status)) << status;
  EXPECT_THAT(status.message(), HasSubstr("open /dev/vios-no-such"));
  EXPECT_TRUE(absl::IsNotFound(OpenDevice("/dev/null/port").status()));
}

TEST(OpenDeviceTest, AFileIsNoDevice) {
  const ScratchDir dir;
  const absl::Status status = OpenDevice(dir.MakeFile("text")).status();
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
}

TEST(OpenDeviceTest, OpeningASocketIsToBeTriedAgain) {
  const ScratchDir dir;  // ENXIO, as a virtio console port says it.
  const absl::Status status = OpenDevice(dir.MakeSocket("0")).status();
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
}

TEST(ConnectSocketTest, ConnectsNonBlockingAndCloseOnExec) {
  const ScratchDir dir;
  const UniqueFd listener = Listening(dir / "0");
  absl::StatusOr<UniqueFd> socket = Open(SocketAt(dir / "0"));
  ASSERT_TRUE(socket.ok()) << socket.status();
  EXPECT_NE(::fcntl(socket->get(), F_GETFL) & O_NONBLOCK, 0);
  EXPECT_NE(::fcntl(socket->get(), F_GETFD) & FD_CLOEXEC, 0);
  EXPECT_TRUE(UniqueFd(::accept(listener.get(), nullptr, nullptr)).ok());
}

TEST(ConnectSocketTest, AFullBacklogIsAbortedAtOnce) {
  const ScratchDir dir;
  const UniqueFd listener = Listening(dir / "0", 0);
  const absl::StatusOr<UniqueFd> first = ConnectSocket(dir / "0");
  ASSERT_TRUE(first.ok()) << first.status();
  const absl::Status second = ConnectSocket(dir / "0").status();
  EXPECT_TRUE(absl::IsAborted(second)) << second;
  EXPECT_THAT(AdviceFor(second, SocketAt(dir / "0")), IsEmpty());
}

TEST(ConnectSocketTest, NobodyListeningIsUnavailable) {
  const ScratchDir dir;
  const absl::Status status = ConnectSocket(dir.MakeSocket("0")).status();
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
}

TEST(ConnectSocketTest, WhatIsGoneOrNoSocketIsNotFound) {
  const ScratchDir dir;
  EXPECT_TRUE(absl::IsNotFound(ConnectSocket(dir / "none").status()));
  EXPECT_TRUE(absl::IsNotFound(ConnectSocket(dir.MakeFile("text")).status()));
}

TEST(ConnectSocketTest, ADatagramSocketIsInvalid) {
  const ScratchDir dir;
  const UniqueFd datagram = Bound(dir / "0", SOCK_DGRAM);
  const absl::Status status = ConnectSocket(dir / "0").status();
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
}

TEST(ConnectSocketTest, NeverGoesThroughASymlink) {
  const ScratchDir dir;
  const UniqueFd listener = Listening(dir / "0");
  const std::string link = dir.MakeSymlink("link", dir / "0");
  EXPECT_TRUE(absl::IsNotFound(ConnectSocket(link).status()));
}

TEST(ConnectSocketTest, TheLongestPathConnects) {
  const ScratchDir dir;
  std::string path = dir / "";
  path.append(kMaxSocketPath - path.size(), 'x');
  const UniqueFd listener = Listening(path);
  EXPECT_TRUE(ConnectSocket(path).ok());
}

TEST(ConnectSocketTest, ALongerPathSaysLengthLimitAndRemedy) {
  const std::string path = "/tmp/" + std::string(kMaxSocketPath - 4, 'x');
  const absl::Status status = ConnectSocket(path).status();
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  EXPECT_THAT(status.message(), HasSubstr("108 bytes"));
  EXPECT_THAT(status.message(), HasSubstr("107"));
  EXPECT_THAT(status.message(), HasSubstr("shorter"));
}

TEST(OpenTest, NoOtherSocketThanTheOneThatWasListed) {
  const ScratchDir dir;
  dir.MakeDirectory("mine");
  dir.MakeDirectory("theirs");
  const UniqueFd mine = Listening(dir / "mine/0");
  const UniqueFd theirs = Listening(dir / "theirs/0");
  Endpoint endpoint = SocketAt(dir / "mine/0");
  struct stat info = {};
  ASSERT_EQ(::stat(endpoint.path.c_str(), &info), 0);
  endpoint.dev = info.st_dev;
  endpoint.ino = info.st_ino;
  EXPECT_TRUE(Open(endpoint).ok());
  ASSERT_EQ(::rename((dir / "mine").c_str(), (dir / "gone").c_str()), 0);
  dir.MakeSymlink("mine", dir / "theirs");
  EXPECT_TRUE(absl::IsNotFound(Open(endpoint).status()));
  ASSERT_EQ(::unlink((dir / "mine").c_str()), 0);
}

TEST(AdviceForTest, SaysWhatToDo) {
  const Endpoint port = {
      "", "qpid.0", "/dev/vport0p1", EndpointKind::kDevice, 0, 0, 0};
  const absl::Status busy = absl::ErrnoToStatus(EBUSY, "open");
  EXPECT_THAT(AdviceFor(busy, port), HasSubstr("another process"));
  const absl::Status denied = absl::ErrnoToStatus(EACCES, "open");
  EXPECT_THAT(AdviceFor(denied, port), HasSubstr("udev rule"));
  EXPECT_THAT(AdviceFor(denied, SocketAt("/x")), HasSubstr("write permission"));
  const absl::Status many = absl::ErrnoToStatus(EMFILE, "open");
  EXPECT_THAT(AdviceFor(many, port), HasSubstr("ulimit"));
  const absl::Status unfit = absl::InvalidArgumentError("");
  EXPECT_THAT(AdviceFor(unfit, SocketAt("/a/datagram/socket")),
              HasSubstr("--channels"));
  EXPECT_THAT(AdviceFor(unfit, SocketAt(std::string(108, 'x'))),
              HasSubstr("107"));
}

}  // namespace
}  // namespace vios
