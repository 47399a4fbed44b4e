// Reductions of a loop: containers that its iterations only combine values with, in an order that does not matter.
#pragma once
#include <string>
#include <vector>

#include "analysis/accesses.h"
#include "rewrite/transformation.h"
#include "transforms/combination.h"

namespace thalweg::transforms {

// A tasklet that reads an element, combines it with a value and writes it back (or stores a constant truth).
struct ElementUpdate {
  ir::Tasklet* tasklet = nullptr;
  ir::Edge *read = nullptr, *write = nullptr;  // at the tasklet; read: null where nothing is read
  ir::code::Ptr value;                         // what is combined with the element
};
struct LoopReduction {
  std::string container;
  ir::Wcr op = ir::Wcr::none;
  std::vector<ElementUpdate> updates;  // those that are no combining writes yet
  bool apart = false;  // a Python integer: added up in 64 bits beside it, added to it once behind the loop
};

// Legal when: every access to the container is such an update or a combining write, all of one operation, on whole
// numbers or truths; a sum of Python integers adds constants of one sign, so that it leaves 64 bits on the way only if
// it does so in the end.
rewrite::Match<LoopReduction> reduction_of(const ir::SDFG& graph, const analysis::Body& body,
                                           const std::string& container);
// The updates become combining writes.
void combine_writes(const LoopReduction& reduction);

// For one that is `apart`, whose writes are combined by now: they go to a sum of their own, which is 0 before the loop.
// Returns its name.
std::string add_apart(ir::SDFG& graph, ir::LoopRegion& loop, const LoopReduction& reduction);
// In a state behind the loop: adds that sum to the container; raises where Python's integer leaves 64 bits.
void add_to_whole(ir::State& state, const LoopReduction& reduction, const std::string& part);

}  // namespace thalweg::transforms
