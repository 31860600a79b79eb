// SPDX-License-Identifier: Apache-2.0
#include "proxy/client_queue.h"

#include <fcntl.h>
#include <sys/socket.h>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "channel/fd_io.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proxy/place_in_line.h"

namespace vios {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;
using Push = ClientQueue::Push;

constexpr absl::Duration kPatience = absl::Seconds(20);

// What a client of the test holds: its end, and the one that is queued.
struct Connection {
  UniqueFd far;
  Client client;
};

Connection Connect(std::string from) {
  int fds[2] = {-1, -1};
  EXPECT_EQ(
      ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds),
      0);
  return {UniqueFd(fds[0]), {UniqueFd(fds[1]), std::move(from)}};
}

// A worker's wake-up; tells whether it rang.
class Bell {
 public:
  Wakeup& wakeup() { return *wakeup_; }
  bool Rang() {
    const bool rang = ReadyNow(wakeup_->fd(), POLLIN) != 0;
    wakeup_->Clear();
    return rang;
  }

 private:
  Cancel cancel_;
  std::unique_ptr<Wakeup> wakeup_ = *Wakeup::Create(cancel_);
};

class ClientQueueTest : public ::testing::Test {
 protected:
  Push Offer(const std::string& from) {
    Connection connection = Connect(from);
    far_[from] = std::move(connection.far);
    return queue_.Offer(connection.client);
  }
  void HangUp(const std::string& from) { far_[from].Reset(); }
  // Joins, takes and leaves; "" for none.
  std::string TakeOne() {
    PlaceInLine place(queue_, bell_.wakeup(), 0);
    return Take(place);
  }
  static std::string Take(PlaceInLine& place) {
    std::optional<Client> client = place.Take();
    return client ? client->from : "";
  }

  std::map<std::string, UniqueFd> far_;
  ClientQueue queue_{2, absl::Seconds(30)};
  Bell bell_;
  Bell other_bell_;
};

TEST_F(ClientQueueTest, AFreeWorkerIsHandedTheClientAtOnce) {
  PlaceInLine place(queue_, bell_.wakeup(), 0);
  EXPECT_EQ(Take(place), "");
  EXPECT_EQ(Offer("a"), Push::kHandedOver);
  EXPECT_TRUE(bell_.Rang());
  EXPECT_EQ(queue_.size(), 0);
  EXPECT_EQ(Take(place), "a");
}

TEST_F(ClientQueueTest, APlaceIsGoodForOneClient) {
  PlaceInLine place(queue_, bell_.wakeup(), 0);
  EXPECT_EQ(Offer("a"), Push::kHandedOver);
  EXPECT_EQ(Offer("b"), Push::kQueued);
  EXPECT_EQ(Take(place), "a");
  EXPECT_EQ(Offer("c"), Push::kQueued);
  EXPECT_EQ(Take(place), "");
}

TEST_F(ClientQueueTest, WaitingClientsAreServedInOrder) {
  EXPECT_EQ(Offer("a"), Push::kQueued);
  EXPECT_EQ(Offer("b"), Push::kQueued);
  EXPECT_EQ(TakeOne(), "a");
  EXPECT_FALSE(bell_.Rang());  // Who joins looks by itself.
  EXPECT_EQ(TakeOne(), "b");
  EXPECT_EQ(TakeOne(), "");
}

TEST_F(ClientQueueTest, AFullQueueLeavesTheClientWithTheCaller) {
  Offer("a");
  Offer("b");
  Connection late = Connect("late");
  EXPECT_EQ(queue_.Offer(late.client), Push::kFull);
  EXPECT_TRUE(late.client.fd.ok());
  EXPECT_EQ(late.client.from, "late");
}

TEST_F(ClientQueueTest, HungUpClientsTakeNoRoom) {
  Offer("a");
  Offer("b");
  HangUp("a");
  EXPECT_EQ(Offer("c"), Push::kQueued);
  EXPECT_EQ(TakeOne(), "b");
  EXPECT_EQ(TakeOne(), "c");
}

TEST_F(ClientQueueTest, NoRoomToWaitStillServesAFreeWorker) {
  ClientQueue queue(0, absl::ZeroDuration());
  PlaceInLine place(queue, bell_.wakeup(), 0);
  Connection first = Connect("a");
  Connection second = Connect("b");
  EXPECT_EQ(queue.Offer(first.client), Push::kHandedOver);
  EXPECT_EQ(queue.Offer(second.client), Push::kFull);
}

TEST_F(ClientQueueTest, TheWorkerThatJoinedLastIsServedFirst) {
  PlaceInLine cold(queue_, bell_.wakeup(), 0);
  PlaceInLine warm(queue_, other_bell_.wakeup(), 0);
  Offer("a");
  EXPECT_FALSE(bell_.Rang());
  EXPECT_TRUE(other_bell_.Rang());
  EXPECT_EQ(Take(cold), "");
  EXPECT_EQ(Take(warm), "a");
}

TEST_F(ClientQueueTest, APenalisedWorkerIsServedLast) {
  PlaceInLine good(queue_, bell_.wakeup(), 0);
  PlaceInLine penalised(queue_, other_bell_.wakeup(), 1);
  Offer("a");
  Offer("b");
  EXPECT_EQ(Take(good), "a");
  EXPECT_EQ(Take(penalised), "b");
}

TEST_F(ClientQueueTest, AForgivenWorkerIsServedAsTheOthers) {
  PlaceInLine good(queue_, bell_.wakeup(), 0);
  PlaceInLine forgiven(queue_, other_bell_.wakeup(), 1);
  forgiven.SetRank(0);
  Offer("a");
  EXPECT_EQ(Take(forgiven), "a");
}

TEST_F(ClientQueueTest, AWorkerThatLeavesPassesItsClientOn) {
  PlaceInLine other(queue_, bell_.wakeup(), 1);
  {
    PlaceInLine leaving(queue_, other_bell_.wakeup(), 0);
    Offer("a");
  }
  EXPECT_TRUE(bell_.Rang());
  EXPECT_EQ(Take(other), "a");
}

TEST_F(ClientQueueTest, ClientsOfLeavingWorkersKeepTheirOrder) {
  {
    PlaceInLine second(queue_, bell_.wakeup(), 0);
    PlaceInLine first(queue_, other_bell_.wakeup(), 0);
    Offer("a");  // To `first`, which is destroyed first.
    Offer("b");
    Offer("c");  // Waits.
  }
  EXPECT_EQ(TakeOne(), "a");
  EXPECT_EQ(TakeOne(), "b");
  EXPECT_EQ(TakeOne(), "c");
}

TEST_F(ClientQueueTest, AClientPutBackIsServedNextEvenWhenFull) {
  Offer("a");
  PlaceInLine place(queue_, bell_.wakeup(), 0);
  std::optional<Client> client = place.Take();
  ASSERT_TRUE(client);
  Offer("b");
  Offer("c");
  queue_.PutBack(*std::move(client));
  EXPECT_EQ(queue_.size(), 3);
  EXPECT_EQ(TakeOne(), "a");
  EXPECT_EQ(TakeOne(), "b");
}

TEST_F(ClientQueueTest, AClientPutBackGoesToAWaitingWorker) {
  Offer("a");
  PlaceInLine first(queue_, bell_.wakeup(), 0);
  std::optional<Client> client = first.Take();
  PlaceInLine second(queue_, other_bell_.wakeup(), 0);
  queue_.PutBack(*std::move(client));
  EXPECT_TRUE(other_bell_.Rang());
  EXPECT_EQ(Take(second), "a");
}

TEST_F(ClientQueueTest, AHungUpClientCostsNoChannel) {
  PlaceInLine place(queue_, bell_.wakeup(), 0);
  Offer("a");  // Handed over.
  Offer("b");
  HangUp("a");
  EXPECT_EQ(Take(place), "b");
}

TEST_F(ClientQueueTest, AWorkerWhoseOnlyClientHungUpStaysInLine) {
  PlaceInLine place(queue_, bell_.wakeup(), 0);
  Offer("a");
  HangUp("a");
  EXPECT_EQ(Take(place), "");
  EXPECT_TRUE(bell_.Rang());
  EXPECT_EQ(Offer("b"), Push::kHandedOver);
  EXPECT_TRUE(bell_.Rang());
  EXPECT_EQ(Take(place), "b");
}

TEST_F(ClientQueueTest, AnEndOfFileIsNoHangUp) {
  Offer("a");
  ::shutdown(far_["a"].get(), SHUT_WR);
  EXPECT_THAT(queue_.Expire(Clock::now()), IsEmpty());
  EXPECT_EQ(TakeOne(), "a");
}

TEST_F(ClientQueueTest, ExpireTellsEachHungUpClientOnce) {
  Offer("noticed at hand-over");
  HangUp("noticed at hand-over");
  EXPECT_EQ(TakeOne(), "");
  Offer("noticed now");
  HangUp("noticed now");
  Offer("alive");
  const auto expired = queue_.Expire(Clock::now());
  ASSERT_THAT(expired, SizeIs(2));
  EXPECT_EQ(expired[0].client.from, "noticed at hand-over");
  EXPECT_EQ(expired[1].client.from, "noticed now");
  EXPECT_TRUE(expired[0].hung_up && expired[1].hung_up);
  EXPECT_THAT(queue_.Expire(Clock::now()), IsEmpty());
  EXPECT_EQ(queue_.size(), 1);
}

TEST_F(ClientQueueTest, ExpireCountsFromAcceptance) {
  const Clock::time_point now = Clock::now();
  for (int age : {31, 29}) {
    Connection connection = Connect(absl::StrCat(age));
    connection.client.accepted = now - std::chrono::seconds(age);
    far_[connection.client.from] = std::move(connection.far);
    queue_.Offer(connection.client);
  }
  const auto expired = queue_.Expire(now);
  ASSERT_THAT(expired, SizeIs(1));
  EXPECT_EQ(expired[0].client.from, "31");
  EXPECT_FALSE(expired[0].hung_up);
  EXPECT_TRUE(expired[0].client.fd.ok());
}

TEST_F(ClientQueueTest, WithoutATimeoutNobodyExpires) {
  ClientQueue queue(2, absl::ZeroDuration());
  Connection connection = Connect("a");
  queue.Offer(connection.client);
  EXPECT_THAT(queue.Expire(Clock::now() + std::chrono::hours(1000)), IsEmpty());
}

TEST_F(ClientQueueTest, AClientThatHungUpHoldsNoDescriptorBeforeItIsTold) {
  Connection connection = Connect("a");
  const int fd = connection.client.fd.get();
  EXPECT_EQ(queue_.Offer(connection.client), Push::kQueued);
  EXPECT_EQ(Offer("b"), Push::kQueued);
  connection.far.Reset();
  EXPECT_EQ(Offer("c"), Push::kQueued);  // In its place.
  EXPECT_EQ(::fcntl(fd, F_GETFD), -1);
}

// Who was served, in order. Thread-safe.
class Served {
 public:
  void Add(std::string from) {
    absl::MutexLock lock(&mu_);
    served_.push_back(std::move(from));
  }
  // Those served once there are `count`, or after some seconds.
  std::vector<std::string> Await(size_t count) {
    absl::MutexLock lock(&mu_);
    const auto enough = [this, count]() ABSL_SHARED_LOCKS_REQUIRED(mu_) {
      return served_.size() >= count;
    };
    mu_.AwaitWithTimeout(absl::Condition(&enough), kPatience);
    return served_;
  }

 private:
  absl::Mutex mu_;
  std::vector<std::string> served_ ABSL_GUARDED_BY(mu_);
};

// A thread that serves clients until it is destroyed. A restless one leaves
// every third time in line at once, whatever it has been handed.
class Worker {
 public:
  Worker(ClientQueue& queue, Served& served, bool restless)
      : queue_(queue),
        served_(served),
        restless_(restless),
        thread_([this] { Run(); }) {}
  ~Worker() {
    stop_.Fire();
    thread_.join();
  }

 private:
  void Run() {
    for (int turn = 1; !stop_.fired(); ++turn) {
      PlaceInLine place(queue_, *wakeup_, turn % 2);
      if (restless_ && turn % 3 == 0) continue;
      ServeOne(place);
    }
  }
  void ServeOne(PlaceInLine& place) {
    while (!stop_.fired()) {
      if (std::optional<Client> client = place.Take()) {
        served_.Add(client->from);
        return;
      }
      (void)WaitForRing(Deadline::After(kPatience), *wakeup_);
    }
  }

  ClientQueue& queue_;
  Served& served_;
  const bool restless_;
  Cancel stop_;
  std::unique_ptr<Wakeup> wakeup_ = *Wakeup::Create(stop_);
  std::thread thread_;
};

// The far ends, so that nobody hangs up.
std::vector<UniqueFd> OfferMany(ClientQueue& queue, int clients) {
  std::vector<UniqueFd> far;
  for (int i = 0; i < clients; ++i) {
    Connection connection = Connect(absl::StrCat(i));
    far.push_back(std::move(connection.far));
    const Push push = queue.Offer(connection.client);
    EXPECT_TRUE(push == Push::kQueued || push == Push::kHandedOver);
  }
  return far;
}

TEST(ClientQueueThreadsTest, OneWorkerServesAllInOrder) {
  constexpr int kClients = 300;
  ClientQueue queue(kClients, absl::ZeroDuration());
  Served served;
  const Worker worker(queue, served, /*restless=*/true);
  const std::vector<UniqueFd> far = OfferMany(queue, kClients);
  std::vector<std::string> expected;
  for (int i = 0; i < kClients; ++i) expected.push_back(absl::StrCat(i));
  EXPECT_EQ(served.Await(kClients), expected);
}

TEST(ClientQueueThreadsTest, EveryClientIsServedOnceWhileWorkersComeAndGo) {
  constexpr int kClients = 1000;
  ClientQueue queue(kClients, absl::ZeroDuration());
  Served served;
  std::vector<std::unique_ptr<Worker>> workers;
  for (int i = 0; i < 6; ++i) {
    workers.push_back(std::make_unique<Worker>(queue, served, i % 2 == 0));
  }
  const std::vector<UniqueFd> far = OfferMany(queue, kClients);
  (void)served.Await(kClients);
  workers.clear();
  const std::vector<std::string> all = served.Await(kClients);
  EXPECT_THAT(all, SizeIs(kClients));
  EXPECT_THAT(std::set<std::string>(all.begin(), all.end()), SizeIs(kClients));
  EXPECT_EQ(queue.size(), 0);
}

}  // namespace
}  // namespace vios
