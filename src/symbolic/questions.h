// Many questions about subsets under the same facts, which are made ready once. Samples say which answer is possible at
// all, so that only one is tried to be proved, and that no proof is sought where both are.
#pragma once
#include "symbolic/interval.h"
#include "symbolic/samples.h"

namespace thalweg::symbolic {

enum class Answer : uint8_t {
  no,
  yes,
  depends,  // yes for some values that meet the facts, no for others
  unknown,
};

class Questions {
 public:
  // The facts must stay, unchanged, while this is used.
  explicit Questions(const Facts& facts) : facts_(facts), linear_(facts), samples_(facts, linear_) {}

  // As covers and intersects of symbolic/subset.h.
  Answer covers(const Subset& a, const Subset& b) const;
  Answer intersects(const Subset& a, const Subset& b) const;

 private:
  bool at_least_zero(const Form& form) const;
  bool filled(const Subset& subset) const;
  bool surely_covers(const Range& a, const Range& b) const;
  bool surely_sticks_out(const Subset& a, const Subset& b, const Seen& seen) const;
  bool surely_meets(const Range& a, const Range& b) const;
  bool surely_apart(const Subset& a, const Subset& b, const Seen& seen) const;

  const Facts& facts_;
  LinearFacts linear_;
  Samples samples_;
};

}  // namespace thalweg::symbolic
