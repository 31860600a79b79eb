// SPDX-License-Identifier: Apache-2.0
#include "proxy/status_html.h"

#include <cstdlib>
#include <fstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proxy/status_example.h"

namespace vios {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

// For people: the test's outputs.zip has the page to look at.
void Keep(const char* name, const std::string& page) {
  const char* directory = std::getenv("TEST_UNDECLARED_OUTPUTS_DIR");
  if (directory == nullptr) return;
  std::ofstream(std::string(directory) + "/" + name) << page;
}

TEST(StatusHtmlTest, ShowsWhatAHostHas) {
  const std::string page = StatusHtml(ExampleHostStatus());
  Keep("host.html", page);
  for (const char* text :
       {"vios-proxy-host", "connects to", "127.0.0.1:5672", "/run/guests",
        "1d 6h", "3 of 4", "builder-1", "127.0.0.1:40112", "57 MB",
        "vios-proxy-guest 1.0.0", "Connection refused", "service_refused",
        "4711", "service_port"}) {
    EXPECT_THAT(page, HasSubstr(text));
  }
  EXPECT_THAT(page, Not(HasSubstr("waiting")));
}

TEST(StatusHtmlTest, ShowsWhatAGuestHas) {
  const std::string page = StatusHtml(ExampleGuestStatus());
  Keep("guest.html", page);
  EXPECT_THAT(page, AllOf(HasSubstr("listens on"), HasSubstr("2 of 128"),
                          Not(HasSubstr("<th>Guest</th>"))));
}

TEST(StatusHtmlTest, SaysWhatIsWrong) {
  DaemonStatus status = ExampleGuestStatus();
  status.channels.clear();
  status.draining = true;
  status.threads.push_back({"accept", absl::Minutes(2), false});
  const std::string page = StatusHtml(status);
  Keep("trouble.html", page);
  EXPECT_THAT(page, AllOf(HasSubstr(">stuck<"), HasSubstr("thread accept"),
                          HasSubstr(">not ready<"), HasSubstr(">draining<"),
                          HasSubstr("None in the directory")));
}

TEST(StatusHtmlTest, LoadsItselfAnewAndNothingElse) {
  const std::string page = StatusHtml(ExampleHostStatus());
  EXPECT_THAT(page, HasSubstr("http-equiv=\"refresh\""));
  for (const char* asset : {"src=", "<link", "<script", "@import", "url("}) {
    EXPECT_THAT(page, Not(HasSubstr(asset)));
  }
}

TEST(StatusHtmlTest, HostileTextIsOnlyShown) {
  DaemonStatus status = ExampleHostStatus();
  status.service = status.directory = kHostileText;
  status.flags.emplace_back(kHostileText, kHostileText);
  for (ChannelStatus& channel : status.channels) {
    channel.guest = channel.name = channel.peer_agent = kHostileText;
    channel.last_error = kHostileText;
    if (channel.session) channel.session->client = kHostileText;
  }
  const std::string page = StatusHtml(status);
  Keep("hostile.html", page);
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, HasSubstr("a&quot;b&#39;c\\d&lt;script&gt;alert(1)"
                              "&lt;/script&gt;&amp;\\x0a\\x0d\\x09\\x01\\x7f"
                              "\\xff\\xc3("));
  for (const char c : page) {
    ASSERT_TRUE(c == '\n' || (c >= ' ' && c <= '~')) << static_cast<int>(c);
  }
}

}  // namespace
}  // namespace vios
