#include "symbolic/range_facts.h"

namespace thalweg::symbolic {

void assume_member(Facts& facts, const Expr& member, const Range& range) {
  const bool up = facts.proves(gt(range.step, 0)), down = !up && facts.proves(lt(range.step, 0));
  facts.assume(ge(range.size, 1));
  if (up || down) {
    facts.assume(ge(member, up ? range.begin : range.last()));
    facts.assume(le(member, up ? range.last() : range.begin));
  } else {  // it lies between the two ends, whichever is the lower one
    facts.assume(ge(member, min(range.begin, range.last())));
    facts.assume(le(member, max(range.begin, range.last())));
  }
}

}  // namespace thalweg::symbolic
