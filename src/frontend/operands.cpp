// Leaves of computations become connectors: which element of which container each one reads, broadcasting included.
#include <algorithm>

#include "frontend/builder.h"

namespace thalweg::frontend {

Computed Builder::leaf(const Array& array) {
  reads_.push_back(array);
  return {array.dtype, array.shape, code::input("$" + std::to_string(reads_.size() - 1), array.dtype)};
}

std::string Builder::map_parameter(size_t dimension) const {
  return (map_depth_ ? "m" + std::to_string(map_depth_) + "_i" : std::string("_i")) + std::to_string(dimension);
}

// Where position `position` of the result is in a dimension of `extent` (which may be 1 and then is repeated).
Expr Builder::broadcast_index(const Expr& extent, const Expr& result_extent, const Expr& position) {
  if (extent.is(1)) return 0;
  if (same(extent, result_extent)) return position;
  if (facts_.proves(symbolic::eq(extent, 1))) return 0;
  return symbolic::select(symbolic::eq(extent, 1), 0, position);
}

Port Builder::port_for(const Array& array, const std::vector<Expr>& shape, const std::vector<Expr>& position,
                       bool gather) {
  if (gather) return {"", array.container, subset_of(array), true};
  std::vector<Expr> own;
  for (size_t d = 0; d < array.rank(); ++d) {
    const size_t from_end = array.rank() - d;
    own.push_back(from_end > shape.size() ? Expr(0)
                                          : broadcast_index(array.shape[d], shape[shape.size() - from_end],
                                                            position[shape.size() - from_end]));
  }
  return {"", array.container, element_of(array, own)};
}

std::string Builder::add_port(Port port, std::vector<Port>& ports) {
  for (const Port& other : ports)
    if (other.container == port.container && other.subset == port.subset) return other.connector;
  auto taken = [&](const std::string& name) {
    return name == "_out" ||
           std::any_of(ports.begin(), ports.end(), [&](const Port& p) { return p.connector == name; });
  };
  const std::string base = "_" + port.container;
  port.connector = base;
  for (int i = 1; taken(port.connector); ++i) port.connector = base + "_" + std::to_string(i);
  ports.push_back(port);
  return ports.back().connector;
}

// An element read through a connector: the part of it that the array means.
static code::Ptr part_read(const Array& array, const code::Ptr& element) {
  if (array.part == Component::whole) return element;
  return code::make(array.part == Component::real ? code::Op::real : code::Op::imag, element);
}

// The element type of the container that the array lies in.
DType Builder::stored_type(const Array& array) const {
  return array.part == Component::whole ? array.dtype : fields_of(array.container).dtype;
}

code::Ptr Builder::bind_leaves(const code::Ptr& tree, const std::vector<Expr>& shape, const std::vector<Expr>& position,
                               std::vector<Port>& ports) {
  const bool read = (tree->op == code::Op::input || tree->op == code::Op::element) && tree->name[0] == '$';
  if (tree->op == code::Op::input && !read) return code::input(add_port({"", tree->name, {}}, ports), tree->type);
  std::vector<code::Ptr> args;
  for (const auto& argument : tree->args) args.push_back(bind_leaves(argument, shape, position, ports));
  if (tree->op == code::Op::input) {
    const Array array = reads_[std::stoul(tree->name.substr(1))];
    const DType type = stored_type(array);
    return part_read(array, code::input(add_port(port_for(array, shape, position, false), ports), type));
  }
  if (tree->op == code::Op::element) {
    const Array array = reads_[std::stoul(tree->name.substr(1))];
    Port port = port_for(array, shape, position, true);
    const bool one = port.subset.is_element();
    const DType type = stored_type(array);
    const std::string connector = add_port(std::move(port), ports);
    if (one) return part_read(array, code::input(connector, type));
    std::vector<code::Ptr> indices;  // per dimension of the container, from 0 in the subset
    for (const Axis& axis : array.axes)
      indices.push_back(axis.dim < 0 ? code::constant(int64_t{0}, dtypes::int64) : args[axis.dim]);
    return part_read(array, code::element(connector, type, std::move(indices)));
  }
  if (args == tree->args) return tree;
  auto copy = std::make_shared<code::Expr>(*tree);
  copy->args = std::move(args);
  return copy;
}

code::Block Builder::bind_checks(const Computed& value, const std::vector<Expr>& shape,
                                 const std::vector<Expr>& position, std::vector<Port>& ports) {
  code::Block block;
  for (const code::Check& check : value.checks) {
    if (check.kind == base::ErrorKind::index && !request_.bounds) continue;
    code::Check bound = check;
    bound.condition = bind_leaves(check.condition, shape, position, ports);
    for (auto& shown : bound.values) shown = bind_leaves(shown, shape, position, ports);
    block.push_back(std::move(bound));
  }
  return block;
}

void Builder::use(const std::string& container) {
  std::vector<ir::SDFG*> chain;  // graphs without it, innermost first
  ir::SDFG* graph = cursor_.sdfg;
  while (!graph->find(container)) {
    chain.push_back(graph);
    ir::NestedSDFG* node = graph->parent_node();
    TW_CHECK(node && node->state(), "no container named " + container);
    graph = node->state()->sdfg();
  }
  while (!chain.empty()) {
    ir::ContainerFields fields = graph->container(container).get();
    if (fields.kind == ir::ContainerKind::reference) fields.kind = ir::ContainerKind::array;
    fields.transient = false;
    graph = chain.back();
    chain.pop_back();
    graph->add_container(std::move(fields));
  }
}

const ir::ContainerFields* Builder::find_fields(const std::string& container) const {
  for (ir::SDFG* graph = cursor_.sdfg;;) {
    if (ir::Container* found = graph->find(container)) return &found->get();
    ir::NestedSDFG* node = graph->parent_node();
    if (!node || !node->state()) return nullptr;
    graph = node->state()->sdfg();
  }
}

const ir::ContainerFields& Builder::fields_of(const std::string& container) const {
  const ir::ContainerFields* found = find_fields(container);
  TW_CHECK(found, "no container named " + container);
  return *found;
}

Array Builder::new_array(const std::string& name, DType dtype, const std::vector<Expr>& shape) {
  // A name that an earlier attempt at a loop gave to an array of another shape is left alone: its buffer would not fit.
  auto taken_by_other = [&](const std::string& container) {
    for (LoopFrame* frame : loops_) {
      auto planned = frame->plan->buffers.find(container);
      if (planned == frame->plan->buffers.end()) continue;
      const Array& like = planned->second.like;
      bool fits = like.dtype == dtype && like.rank() == shape.size();
      for (size_t d = 0; fits && d < shape.size(); ++d) fits = same(like.shape[d], shape[d]);
      if (!fits) return true;
    }
    return false;
  };
  std::string container = fresh(name);
  while (taken_by_other(container)) container = fresh(name);
  const Array made = whole_array(container, dtype, shape);
  for (LoopFrame* frame : loops_) frame->born.insert(container);
  for (LoopFrame* frame : loops_)
    if (frame->turns.count(container)) {
      give_buffer(*frame, made);
      return made;
    }
  if (map_depth_ > 0) map_locals_.insert(container);
  cursor_.sdfg->add_array(container, dtype, shape, true);
  return made;
}

// An array that a loop hands on to its next iterations: a reference to the buffer whose turn it is.
void Builder::give_buffer(LoopFrame& frame, const Array& made) {
  ir::ContainerFields fields;
  fields.name = made.container;
  fields.kind = ir::ContainerKind::reference;
  fields.dtype = made.dtype;
  fields.shape = made.shape;
  fields.transient = true;
  for (const CarriedArray& carried : frame.arrays) fields.distinct.push_back(carried.reference);
  for (const auto& name : fields.distinct) {
    ir::Container& carried = cursor_.sdfg->container(name);
    auto distinct = carried->distinct;
    if (std::find(distinct.begin(), distinct.end(), made.container) != distinct.end()) continue;
    distinct.push_back(made.container);
    carried.set<&ir::ContainerFields::distinct>(std::move(distinct));
  }
  cursor_.sdfg->add_container(std::move(fields));
  Array place{
      frame.buffers[made.container], made.dtype, made.shape, {{Expr::symbol(frame.turns[made.container]), 1, -1}}};
  for (size_t d = 0; d < made.rank(); ++d) place.axes.push_back({0, 1, static_cast<int>(d)});
  set_references({{made.container, place}}, frame.statement->span);
}

std::string Builder::new_scalar(const std::string& name, DType dtype) {
  const std::string container = fresh(name);
  if (map_depth_ > 0) map_locals_.insert(container);
  cursor_.sdfg->add_scalar(container, dtype, true);
  return container;
}

}  // namespace thalweg::frontend
