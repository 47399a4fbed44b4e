#include <algorithm>

#include "analysis/loop_range.h"
#include "analysis/symbols.h"
#include "analysis/uses.h"
#include "transforms/fresh_names.h"
#include "transforms/loop_to_map_plan.h"

namespace thalweg::transforms {

using namespace ir;
using analysis::Names;
using symbolic::Expr;
using symbolic::Range;

Names symbols_assigned_inside(const LoopRegion& loop) {
  Names out = analysis::assigned_symbols(loop);
  out.erase(loop.get().variable);
  return out;
}

std::vector<Expr> extents(const ContainerFields& fields) {
  std::vector<Expr> out = fields.shape;
  out.insert(out.end(), fields.strides.begin(), fields.strides.end());
  out.push_back(fields.offset);
  return out;
}

Range upwards(const Range& range) {
  if (range.step.integer() > 0) return range;
  return {range.last(), range.size, -1 * range.step};
}

namespace {

class MapBuilder {
 public:
  MapBuilder(SDFG& graph, const MapPlan& plan) : graph_(graph), plan_(plan), loop_(plan.loop) {}

  // The body moves while both its old and its new place are part of the graph, so that the edit log sees it.
  void run() {
    for (LoopReduction& reduction : plan_.reductions) combine(reduction);
    const Names used = used_inside();
    ControlFlowRegion& parent = *loop_->parent();
    auto state = make_ref<State>(loop_->label());
    state->set_location(loop_->location());
    parent.add_block(state);
    const std::string param = FreshNames(graph_).fresh(variable_);
    auto [entry, exit] = state->add_map({loop_->label(), {param}, symbolic::Subset{{upwards(plan_.range)}}});
    NestedSDFG& node = add_node(*state, param, used);
    connect(*state, *entry, node, *exit);
    for (Element* element : std::initializer_list<Element*>{&entry->scope(), entry, exit, &node})
      element->set_location(loop_->location());
    move_body(node.sdfg());
    replace_loop(parent, *state);
    drop_unused();
  }

 private:
  void combine(LoopReduction& reduction) {
    combine_writes(reduction);
    if (!reduction.apart) return;
    const std::string part = add_apart(graph_, *loop_, reduction);
    parts_.push_back(part);
    std::replace(plan_.shared.begin(), plan_.shared.end(), reduction.container, part);
    plan_.read.erase(reduction.container);
    plan_.written.erase(reduction.container);
    plan_.read.insert(part);
    plan_.written.insert(part);
  }

  // Symbols of the body; facts about them become the inner graph's assumptions.
  Names used_inside() {
    Names out;
    for (const auto& block : loop_->blocks()) out.merge(analysis::used_symbols(*block));
    for (const auto& edge : loop_->edges()) out.merge(analysis::used_symbols(edge->get()));
    for (const auto* list : {&plan_.shared, &plan_.own})
      for (const std::string& name : *list)
        for (const Expr& expr : extents(graph_.container(name).get())) symbolic::collect_symbols(expr, out);
    const Expr at = Expr::symbol(variable_);
    const Range range = upwards(analysis::not_empty(plan_.range));
    for (const Expr& fact : {ge(at, range.begin), le(at, range.last())}) {
      symbolic::collect_symbols(fact, out);
      facts_.push_back(fact);
    }
    for (const Expr& fact : plan_.facts) {
      Names used;
      symbolic::collect_symbols(fact, used);
      if (std::includes(out.begin(), out.end(), used.begin(), used.end())) facts_.push_back(fact);
    }
    for (const std::string& name : inside_) out.erase(name);
    return out;
  }

  // The state takes the loop's place; behind it, where that is wanted, the variable gets its last value.
  void replace_loop(ControlFlowRegion& parent, State& state) {
    const bool first = parent.start() == loop_.get();
    ControlFlowBlock* last = &state;
    if (plan_.last_value || !parts_.empty()) {
      last = &parent.add_block(make_ref<State>(loop_->label() + "_end"));
      last->set_location(loop_->location());
    }
    // Transitions are tried in the order in which they were added: all of a block are added again.
    std::set<const ControlFlowBlock*> sources = {loop_.get()};
    for (const InterstateEdge* edge : parent.in_edges(*loop_)) sources.insert(&edge->source());
    const std::vector<Ref<InterstateEdge>> edges = parent.edges();
    for (const auto& edge : edges) {
      if (!sources.count(&edge->source())) continue;
      ControlFlowBlock& source = &edge->source() == loop_.get() ? *last : edge->source();
      ControlFlowBlock& target = &edge->target() == loop_.get() ? state : edge->target();
      parent.add_edge(source, target, edge->get()).set_location(edge->location());
      parent.remove_edge(*edge);
    }
    parent.remove_block(*loop_);
    if (first) parent.set_start(state);
    if (last == &state) return;
    size_t next = 0;
    for (const LoopReduction& reduction : plan_.reductions)
      if (reduction.apart) add_to_whole(*as<State>(last), reduction, parts_[next++]);
    InterstateEdgeFields fields;
    const Expr value = plan_.range.begin + plan_.range.step * plan_.range.size;
    if (plan_.last_value) fields.assignments = {{variable_, code::symbol(value, types_.at(variable_))}};
    parent.add_edge(state, *last, fields);
  }

  void drop_symbol(const std::string& name) {
    auto symbols = graph_.get().symbols;
    symbols.erase(name);
    graph_.set<&SDFGFields::symbols>(std::move(symbols));
  }

  NestedSDFG& add_node(State& state, const std::string& param, const Names& used) {
    SDFGFields fields;
    fields.name = loop_->label();
    fields.assumptions = facts_;
    auto inner = make_ref<SDFG>(std::move(fields));
    inner->set_location(loop_->location());
    symbolic::Substitution values;
    for (const std::string& name : inside_) inner->add_symbol(name, types_.at(name));
    for (const std::string& name : used) {
      inner->add_symbol(name, types_.at(name));
      values[name] = Expr::symbol(name == variable_ ? param : name);
    }
    for (const auto& container : graph_.containers()) {
      ContainerFields copy = container->get();
      const bool own = std::find(plan_.own.begin(), plan_.own.end(), copy.name) != plan_.own.end();
      if (!own && std::find(plan_.shared.begin(), plan_.shared.end(), copy.name) == plan_.shared.end()) continue;
      copy.transient = own;
      copy.offset = 0;
      inner->add_container(std::move(copy)).set_location(container->location());
    }
    std::vector<std::string> inputs, outputs;
    for (const std::string& name : plan_.shared) {
      if (plan_.read.count(name)) inputs.push_back(name);
      if (plan_.written.count(name)) outputs.push_back(name);
    }
    return state.add_nested_sdfg(std::move(inner), std::move(inputs), std::move(outputs), std::move(values));
  }

  void connect(State& state, MapEntry& entry, NestedSDFG& node, MapExit& exit) {
    auto all_of = [&](const std::string& name) {
      return memlet(name, symbolic::Subset::whole(graph_.container(name).get().shape));
    };
    for (const std::string& name : plan_.shared) {
      if (plan_.read.count(name))
        state.add_memlet_path({&state.add_access(name), &entry, &node}, "", name, all_of(name));
      if (plan_.written.count(name))
        state.add_memlet_path({&node, &exit, &state.add_access(name)}, name, "", all_of(name));
    }
    if (node.in_edges().empty()) state.add_order(entry, node);
  }

  // The inner graph is part of the outer one by now, so that the edit log sees it all.
  void move_body(SDFG& inner) {
    const std::vector<Ref<ControlFlowBlock>> blocks = loop_->blocks();
    const std::vector<Ref<InterstateEdge>> edges = loop_->edges();
    const Ref<ControlFlowBlock> start(loop_->start());
    for (const auto& edge : edges) loop_->remove_edge(*edge);
    for (const auto& block : blocks) inner.add_block(block);
    inner.set_start(*start);
    for (const auto& edge : edges)
      inner.add_edge(edge->source(), edge->target(), edge->get()).set_location(edge->location());
  }

  // What only the body knew has moved with it.
  void drop_unused() {
    const analysis::ContainerUses uses = analysis::container_uses(graph_);
    Names named;
    for (const auto& container : graph_.containers())
      for (const auto* list : {&container->get().distinct, &container->get().members})
        named.insert(list->begin(), list->end());
    for (const std::string& name : plan_.own)
      if (uses.count(name) == 0 && uses.only_in_states(name) && !named.count(name))
        graph_.remove_container(graph_.container(name));
    const Names used = analysis::used_symbols(static_cast<const ControlFlowBlock&>(graph_));
    const Names assigned = analysis::assigned_symbols(graph_);
    const Names arguments(graph_.get().arguments.begin(), graph_.get().arguments.end());
    for (const auto& [name, type] : types_)
      if ((inside_.count(name) || name == variable_) && !used.count(name) && !assigned.count(name) &&
          !arguments.count(name))
        drop_symbol(name);
  }

  SDFG& graph_;
  MapPlan plan_;
  Ref<LoopRegion> loop_;
  std::vector<std::string> parts_;  // of reductions that are added up apart, in their order
  const std::string variable_ = loop_->get().variable;
  const std::map<std::string, DType> types_ = graph_.get().symbols;
  const Names inside_ = symbols_assigned_inside(*loop_);
  std::vector<Expr> facts_;
};

}  // namespace

void build_map(SDFG& graph, const MapPlan& plan) { MapBuilder(graph, plan).run(); }

}  // namespace thalweg::transforms
