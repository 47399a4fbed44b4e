// Counted loops: the values that a loop's variable takes, as a range.
#pragma once
#include <optional>
#include <string>

#include "ir/sdfg.h"

namespace thalweg::analysis {

// The index expression (or condition) over symbols that code computes; nothing where it reads data or is of another kind.
std::optional<symbolic::Expr> index_of(const ir::code::Ptr& code);

struct CountedLoop {
  symbolic::Range range;  // in order of the iterations: the step may be negative
  std::string problem;    // why it is none; the range means nothing then
  bool ok() const { return problem.empty(); }
};
// variable := init; while variable < end (or > end): ...; variable := variable + constant, where neither the variable
// nor the bounds are assigned inside.
CountedLoop counted(const ir::LoopRegion& loop);
// The same range where it is known to have an element: a size max(0, n) is n then.
symbolic::Range not_empty(const symbolic::Range& range);

}  // namespace thalweg::analysis
