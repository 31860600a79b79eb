// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_CLIENT_QUEUE_H_
#define VIOS_PROXY_PROXY_CLIENT_QUEUE_H_

#include <list>
#include <optional>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "channel/wakeup.h"
#include "proxy/client.h"

namespace vios {

// Where clients meet free channels. First come first served among clients; each
// goes to the best-ranked worker in line (0 before 1), of equals to the one
// that joined last (it is warm). A client is handed out once, and only if it
// has not hung up. Thread-safe, never blocks: who waits for memory holds up
// nobody else. Workers join by a PlaceInLine.
class ClientQueue {
 public:
  // At most `max_queue` clients wait (those put back come on top), each for
  // `queue_timeout` from its acceptance on (0: for ever).
  ClientQueue(size_t max_queue, absl::Duration queue_timeout)
      : max_queue_(max_queue), queue_timeout_(queue_timeout) {}

  enum class Push { kHandedOver, kQueued, kFull };
  // Moves from `client` for kHandedOver and kQueued, else leaves it untouched.
  Push Offer(Client& client);
  // Back to the front, ahead of all that were accepted later: its channel died
  // before anything was sent. Works when full, too.
  void PutBack(Client client);

  struct Expired {
    Client client;
    bool hung_up;  // Else it waited longer than queue_timeout.
  };
  // Removes those that need not wait any longer. One that hung up (reset or
  // gone; an end of file is no hang-up) is told once, wherever it was noticed,
  // its descriptor closed already: call this about once a second.
  std::vector<Expired> Expire(Clock::time_point now);
  // When the one that waits longest need not any longer; may be never.
  Deadline next_expiry() const;

  // Those that wait, for whoever ends without workers.
  std::list<Client> TakeAll();
  size_t size() const;  // How many clients wait.

 private:
  friend class PlaceInLine;
  // Lists, for their elements move from one to the other without memory.
  using Clients = std::list<Client>;
  struct Worker {
    Wakeup& wakeup;
    int rank;
    Clients client;  // Handed over, not taken yet; one at most.
  };
  using Line = std::list<Worker>;

  Line::iterator Join(Wakeup& wakeup, int rank);
  void Leave(Line::iterator worker);
  std::optional<Client> TakeFor(Line::iterator worker);
  void SetRankOf(Line::iterator worker, int rank);
  Push Place(Clients& one) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  Worker* BestWaiting() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void Insert(Clients& one) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void AssignFrontToBest() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  bool AssignFront(Worker& worker) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void DropHungUp() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void NoteHungUp(Clients& from, Clients::iterator client)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  const size_t max_queue_;
  const absl::Duration queue_timeout_;
  mutable absl::Mutex mu_;
  // While a client waits here, every worker in line has one already.
  Clients clients_ ABSL_GUARDED_BY(mu_);  // Oldest first.
  Line line_ ABSL_GUARDED_BY(mu_);        // As they joined.
  Clients hung_up_ ABSL_GUARDED_BY(mu_);  // For Expire().
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_CLIENT_QUEUE_H_
