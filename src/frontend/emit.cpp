// Values become states: one element-wise computation is one map with one tasklet, a scalar one tasklet, a copy an edge.
#include <algorithm>

#include "frontend/builder.h"

namespace thalweg::frontend {

namespace {

void place(ir::Element& element, const Span& span) { element.set_location({span}); }

std::vector<ir::Connector> connectors_of(const std::vector<Port>& ports) {
  std::vector<ir::Connector> out;
  for (const Port& port : ports) out.push_back({port.connector, std::nullopt});
  return out;
}

}  // namespace

std::string Builder::unique_label(const std::string& label) {
  std::string unique = label;
  for (int i = 0; !labels_.insert(unique).second; ++i) unique = label + "_" + std::to_string(i);
  return unique;
}

template <class Block>
Block& Builder::append_block(ir::Ref<Block> block, const Span& span) {
  if (!cursor_.last && !cursor_.pending.empty()) {
    auto pending = std::exchange(cursor_.pending, {});
    append_block(ir::make_ref<ir::State>(unique_label("begin")), span);
    cursor_.pending = std::move(pending);
  }
  cursor_.region->add_block(block);
  place(*block, span);
  if (cursor_.last) {
    ir::InterstateEdgeFields fields;
    fields.assignments = std::exchange(cursor_.pending, {});
    place(cursor_.region->add_edge(*cursor_.last, *block, std::move(fields)), span);
  }
  cursor_.last = block.get();
  return *block;
}
template ir::State& Builder::append_block(ir::Ref<ir::State>, const Span&);
template ir::LoopRegion& Builder::append_block(ir::Ref<ir::LoopRegion>, const Span&);
template ir::ConditionalBlock& Builder::append_block(ir::Ref<ir::ConditionalBlock>, const Span&);
template ir::JumpBlock& Builder::append_block(ir::Ref<ir::JumpBlock>, const Span&);

ir::State& Builder::new_state(const std::string& label, const Span& span) {
  return append_block(ir::make_ref<ir::State>(unique_label(label)), located(span));
}

// Assignments waiting for a next block get one where a region ends.
void Builder::flush_pending(const Span& span) {
  if (!cursor_.pending.empty()) new_state("assign", span);
}

// Assigns symbols on the next transition, which reads all right sides before it assigns any: what waits already and is
// read here gets a transition before it.
void Builder::assign_together(Assignments changes) {
  std::set<std::string> used;
  for (const auto& [name, value] : changes) {
    used.insert(name);
    code::collect_symbols(*value, used);
  }
  auto waits = [&](const auto& assignment) { return used.count(assignment.first) > 0; };
  if (std::any_of(cursor_.pending.begin(), cursor_.pending.end(), waits)) flush_pending({});
  for (auto& change : changes) cursor_.pending.push_back(std::move(change));
}

ir::AccessNode& Builder::read_node(ir::State& state, const std::string& container, const Span& span) {
  use(container);
  ir::AccessNode& node = state.add_access(container);
  place(node, located(span));
  if (views_.count(container)) attach_view(state, node, true, span);
  return node;
}

ir::AccessNode& Builder::write_node(ir::State& state, const std::string& container, const Span& span) {
  use(container);
  written_.insert(container);
  ir::AccessNode& node = state.add_access(container);
  place(node, located(span));
  if (views_.count(container)) attach_view(state, node, false, span);
  return node;
}

// A view's access node is joined in each state to an access node of what it views.
void Builder::attach_view(ir::State& state, ir::AccessNode& view, bool reading, const Span& span) {
  const Array base = views_.at(view->data);
  ir::MemletFields memlet = ir::memlet(base.container, subset_of(base));
  if (reading) {
    view.add_in_connector({"views", std::nullopt});
    place(state.add_edge(read_node(state, base.container, span), "", view, "views", std::move(memlet)), located(span));
  } else {
    view.add_out_connector({"views", std::nullopt});
    place(state.add_edge(view, "views", write_node(state, base.container, span), "", std::move(memlet)), located(span));
  }
}

void Builder::connect_tasklet(ir::State& state, ir::Tasklet& tasklet, const std::vector<Port>& ports,
                              ir::MapEntry* entry, const Span& span) {
  std::map<std::string, ir::AccessNode*> nodes;
  for (const Port& port : ports) {
    ir::AccessNode*& node = nodes[port.container];
    if (!node) node = &read_node(state, port.container, span);
    std::vector<ir::Node*> path{node};
    if (entry) path.push_back(entry);
    path.push_back(&tasklet);
    state.add_memlet_path(path, "", port.connector, ir::memlet(port.container, port.subset));
  }
  if (entry && ports.empty()) state.add_order(*entry, tasklet);
}

// What is stored where one part of complex elements is written: the value and the part that stays.
code::Ptr Builder::with_other_part(const Array& target, code::Ptr value, const std::vector<Expr>& position,
                                   std::vector<Port>& ports) {
  if (target.part == Component::whole) return value;
  const Port port{"", target.container, element_of(target, position)};
  const code::Ptr before = code::input(add_port(port, ports), stored_type(target));
  if (target.part == Component::real)
    return code::make(code::Op::make_complex, {std::move(value), code::make(code::Op::imag, before)});
  return code::make(code::Op::make_complex, {code::make(code::Op::real, before), std::move(value)});
}

Status Builder::emit_computed(const std::string& label, const Computed& value, const Array& target, const Span& span,
                              ir::Wcr wcr) {
  std::vector<Expr> position;
  ir::MapFields map;
  for (size_t d = 0; d < target.rank(); ++d) {
    if (target.shape[d].is(1)) {
      position.push_back(0);
      continue;
    }
    map.params.push_back(map_parameter(d));
    map.range.ranges.push_back(symbolic::Range::whole(target.shape[d]));
    position.push_back(Expr::symbol(map.params.back()));
  }
  std::vector<Port> ports;
  code::Block block = bind_checks(value, target.shape, position, ports);
  code::Ptr tree = bind_leaves(value.tree, target.shape, position, ports);
  tree = with_other_part(target, std::move(tree), position, ports);
  block.push_back(code::Store{"_out", {}, std::move(tree)});
  map.label = label;
  ir::State& state = new_state(label, span);
  ir::Tasklet& tasklet = state.add_tasklet(label, connectors_of(ports), {{"_out", std::nullopt}}, std::move(block));
  place(tasklet, located(span));
  ir::MemletFields out = ir::memlet(target.container, element_of(target, position));
  out.wcr = wcr;
  if (map.params.empty()) {
    connect_tasklet(state, tasklet, ports, nullptr, span);
    state.add_memlet_path({&tasklet, &write_node(state, target.container, span)}, "_out", "", std::move(out));
    return base::success();
  }
  auto [entry, exit] = state.add_map(std::move(map));
  place(*entry, located(span));
  place(*exit, located(span));
  place(entry->scope(), located(span));
  connect_tasklet(state, tasklet, ports, entry, span);
  state.add_memlet_path({&tasklet, exit, &write_node(state, target.container, span)}, "_out", "", std::move(out));
  return base::success();
}

// One tasklet under a map that the user wrote: the value and the target's element are in terms of its parameters.
Status Builder::emit_in_map(const ir::MapFields& map, const Computed& value, const Array& target, ir::Wcr wcr,
                            const Span& span) {
  std::vector<Port> ports;
  code::Block block = bind_checks(value, {}, {}, ports);
  code::Ptr tree = with_other_part(target, bind_leaves(value.tree, {}, {}, ports), {}, ports);
  block.push_back(code::Store{"_out", {}, std::move(tree)});
  ir::State& state = new_state(map.label, span);
  ir::Tasklet& tasklet = state.add_tasklet(map.label, connectors_of(ports), {{"_out", std::nullopt}}, std::move(block));
  place(tasklet, located(span));
  auto [entry, exit] = state.add_map(map);
  for (ir::Element* element :
       {static_cast<ir::Element*>(entry), static_cast<ir::Element*>(exit), static_cast<ir::Element*>(&entry->scope())})
    place(*element, located(span));
  connect_tasklet(state, tasklet, ports, entry, span);
  ir::MemletFields out = ir::memlet(target.container, subset_of(target));
  out.wcr = wcr;
  state.add_memlet_path({&tasklet, exit, &write_node(state, target.container, span)}, "_out", "", std::move(out));
  return base::success();
}

Status Builder::emit_scalar(const std::string& container, const Computed& value, const Span& span) {
  return emit_computed(container, value, Array{container, value.dtype, {}, {}}, span);
}

Status Builder::emit_copy(const Array& from, const Array& to, const Span& span) {
  auto in_order = [](const Array& a) {
    int last = -1;
    std::vector<bool> seen(a.rank(), false);
    for (const Axis& axis : a.axes) {
      if (axis.dim < 0) continue;
      if (axis.dim <= last) return false;
      last = axis.dim;
      seen[axis.dim] = true;
    }
    for (size_t d = 0; d < a.rank(); ++d)
      if (!seen[d] && !a.shape[d].is(1)) return false;
    return true;
  };
  const bool parts = from.part != Component::whole || to.part != Component::whole;
  if (parts || from.dtype != to.dtype || from.shape != to.shape || !in_order(from) || !in_order(to) ||
      from.axes.empty() || to.axes.empty()) {
    Computed value = leaf(from);
    TW_TRY(value, cast_for_store(value, to.dtype, span));
    return emit_computed("copy_" + to.container, value, to, span);
  }
  ir::State& state = new_state("copy_" + to.container, span);
  ir::AccessNode& source = read_node(state, from.container, span);
  ir::AccessNode& target = write_node(state, to.container, span);
  ir::MemletFields memlet = ir::memlet(from.container, subset_of(from));
  memlet.other_subset = subset_of(to);
  place(state.add_edge(source, "", target, "", std::move(memlet)), located(span));
  return base::success();
}

void Builder::emit_check(code::Ptr condition, base::ErrorKind kind, const std::string& message,
                         std::vector<code::Ptr> values, const Span& span) {
  if (kind == base::ErrorKind::index && !request_.bounds) return;
  std::vector<Port> ports;
  code::Check check{bind_leaves(condition, {}, {}, ports), kind, message, {}, located(span)};
  for (const auto& value : values) check.values.push_back(bind_leaves(value, {}, {}, ports));
  ir::State& state = new_state("check", span);
  ir::Tasklet& tasklet = state.add_tasklet("check", connectors_of(ports), {}, {std::move(check)});
  place(tasklet, located(span));
  connect_tasklet(state, tasklet, ports, nullptr, span);
}

void Builder::emit_check(const Expr& condition, base::ErrorKind kind, const std::string& message,
                         std::vector<Expr> values, const Span& span) {
  std::vector<code::Ptr> codes;
  for (const Expr& value : values) codes.push_back(code::symbol(value));
  emit_check(condition_code(condition), kind, message, std::move(codes), span);
}

ir::LibraryNode& Builder::emit_library(ir::LibraryNodeFields fields,
                                       const std::vector<std::pair<std::string, Array>>& inputs,
                                       const std::vector<std::pair<std::string, Array>>& outputs, const Span& span) {
  std::vector<ir::Connector> in, out;
  for (const auto& [name, array] : inputs) in.push_back({name, std::nullopt});
  for (const auto& [name, array] : outputs) out.push_back({name, std::nullopt});
  ir::State& state = new_state(fields.label, span);
  ir::LibraryNode& node = state.add_library_node(std::move(fields), in, out);
  place(node, located(span));
  std::map<std::string, ir::AccessNode*> nodes;
  for (const auto& [name, array] : inputs) {
    ir::AccessNode*& source = nodes[array.container];
    if (!source) source = &read_node(state, array.container, span);
    place(state.add_edge(*source, "", node, name, ir::memlet(array.container, subset_of(array))), located(span));
  }
  for (const auto& [name, array] : outputs)
    place(state.add_edge(node, name, write_node(state, array.container, span), "",
                         ir::memlet(array.container, subset_of(array))),
          located(span));
  return node;
}

}  // namespace thalweg::frontend
