// References and views: what `set` and `views` edges make a name point at. No data moves.
#include "interpret/run.h"

namespace thalweg::interpret {

namespace {

// Where a subset of a container starts, as the memory of another one.
std::optional<Array> start_of(Machine& machine, Scope& scope, std::string_view name, const symbolic::Subset* subset) {
  Variable* variable = access(machine, scope, name);
  if (!variable) return std::nullopt;
  Array array = variable->array;
  if (subset && !array.shape.empty()) {
    const Box box = evaluate(machine, scope, *subset);
    if (box.begin.size() != array.shape.size())
      machine.failure.bug("a memlet of '" + std::string(name) + "' has the wrong number of dimensions");
    if (!machine.failed() && box.num_elements() > 0 && !locate(array, box.begin, std::string(name), machine.failure))
      return std::nullopt;
    array.offset = place(array, box.begin);
  }
  if (machine.failed()) return std::nullopt;
  return array;
}

// Gives a view or reference the memory of `from`, with extents of its own.
void point(Machine& machine, Scope& scope, Variable& variable, Array from) {
  const ir::ContainerFields& fields = variable.container->get();
  Layout layout = layout_of(machine, scope, fields);
  if (machine.failed()) return;
  from.offset += layout.offset * fields.dtype.bytes();
  from.dtype = fields.dtype;
  from.shape = std::move(layout.shape);
  from.strides = std::move(layout.strides);
  variable.array = std::move(from);
  variable.stale = false;
}

void bind_view(Machine& machine, Scope& scope, const ir::Edge& edge) {
  machine.at = &edge;
  const bool reading = edge.target_connector() == "views";
  const auto* view = dynamic_cast<const ir::AccessNode*>(reading ? &edge.target() : &edge.source());
  const ir::Edge& end = reading ? outermost_source(edge) : outermost_target(edge);
  const auto* base = dynamic_cast<const ir::AccessNode*>(reading ? &end.source() : &end.target());
  if (!view || !base) return machine.failure.bug("a `views` edge must join two access nodes");
  Variable* variable = scope.find(view->get().data);
  if (!variable) return machine.failure.bug("there is no view '" + view->get().data + "'");
  const ir::MemletFields& memlet = edge.memlet().get();
  // The memlet speaks of the container behind the view; if it names the view, the other subset does.
  const symbolic::Subset* subset = nullptr;
  if (memlet.data == base->get().data)
    subset = &memlet.subset;
  else if (memlet.other_subset)
    subset = &*memlet.other_subset;
  if (auto from = start_of(machine, scope, base->get().data, subset)) point(machine, scope, *variable, *from);
}

}  // namespace

void bind_pointers(Machine& machine, Scope& scope, const Siblings& siblings) {
  auto bind_views = [&] {
    for (const ir::Edge* edge : siblings.views)
      if (!machine.failed()) bind_view(machine, scope, *edge);
  };
  if (siblings.sets.empty()) return bind_views();
  // Right sides are taken before any reference changes; views on references follow afterwards.
  bind_views();
  std::vector<std::pair<Variable*, Array>> changes;
  for (const ir::Edge* edge : siblings.sets) {
    machine.at = edge;
    const auto* target = dynamic_cast<const ir::AccessNode*>(&edge->target());
    const auto* source = dynamic_cast<const ir::AccessNode*>(&outermost_source(*edge).source());
    Variable* variable = target && source ? scope.find(target->get().data) : nullptr;
    if (!variable) return machine.failure.bug("a `set` edge must lead from a container to a reference");
    const ir::MemletFields& memlet = edge->memlet().get();
    auto from = start_of(machine, scope, source->get().data, memlet.data.empty() ? nullptr : &memlet.subset);
    if (!from) return;
    changes.emplace_back(variable, *from);
  }
  for (auto& [variable, from] : changes) point(machine, scope, *variable, from);
  if (!machine.failed()) bind_views();
}

}  // namespace thalweg::interpret
