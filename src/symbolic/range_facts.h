// What is known of a variable that runs over a range.
#pragma once
#include "symbolic/subset.h"

namespace thalweg::symbolic {

// Assumes that the range is not empty and that `member` is one of its elements, in whichever direction it runs.
void assume_member(Facts& facts, const Expr& member, const Range& range);

}  // namespace thalweg::symbolic
