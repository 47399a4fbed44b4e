// What is known about symbols where a block of control flow runs.
#pragma once
#include <set>
#include <string>

#include "ir/sdfg.h"
#include "symbolic/facts.h"

namespace thalweg::transforms {

// A loop that counts: variable = begin, begin + step ... while the condition holds; symbols of begin, end and
// condition stay as they are while it runs, and nothing in its body assigns the variable.
struct Counted {
  symbolic::Expr variable, begin, end, step;  // step is not 0; runs while variable < end (up) or variable > end
  bool up = true;                             // step > 0
  symbolic::Expr trips() const;
  symbolic::Expr last() const;  // the variable's value after the loop, where nothing leaves it early
};
std::optional<Counted> counted(const ir::LoopRegion& loop, const symbolic::Facts& facts);         // by a constant
std::optional<Counted> counted_by_any(const ir::LoopRegion& loop, const symbolic::Facts& facts);  // of known sign

// Symbols that transitions and loops in the region assign, without a loop's own variable.
std::set<std::string> assigned_inside(const ir::ControlFlowRegion& region);
// At how many places transitions and loops in the region assign the symbol.
size_t times_assigned(const ir::ControlFlowRegion& region, const std::string& symbol);

class ControlFacts {
 public:
  explicit ControlFacts(const ir::SDFG& graph);
  // Facts that hold whenever this block begins to run: the graph's assumptions about symbols that never change, the
  // ranges of loops around it, the conditions of branches around it.
  symbolic::Facts at(const ir::ControlFlowBlock& block) const;
  // Facts that hold whenever a block of this region begins to run.
  symbolic::Facts in(const ir::ControlFlowRegion& region) const;
  bool assigned(const std::string& symbol) const { return assigned_.count(symbol) > 0; }

 private:
  void assume_around(const ir::Element& inner, symbolic::Facts& facts) const;
  const ir::SDFG* graph_;
  std::set<std::string> assigned_;
  symbolic::Facts base_;
};

}  // namespace thalweg::transforms
