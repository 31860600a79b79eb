// SPDX-License-Identifier: Apache-2.0
#include "proxy/client_queue.h"

#include <algorithm>
#include <utility>

#include "channel/fd_io.h"

namespace vios {

ClientQueue::Push ClientQueue::Offer(Client& client) {
  Clients one;
  one.push_back(std::move(client));
  absl::MutexLock lock(&mu_);
  const Push push = Place(one);
  if (!one.empty()) client = std::move(one.front());
  return push;
}

ClientQueue::Push ClientQueue::Place(Clients& one) {
  if (Worker* worker = BestWaiting()) {
    worker->client.swap(one);
    worker->wakeup.Ring();
    return Push::kHandedOver;
  }
  if (clients_.size() >= max_queue_) DropHungUp();
  if (clients_.size() >= max_queue_) return Push::kFull;
  clients_.splice(clients_.end(), one);
  return Push::kQueued;
}

void ClientQueue::PutBack(Client client) {
  Clients one;
  one.push_back(std::move(client));
  absl::MutexLock lock(&mu_);
  Insert(one);
  AssignFrontToBest();
}

std::vector<ClientQueue::Expired> ClientQueue::Expire(Clock::time_point now) {
  Clients hung_up, late;
  {
    absl::MutexLock lock(&mu_);
    DropHungUp();
    hung_up.swap(hung_up_);
    const Clock::duration limit = absl::ToChronoNanoseconds(queue_timeout_);
    while (limit != Clock::duration::zero() && !clients_.empty() &&
           now - clients_.front().accepted >= limit) {
      late.splice(late.end(), clients_, clients_.begin());
    }
  }
  std::vector<Expired> expired;
  for (Client& it : hung_up) expired.push_back({std::move(it), true});
  for (Client& it : late) expired.push_back({std::move(it), false});
  return expired;
}

Deadline ClientQueue::next_expiry() const {
  absl::MutexLock lock(&mu_);
  if (queue_timeout_ == absl::ZeroDuration() || clients_.empty()) {
    return Deadline::Never();
  }
  return Deadline::At(clients_.front().accepted +
                      absl::ToChronoNanoseconds(queue_timeout_));
}

std::list<Client> ClientQueue::TakeAll() {
  absl::MutexLock lock(&mu_);
  return std::exchange(clients_, {});
}

size_t ClientQueue::size() const {
  absl::MutexLock lock(&mu_);
  return clients_.size();
}

ClientQueue::Line::iterator ClientQueue::Join(Wakeup& wakeup, int rank) {
  Line one;
  one.push_back({wakeup, rank, {}});
  const auto worker = one.begin();
  absl::MutexLock lock(&mu_);
  line_.splice(line_.end(), one);
  AssignFront(*worker);
  return worker;
}

void ClientQueue::Leave(Line::iterator worker) {
  absl::MutexLock lock(&mu_);
  Clients unused;
  unused.swap(worker->client);
  line_.erase(worker);
  if (unused.empty()) return;
  Insert(unused);
  AssignFrontToBest();
}

// On success the worker has left the line.
std::optional<Client> ClientQueue::TakeFor(Line::iterator worker) {
  absl::MutexLock lock(&mu_);
  Clients& given = worker->client;
  while (!given.empty() && HungUp(given.front().fd.get())) {
    NoteHungUp(given, given.begin());
    AssignFront(*worker);
  }
  if (given.empty()) return std::nullopt;
  std::optional<Client> client = std::move(given.front());
  line_.erase(worker);
  return client;
}

void ClientQueue::SetRankOf(Line::iterator worker, int rank) {
  absl::MutexLock lock(&mu_);
  worker->rank = rank;
}

// Null when nobody waits.
ClientQueue::Worker* ClientQueue::BestWaiting() {
  Worker* best = nullptr;
  for (Worker& worker : line_) {
    if (!worker.client.empty()) continue;
    if (best == nullptr || worker.rank <= best->rank) best = &worker;
  }
  return best;
}

// Those put back were accepted before all that still wait, but several may come
// back in any order.
void ClientQueue::Insert(Clients& one) {
  const auto later = std::find_if(
      clients_.begin(), clients_.end(), [&one](const Client& other) {
        return other.accepted >= one.front().accepted;
      });
  clients_.splice(later, one);
}

void ClientQueue::DropHungUp() {
  for (auto it = clients_.begin(); it != clients_.end();) {
    const auto client = it++;
    if (HungUp(client->fd.get())) NoteHungUp(clients_, client);
  }
}

// Closed here and not when it is told: a flood of them holds no descriptors.
void ClientQueue::NoteHungUp(Clients& from, Clients::iterator client) {
  client->fd.Reset();
  client->alive.reset();
  hung_up_.splice(hung_up_.end(), from, client);
}

void ClientQueue::AssignFrontToBest() {
  Worker* worker = BestWaiting();
  if (worker != nullptr && AssignFront(*worker)) worker->wakeup.Ring();
}

// False when there is no client. Does not ring: the worker itself may be who
// asks, and would find the ring in its next wait.
bool ClientQueue::AssignFront(Worker& worker) {
  if (clients_.empty()) return false;
  worker.client.splice(worker.client.end(), clients_, clients_.begin());
  return true;
}

}  // namespace vios
