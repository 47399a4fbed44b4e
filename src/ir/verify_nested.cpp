// Invariants between a nested graph and the one around it; and where elements come from.
#include <algorithm>

#include "ir/verify_report.h"

namespace thalweg::ir::verifier {

namespace {

std::set<std::string> written_containers(SDFG& sdfg) {
  std::set<std::string> out;
  for (State* state : all_states(sdfg))
    for (const auto& node : state->nodes())
      if (auto* access = as<AccessNode>(node.get()))
        for (const Edge* edge : node->in_edges())
          if (!edge->memlet().is_empty() && edge->target_connector().empty()) out.insert(access->get().data);
  return out;
}

std::set<std::string> assigned_symbols(SDFG& sdfg) {
  std::set<std::string> out;
  auto add_edges = [&](const ControlFlowRegion& region) {
    for (const auto& edge : region.edges())
      for (const auto& [name, value] : edge->get().assignments) out.insert(name);
  };
  add_edges(sdfg);
  for (ControlFlowBlock* block : all_blocks(sdfg)) {
    if (auto* region = as<ControlFlowRegion>(block)) add_edges(*region);
    if (auto* loop = as<LoopRegion>(block)) out.insert(loop->get().variable);
  }
  return out;
}

void check_connector(const StateContext& at, const NestedSDFG& nested, const Connector& connector, const Edge& edge) {
  auto bad = [&](const std::string& what) { at.report.add("TW0336", nested, what); };
  const Container* inner = nested.sdfg().find(connector.name);
  if (!inner) return bad("connector '" + connector.name + "' is no container of the inner graph");
  if (inner->get().transient) bad("inner container '" + connector.name + "' is transient, but has a connector");
  const MemletFields& memlet = edge.memlet().get();
  const Container& outer = at.sdfg.container(memlet.data);
  if (inner->get().dtype != outer.get().dtype)
    bad("inner container '" + connector.name + "' is " + inner->get().dtype.name() + ", '" + memlet.data + "' is " +
        outer.get().dtype.name());
  if (inner->get().kind == ContainerKind::stream || memlet.dynamic) return;
  const symbolic::Expr inside = symbolic::substitute(total_elements(inner->get().shape), nested.get().symbol_mapping);
  const symbolic::Facts facts = facts_at(at, at.scopes.parent(nested));
  if (facts.prove(symbolic::eq(inside, memlet.subset.num_elements())) == symbolic::Truth::no)
    bad("inner container '" + connector.name + "' has " + symbolic::to_string(inside) + " elements, its memlet " +
        symbolic::to_string(memlet.subset.num_elements()));
}

void check_symbols(const StateContext& at, const NestedSDFG& nested) {
  auto bad = [&](const std::string& what) { at.report.add("TW0336", nested, what); };
  const std::set<std::string> assigned = assigned_symbols(nested.sdfg());
  const auto& mapping = nested.get().symbol_mapping;
  const auto& symbols = nested.sdfg().get().symbols;
  for (const auto& [name, type] : symbols)
    if (!mapping.count(name) && !assigned.count(name)) bad("inner symbol '" + name + "' has no value");
  std::set<std::string> used;
  for (const auto& [name, value] : mapping) {
    if (!symbols.count(name)) bad("a value is given for '" + name + "', which is no inner symbol");
    symbolic::collect_symbols(value, used);
  }
  require_symbols(used, symbols_at(at, at.scopes.parent(nested)), "the value of an inner symbol", nested, at.report);
}

void check_nested(const StateContext& at, const NestedSDFG& nested) {
  auto bad = [&](const std::string& what) { at.report.add("TW0336", nested, what); };
  for (const Connector& connector : nested.in_connectors())
    check_connector(at, nested, connector, *nested.in_edge(connector.name));
  for (const Connector& connector : nested.out_connectors()) {
    const Edge& out = *nested.out_edge(connector.name);
    check_connector(at, nested, connector, out);
    const Edge* in = nested.in_edge(connector.name);
    if (in && (in->memlet().get().data != out.memlet().get().data ||
               !(in->memlet().get().subset == out.memlet().get().subset)))
      bad("connector '" + connector.name + "' stands for other elements as input than as output");
  }
  const std::set<std::string> written = written_containers(nested.sdfg());
  for (const auto& container : nested.sdfg().containers()) {
    const std::string& name = container->get().name;
    if (container->get().transient || name.find('.') != std::string::npos) continue;
    const bool in = has(nested.in_connectors(), name), out = has(nested.out_connectors(), name);
    if (!in && !out) bad("inner container '" + name + "' has no connector");
    if (in && !out && written.count(name))
      bad("inner container '" + name + "' is written, but has no output connector");
  }
  check_symbols(at, nested);
}

}  // namespace

void nested_graphs_fit(const StateContext& at) {
  for (const auto& node : at.state.nodes())
    if (auto* nested = as<NestedSDFG>(node.get())) check_nested(at, *nested);
}

void elements_have_locations(const SDFG& sdfg, Report& report) {
  auto require = [&](const Element& element) {
    if (element.location().empty()) report.add("TW0337", element, "nothing says where it comes from");
  };
  for (ControlFlowBlock* block : all_blocks(const_cast<SDFG&>(sdfg))) {
    if (as<LoopRegion>(block) || as<ConditionalBlock>(block) || as<JumpBlock>(block)) require(*block);
    auto* state = as<State>(block);
    if (!state) continue;
    for (const auto& node : state->nodes())
      if (as<Tasklet>(node.get()) || as<LibraryNode>(node.get()) || as<NestedSDFG>(node.get())) require(*node);
    for (const auto& edge : state->edges())
      if (!edge->memlet().is_empty() && edge->target_connector() != "views" && edge->source_connector() != "views" &&
          as<AccessNode>(&edge->source()) && as<AccessNode>(&edge->target()))
        require(*edge);
  }
}

}  // namespace thalweg::ir::verifier
