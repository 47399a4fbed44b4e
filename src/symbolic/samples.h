// Sample values that meet the facts, and what they show of a question. A question that holds for one sample and not for
// another can be answered neither yes nor no: nobody need look for a proof. One that holds for all samples can only be
// answered yes, and that still wants its proof.
#pragma once
#include <array>

#include "symbolic/linear_facts.h"
#include "symbolic/subset.h"

namespace thalweg::symbolic {

// What was seen among the samples for which both subsets are defined. Bit d of the others: in all of them, dimension d
// of b begins below that of a, or ends above it (covers); lies below or above it (intersects). Hints for a proof of "no".
struct Seen {
  bool yes = false, no = false;
  uint32_t below = 0, above = 0;
};

class Samples {
 public:
  static constexpr size_t count = 8;

  Samples(const Facts& facts, const LinearFacts& linear);
  Seen covers(const Subset& a, const Subset& b) const;
  Seen intersects(const Subset& a, const Subset& b) const;
  // Bit k: sample k meets the facts.
  unsigned alive() const { return alive_; }
  std::optional<int64_t> value(const Expr& expr, size_t sample) const;

 private:
  friend class Sampler;  // draws them
  using Values = std::array<int32_t, count>;
  // |value| <= limit, so that sums and products are known to fit without a test for each sample.
  struct Lanes {
    Values at;
    int64_t limit;
  };
  // A range at each sample.
  struct Ends {
    Lanes low, high;
    Values step;
    bool dense = true;  // no step but 1
  };

  // False where values are not known (an element, a call) or might not fit. Bits of `defined` are cleared for samples
  // that divide by zero.
  bool evaluate(const Node* node, Lanes& out, unsigned& defined, int depth = 0) const;
  bool evaluate_operator(const Node* node, Lanes& out, unsigned& defined, int depth) const;
  bool evaluate_range(const Range& range, Ends& out, unsigned& defined) const;
  template <class Holds>
  Seen look(const Subset& a, const Subset& b, Holds&& holds) const;

  const LinearFacts& linear_;
  std::vector<Lanes> values_;  // by atom
  unsigned alive_ = 0;
};

}  // namespace thalweg::symbolic
