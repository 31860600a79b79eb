// SPDX-License-Identifier: Apache-2.0
#include "proxy/host_daemon_main.h"

int main(int argc, char** argv) { return vios::HostDaemonMain(argc, argv); }
