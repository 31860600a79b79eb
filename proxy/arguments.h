// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_ARGUMENTS_H_
#define VIOS_PROXY_PROXY_ARGUMENTS_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace vios {

// The command line taken apart, by the rules of gflags but without the flags
// themselves. Pure. The message of an error is one line for the operator.

enum class FlagKind { kUnknown, kSwitch, kValue };
using KindOfFlag = std::function<FlagKind(const std::string& name)>;

struct Arguments {
  struct Flag {
    std::string name;   // Without dashes; underscores, whatever was written.
    std::string value;  // Of a switch "true" or "false".
  };
  std::vector<Flag> flags;  // In their order.
  std::vector<std::string> positionals;

  // The value that counts, or null when the flag is not there.
  const std::string* Find(const std::string& name) const;
};

// Takes -name, --name, --name=value, --name value (unless it is a switch),
// --noname (of a switch) and -- (only positionals follow). An unknown flag is
// an error unless --undefok lists it; then it is left out.
absl::StatusOr<Arguments> ScanArguments(absl::Span<const std::string> words,
                                        const KindOfFlag& kind_of);

// Turns the positionals into the flags of these names. An error when there are
// more of them, or a flag has been given another value.
absl::Status NamePositionals(absl::Span<const std::string> names,
                             Arguments& arguments);

// Moves the flags that bring in files and the environment to the front: what
// the command line says itself comes later, and so counts.
void PutWeakFlagsFirst(Arguments& arguments);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_ARGUMENTS_H_
