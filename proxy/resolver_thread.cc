// SPDX-License-Identifier: Apache-2.0
#include "proxy/resolver_thread.h"

#include <utility>

#include "absl/memory/memory.h"
#include "channel/deadline.h"
#include "proxy/log.h"
#include "proxy/thread.h"

namespace vios {
namespace {

// How often to see whether a refresh is due, and how long to wait for one that
// is under way when the daemon ends.
constexpr absl::Duration kInterval = absl::Milliseconds(200);

}  // namespace

absl::StatusOr<std::unique_ptr<ResolverThread>> ResolverThread::Start(
    std::shared_ptr<ServiceResolver> resolver) {
  const bool named = resolver->Due(Clock::now());
  auto shared = std::make_shared<Shared>(std::move(resolver));
  auto result = absl::WrapUnique(new ResolverThread(shared));
  if (!named) return result;
  auto thread = StartThread("resolver", [shared] { Run(shared); });
  if (!thread.ok()) return thread.status();
  result->thread_ = *std::move(thread);
  return result;
}

ResolverThread::~ResolverThread() {
  if (!thread_.joinable()) return;
  bool done = false;
  {
    absl::MutexLock lock(&shared_->mu);
    shared_->stop = true;
    shared_->changed.NotifyAll();
    const Deadline limit = Deadline::After(kInterval);
    while (!shared_->done && !limit.passed()) {
      shared_->changed.Wait(shared_->mu, limit);
    }
    done = shared_->done;
  }
  if (done) {
    thread_.join();
  } else {
    thread_.detach();
  }
}

void ResolverThread::Run(const std::shared_ptr<Shared>& shared) {
  bool stop = false;
  while (!stop) {
    RefreshIfDue(*shared);
    absl::MutexLock lock(&shared->mu);
    if (!shared->stop) {
      shared->changed.Wait(shared->mu, Deadline::After(kInterval));
    }
    stop = shared->stop;
  }
  absl::MutexLock lock(&shared->mu);
  shared->done = true;
  shared->changed.NotifyAll();
}

void ResolverThread::RefreshIfDue(Shared& shared) {
  if (!shared.resolver->Due(Clock::now())) return;
  const absl::Status resolved = shared.resolver->Refresh();
  if (!shared.failure.ShouldTell(resolved.message())) return;
  if (resolved.ok()) {
    VIOS_LOG(kNotice) << "service address resolved again";
  } else {
    VIOS_LOG(kWarn) << "cannot resolve the service: " << resolved.message();
  }
}

}  // namespace vios
