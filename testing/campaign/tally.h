// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_CAMPAIGN_TALLY_H_
#define VIOS_PROXY_TESTING_CAMPAIGN_TALLY_H_

#include <map>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "testing/campaign/fault.h"

namespace vios::testing {

// How one round went.
struct RoundResult {
  std::vector<Fault> faults;
  int clean = 0;          // Connections that ended with every byte right.
  int resets = 0;         // Cut by the faults.
  int meant = 0;          // Given up by the client, or cut with it.
  absl::Duration ended;   // From the faults' end: the last connection's end.
  absl::Duration served;  // And all channels in service again, after that.
  std::vector<std::string> wrong;
};

// Sums up rounds by fault; two faults of one round are counted under each.
class Tally {
 public:
  void Add(const RoundResult& result);
  int rounds() const { return rounds_; }
  int wrong() const { return wrong_; }
  // One line per fault and a last one for all rounds.
  std::string Table() const;

 private:
  struct Row {
    int times = 0;
    int clean = 0;
    int resets = 0;
    int meant = 0;
    absl::Duration ended;
    absl::Duration served;
    int wrong = 0;
  };
  static void Add(const RoundResult& result, Row& row);
  static std::string Line(const std::string& name, const Row& row);

  std::map<Fault, Row> rows_;
  Row all_;
  int rounds_ = 0;
  int wrong_ = 0;
};

// "0.8 s".
std::string Seconds(absl::Duration duration);

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_CAMPAIGN_TALLY_H_
