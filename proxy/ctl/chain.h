// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_CTL_CHAIN_H_
#define VIOS_PROXY_PROXY_CTL_CHAIN_H_

#include <functional>
#include <string>
#include <vector>

#include "proxy/ctl/verdict.h"

namespace vios {

// Checks, each of which makes sense only if those before it found nothing
// broken.
using Chain = std::vector<std::function<Verdict()>>;

// The verdicts of a chain up to the first broken link.
Verdicts Examine(const Chain& chain);
// Puts `more` behind `verdicts`.
void Append(Verdicts more, Verdicts& verdicts);

bool AnyBroken(const Verdicts& verdicts);

// For a person: one line when all is well, else what is broken or worth
// knowing, with advice. `side` is "guest" or "host". Ends with a newline. Pure.
std::string VerdictText(const std::string& side, const Verdicts& verdicts);
// For a script: one object with every verdict. Ends with a newline. Pure.
std::string VerdictJson(const std::string& side, const Verdicts& verdicts);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_CTL_CHAIN_H_
