// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_PROMETHEUS_TEXT_H_
#define VIOS_PROXY_PROXY_PROMETHEUS_TEXT_H_

#include <string>

#include "proxy/daemon_status.h"

namespace vios {

inline constexpr char kPrometheusContentType[] =
    "text/plain; version=0.0.4; charset=utf-8";

// The metrics of a daemon, for Prometheus to scrape. Pure.
std::string PrometheusText(const DaemonStatus& status);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_PROMETHEUS_TEXT_H_
