// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_BENCH_LOAD_SERVICE_H_
#define VIOS_PROXY_TESTING_BENCH_LOAD_SERVICE_H_

#include "absl/status/status.h"

namespace vios::testing {

// Serves the connections of the listening `socket`, each on a thread of its
// own that ends with it, for as long as the process lives. Only returns when
// no connection can be accepted any more. A process calls it once.
absl::Status ServeLoad(int socket);

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_BENCH_LOAD_SERVICE_H_
