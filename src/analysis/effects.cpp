#include "analysis/effects.h"

#include <algorithm>

#include "analysis/propagate.h"
#include "analysis/symbols.h"
#include "base/match.h"
#include "symbolic/range_facts.h"

namespace thalweg::analysis {

using namespace ir;
using symbolic::Subset;

bool Effects::reads_container(const std::string& name) const {
  return std::any_of(reads.begin(), reads.end(), [&](const Access& access) { return access.container == name; });
}
bool Effects::writes_container(const std::string& name) const {
  return std::any_of(writes.begin(), writes.end(), [&](const Access& access) { return access.container == name; });
}

namespace {

void append(Effects& into, Effects more) {
  into.reads.insert(into.reads.end(), more.reads.begin(), more.reads.end());
  into.writes.insert(into.writes.end(), more.writes.begin(), more.writes.end());
  into.pointers_set.insert(more.pointers_set.begin(), more.pointers_set.end());
  into.symbols_read.insert(more.symbols_read.begin(), more.symbols_read.end());
  into.symbols_assigned.insert(more.symbols_assigned.begin(), more.symbols_assigned.end());
  into.side_effects = into.side_effects || more.side_effects;
  into.may_raise = into.may_raise || more.may_raise;
  into.jumps = into.jumps || more.jumps;
}

bool may_raise(const code::Block& block) {
  return std::any_of(block.begin(), block.end(), [](const code::Statement& statement) {
    return base::match(
        statement, [](const code::Store& store) { return code::may_raise(*store.value); },
        [](const code::Check&) { return true; });
  });
}

bool touches_stream(const Node& node) {
  const State* state = node.state();
  const SDFG* sdfg = state ? state->sdfg() : nullptr;
  auto stream = [&](const Edge* edge) {
    const Container* container = sdfg ? sdfg->find(edge->memlet().get().data) : nullptr;
    return container && container->get().kind == ContainerKind::stream;
  };
  return std::any_of(node.in_edges().begin(), node.in_edges().end(), stream) ||
         std::any_of(node.out_edges().begin(), node.out_edges().end(), stream);
}

// What the node does beside reading and writing through its edges.
Effects own_effects(const Node& node) {
  Effects out;
  out.symbols_read = used_symbols(node);
  match(
      const_cast<Node&>(node), [](AccessNode*) {},
      [&](Tasklet* tasklet) {
        out.side_effects = tasklet->get().side_effects;
        out.may_raise = may_raise(tasklet->get().code);
      },
      [](MapEntry*) {}, [](MapExit*) {}, [](ConsumeEntry*) {}, [](ConsumeExit*) {},
      [&](NestedSDFG* nested) {
        const Effects inner = effects_of(static_cast<const ControlFlowBlock&>(nested->sdfg()));
        out.side_effects = inner.side_effects;
        out.may_raise = inner.may_raise;
      },
      [&](LibraryNode* library) { out.side_effects = library->get().operation == "Callback"; });
  out.side_effects = out.side_effects || touches_stream(node);
  return out;
}

Access access(const std::string& container, Subset subset, const MemletFields& memlet, bool certain) {
  return {container, std::move(subset), certain && !memlet.dynamic, memlet.wcr};
}

// The accesses that one edge makes where it meets an access node, in symbols of the edge's scope.
Effects edge_effects(const SDFG& sdfg, const Edge& edge, bool certain) {
  Effects out;
  const MemletFields& memlet = edge.memlet().get();
  if (memlet.data.empty()) return out;
  auto *from = as<AccessNode>(&edge.source()), *to = as<AccessNode>(&edge.target());
  if (edge.target_connector() == "set") {
    out.pointers_set.insert(to->get().data);
    return out;
  }
  if (edge.target_connector() == "views" || edge.source_connector() == "views") return out;
  if (from && to) {
    const CopySubsets subsets = copy_subsets(sdfg, edge);
    out.reads.push_back(access(from->get().data, subsets.source, memlet, certain));
    out.reads.back().wcr = Wcr::none;
    out.writes.push_back(access(to->get().data, subsets.target, memlet, certain));
    return out;
  }
  const std::string name = from ? from->get().data : to ? to->get().data : "";
  if (name.empty()) return out;
  // Named by the other end of a path through a scope: the subset here is the second one.
  std::optional<Subset> subset = memlet.data == name ? std::optional(memlet.subset) : memlet.other_subset;
  Access made{name, subset, subset && certain && !memlet.dynamic, from ? Wcr::none : memlet.wcr};
  (from ? out.reads : out.writes).push_back(std::move(made));
  return out;
}

// Do the iterations of the map together touch exactly the hull? So if each parameter stands alone, plus a constant, in
// one dimension.
bool covers_hull(const MapFields& map, const Subset& inner) {
  for (const auto& param : map.params) {
    size_t dimensions = 0;
    for (const auto& range : inner.ranges) {
      Names used;
      symbolic::collect_symbols(Subset{{range}}, used);
      if (!used.count(param)) continue;
      ++dimensions;
      const bool alone = range.is_index() && (range.begin - symbolic::Expr::symbol(param)).as_integer();
      if (!alone) return false;
    }
    if (dimensions != 1) return false;
  }
  for (const auto& range : map.range.ranges) {  // a triangle is no box
    Names used;
    symbolic::collect_symbols(Subset{{range}}, used);
    for (const auto& param : map.params)
      if (used.count(param)) return false;
  }
  return true;
}

// Are all elements of the memlet written whenever its source runs?
bool writes_all(const Edge& edge) {
  const MemletFields& memlet = edge.memlet().get();
  Node& source = edge.source();
  if (memlet.data.empty()) return false;  // it only orders
  if (memlet.dynamic && !as<MapExit>(&source)) return false;
  if (as<Tasklet>(&source)) return memlet.subset.is_element();  // an array may be stored to in part
  if (as<NestedSDFG>(&source) || as<ConsumeExit>(&source)) return false;
  const MapFields* map = map_of(source);
  if (!map || !is_exit(source)) return true;
  const Edge* inner = nullptr;
  for (const Edge* in : source.in_edges())
    if (in->target_connector() == "IN_" + edge.source_connector().substr(4)) {
      if (inner) return false;
      inner = in;
    }
  return inner && inner->memlet().get().data == memlet.data && covers_hull(*map, inner->memlet().get().subset) &&
         writes_all(*inner);
}

void project_accesses(std::vector<Access>& accesses, const State& state, const ScopeTree& scopes, const Node* entry) {
  for (Access& one : accesses) {
    if (!one.subset) continue;
    auto wider = project_to_top(state, scopes, entry, *one.subset);
    one.certain = one.certain && !entry;  // the scope may run for no point at all
    one.subset = std::move(wider);
  }
}

}  // namespace

Effects effects_of(const Node& node) {
  Effects out = own_effects(node);
  if (as<AccessNode>(&const_cast<Node&>(node))) return out;
  for (const auto* list : {&node.in_edges(), &node.out_edges()})
    for (const Edge* edge : *list) {
      const MemletFields& memlet = edge->memlet().get();
      const Names used = used_symbols(memlet);
      out.symbols_read.insert(used.begin(), used.end());
      if (memlet.data.empty()) continue;
      const bool in = list == &node.in_edges();
      (in ? out.reads : out.writes).push_back(access(memlet.data, memlet.subset, memlet, in || writes_all(*edge)));
      if (in) out.reads.back().wcr = Wcr::none;
    }
  return out;
}

Effects effects_of(const State& state) {
  Effects out;
  const SDFG* sdfg = state.sdfg();
  TW_CHECK(sdfg, "a state outside of any graph has no containers");
  const ScopeTree scopes(state);
  for (const auto& node : state.nodes()) {
    Effects own = own_effects(*node);
    own.symbols_read.clear();
    append(out, std::move(own));
  }
  out.symbols_read = used_symbols(state);
  for (const auto& edge : state.edges()) {
    Effects made = edge_effects(*sdfg, *edge, writes_all(*edge));
    const Node* scope = scopes.scope_of_outputs(edge->source());
    project_accesses(made.reads, state, scopes, scope);
    project_accesses(made.writes, state, scopes, scope);
    append(out, std::move(made));
  }
  return out;
}

namespace {

void add_code(Effects& into, const code::Ptr& code) {
  if (!code) return;
  code::collect_symbols(*code, into.symbols_read);
  into.may_raise = into.may_raise || code::may_raise(*code);
  std::set<std::string> containers;
  code::collect_inputs(*code, containers);
  for (const auto& name : containers) into.reads.push_back({name, std::nullopt, false, Wcr::none});
}

Effects region_effects(const ControlFlowRegion& region, bool sequence) {
  Effects out;
  for (const auto& block : region.blocks()) {
    Effects inner = effects_of(*block);
    if (!sequence || out.jumps)
      for (auto* list : {&inner.reads, &inner.writes})
        for (Access& one : *list) one.certain = false;
    append(out, std::move(inner));
  }
  for (const auto& edge : region.edges()) append(out, effects_of(*edge));
  return out;
}

// Subsets that use symbols assigned inside mean something else outside.
void forget_assigned(Effects& effects) {
  for (auto* list : {&effects.reads, &effects.writes})
    for (Access& one : *list) {
      if (!one.subset) continue;
      Names used;
      symbolic::collect_symbols(*one.subset, used);
      const bool stale =
          std::any_of(used.begin(), used.end(), [&](auto& name) { return effects.symbols_assigned.count(name) > 0; });
      if (stale) one.subset.reset(), one.certain = false;
    }
}

// variable = init, init + step ... while variable < end (or > end, downwards), as a range; nothing where the loop is of another kind.
std::optional<symbolic::Range> range_of(const LoopFields& loop) {
  auto index = [](const code::Ptr& code) -> std::optional<symbolic::Expr> {
    if (!code) return std::nullopt;
    if (code->op == code::Op::symbol) return code->symbol;
    if (code->op == code::Op::constant && std::holds_alternative<int64_t>(code->value))
      return symbolic::Expr(std::get<int64_t>(code->value));
    return std::nullopt;
  };
  if (loop.variable.empty() || loop.inverted || !loop.condition || !loop.update) return std::nullopt;
  if (loop.condition->op != code::Op::lt && loop.condition->op != code::Op::gt) return std::nullopt;
  auto init = index(loop.init), left = index(loop.condition->args[0]), end = index(loop.condition->args[1]);
  const symbolic::Expr variable = symbolic::Expr::symbol(loop.variable);
  if (!init || !left || !end) return std::nullopt;
  bool rising = loop.condition->op == code::Op::lt;
  if (*end == variable) {  // end < variable says the same as variable > end
    std::swap(left, end);
    rising = !rising;
  }
  if (!(*left == variable)) return std::nullopt;
  std::optional<symbolic::Expr> next = index(loop.update);
  if (!next && loop.update->op == code::Op::add) {
    auto a = index(loop.update->args[0]), b = index(loop.update->args[1]);
    if (a && b) next = *a + *b;
  }
  if (!next) return std::nullopt;
  auto step = (*next - variable).as_integer();
  if (!step || *step == 0 || (*step > 0) != rising) return std::nullopt;
  return symbolic::Range{*init, symbolic::max(0, symbolic::ceil_div(*end - *init, *step)), *step};
}

Effects loop_effects(const LoopRegion& loop) {
  Effects out = region_effects(loop, false);
  const LoopFields& fields = loop.get();
  out.jumps = false;
  for (const ControlFlowBlock* block : all_blocks(const_cast<LoopRegion&>(loop)))
    if (auto* jump = dynamic_cast<const JumpBlock*>(block)) out.jumps = out.jumps || jump->jump() == Jump::return_;
  const Names assigned_inside = out.symbols_assigned;
  if (auto range = range_of(fields); range && !assigned_inside.count(fields.variable)) {
    Names bounds;
    symbolic::collect_symbols(Subset{{*range}}, bounds);
    const bool fixed = std::none_of(bounds.begin(), bounds.end(), [&](auto& name) {
      return assigned_inside.count(name) > 0 || name == fields.variable;
    });
    symbolic::Facts facts;
    symbolic::assume_member(facts, symbolic::Expr::symbol(fields.variable), *range);
    for (auto* list : {&out.reads, &out.writes})
      for (Access& one : *list)
        if (one.subset && fixed) one.subset = symbolic::project(*one.subset, fields.variable, *range, facts);
  }
  for (const auto& code : {fields.init, fields.condition, fields.update}) add_code(out, code);
  if (!fields.variable.empty()) out.symbols_assigned.insert(fields.variable);
  forget_assigned(out);
  return out;
}

}  // namespace

Effects effects_of(const InterstateEdge& edge) {
  Effects out;
  add_code(out, edge.get().condition);
  for (const auto& [name, value] : edge.get().assignments) {
    add_code(out, value);
    out.symbols_assigned.insert(name);
  }
  return out;
}

Effects effects_of(const ControlFlowBlock& block) {
  Effects out;
  match(
      const_cast<ControlFlowBlock&>(block), [&](State* state) { out = effects_of(*state); },
      [&](ControlFlowRegion* region) {
        out = region_effects(*region, region->chain().has_value());
        forget_assigned(out);
      },
      [&](LoopRegion* loop) { out = loop_effects(*loop); },
      [&](ConditionalBlock* conditional) {
        for (const auto& branch : conditional->branches()) {
          add_code(out, branch.condition);
          append(out, region_effects(*branch.body, false));
        }
        forget_assigned(out);
      },
      [&](JumpBlock*) { out.jumps = true; });
  return out;
}

}  // namespace thalweg::analysis
