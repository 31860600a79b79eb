// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_FAKE_HTTP_SERVER_H_
#define VIOS_PROXY_PROXY_FAKE_HTTP_SERVER_H_

#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <functional>
#include <string>
#include <thread>
#include <utility>

#include "channel/unique_fd.h"

namespace vios {

// For tests: listens on a unix socket and answers each connection's request
// with what `answer` makes of its first line, until it is destroyed.
class FakeHttpServer {
 public:
  using Answer = std::function<std::string(const std::string& line)>;

  FakeHttpServer(const std::string& path, Answer answer)
      : answer_(std::move(answer)),
        listener_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    std::copy(path.begin(), path.end(), address.sun_path);
    (void)::bind(listener_.get(), reinterpret_cast<sockaddr*>(&address),
                 sizeof address);
    (void)::listen(listener_.get(), 8);
    thread_ = std::thread([this] { Run(); });
  }
  ~FakeHttpServer() {
    (void)::shutdown(listener_.get(), SHUT_RDWR);  // Ends the accept().
    thread_.join();
  }

 private:
  void Run() {
    while (true) {
      const UniqueFd client(
          ::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      if (!client.ok()) return;
      std::string request;
      std::array<char, 1024> piece;
      while (request.find("\r\n\r\n") == std::string::npos) {
        const ssize_t size =
            ::recv(client.get(), piece.data(), piece.size(), 0);
        if (size <= 0) break;
        request.append(piece.data(), static_cast<size_t>(size));
      }
      const std::string text = answer_(request.substr(0, request.find('\r')));
      (void)::send(client.get(), text.data(), text.size(), MSG_NOSIGNAL);
    }
  }

  const Answer answer_;
  const UniqueFd listener_;
  std::thread thread_;  // Last: it uses all of the above.
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_FAKE_HTTP_SERVER_H_
