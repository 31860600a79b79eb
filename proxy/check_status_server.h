// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_CHECK_STATUS_SERVER_H_
#define VIOS_PROXY_PROXY_CHECK_STATUS_SERVER_H_

#include <string>

#include "proxy/daemon_finder.h"
#include "proxy/machine.h"
#include "proxy/process_list.h"
#include "proxy/verdict.h"

namespace vios {

// Whether `failure` is one of a daemon of `program`. Where it cannot be seen
// whose the server is, it is if such a process runs that is not among the
// `answered`. Only looks.
bool IsFailureOf(const std::string& program,
                 const DaemonReports::Failure& failure, size_t answered,
                 const Machine& machine, const ProcessList& processes);

// What to say of `failure`, of a daemon of `program` if one runs: broken, or a
// note when it is only us who may not ask, or a socket that was left behind and
// not `given` to be asked. Only looks.
Verdict CheckStatusServer(const std::string& program,
                          const DaemonReports::Failure& failure, bool given,
                          const Machine& machine, const ProcessList& processes);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_CHECK_STATUS_SERVER_H_
