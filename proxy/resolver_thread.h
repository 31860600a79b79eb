// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_RESOLVER_THREAD_H_
#define VIOS_PROXY_PROXY_RESOLVER_THREAD_H_

#include <memory>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "proxy/on_change.h"
#include "proxy/resolver.h"
#include "proxy/steady_condition.h"

namespace vios {

// The thread "resolver": refreshes the addresses of a service that has a name.
// It has no other work, since looking a name up may take as long as the name
// servers like and cannot be called off.
class ResolverThread {
 public:
  // Does nothing, without a thread, when there is nothing to look up.
  static absl::StatusOr<std::unique_ptr<ResolverThread>> Start(
      std::shared_ptr<ServiceResolver> resolver);
  // Joins, unless a look-up is under way that does not end soon: its thread is
  // then left behind with what it shares, and touches nothing else.
  ~ResolverThread();

 private:
  // Shared with the thread, which may outlive this object.
  struct Shared {
    explicit Shared(std::shared_ptr<ServiceResolver> service)
        : resolver(std::move(service)) {}
    const std::shared_ptr<ServiceResolver> resolver;
    OnChange failure;
    absl::Mutex mu;
    SteadyCondition changed;
    bool stop ABSL_GUARDED_BY(mu) = false;
    bool done ABSL_GUARDED_BY(mu) = false;
  };
  explicit ResolverThread(std::shared_ptr<Shared> shared)
      : shared_(std::move(shared)) {}
  static void Run(const std::shared_ptr<Shared>& shared);
  static void RefreshIfDue(Shared& shared);

  const std::shared_ptr<Shared> shared_;
  std::thread thread_;
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_RESOLVER_THREAD_H_
