// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_CTL_CHECK_STATUS_SERVER_H_
#define VIOS_PROXY_PROXY_CTL_CHECK_STATUS_SERVER_H_

#include <optional>
#include <string>

#include "proxy/ctl/daemon_finder.h"
#include "proxy/ctl/process_list.h"
#include "proxy/ctl/verdict.h"

namespace vios {

// What to say of `failure`, of `owner`'s server or else of a daemon of
// `program` if one runs: broken, or a note when, and it was not `given` to be
// asked, it is only us who may not ask, or a socket that was left behind.
Verdict CheckStatusServer(const std::string& program,
                          const DaemonReports::Failure& failure, bool given,
                          const std::optional<Process>& owner,
                          const ProcessList& processes);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_CTL_CHECK_STATUS_SERVER_H_
