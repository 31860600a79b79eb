// SPDX-License-Identifier: Apache-2.0
#include "proxy/ctl/vm_channels.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"

namespace vios {
namespace {

// For a word of a shell that is in single quotes.
std::string ShellQuoted(const std::string& word) {
  constexpr char kPlain[] =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
      "/._-+:=,";
  if (word.find_first_not_of(kPlain) == std::string::npos) return word;
  return absl::StrCat("'", absl::StrReplaceAll(word, {{"'", "'\\''"}}), "'");
}

std::string XmlQuoted(const std::string& text) {
  return absl::StrReplaceAll(text, {{"&", "&amp;"},
                                    {"<", "&lt;"},
                                    {">", "&gt;"},
                                    {"'", "&apos;"},
                                    {"\"", "&quot;"}});
}

int DeviceOf(int channel) { return channel / kMostPortsOfDevice; }

}  // namespace

std::string QemuArguments(int count, const std::string& directory) {
  std::vector<std::string> lines;
  // QEMU takes a comma inside a value twice.
  const std::string path = absl::StrReplaceAll(directory, {{",", ",,"}});
  for (int i = 0; i < count; ++i) {
    const int device = DeviceOf(i);
    if (i % kMostPortsOfDevice == 0) {
      lines.push_back(absl::StrCat("-device virtio-serial,id=vios", device));
    }
    lines.push_back(absl::StrCat(
        "-chardev ",
        ShellQuoted(absl::StrCat("socket,path=", path, "/", i,
                                 ",server=on,wait=off,id=vios-c", i))));
    lines.push_back(absl::StrCat("-device virtserialport,bus=vios", device,
                                 ".0,chardev=vios-c", i, ",name=qpid.", i));
  }
  return absl::StrJoin(lines, " \\\n") + "\n";
}

std::string LibvirtXml(int count, const std::string& directory) {
  std::string xml;
  for (int device = 0; device <= DeviceOf(count - 1); ++device) {
    // Port 0 is kept for a console.
    absl::StrAppend(&xml, "<controller type='virtio-serial' index='", device,
                    "' ports='", kMostPortsOfDevice + 1, "'/>\n");
  }
  for (int i = 0; i < count; ++i) {
    absl::StrAppend(&xml, "<channel type='unix'>\n  <source mode='bind' path='",
                    XmlQuoted(directory), "/", i,
                    "'/>\n  <target type='virtio' name='qpid.", i,
                    "'/>\n  <address type='virtio-serial' controller='",
                    DeviceOf(i), "' bus='0' port='", i % kMostPortsOfDevice + 1,
                    "'/>\n</channel>\n");
  }
  return xml;
}

}  // namespace vios
