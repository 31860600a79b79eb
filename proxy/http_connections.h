// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_HTTP_CONNECTIONS_H_
#define VIOS_PROXY_PROXY_HTTP_CONNECTIONS_H_

#include <sys/types.h>

#include <cstddef>
#include <deque>
#include <memory>
#include <vector>

#include "absl/time/time.h"
#include "channel/deadline.h"

struct bufferevent;
struct event;
struct event_base;
struct evconnlistener;

namespace vios {

// Keeps the connections of an evhttp server few, short and small: libevent
// bounds neither their number nor how long one may take for its request in all,
// nor what it reads beyond what it can use yet. When there are too many the
// oldest goes; a scraper takes milliseconds. They are ended by shutdown(), upon
// which evhttp frees them. For the server's thread.
class HttpConnections {
 public:
  struct Limits {
    size_t count = 32;
    absl::Duration lifetime = absl::Seconds(10);
  };
  // Both outlive it. Watches over what `listener` accepts, and pauses it when
  // descriptors ran out, for a second at most.
  HttpConnections(event_base* base, evconnlistener* listener,
                  const Limits& limits);
  ~HttpConnections();

  // The bufferevent for a connection that evhttp is about to set up.
  bufferevent* Accepted();

 private:
  struct Open {
    int fd;
    ino_t inode;  // Of the socket: the number of the descriptor is reused.
    Clock::time_point since;
  };
  struct FreeEvent {
    void operator()(event* event) const;
  };

  // Learns the descriptors of what was accepted, and makes room.
  void Settle();
  // Ends what is too old, and accepts again.
  void Tick();
  void ForgetClosed();

  evconnlistener* const listener_;
  const Limits limits_;
  std::vector<bufferevent*> fresh_;  // Accepted, the descriptor not known yet.
  std::deque<Open> open_;            // Oldest first.
  std::unique_ptr<event, FreeEvent> settle_;
  std::unique_ptr<event, FreeEvent> tick_;
  event_base* const base_;
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_HTTP_CONNECTIONS_H_
