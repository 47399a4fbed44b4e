// Graphs inside graphs: nested SDFG nodes, and library nodes through their reference expansion.
#include "interpret/run.h"

namespace thalweg::interpret {

namespace {

// The memory behind a connector, in the extents of the inner container.
std::optional<Array> inner_array(Machine& machine, Scope& inner, const ir::Container& container, const Place& place) {
  const ir::ContainerFields& fields = container.get();
  Layout layout = layout_of(machine, inner, fields);
  Array array = place.variable->array;
  if (machine.failed()) return std::nullopt;
  if (place.box.num_elements() > 0 && !locate(array, place.box.begin, place.name(), machine.failure))
    return std::nullopt;
  // The strides are the inner container's own; where its extents are those of the subset, they must agree with it.
  std::vector<std::pair<int64_t, int64_t>> outside, inside;  // extent and stride of what is longer than 1
  for (size_t d = 0; d < place.box.size.size(); ++d)
    if (place.box.size[d] != 1) outside.emplace_back(place.box.size[d], array.strides[d] * place.box.step[d]);
  for (size_t d = 0; d < layout.shape.size(); ++d)
    if (layout.shape[d] != 1) inside.emplace_back(layout.shape[d], layout.strides[d]);
  const bool same_extents =
      outside.size() == inside.size() &&
      std::equal(outside.begin(), outside.end(), inside.begin(), [](auto a, auto b) { return a.first == b.first; });
  const bool nothing = place.box.num_elements() == 0;
  if (same_extents && !nothing && outside != inside)
    machine.failure.bug("the strides of '" + fields.name + "' are not those of the memory behind the connector");
  if (!same_extents && array.num_elements() > 0 && layout.shape.size() == place.box.size.size() && !nothing) {
    int64_t count = 1;
    for (int64_t extent : layout.shape) count *= extent;
    if (count > place.box.num_elements())
      machine.failure.bug("'" + fields.name + "' is larger than the subset behind its connector");
  }
  if (fields.dtype != array.dtype && !same_storage(fields.dtype, array.dtype))
    machine.failure.bug("'" + fields.name + "' holds " + fields.dtype.name() + " but its memory " + array.dtype.name());
  array.offset = interpret::place(array, place.box.begin) +
                 layout.offset * (array.channels ? 1 : static_cast<int64_t>(fields.dtype.bytes()));
  array.dtype = fields.dtype;
  array.shape = std::move(layout.shape);
  array.strides = std::move(layout.strides);
  return array;
}

// An output with a write-conflict resolution: the graph writes into memory of its own, combined afterwards.
struct Combined {
  Place place;
  std::string inner;
};

class Call {
 public:
  Call(Machine& machine, Scope& outer, ir::SDFG& sdfg) : machine_(machine), outer_(outer) {
    inner.sdfg = &sdfg;
    for (const auto& container : sdfg.containers())
      inner.variables[container->get().name] = Variable{container.get(), {}};
  }

  void bind(const ir::Edge& edge, const std::string& connector, bool output) {
    if (machine_.failed() || connector.empty() || edge.memlet().is_empty()) return;
    auto found = inner.variables.find(connector);
    auto place = place_of(machine_, outer_, edge.memlet());
    if (!place) return;
    if (found == inner.variables.end() || found->second.container->get().transient)
      return machine_.failure.bug("the nested graph has no container for its connector '" + connector + "'");
    Variable& variable = found->second;
    if (auto popped = output ? std::nullopt : popped_element(outer_, edge)) return bind_value(variable, *popped);
    if (output && edge.memlet()->wcr != ir::Wcr::none) {
      if (variable.array.bound()) machine_.failure.bug("'" + connector + "' is read and combined");
      combined_.push_back({*place, connector});  // born when first used, in memory of its own
      return;
    }
    auto array = inner_array(machine_, inner, *variable.container, *place);
    if (!array) return;
    if (variable.array.bound() && (variable.array.memory != array->memory || variable.array.offset != array->offset))
      machine_.failure.bug("'" + connector + "' is read in one place and written in another");
    variable.array = std::move(*array);
  }

  // A popped element comes in as a scalar (or one-element array) of its own.
  void bind_value(Variable& variable, const Scalar& value) {
    Layout layout = layout_of(machine_, inner, variable.container->get());
    Array& array = variable.array;
    array = {value.type,    allocate(variable.container->get().name, value.type.bytes()), nullptr, 0, layout.shape,
             layout.strides};
    if (array.num_elements() != 1 || !same_storage(variable.container->get().dtype, value.type))
      machine_.failure.bug("'" + variable.container->get().name + "' must hold one " + value.type.name());
    else
      store(array, 0, value, array.memory->name, machine_.failure);
    array.dtype = variable.container->get().dtype;
  }

  // Containers of the caller that no connector binds would silently become memory of our own.
  void require_bound() {
    for (const auto& [name, variable] : inner.variables) {
      bool is_combined = false;
      for (const Combined& output : combined_) is_combined |= output.inner == name;
      if (!variable.container->get().transient && !variable.array.bound() && !is_combined)
        machine_.failure.bug("'" + name + "' of the nested graph has no connector");
    }
  }

  void combine_outputs() {
    for (const Combined& output : combined_) {
      const Array& from = inner.variables.at(output.inner).array;
      if (!from.bound() || machine_.failed()) continue;
      std::vector<int64_t> target_index;
      std::vector<std::vector<int64_t>> targets;
      for_each_index(output.place.box.size, [&](const std::vector<int64_t>& index) {
        output.place.box.at(index, target_index);
        targets.push_back(target_index);
        return true;
      });
      size_t next = 0;
      for_each_index(from.shape, [&](const std::vector<int64_t>& index) {
        auto at = locate(from, index, output.inner, machine_.failure);
        if (next >= targets.size()) machine_.failure.bug("'" + output.inner + "' is larger than its subset");
        if (machine_.failed()) return false;
        const std::vector<int64_t>& target = targets[next++];
        if (!is_written(from, *at)) return true;
        auto to = locate(output.place.variable->array, target, output.place.name(), machine_.failure);
        if (!to) return false;
        write_element(machine_, outer_, output.place, *to, load(from, *at, output.inner, machine_.failure));
        return !machine_.failed();
      });
    }
  }

  Scope inner;

 private:
  Machine& machine_;
  Scope& outer_;
  std::vector<Combined> combined_;
};

Task run_call(Machine& machine, Scope& outer, ir::Node& node, ir::SDFG& sdfg,
              std::vector<std::pair<std::string, int64_t>> symbols) {
  Call call(machine, outer, sdfg);
  for (auto& [name, value] : symbols) call.inner.globals[name] = value;
  for (const ir::Edge* edge : node.in_edges()) call.bind(*edge, edge->target_connector(), false);
  for (const ir::Edge* edge : node.out_edges()) call.bind(*edge, edge->source_connector(), true);
  if (!machine.failed()) call.require_bound();
  if (machine.failed()) co_return Flow::stop;
  const Flow flow = co_await run_region(machine, call.inner, sdfg);
  if (flow == Flow::stop) co_return flow;
  call.combine_outputs();
  co_return machine.failed() ? Flow::stop : Flow::next;
}

}  // namespace

Task run_nested(Machine& machine, Scope& scope, ir::NestedSDFG& node) {
  std::vector<std::pair<std::string, int64_t>> symbols;
  for (const auto& [name, value] : node->symbol_mapping) symbols.emplace_back(name, evaluate(machine, scope, value));
  if (machine.failed()) co_return Flow::stop;
  const Flow flow = co_await run_call(machine, scope, node, node.sdfg(), std::move(symbols));
  co_return flow;
}

Task run_expansion(Machine& machine, Scope& scope, ir::LibraryNode& node) {
  ir::SDFG* sdfg = machine.expansion(node);
  if (!sdfg) co_return Flow::stop;
  std::vector<std::pair<std::string, int64_t>> symbols;
  for (const auto& [name, dtype] : sdfg->get().symbols)
    if (auto value = scope.symbol(name)) symbols.emplace_back(name, *value);
  const Flow flow = co_await run_call(machine, scope, node, *sdfg, std::move(symbols));
  co_return flow;
}

}  // namespace thalweg::interpret
