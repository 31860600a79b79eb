// SPDX-License-Identifier: Apache-2.0
#include "proxy/thread.h"

#include <pthread.h>
#include <sched.h>

#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace vios {

void SetThreadName(absl::string_view name) {
  const std::string kept(name.substr(0, 15));
  (void)::pthread_setname_np(::pthread_self(), kept.c_str());
}

void SetWokenThread(WokenThread kind) {
  const sched_param none = {};
  const bool patient = kind == WokenThread::kPatient;
  (void)::sched_setscheduler(0, patient ? SCHED_BATCH : SCHED_OTHER, &none);
}

absl::StatusOr<std::thread> StartThread(const std::string& name,
                                        std::function<void()> run) {
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
