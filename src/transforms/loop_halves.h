// Two parts of an iteration, run turn by turn or as two loops one behind the other: when that makes no difference.
//
//   for i: first(i); second(i)      <=>      for i: first(i)      for i: second(i)
#pragma once
#include <optional>
#include <string>

#include "analysis/accesses.h"
#include "analysis/symbols.h"
#include "ir/sdfg.h"

namespace thalweg::transforms {

// One part: what it touches, and the symbols that it assigns and uses.
struct LoopHalf {
  analysis::Body body;
  analysis::Names assigned, used, containers;
  bool may_raise = false;
};
// Blocks [from, to) of the chain that the loop's body is, with the transitions between them.
LoopHalf half_of(const ir::LoopRegion& loop, size_t from, size_t to);
// The variable of the loop under another name.
void rename_variable(LoopHalf& half, const std::string& from, const std::string& to);

// Why it may make a difference, in the loop's iterations; nothing where it is proved that it makes none: no effect or
// exception in either part, no symbol that both see change, and nothing that the second part touches in one iteration
// and the first part in a later one, with one of them writing it.
std::optional<std::string> coupled(const ir::LoopRegion& loop, const symbolic::Range& range, const LoopHalf& first,
                                   const LoopHalf& second);

}  // namespace thalweg::transforms
