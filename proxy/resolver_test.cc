// SPDX-License-Identifier: Apache-2.0
#include "proxy/resolver.h"

#include <chrono>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proxy/service_address.h"

namespace vios {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const ServiceAddress kService = *ServiceAddress::Parse("service", 80);

std::vector<std::string> Shown(const ServiceResolver& resolver) {
  const auto current = resolver.Current();
  if (!current.ok()) return {std::string(current.status().message())};
  std::vector<std::string> shown;
  for (const SocketAddress& one : *current) shown.push_back(one.ToString());
  return shown;
}

// Answers with what a test has put into `answer`.
struct FakeNames {
  absl::StatusOr<std::vector<SocketAddress>> answer =
      absl::UnavailableError("no such host");
  int calls = 0;

  ServiceResolver::LookUp LookUp() {
    return [this](const std::string&, uint16_t) {
      ++calls;
      return answer;
    };
  }
};

TEST(ServiceResolverTest, LiteralsAreConstant) {
  FakeNames names;
  for (const char* literal : {"127.0.0.1", "::1", "unix:/run/s"}) {
    ServiceResolver resolver(*ServiceAddress::Parse(literal, 80),
                             names.LookUp());
    EXPECT_TRUE(resolver.Current().ok()) << literal;
    resolver.RequestRefresh();
    EXPECT_FALSE(resolver.Due(Clock::now() + seconds(3600)));
    EXPECT_TRUE(resolver.Refresh().ok());
  }
  EXPECT_EQ(names.calls, 0);
}

TEST(ServiceResolverTest, NameIsUnavailableUntilResolved) {
  FakeNames names;
  ServiceResolver resolver(kService, names.LookUp());
  EXPECT_TRUE(absl::IsUnavailable(resolver.Current().status()));
  EXPECT_EQ(names.calls, 0);
  EXPECT_TRUE(resolver.Due(Clock::now()));
  EXPECT_FALSE(resolver.Refresh().ok());
  EXPECT_THAT(Shown(resolver), ElementsAre("no such host"));
  names.answer = {{*ParseSocketAddress("192.0.2.1", 80)}};
  EXPECT_TRUE(resolver.Refresh().ok());
  EXPECT_THAT(Shown(resolver), ElementsAre("192.0.2.1:80"));
}

TEST(ServiceResolverTest, KeepsTheLastGoodAnswer) {
  FakeNames names;
  names.answer = {{*ParseSocketAddress("192.0.2.1", 80)}};
  ServiceResolver resolver(kService, names.LookUp());
  ASSERT_TRUE(resolver.Refresh().ok());
  names.answer = absl::UnavailableError("no such host");
  EXPECT_FALSE(resolver.Refresh().ok());
  names.answer = std::vector<SocketAddress>();
  EXPECT_FALSE(resolver.Refresh().ok());
  EXPECT_THAT(Shown(resolver), ElementsAre("192.0.2.1:80"));
}

TEST(ServiceResolverTest, IsDueEveryMinuteOrASecondAfterAFailure) {
  FakeNames names;
  names.answer = {{*ParseSocketAddress("192.0.2.1", 80)}};
  ServiceResolver resolver(kService, names.LookUp());
  const Clock::time_point before = Clock::now();
  ASSERT_TRUE(resolver.Refresh().ok());
  const Clock::time_point after = Clock::now();
  EXPECT_FALSE(resolver.Due(before + seconds(59)));
  EXPECT_TRUE(resolver.Due(after + seconds(60)));
  resolver.RequestRefresh();
  EXPECT_FALSE(resolver.Due(before + milliseconds(900)));
  EXPECT_TRUE(resolver.Due(after + seconds(1)));
}

TEST(ServiceResolverTest, UnresolvedNameIsTriedAgainEverySecond) {
  FakeNames names;
  ServiceResolver resolver(kService, names.LookUp());
  const Clock::time_point before = Clock::now();
  ASSERT_FALSE(resolver.Refresh().ok());
  EXPECT_FALSE(resolver.Due(before + milliseconds(900)));
  EXPECT_TRUE(resolver.Due(Clock::now() + seconds(1)));
}

TEST(LookUpHostTest, KnowsLocalhost) {
  const auto found = LookUpHost("localhost", 80);
  ASSERT_TRUE(found.ok()) << found.status();
  ASSERT_FALSE(found->empty());
  EXPECT_EQ(found->front().port(), 80);
}

TEST(LookUpHostTest, NamesTheHostThatFailed) {
  const auto found = LookUpHost("no-such-host.invalid", 80);
  ASSERT_FALSE(found.ok());
  EXPECT_THAT(std::string(found.status().message()),
              HasSubstr("resolve no-such-host.invalid: "));
}

}  // namespace
}  // namespace vios
