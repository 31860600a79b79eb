// SPDX-License-Identifier: Apache-2.0
#include "testing/man/man_page.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace vios {
namespace {

using ::testing::Pair;
using ::testing::UnorderedElementsAre;

constexpr char kPage[] = R"(.Bl -tag -width Ds
.It Ar port , Fl -port Ns = Ns Ar number
Listen there
.Pq default Ql 5672 .
.It Fl -where Ns = Ns Ar path
.Pq default empty .
.It Fl h , Fl -help
Help.
.El
.Bl -diag
.It it broke:
FATAL - For good.
.It client ... left
NOTICE - It has.
.El
)";

TEST(ManPage, HasTheDefaultsOfItsFlags) {
  EXPECT_THAT(ManPage::Parse(kPage).flags,
              UnorderedElementsAre(Pair("port", "5672"), Pair("where", ""),
                                   Pair("help", std::nullopt)));
}

TEST(ManPage, HasTheLevelsOfItsDiagnostics) {
  const ManPage page = ManPage::Parse(kPage);
  ASSERT_EQ(page.diagnostics.size(), 2);
  EXPECT_EQ(page.diagnostics[0].level, "FATAL");
  EXPECT_EQ(page.diagnostics[0].text, "it broke:");
  EXPECT_EQ(page.diagnostics[1].level, "NOTICE");
  EXPECT_EQ(page.diagnostics[1].text, "client ... left");
}

}  // namespace
}  // namespace vios
