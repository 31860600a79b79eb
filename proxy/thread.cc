// SPDX-License-Identifier: Apache-2.0
#include "proxy/thread.h"

#include <pthread.h>
#include <sched.h>

#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace vios {

namespace {

// Far more than any of ours uses. What is inherited, 8 MiB as a rule, counts
// for each thread where the kernel promises no more memory than there is.
constexpr size_t kStack = size_t{256} * 1024;

// Best effort. For threads that libraries start, too.
bool LimitStacks() {
  pthread_attr_t attributes;
  if (::pthread_getattr_default_np(&attributes) != 0) return false;
  const bool limited = ::pthread_attr_setstacksize(&attributes, kStack) == 0 &&
                       ::pthread_setattr_default_np(&attributes) == 0;
  (void)::pthread_attr_destroy(&attributes);
  return limited;
}

void SetThreadName(absl::string_view name) {
  const std::string kept(name.substr(0, 15));
  (void)::pthread_setname_np(::pthread_self(), kept.c_str());
}

}  // namespace

void SetWokenThread(WokenThread kind) {
  const int now = ::sched_getscheduler(0);
  if (now != SCHED_OTHER && now != SCHED_BATCH) return;  // The operator's wish.
  const sched_param none = {};
  const bool patient = kind == WokenThread::kPatient;
  (void)::sched_setscheduler(0, patient ? SCHED_BATCH : SCHED_OTHER, &none);
}

absl::StatusOr<std::thread> StartThread(const std::string& name,
                                        std::function<void()> run) {
  static const bool limited = LimitStacks();
  (void)limited;
  try {  // The one thing of the standard library that fails by throwing.
    return std::thread([name, run = std::move(run)] {
      SetThreadName(name);
      run();
    });
  } catch (const std::system_error& error) {
    return absl::ResourceExhaustedError(
        absl::StrCat("start thread ", name, ": ", error.code().message()));
  }
}

}  // namespace vios
