// SPDX-License-Identifier: Apache-2.0
#include "channel/page_buffer.h"

#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "channel/sanitizer.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace vios {
namespace {

const auto kPage = static_cast<size_t>(::sysconf(_SC_PAGESIZE));

class PageBufferTest : public testing::Test {
 protected:
  void SetUp() override {
    if (kAddressSanitizer) GTEST_SKIP() << "it hands the memory out itself";
  }
};

// How many of the pages from `start` on are there; -1 when they are nobody's.
int PagesIn(uint8_t* start, size_t pages) {
  std::vector<unsigned char> present(pages);
  if (::mincore(start, pages * kPage, present.data()) != 0) return -1;
  int count = 0;
  for (const unsigned char page : present) count += page & 1;
  return count;
}

TEST_F(PageBufferTest, BeginsWhereItShould) {
  const auto into_page = [](const PageBuffer& buffer) {
    return reinterpret_cast<uintptr_t>(buffer.get()) % kPage;
  };
  EXPECT_EQ(into_page(PageBuffer(100)), 0u);
  EXPECT_EQ(into_page(PageBuffer(100, 30)), 30u);
}

TEST_F(PageBufferTest, TouchesThePagesThatAreWrittenToAndNoOther) {
  const PageBuffer buffer(8 * kPage);
  EXPECT_EQ(PagesIn(buffer.get(), 8), 0);
  buffer.get()[3 * kPage] = 'x';
  EXPECT_EQ(PagesIn(buffer.get(), 8), 1);
}

// What the kernel says of the map that `address` is in, a flag each.
std::string FlagsOfMap(const void* address) {
  const auto wanted = reinterpret_cast<uintptr_t>(address);
  std::ifstream maps("/proc/self/smaps");
  bool in_map = false;
  for (std::string line; std::getline(maps, line);) {
    uintptr_t begin = 0;
    uintptr_t end = 0;
    if (std::sscanf(line.c_str(), "%" SCNxPTR "-%" SCNxPTR " ", &begin, &end) ==
        2) {
      in_map = begin <= wanted && wanted < end;
    }
    if (in_map && absl::StartsWith(line, "VmFlags:")) return line + " ";
  }
  return "";
}

// As the pages of many lie side by side.
TEST_F(PageBufferTest, NoHugePageMakesOneOfManyCostMore) {
  if (!std::ifstream("/sys/kernel/mm/transparent_hugepage/enabled")) {
    GTEST_SKIP() << "this kernel has none";
  }
  const PageBuffer buffer(8 * kPage);
  EXPECT_THAT(FlagsOfMap(buffer.get()), testing::HasSubstr(" nh "));
}

TEST_F(PageBufferTest, AllOfItCanBeWritten) {
  const PageBuffer buffer(2 * kPage, kPage / 2);
  for (size_t i = 0; i < 2 * kPage; ++i) buffer.get()[i] = 'x';
  EXPECT_EQ(buffer.get()[2 * kPage - 1], 'x');
}

TEST_F(PageBufferTest, GivesAllPagesBack) {
  auto buffer = std::make_unique<PageBuffer>(4 * kPage, 1);
  uint8_t* const start = buffer->get() - 1;
  ASSERT_EQ(PagesIn(start, 5), 0);
  buffer.reset();
  EXPECT_EQ(PagesIn(start, 1), -1);
  EXPECT_EQ(PagesIn(start + 4 * kPage, 1), -1);
}

rlimit before;
bool TakeAllMemory() {
  if (::getrlimit(RLIMIT_AS, &before) != 0) return false;
  const rlimit none = {.rlim_cur = 0, .rlim_max = before.rlim_max};
  return ::setrlimit(RLIMIT_AS, &none) == 0;
}
bool GiveBackMemory() { return ::setrlimit(RLIMIT_AS, &before) == 0; }

TEST_F(PageBufferTest, WithoutMemoryItAsksTheHandlerAndTriesAgain) {
  static int asked = 0;
  std::set_new_handler([] {
    ++asked;
    (void)GiveBackMemory();
  });
  ASSERT_TRUE(TakeAllMemory());
  const PageBuffer buffer(kPage);
  std::set_new_handler(nullptr);
  EXPECT_EQ(asked, 1);
  buffer.get()[0] = 'x';
}

TEST_F(PageBufferTest, WithoutMemoryAndHandlerItThrows) {
  ASSERT_EQ(std::get_new_handler(), nullptr);
  bool thrown = false;
  ASSERT_TRUE(TakeAllMemory());
  try {
    const PageBuffer buffer(kPage);
  } catch (const std::bad_alloc&) {
    thrown = true;
  }
  ASSERT_TRUE(GiveBackMemory());
  EXPECT_TRUE(thrown);
}

}  // namespace
}  // namespace vios
