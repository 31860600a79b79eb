// SPDX-License-Identifier: Apache-2.0
// guest-agent TTY: does in the guest what a test asks for over a serial line;
// agent_wire.h has the requests. One at a time, one thread.
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <map>
#include <optional>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "channel/errno_status.h"
#include "channel/unique_fd.h"
#include "testing/vm/agent_wire.h"
#include "testing/vm/guest_children.h"

namespace vios::testing {
namespace {

constexpr char kDirectory[] = "/tmp/agent";

Children& TheChildren() {
  static auto& children = *new Children;
  return children;
}

using Answer = absl::StatusOr<Fields>;

int64_t Number(const std::string& text) {
  int64_t value = 0;
  return absl::SimpleAtoi(text, &value) ? value : 0;
}

// A fresh name for each file of output.
std::string NewPath(const char* suffix) {
  static int count = 0;
  return absl::StrCat(kDirectory, "/", ++count, suffix);
}

absl::StatusOr<std::string> ReadPiece(const std::string& path, int64_t offset,
                                      size_t size) {
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.ok()) return ErrnoStatus("open", path);
  std::string bytes(size, '\0');
  // Files of /proc and /sys give what they have in one read.
  const ssize_t n = ::pread(file.get(), bytes.data(), bytes.size(), offset);
  if (n < 0) return ErrnoStatus("read", path);
  bytes.resize(static_cast<size_t>(n));
  return bytes;
}

absl::StatusOr<std::string> TakeFile(const std::string& path) {
  constexpr size_t kMaxOutput = 4 * 1024 * 1024;
  absl::StatusOr<std::string> bytes = ReadPiece(path, 0, kMaxOutput);
  ::unlink(path.c_str());
  return bytes;
}

Answer Run(const Fields& request) {
  const std::string out = NewPath(".out");
  const std::string err = NewPath(".err");
  const absl::StatusOr<pid_t> pid = TheChildren().Start(request[2], out, err);
  if (!pid.ok()) return pid.status();
  const std::string end =
      TheChildren().WaitOrKill(*pid, absl::Milliseconds(Number(request[1])));
  absl::StatusOr<std::string> out_bytes = TakeFile(out);
  if (!out_bytes.ok()) return out_bytes.status();
  absl::StatusOr<std::string> err_bytes = TakeFile(err);
  if (!err_bytes.ok()) return err_bytes.status();
  return Fields{end, *out_bytes, *err_bytes};
}

Answer Start(const Fields& request) {
  const std::string log = NewPath(".log");
  const absl::StatusOr<pid_t> pid = TheChildren().Start(request[1], log, log);
  if (!pid.ok()) return pid.status();
  return Fields{absl::StrCat(*pid), log};
}

Answer Kill(const Fields& request) {
  const pid_t pid = static_cast<pid_t>(Number(request[1]));
  const int signal = static_cast<int>(Number(request[2]));
  if (pid <= 1 || ::kill(pid, signal) != 0) {
    return ErrnoStatus("kill", request[1]);
  }
  return Fields{};
}

Answer Wait(const Fields& request) {
  const std::optional<std::string> end =
      TheChildren().Wait(static_cast<pid_t>(Number(request[1])),
                         absl::Milliseconds(Number(request[2])));
  return Fields{end.value_or("running")};
}

Answer Read(const Fields& request) {
  const size_t size = static_cast<size_t>(Number(request[3]));
  absl::StatusOr<std::string> bytes =
      ReadPiece(request[1], Number(request[2]), std::min(size, kMaxChunk));
  if (!bytes.ok()) return bytes.status();
  return Fields{*bytes};
}

Answer Write(const Fields& request) {
  const int64_t offset = Number(request[2]);
  const int flags = O_WRONLY | O_CREAT | O_CLOEXEC | (offset ? 0 : O_TRUNC);
  const UniqueFd file(::open(request[1].c_str(), flags, 0755));
  if (!file.ok()) return ErrnoStatus("open", request[1]);
  const std::string& bytes = request[3];
  if (::pwrite(file.get(), bytes.data(), bytes.size(), offset) !=
      static_cast<ssize_t>(bytes.size())) {
    return ErrnoStatus("write", request[1]);
  }
  return Fields{};
}

struct Verb {
  size_t fields;
  Answer (*answer)(const Fields&);
};

Answer Dispatch(const Fields& request) {
  static const auto& verbs = *new std::map<std::string, Verb>{
      {"run", {3, Run}},   {"start", {2, Start}}, {"kill", {3, Kill}},
      {"wait", {3, Wait}}, {"read", {4, Read}},   {"write", {4, Write}},
  };
  if (request.empty()) return absl::InvalidArgumentError("empty request");
  const auto verb = verbs.find(request[0]);
  if (verb == verbs.end() || verb->second.fields != request.size()) {
    return absl::InvalidArgumentError("unknown request " + request[0]);
  }
  return verb->second.answer(request);
}

absl::StatusOr<UniqueFd> OpenRaw(const char* path) {
  UniqueFd tty(::open(path, O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (!tty.ok()) return ErrnoStatus("open", path);
  termios settings{};
  if (::tcgetattr(tty.get(), &settings) != 0) {
    return ErrnoStatus("tcgetattr", path);
  }
  ::cfmakeraw(&settings);
  if (::tcsetattr(tty.get(), TCSANOW, &settings) != 0) {
    return ErrnoStatus("tcsetattr", path);
  }
  return tty;
}

absl::StatusOr<std::string> ReadExactly(int tty, size_t size) {
  std::string bytes;
  while (bytes.size() < size) {
    char piece[4096];
    const ssize_t n =
        ::read(tty, piece, std::min(sizeof(piece), size - bytes.size()));
    if (n > 0) bytes.append(piece, static_cast<size_t>(n));
    if (n == 0 || (n < 0 && errno != EINTR)) return ErrnoStatus("read", "tty");
  }
  return bytes;
}

absl::Status WriteAll(int tty, absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(tty, bytes.data(), bytes.size());
    if (n > 0) bytes.remove_prefix(static_cast<size_t>(n));
    if (n < 0 && errno != EINTR) return ErrnoStatus("write", "tty");
  }
  return absl::OkStatus();
}

absl::StatusOr<Fields> ReadRequest(int tty) {
  const absl::StatusOr<std::string> digits = ReadExactly(tty, kSizeDigits);
  if (!digits.ok()) return digits.status();
  const absl::StatusOr<size_t> size = DecodeSize(*digits);
  if (!size.ok()) return size.status();
  const absl::StatusOr<std::string> body = ReadExactly(tty, *size);
  if (!body.ok()) return body.status();
  return DecodeFields(*body);
}

std::string Encoded(const Answer& answer) {
  if (!answer.ok()) {
    return EncodeMessage({"error", std::string(answer.status().message())});
  }
  Fields fields = *answer;
  fields.insert(fields.begin(), "ok");
  return EncodeMessage(fields);
}

// Only returns when the line fails.
absl::Status Serve(const char* tty_path) {
  const absl::StatusOr<UniqueFd> tty = OpenRaw(tty_path);
  if (!tty.ok()) return tty.status();
  absl::Status status = WriteAll(tty->get(), kAgentHello);
  while (status.ok()) {
    const absl::StatusOr<Fields> request = ReadRequest(tty->get());
    if (!request.ok()) return request.status();
    status = WriteAll(tty->get(), Encoded(Dispatch(*request)));
  }
  return status;
}

void BlockSigchld() {
  sigset_t child;
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  ::sigprocmask(SIG_BLOCK, &child, nullptr);
}

}  // namespace
}  // namespace vios::testing

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "guest-agent TTY\n");
    return 2;
  }
  vios::testing::BlockSigchld();
  ::mkdir(vios::testing::kDirectory, 0755);
  const absl::Status status = vios::testing::Serve(argv[1]);
  std::fprintf(stderr, "guest-agent: %s\n", status.ToString().c_str());
  return 1;
}
