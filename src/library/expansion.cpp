#include "library/expansion.h"

#include <algorithm>

namespace thalweg::library {

namespace {

base::Span span_of(const ir::Element& element) {
  for (const base::Span& span : element.location())
    if (span.known()) return span;
  return {};
}

}  // namespace

base::Diagnostic error(const ir::LibraryNode& node, const std::string& what) {
  const std::string name = node->label.empty() ? "" : " '" + node->label + "'";
  return {"TW0702", base::ErrorKind::internal, node->operation + name + ": " + what, span_of(node), "", {}};
}

base::Diagnostic unknown_operation(const ir::LibraryNode& node) {
  return {"TW0701",
          base::ErrorKind::unsupported,
          "there is no library operation '" + node->operation + "'",
          span_of(node),
          "",
          {}};
}

base::Result<Operand> operand(const ir::LibraryNode& node, const std::string& port) {
  const ir::Edge* edge = node.in_edge(port);
  if (!edge) edge = node.out_edge(port);
  const ir::SDFG* sdfg = node.state() ? node.state()->sdfg() : nullptr;
  if (!edge || edge->memlet().is_empty() || !sdfg) return error(node, "nothing is joined to '" + port + "'");
  const ir::Container* container = sdfg->find(edge->memlet()->data);
  if (!container) return error(node, "there is no container '" + edge->memlet()->data + "'");
  Operand found{container, edge->memlet()->subset};
  if (container->is_scalar()) found.subset = {};
  if (found.rank() != container->rank())
    return error(node, "the memlet at '" + port + "' does not have the rank of '" + container->get().name + "'");
  return found;
}

std::vector<size_t> operand_dims(const symbolic::Subset& subset, size_t rank) {
  std::vector<size_t> wide, all;
  for (size_t d = 0; d < subset.rank(); ++d) {
    all.push_back(d);
    if (!subset.ranges[d].size.is(1)) wide.push_back(d);
  }
  if (subset.rank() == rank || wide.size() > rank) return all;
  for (size_t d = subset.rank(); d-- > 0 && wide.size() < rank;)
    if (std::find(wide.begin(), wide.end(), d) == wide.end()) wide.push_back(d);
  std::sort(wide.begin(), wide.end());
  return wide;
}

std::optional<std::vector<std::pair<size_t, size_t>>> match_dims(const Operand& in, const std::vector<size_t>& kept,
                                                                 const Operand& out) {
  std::vector<size_t> wide_kept, wide_out, all_out;
  for (size_t d : kept)
    if (!in.size(d).is(1)) wide_kept.push_back(d);
  for (size_t d = 0; d < out.rank(); ++d) {
    all_out.push_back(d);
    if (!out.size(d).is(1)) wide_out.push_back(d);
  }
  const bool wide = wide_kept.size() == wide_out.size();
  if (!wide && kept.size() != all_out.size()) return std::nullopt;
  const std::vector<size_t>& from = wide ? wide_kept : kept;
  const std::vector<size_t>& to = wide ? wide_out : all_out;
  std::vector<std::pair<size_t, size_t>> pairs;
  for (size_t k = 0; k < from.size(); ++k) pairs.emplace_back(from[k], to[k]);
  return pairs;
}

ir::MemletFields at(const std::string& data, const std::vector<Expr>& index) {
  return ir::memlet(data, symbolic::Subset::indices(index));
}

Expansion::Expansion(const ir::LibraryNode& node)
    : node_(node), graph_(base::make_ref<ir::SDFG>(node->label.empty() ? node->operation : node->label)) {}

base::Result<Operand> Expansion::add_port(const std::string& name, std::optional<std::vector<size_t>> dims) {
  TW_TRY(Operand outer, operand(node_, name));
  std::set<std::string> containers;
  ir::ContainerFields fields;
  fields.name = name;
  fields.dtype = outer.dtype();
  Operand inner{outer.container, {}};
  if (!dims) {
    dims.emplace();
    for (size_t d = 0; d < outer.rank(); ++d) dims->push_back(d);
  }
  for (size_t d : *dims) {
    const symbolic::Range& range = outer.subset.ranges[d];
    fields.shape.push_back(range.size);
    fields.strides.push_back(outer.container->get().strides[d] * range.step);
    inner.subset.ranges.push_back(symbolic::Range::whole(range.size));
    for (const Expr& part : {fields.shape.back(), fields.strides.back()}) {
      symbolic::collect_symbols(part, free_);
      symbolic::collect_containers(part, containers);
    }
  }
  if (!containers.empty()) return error(node_, "the size of '" + name + "' is read from '" + *containers.begin() + "'");
  fields.kind = fields.shape.empty() ? ir::ContainerKind::scalar : ir::ContainerKind::array;
  if (!graph_->find(name)) graph_->add_container(fields);
  return inner;
}

void Expansion::add_array(const std::string& name, ir::DType dtype, std::vector<Expr> shape) {
  graph_->add_array(name, dtype, std::move(shape), true);
}
void Expansion::add_scalar(const std::string& name, ir::DType dtype) { graph_->add_scalar(name, dtype, true); }

std::string Expansion::counter(const std::string& base) {
  std::string name = base;
  for (int i = 0; free_.contains(name) || counters_.contains(name); ++i) name = base + "_" + std::to_string(i);
  counters_.insert(name);
  return name;
}

ir::Ref<ir::SDFG> Expansion::finish() {
  const ir::SDFG* outer = node_.state()->sdfg();
  for (const std::string& name : free_) {
    auto known = outer->get().symbols.find(name);
    graph_->add_symbol(name, known == outer->get().symbols.end() ? ir::dtypes::int64 : known->second);
  }
  for (ir::SDFG* graph : ir::all_sdfgs(*graph_))
    for (ir::ControlFlowBlock* block : ir::all_blocks(*graph)) {
      block->set_location(node_.location());
      if (auto* state = ir::as<ir::State>(block))
        for (const auto& node : state->nodes()) node->set_location(node_.location());
    }
  return graph_;
}

ir::LoopRegion& add_loop(ir::ControlFlowRegion& region, const std::string& variable, const Expr& count) {
  const Expr i = Expr::symbol(variable);
  ir::LoopFields fields;
  fields.variable = variable;
  fields.init = index_of(0);
  fields.condition = ir::code::make(ir::code::Op::lt, index_of(i), index_of(count));
  fields.update = index_of(i + 1);
  auto loop = base::make_ref<ir::LoopRegion>("for_" + variable, std::move(fields));
  region.append(loop);
  return *loop;
}

ir::ControlFlowRegion& add_if(ir::ControlFlowRegion& region, const std::string& label, ir::code::Ptr condition) {
  auto choice = base::make_ref<ir::ConditionalBlock>(label);
  region.append(choice);
  return choice->add_branch(std::move(condition), base::make_ref<ir::ControlFlowRegion>(label + "_then"));
}

ir::State& add_assignment(ir::ControlFlowRegion& region, const std::string& label, const std::vector<Read>& reads,
                          const ir::MemletFields& target, ir::code::Ptr value) {
  auto held = base::make_ref<ir::State>(label);
  ir::State& state = *held;
  region.append(held);
  std::vector<ir::Connector> inputs;
  for (const Read& read : reads) inputs.push_back({read.name, std::nullopt});
  ir::code::Block code{ir::code::Store{"out", {}, std::move(value)}};
  auto& tasklet = state.add_tasklet(label, std::move(inputs), {{"out", std::nullopt}}, std::move(code));
  for (const Read& read : reads)
    state.add_edge(state.add_access(read.memlet.data), "", tasklet, read.name, read.memlet);
  state.add_edge(tasklet, "out", state.add_access(target.data), "", target);
  return state;
}

}  // namespace thalweg::library
