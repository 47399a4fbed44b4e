// The walkers over a graph, one file each. Flow::stop means that the machine holds a failure.
#pragma once
#include "interpret/evaluate.h"
#include "interpret/machine.h"

namespace thalweg::interpret {

// run_region.cpp
Task run_region(Machine& machine, Scope& scope, ir::ControlFlowRegion& region);
// run_state.cpp
Task run_state(Machine& machine, Scope& scope, ir::State& state);
Task run_siblings(Machine& machine, Scope& scope, const StatePlan& plan, const Siblings& siblings);
// run_scope.cpp
Task run_map(Machine& machine, Scope& scope, const StatePlan& plan, ir::MapEntry& entry);
Task run_consume(Machine& machine, Scope& scope, const StatePlan& plan, ir::ConsumeEntry& entry,
                 std::function<bool()> fed);
void declare_locals(Machine& machine, Scope& scope, const ir::Node* entry);
// run_tasklet.cpp
Flow run_tasklet(Machine& machine, Scope& scope, ir::Tasklet& tasklet);
Task run_stream_tasklet(Machine& machine, Scope& scope, ir::Tasklet& tasklet);
// run_access.cpp
Task run_access(Machine& machine, Scope& scope, ir::AccessNode& node);
// pointers.cpp: what `set` and `views` edges bind.
void bind_pointers(Machine& machine, Scope& scope, const Siblings& siblings);
// run_nested.cpp
Task run_nested(Machine& machine, Scope& scope, ir::NestedSDFG& node);
Task run_expansion(Machine& machine, Scope& scope, ir::LibraryNode& node);
// run_library.cpp
Task run_library(Machine& machine, Scope& scope, ir::LibraryNode& node);
// streams.cpp
Task pop(Machine& machine, Channel& channel, std::string who, std::string stream, Scalar& into);
Task push(Machine& machine, Channel& channel, std::string who, std::string stream, Scalar value);

// The variable and the box behind the memlet of an edge, as the inner side sees them.
struct Place {
  Variable* variable = nullptr;
  Box box;
  const ir::MemletFields* memlet = nullptr;
  bool is_stream() const { return variable && variable->array.channels != nullptr; }
  const std::string& name() const { return memlet->data; }
};
std::optional<Place> place_of(Machine& machine, Scope& scope, const ir::Memlet& memlet);
// The element that a consume scope popped, when the edge hands just that one in.
std::optional<Scalar> popped_element(Scope& scope, const ir::Edge& edge);
// The channel that a place means; null and a report when it is none or more than one.
Channel* channel_of(Machine& machine, const Place& place, const std::string& name);
// Combines (or overwrites) one element.
void write_element(Machine& machine, Scope& scope, const Place& place, int64_t at, const Scalar& value);

}  // namespace thalweg::interpret
