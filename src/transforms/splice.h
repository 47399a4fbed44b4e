// What the contents of a nested graph are called in the graph around it: containers, elements, symbols, code, places.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>

#include "ir/sdfg.h"
#include "transforms/placement.h"

namespace thalweg::transforms {

class Splice {
 public:
  // Why the node's contents cannot be said in terms of the graph around; nothing when they can. `params` are those of
  // the scopes around the node. Pure: only apply() changes anything.
  std::optional<std::string> prepare(ir::SDFG& outer, ir::NestedSDFG& node, const std::set<std::string>& params);

  // Adds the transients and the assigned symbols to the graph around, and rewrites all states and blocks inside.
  void apply();
  // A transition of the inner graph as it is outside.
  ir::InterstateEdgeFields translate(const ir::InterstateEdgeFields& edge) const;
  // Symbols that are assigned inside and start with a value from outside: their assignments on entry.
  std::vector<std::pair<std::string, ir::code::Ptr>> on_entry() const;
  // The location with the call path of the node.
  base::Location called(const base::Location& location) const;

 private:
  std::optional<std::string> prepare_containers(const std::set<std::string>& params);
  std::optional<std::string> place(const ir::Container& inner);
  std::optional<std::string> check_state(ir::State& state) const;
  void prepare_symbols();
  const Placement* placement(const std::string& container) const;

  ir::MemletFields memlet(const ir::Edge& edge) const;
  ir::code::Ptr control(const ir::code::Ptr& code) const;
  ir::code::Block tasklet_code(const ir::Tasklet& tasklet) const;
  void rewrite(ir::State& state) const;
  void rewrite(ir::Node& node, std::set<const ir::Element*>& maps) const;
  void rewrite_blocks(ir::ControlFlowRegion& region) const;

  ir::SDFG* outer_ = nullptr;
  ir::NestedSDFG* node_ = nullptr;
  std::map<std::string, Placement> placed_;      // non-transient containers
  std::map<std::string, std::string> renamed_;   // transients
  std::map<std::string, std::string> params_;    // map parameters that mean something else outside
  std::map<std::string, std::string> assigned_;  // symbols assigned inside
  symbolic::Substitution symbols_;               // all of these and the values given to free symbols
};

}  // namespace thalweg::transforms
