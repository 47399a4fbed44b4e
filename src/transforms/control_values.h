// What symbols and transient scalars are known to hold at each place of the control flow: constants, or expressions of
// symbols that have not changed since.
#pragma once
#include <functional>
#include <map>
#include <string>

#include "ir/sdfg.h"
#include "transforms/overlap.h"

namespace thalweg::transforms {

struct Known {
  ir::code::Ptr value;  // null: not known
  std::string why;      // then: why not, for people
};
using Values = std::map<std::string, Known>;

// The names of the legality conditions, as the transformation that asks calls them.
struct ValueConditions {
  const char *transient, *not_shared;  // a scalar may be followed at all
  const char* one_value;               // all ways to a place bring the same value
  const char *not_in_loop, *no_cycle;  // what runs again forgets what it changes
  const char* unchanged_since;         // what a value is made of has not been assigned anew
  const char* not_written_here;        // a scalar is read in a state that does not write it
  const char* always_written;          // what writes a scalar runs whenever its state does
};

struct ValueRules {
  ValueConditions conditions;
  bool scalars = false;  // transient scalars too, not only symbols
  // What is known after `name := value`, given what was known before.
  std::function<Known(const std::string& name, const ir::code::Ptr& value, const Values& before)> assigned;
};

class ControlValues {
 public:
  ControlValues(ir::SDFG& graph, ValueRules rules);

  // Names of symbols and scalars that are assigned a known value somewhere, with what is known when the element begins:
  // a state, the condition of a transition, the conditions of a conditional, the condition and update of a loop.
  const Values& at(const ir::Element& element) const;
  const Values& at_init(const ir::LoopRegion& loop) const;  // for the initial value of a loop
  const ValueConditions& conditions() const { return rules_.conditions; }
  const std::set<std::string>& names() const { return names_; }
  bool scalar(const std::string& name) const { return scalars_.count(name) > 0; }
  // What an access node of a scalar holds for those who read it.
  Known held(const ir::State& state, const ir::AccessNode& node) const;

 private:
  using Names = std::set<std::string>;
  struct Way {
    bool open = false;  // may control flow come here at all?
    Values values;
  };
  void collect(ir::ControlFlowRegion& region);
  Known assigned(const std::string& name, const ir::code::Ptr& value, const Values& before) const;
  const Names& changed_in(const ir::ControlFlowBlock& block) const;
  void forget(Values& values, const Names& changed, const std::string& why) const;
  void assign(Values& values, const ir::InterstateEdge& edge) const;
  void join(Way& into, const Way& more) const;

  Way region(const ir::ControlFlowRegion& region, Values values);
  Way cycle(const ir::ControlFlowRegion& region, Values values);
  Way block(ir::ControlFlowBlock& block, Values values);
  void state(const ir::State& state, Values& values);
  Known written(const ir::AccessNode& node, const Values& before) const;

  ValueRules rules_;
  Overlap overlap_;
  Names names_, scalars_;
  std::map<const ir::Element*, Values> at_, init_;
  mutable std::map<const ir::ControlFlowBlock*, Names> changed_;
};

}  // namespace thalweg::transforms
