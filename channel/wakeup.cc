// SPDX-License-Identifier: Apache-2.0
#include "channel/wakeup.h"

#include <sys/eventfd.h>

#include <utility>

#include "absl/memory/memory.h"
#include "channel/errno_status.h"

namespace vios {

absl::StatusOr<std::unique_ptr<Wakeup>> Wakeup::Create(Cancel& cancel) {
  UniqueFd event(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!event.ok()) return ErrnoStatus("eventfd", "wake-up");
  return absl::WrapUnique(new Wakeup(std::move(event), cancel));
}

Wakeup::Wakeup(UniqueFd event, Cancel& cancel)
    : event_(std::move(event)),
      cancel_(cancel),
      on_cancel_(cancel, [this] { Ring(); }) {}

// Neither call can fail but for a full or an empty counter, and both mean that
// there is nothing left to do.
void Wakeup::Ring() { (void)::eventfd_write(event_.get(), 1); }

void Wakeup::Clear() {
  ++rings_;
  eventfd_t count;
  (void)::eventfd_read(event_.get(), &count);
}

}  // namespace vios
