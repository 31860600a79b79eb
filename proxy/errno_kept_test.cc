// SPDX-License-Identifier: Apache-2.0
// Errors are told as they were where each allocation changes errno, as one does
// that has to look for memory.
#include <cerrno>
#include <cstdlib>
#include <new>

#include "absl/status/status.h"
#include "channel/scratch_dir.h"
#include "gtest/gtest.h"
#include "proxy/listener.h"
#include "proxy/socket_address.h"
#include "proxy/tcp.h"

// In place of the C++ library's, for all of this program.
void* operator new(size_t size) {
  void* const memory = std::malloc(size);
  if (memory == nullptr) std::abort();
  errno = ENOMEM;
  return memory;
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, size_t) noexcept { std::free(memory); }

namespace vios {
namespace {

TEST(ErrnoKept, DialOfAServiceThatIsNotThere) {
  const ScratchDir directory;
  const auto address = ParseSocketAddress("unix:" + (directory / "none"), 0);
  ASSERT_TRUE(address.ok()) << address.status();
  EXPECT_EQ(StartDial(*address).status().code(), absl::StatusCode::kNotFound);
}

TEST(ErrnoKept, ListenerInADirectoryThatIsNotThere) {
  const ScratchDir directory;
  const auto address = ParseSocketAddress("unix:" + (directory / "no/s"), 0);
  ASSERT_TRUE(address.ok()) << address.status();
  EXPECT_EQ(OpenListener(*address, 0600).status().code(),
            absl::StatusCode::kNotFound);
}

TEST(ErrnoKept, ListenerThatHasItsPortAlready) {
  const auto any = ParseSocketAddress("127.0.0.1", 0);
  ASSERT_TRUE(any.ok()) << any.status();
  const auto first = OpenListener(*any, 0600);
  ASSERT_TRUE(first.ok()) << first.status();
  const auto taken =
      ParseSocketAddress("127.0.0.1", PortOfListener(first->get()));
  ASSERT_TRUE(taken.ok()) << taken.status();
  EXPECT_EQ(OpenListener(*taken, 0600).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace vios
