// SPDX-License-Identifier: Apache-2.0
#include "proxy/client_queue.h"

#include <algorithm>
#include <utility>

#include "channel/fd_io.h"

namespace vios {
ClientQueue::Push ClientQueue::Offer(Client& client) {
  absl::MutexLock lock(&mu_);
  if (closed_) return Push::kClosed;
  if (Worker* worker = BestWaiting()) {
    worker->client = std::move(client);
    worker->wakeup.Ring();
    return Push::kHandedOver;
  }
  if (clients_.size() >= max_queue_) DropHungUp();
  if (clients_.size() >= max_queue_) return Push::kFull;
  clients_.push_back(std::move(client));
  return Push::kQueued;
}

void ClientQueue::PutBack(Client client) {
  absl::MutexLock lock(&mu_);
  Insert(std::move(client));
  AssignFrontToBest();
}

std::vector<ClientQueue::Expired> ClientQueue::Expire(Clock::time_point now) {
  absl::MutexLock lock(&mu_);
  DropHungUp();
  std::vector<Expired> expired = std::exchange(hung_up_, {});
  if (queue_timeout_ == absl::ZeroDuration()) return expired;
  const Clock::duration limit = absl::ToChronoNanoseconds(queue_timeout_);
  while (!clients_.empty() && now - clients_.front().accepted >= limit) {
    expired.push_back({std::move(clients_.front()), /*hung_up=*/false});
    clients_.pop_front();
  }
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

void ClientQueue::Close() {
  absl::MutexLock lock(&mu_);
  closed_ = true;
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
  absl::MutexLock lock(&mu_);
  const auto worker = line_.insert(line_.end(), {wakeup, rank, std::nullopt});
  AssignFront(*worker);
  return worker;
}

void ClientQueue::Leave(Line::iterator worker) {
  absl::MutexLock lock(&mu_);
  std::optional<Client> unused = std::move(worker->client);
  line_.erase(worker);
  if (!unused) return;
  Insert(*std::move(unused));
  AssignFrontToBest();
}

// On success the worker has left the line.
std::optional<Client> ClientQueue::TakeFor(Line::iterator worker) {
  absl::MutexLock lock(&mu_);
  while (worker->client && HungUp(worker->client->fd.get())) {
    NoteHungUp(*std::exchange(worker->client, std::nullopt));
    AssignFront(*worker);
  }
  if (!worker->client) return std::nullopt;
  std::optional<Client> client = std::move(worker->client);
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
    if (worker.client) continue;
    if (best == nullptr || worker.rank <= best->rank) best = &worker;
  }
  return best;
}

// Those put back were accepted before all that still wait, but several may come
// back in any order.
void ClientQueue::Insert(Client client) {
  const auto later = std::find_if(clients_.begin(), clients_.end(),
                                  [&client](const Client& other) {
                                    return other.accepted >= client.accepted;
                                  });
  clients_.insert(later, std::move(client));
}

void ClientQueue::DropHungUp() {
  for (auto client = clients_.begin(); client != clients_.end();) {
    if (!HungUp(client->fd.get())) {
      ++client;
      continue;
    }
    NoteHungUp(std::move(*client));
    client = clients_.erase(client);
  }
}

// Closed here and not when it is told: a flood of them holds no descriptors.
void ClientQueue::NoteHungUp(Client client) {
  client.fd.Reset();
  client.alive.reset();
  hung_up_.push_back({std::move(client), /*hung_up=*/true});
}

void ClientQueue::AssignFrontToBest() {
  Worker* worker = BestWaiting();
  if (worker != nullptr && AssignFront(*worker)) worker->wakeup.Ring();
}

// False when there is no client. Does not ring: the worker itself may be who
// asks, and would find the ring in its next wait.
bool ClientQueue::AssignFront(Worker& worker) {
  if (clients_.empty()) return false;
  worker.client = std::move(clients_.front());
  clients_.pop_front();
  return true;
}

}  // namespace vios
