// SPDX-License-Identifier: Apache-2.0
#include "proxy/http_connections.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <optional>

namespace vios {
namespace {

std::optional<ino_t> SocketInode(int fd) {
  struct stat file = {};
  if (::fstat(fd, &file) != 0 || !S_ISSOCK(file.st_mode)) return std::nullopt;
  return file.st_ino;
}

// Whether evhttp still has it: it takes its callbacks off when it frees one.
bool InUse(bufferevent* one) {
  bufferevent_data_cb read = nullptr;
  bufferevent_getcb(one, &read, nullptr, nullptr, nullptr);
  return read != nullptr;
}

// More than the longest request.
constexpr size_t kMostUnused = 16 * 1024;

// Not by libevent's watermark: whom it does not read, it does not see leave.
void EndIfFlooded(evbuffer* input, const evbuffer_cb_info*, void* one) {
  if (::evbuffer_get_length(input) <= kMostUnused) return;
  (void)::shutdown(::bufferevent_getfd(static_cast<bufferevent*>(one)),
                   SHUT_RDWR);
}

}  // namespace

void HttpConnections::FreeEvent::operator()(event* event) const {
  ::event_free(event);
}

HttpConnections::HttpConnections(event_base* base, evconnlistener* listener,
                                 const Limits& limits)
    : listener_(listener), limits_(limits), base_(base) {
  settle_.reset(::event_new(
      base, -1, 0,
      [](evutil_socket_t, short, void* self) {
        static_cast<HttpConnections*>(self)->Settle();
      },
      this));
  tick_.reset(::event_new(
      base, -1, EV_PERSIST,
      [](evutil_socket_t, short, void* self) {
        static_cast<HttpConnections*>(self)->Tick();
      },
      this));
  const timeval second = {1, 0};
  (void)::event_add(tick_.get(), &second);
  // The listener stays readable: trying on would spin.
  ::evconnlistener_set_error_cb(listener, [](evconnlistener* failed, void*) {
    (void)::evconnlistener_disable(failed);
  });
}

HttpConnections::~HttpConnections() {
  for (bufferevent* one : fresh_) (void)::bufferevent_decref(one);
}

bufferevent* HttpConnections::Accepted() {
  // Not to be closed by it: evhttp does that, and touches the number after.
  bufferevent* const one = ::bufferevent_socket_new(base_, -1, 0);
  if (one == nullptr) return nullptr;
  if (::evbuffer_add_cb(::bufferevent_get_input(one), EndIfFlooded, one) ==
      nullptr) {
    ::bufferevent_free(one);
    return nullptr;
  }
  ::bufferevent_incref(one);
  fresh_.push_back(one);
  if (fresh_.size() + open_.size() >= limits_.count) {
    (void)::evconnlistener_disable(listener_);
  }
  // Before the loop looks at descriptors again, the new ones included.
  ::event_active(settle_.get(), EV_TIMEOUT, 1);
  return one;
}

void HttpConnections::Settle() {
  const Clock::time_point now = Clock::now();
  for (bufferevent* one : fresh_) {
    const int fd = InUse(one) ? ::bufferevent_getfd(one) : -1;
    const auto inode = SocketInode(fd);
    if (inode) open_.push_back({fd, *inode, now});
    (void)::bufferevent_decref(one);
  }
  fresh_.clear();
  ForgetClosed();
  while (open_.size() >= limits_.count) {
    (void)::shutdown(open_.front().fd, SHUT_RDWR);
    open_.pop_front();
  }
  (void)::evconnlistener_enable(listener_);
}

void HttpConnections::Tick() {
  ForgetClosed();
  const Clock::time_point too_old =
      Clock::now() - absl::ToChronoNanoseconds(limits_.lifetime);
  while (!open_.empty() && open_.front().since < too_old) {
    (void)::shutdown(open_.front().fd, SHUT_RDWR);
    open_.pop_front();
  }
  (void)::evconnlistener_enable(listener_);
}

// Nobody else closes a descriptor that is still the same socket.
void HttpConnections::ForgetClosed() {
  std::erase_if(
      open_, [](const Open& one) { return SocketInode(one.fd) != one.inode; });
}

}  // namespace vios
