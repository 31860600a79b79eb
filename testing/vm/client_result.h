// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_VM_CLIENT_RESULT_H_
#define VIOS_PROXY_TESTING_VM_CLIENT_RESULT_H_

#include <cstdint>
#include <ostream>
#include <string>

namespace vios::testing {

// The result line of a traffic client (testing/traffic/client.h), or, in its
// place, why there is none. A value.
class ClientResult {
 public:
  ClientResult() = default;
  // The last line of a client's `output`.
  explicit ClientResult(const std::string& output);

  const std::string& line() const { return line_; }
  // The value called `name`, "" when there is none.
  std::string Get(const std::string& name) const;
  std::string outcome() const { return Get("outcome"); }
  uint64_t bytes() const;
  double seconds() const;
  // What came was right as far as it came.
  bool same() const { return Get("same") == "1"; }

 private:
  std::string line_;
};

inline std::ostream& operator<<(std::ostream& out, const ClientResult& result) {
  return out << result.line();
}

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_VM_CLIENT_RESULT_H_
