#include "analysis/symbols.h"

#include "base/match.h"
#include "ir/results.h"
#include "symbolic/range_facts.h"

namespace thalweg::analysis {

using namespace ir;

namespace {

void add(Names& into, const Names& more) { into.insert(more.begin(), more.end()); }
void add(Names& into, const code::Ptr& code) {
  if (code) code::collect_symbols(*code, into);
}

void add_container(Names& into, const ContainerFields& fields) {
  for (const auto* list : {&fields.shape, &fields.strides})
    for (const auto& expr : *list) symbolic::collect_symbols(expr, into);
  symbolic::collect_symbols(fields.offset, into);
  symbolic::collect_symbols(fields.buffer_size, into);
}

Names used_in_map(const MapFields& map) {
  Names out, bound;
  for (size_t d = 0; d < map.range.rank(); ++d) {
    Names used;
    symbolic::collect_symbols(symbolic::Subset{{map.range.ranges[d]}}, used);
    for (const auto& name : used)
      if (!bound.count(name)) out.insert(name);
    if (d < map.params.size()) bound.insert(map.params[d]);
  }
  return out;
}

}  // namespace

Names used_symbols(const MemletFields& memlet) {
  Names out;
  symbolic::collect_symbols(memlet.subset, out);
  if (memlet.other_subset) symbolic::collect_symbols(*memlet.other_subset, out);
  symbolic::collect_symbols(memlet.volume, out);
  add(out, memlet.wcr_code);
  return out;
}

Names used_symbols(const Node& node) {
  Names out;
  match(
      const_cast<Node&>(node), [](AccessNode*) {},
      [&](Tasklet* tasklet) { code::collect_symbols(tasklet->get().code, out); },
      [&](MapEntry* entry) { out = used_in_map(entry->scope().get()); }, [](MapExit*) {},
      [&](ConsumeEntry* entry) {
        symbolic::collect_symbols(entry->scope().get().num_pes, out);
        add(out, entry->scope().get().condition);
      },
      [](ConsumeExit*) {},
      [&](NestedSDFG* nested) {
        for (const auto& [name, value] : nested->get().symbol_mapping) symbolic::collect_symbols(value, out);
      },
      [&](LibraryNode* library) {
        for (const auto& [key, value] : library->get().attributes)
          if (auto* expr = std::get_if<symbolic::Expr>(&value)) symbolic::collect_symbols(*expr, out);
      });
  return out;
}

Names used_symbols(const State& state) {
  Names out;
  const ScopeTree scopes(state);
  auto add_unbound = [&](const Names& used, const Node* entry) {
    Names bound;
    for (; entry; entry = scopes.parent(*entry)) {
      if (const MapFields* map = map_of(*entry)) bound.insert(map->params.begin(), map->params.end());
      if (const ConsumeFields* consume = consume_of(*entry)) bound.insert(consume->pe_index);
    }
    for (const auto& name : used)
      if (!bound.count(name)) out.insert(name);
  };
  for (const auto& node : state.nodes()) add_unbound(used_symbols(*node), scopes.scope_of_inputs(*node));
  for (const auto& edge : state.edges())
    add_unbound(used_symbols(edge->memlet().get()), scopes.scope_of_outputs(edge->source()));
  return out;
}

Names used_symbols(const InterstateEdgeFields& edge) {
  Names out;
  add(out, edge.condition);
  for (const auto& [name, value] : edge.assignments) add(out, value);
  return out;
}

namespace {

void add_region(Names& into, const ControlFlowRegion& region) {
  for (const auto& block : region.blocks()) add(into, used_symbols(*block));
  for (const auto& edge : region.edges()) add(into, used_symbols(edge->get()));
}

}  // namespace

Names used_symbols(const ControlFlowBlock& block) {
  Names out;
  match(
      const_cast<ControlFlowBlock&>(block), [&](State* state) { out = used_symbols(*state); },
      [&](ControlFlowRegion* region) {
        add_region(out, *region);
        if (auto* sdfg = dynamic_cast<SDFG*>(region)) {
          for (const auto& container : sdfg->containers()) add_container(out, container->get());
          for (const auto& value : sdfg->get().returns) {
            symbolic::collect_symbols(value.expr, out);
            symbolic::collect_symbols(value.subset, out);
          }
        }
      },
      [&](LoopRegion* loop) {
        add_region(out, *loop);
        for (const auto& code : {loop->get().init, loop->get().condition, loop->get().update}) add(out, code);
      },
      [&](ConditionalBlock* conditional) {
        for (const auto& branch : conditional->branches()) {
          add(out, branch.condition);
          add_region(out, *branch.body);
        }
      },
      [](JumpBlock*) {});
  return out;
}

Names assigned_symbols(const ControlFlowBlock& block) {
  Names out;
  auto add_edges = [&](const ControlFlowRegion& region) {
    for (const auto& edge : region.edges())
      for (const auto& [name, value] : edge->get().assignments) out.insert(name);
    for (const auto& inner : region.blocks()) add(out, assigned_symbols(*inner));
  };
  match(
      const_cast<ControlFlowBlock&>(block), [](State*) {}, [](JumpBlock*) {},
      [&](ControlFlowRegion* region) { add_edges(*region); },
      [&](LoopRegion* loop) {
        if (!loop->get().variable.empty()) out.insert(loop->get().variable);
        add_edges(*loop);
      },
      [&](ConditionalBlock* conditional) {
        for (const auto& branch : conditional->branches()) add_edges(*branch.body);
      });
  return out;
}

Names free_symbols(const SDFG& sdfg) {
  const Names assigned = assigned_symbols(sdfg);
  Names out;
  for (const auto& name : used_symbols(sdfg))
    if (!assigned.count(name)) out.insert(name);
  return out;
}

Names defined_symbols(const State& state, const ScopeTree& scopes, const Node& node) {
  Names out;
  if (const SDFG* sdfg = state.sdfg())
    for (const auto& [name, type] : sdfg->get().symbols) out.insert(name);
  for (const Node* entry : scopes.enclosing(node)) {
    if (const MapFields* map = map_of(*entry)) out.insert(map->params.begin(), map->params.end());
    if (const ConsumeFields* consume = consume_of(*entry)) out.insert(consume->pe_index);
  }
  return out;
}

symbolic::Facts facts_in(const State& state, const ScopeTree& scopes, const Node* entry) {
  symbolic::Facts facts;
  if (const SDFG* sdfg = state.sdfg()) {
    for (const auto& condition : sdfg->get().assumptions) facts.assume(condition);
    for (const symbolic::Expr& condition : sizes_of_given(*sdfg)) facts.assume(condition);
    for (const auto& node : state.nodes())  // what is touched here has a size when this runs
      if (const auto* access = as<AccessNode>(node.get()))
        if (const Container* container = sdfg->find(access->get().data))
          for (const auto& extent : container->get().shape) facts.assume(symbolic::ge(extent, 0));
  }
  for (; entry; entry = scopes.parent(*entry)) {
    const MapFields* map = map_of(*entry);
    for (size_t d = 0; map && d < map->params.size() && d < map->range.rank(); ++d)
      symbolic::assume_member(facts, symbolic::Expr::symbol(map->params[d]), map->range.ranges[d]);
    if (const ConsumeFields* consume = consume_of(*entry)) {
      facts.assume(symbolic::ge(symbolic::Expr::symbol(consume->pe_index), 0));
      facts.assume(symbolic::lt(symbolic::Expr::symbol(consume->pe_index), consume->num_pes));
    }
  }
  return facts;
}

}  // namespace thalweg::analysis
