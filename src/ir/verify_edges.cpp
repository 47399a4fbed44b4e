// Invariants of connectors and memlets.
#include <algorithm>

#include "ir/verify_report.h"

namespace thalweg::ir::verifier {

namespace {

bool is_code(const Node& node) {
  Node* open = &const_cast<Node&>(node);
  return as<Tasklet>(open) || as<NestedSDFG>(open) || as<LibraryNode>(open);
}

AccessNode* access(const Node& node) { return as<AccessNode>(&const_cast<Node&>(node)); }

const Container* container_of(const SDFG& sdfg, const Node& node) {
  AccessNode* found = access(node);
  return found ? sdfg.find(found->get().data) : nullptr;
}

std::string partner_name(const std::string& connector) {
  if (connector.substr(0, 3) == "IN_") return "OUT_" + connector.substr(3);
  if (connector.substr(0, 4) == "OUT_") return "IN_" + connector.substr(4);
  return "";
}

// Where the data of this edge comes from and goes to, through entries and exits; stops where ways join or part.
const Node& source_end(const Edge& edge) {
  const Edge* at = &edge;
  while (is_entry(at->source())) {
    const Edge* before = at->source().in_edge(partner_name(at->source_connector()));
    if (!before) break;
    at = before;
  }
  return at->source();
}
const Node& target_end(const Edge& edge) {
  const Edge* at = &edge;
  while (is_exit(at->target())) {
    const Edge* next = at->target().out_edge(partner_name(at->target_connector()));
    if (!next) break;
    at = next;
  }
  return at->target();
}

size_t count_edges(const std::vector<Edge*>& edges, const std::string& connector, bool in) {
  return static_cast<size_t>(std::count_if(edges.begin(), edges.end(), [&](const Edge* edge) {
    return (in ? edge->target_connector() : edge->source_connector()) == connector;
  }));
}

}  // namespace

void access_nodes_fit_their_container(const StateContext& at) {
  for (const auto& node : at.state.nodes()) {
    if (!access(*node)) continue;
    auto bad = [&](const std::string& what) { at.report.add("TW0333", *node, what); };
    const Container* container = container_of(at.sdfg, *node);
    if (!container) {
      bad("no container has this name");
      continue;
    }
    const ContainerKind kind = container->get().kind;
    const bool sets = has(node->in_connectors(), "set");
    if (sets && kind != ContainerKind::reference) bad("only a reference can be set");
    size_t views = count_edges(node->in_edges(), "views", true) + count_edges(node->out_edges(), "views", false);
    if (kind == ContainerKind::view && views != 1)
      bad("a view has one edge at a connector 'views', not " + std::to_string(views));
    if (kind != ContainerKind::view && views != 0) bad("only a view has a connector 'views'");
    for (const Connector& connector : node->in_connectors())
      if (connector.name != "set" && connector.name != "views") bad("it has a connector '" + connector.name + "'");
    for (const Connector& connector : node->out_connectors())
      if (connector.name != "views") bad("it has a connector '" + connector.name + "'");
  }
}

void connectors_are_named(const StateContext& at) {
  for (const auto& node : at.state.nodes()) {
    if (!is_code(*node)) continue;
    for (const auto* list : {&node->in_connectors(), &node->out_connectors()})
      for (const Connector& connector : *list)
        if (!is_name(connector.name))
          at.report.add("TW0310", *node, "'" + connector.name + "' is no name for a connector");
    if (!as<Tasklet>(node.get())) continue;
    const std::set<std::string> symbols = symbols_at(at, at.scopes.parent(*node));
    for (const Connector& connector : node->out_connectors())
      if (has(node->in_connectors(), connector.name))
        at.report.add("TW0310", *node, "connector '" + connector.name + "' is input and output");
    for (const auto* list : {&node->in_connectors(), &node->out_connectors()})
      for (const Connector& connector : *list)
        if (symbols.count(connector.name))
          at.report.add("TW0310", *node, "connector '" + connector.name + "' is also a symbol");
  }
}

namespace {

void check_edge_ends(const StateContext& at, const Edge& edge) {
  auto bad = [&](const std::string& what) { at.report.add("TW0325", edge, what); };
  const std::string &from = edge.source_connector(), &to = edge.target_connector();
  if (!from.empty() && !has(edge.source().out_connectors(), from)) bad("its source has no connector '" + from + "'");
  if (!to.empty() && !has(edge.target().in_connectors(), to)) bad("its target has no connector '" + to + "'");
  if (edge.memlet().is_empty()) {
    if (!from.empty() || !to.empty()) bad("it carries no data, but has a connector");
    return;
  }
  if (from.empty() && !access(edge.source())) bad("data leaves its source without a connector");
  if (to.empty() && !access(edge.target())) bad("data reaches its target without a connector");
}

void check_connector_counts(const StateContext& at, const Node& node) {
  auto bad = [&](const std::string& name, size_t count) {
    at.report.add("TW0325", node, "connector '" + name + "' has " + std::to_string(count) + " edges");
  };
  const bool code = is_code(node), entry = is_entry(node), exit = is_exit(node);
  for (const Connector& connector : node.in_connectors()) {
    const size_t count = count_edges(node.in_edges(), connector.name, true);
    if (count == 0 || (count > 1 && (code || entry))) bad(connector.name, count);
  }
  for (const Connector& connector : node.out_connectors()) {
    const size_t count = count_edges(node.out_edges(), connector.name, false);
    if (count == 0 || (count > 1 && (code || exit))) bad(connector.name, count);
  }
}

}  // namespace

void connectors_have_edges(const StateContext& at) {
  for (const auto& edge : at.state.edges()) check_edge_ends(at, *edge);
  for (const auto& node : at.state.nodes()) check_connector_counts(at, *node);
}

void scope_connectors_are_paired(const StateContext& at) {
  for (const auto& node : at.state.nodes()) {
    if (!is_entry(*node) && !is_exit(*node)) continue;
    auto bad = [&](const std::string& what) { at.report.add("TW0326", *node, what); };
    auto check = [&](const Connector& connector, const char* prefix, const std::vector<Connector>& others) {
      if (connector.name.rfind(prefix, 0) != 0)
        bad("connector '" + connector.name + "' does not begin with " + prefix);
      else if (!has(others, partner_name(connector.name)))
        bad("connector '" + connector.name + "' has no partner '" + partner_name(connector.name) + "'");
    };
    for (const Connector& connector : node->in_connectors()) check(connector, "IN_", node->out_connectors());
    for (const Connector& connector : node->out_connectors()) check(connector, "OUT_", node->in_connectors());
  }
}

void memlets_name_their_ends(const StateContext& at) {
  for (const auto& edge : at.state.edges()) {
    const MemletFields& memlet = edge->memlet().get();
    if (memlet.data.empty()) continue;
    auto bad = [&](const std::string& what) { at.report.add("TW0327", *edge, what); };
    if (!at.sdfg.find(memlet.data)) {
      bad("its memlet names '" + memlet.data + "', which is no container");
      continue;
    }
    const AccessNode *from = access(source_end(*edge)), *to = access(target_end(*edge));
    if (!from && !to) bad("data passes between two code nodes without a container");
    const bool named = (from && from->get().data == memlet.data) || (to && to->get().data == memlet.data);
    if ((from || to) && !named) bad("its memlet names '" + memlet.data + "', which stands at neither end");
    if (memlet.other_subset && !(from && to)) bad("only a copy between containers has a second subset");
  }
}

void memlets_have_the_rank(const StateContext& at) {
  for (const auto& edge : at.state.edges()) {
    const MemletFields& memlet = edge->memlet().get();
    if (memlet.data.empty()) continue;
    auto check = [&](const Container& container, const symbolic::Subset& subset) {
      if (subset.rank() != container.rank())
        at.report.add("TW0328", *edge,
                      std::to_string(subset.rank()) + " ranges for the " + std::to_string(container.rank()) +
                          " dimensions of '" + container.get().name + "'");
    };
    check(at.sdfg.container(memlet.data), memlet.subset);
    if (!memlet.other_subset) continue;
    const Container* from = container_of(at.sdfg, source_end(*edge));
    const Container* to = container_of(at.sdfg, target_end(*edge));
    if (from && to) check(from->get().name == memlet.data ? *to : *from, *memlet.other_subset);
  }
}

namespace {

// Is this a copy of elements (no pointer is set, no view made, no stream involved)?
bool moves_elements(const StateContext& at, const Edge& edge) {
  const Container* from = container_of(at.sdfg, edge.source());
  const Container* to = container_of(at.sdfg, edge.target());
  if (edge.memlet().is_empty() || !from || !to || !edge.source_connector().empty() || !edge.target_connector().empty())
    return false;
  return from->get().kind != ContainerKind::stream && to->get().kind != ContainerKind::stream;
}

}  // namespace

void copies_match(const StateContext& at) {
  for (const auto& edge : at.state.edges()) {
    if (!moves_elements(at, *edge)) continue;
    const CopySubsets subsets = copy_subsets(at.sdfg, *edge);
    const symbolic::Facts facts = facts_at(at, at.scopes.parent(edge->source()));
    const symbolic::Expr from = subsets.source.num_elements(), to = subsets.target.num_elements();
    if (facts.prove(symbolic::eq(from, to)) == symbolic::Truth::no)
      at.report.add("TW0329", *edge, symbolic::to_string(from) + " elements are copied to " + symbolic::to_string(to));
    const Container* source = container_of(at.sdfg, edge->source());
    const Container* target = container_of(at.sdfg, edge->target());
    if (source->get().dtype != target->get().dtype)
      at.report.add(
          "TW0329", *edge,
          "a copy from " + source->get().dtype.name() + " to " + target->get().dtype.name() + " converts nothing");
  }
}

namespace {

bool is_empty_for_sure(const symbolic::Subset& subset, const symbolic::Facts& facts) {
  return std::any_of(subset.ranges.begin(), subset.ranges.end(), [&](const symbolic::Range& range) {
    return facts.prove(symbolic::ge(range.size, 1)) == symbolic::Truth::no;
  });
}

// A provably wrong index of a range that is not empty, as text; "" when there is none.
std::string outside(const Container& container, const symbolic::Subset& subset, symbolic::Facts& facts) {
  if (is_empty_for_sure(subset, facts)) return "";
  auto scope = facts.scope();
  for (const auto& range : subset.ranges) facts.assume(symbolic::ge(range.size, 1));
  for (size_t d = 0; d < subset.rank(); ++d) {
    const symbolic::Expr& extent = container.get().shape[d];
    for (const symbolic::Expr& index : {subset.ranges[d].begin, subset.ranges[d].last()}) {
      const bool below = facts.proves(symbolic::lt(index, 0)), above = facts.proves(symbolic::ge(index, extent));
      if (below != above)
        return "index " + symbolic::to_string(index) + " of dimension " + std::to_string(d) + " of '" +
               container.get().name + "' is not within 0 and " + symbolic::to_string(extent);
    }
  }
  return "";
}

}  // namespace

void memlets_are_in_bounds(const StateContext& at) {
  std::map<const Node*, symbolic::Facts> known;
  const auto facts_of = [&](const Node* scope) -> symbolic::Facts& {
    auto found = known.find(scope);
    return found != known.end() ? found->second : known.emplace(scope, facts_at(at, scope)).first->second;
  };
  for (const auto& edge : at.state.edges()) {
    const MemletFields& memlet = edge->memlet().get();
    if (memlet.data.empty() || memlet.allow_oob || memlet.dynamic) continue;
    const Node* scope = at.scopes.scope_of_outputs(edge->source());
    bool dead = false;
    for (const Node* entry = scope; entry && !dead; entry = at.scopes.parent(*entry))
      if (const MapFields* map = map_of(*entry))
        dead = is_empty_for_sure(map->range, facts_of(at.scopes.parent(*entry)));
    if (dead) continue;
    symbolic::Facts& facts = facts_of(scope);
    std::string fault = outside(at.sdfg.container(memlet.data), memlet.subset, facts);
    if (fault.empty() && memlet.other_subset) {
      const Container* from = container_of(at.sdfg, source_end(*edge));
      const Container* to = container_of(at.sdfg, target_end(*edge));
      fault = outside(from->get().name == memlet.data ? *to : *from, *memlet.other_subset, facts);
    }
    if (!fault.empty()) at.report.add("TW0330", *edge, fault);
  }
}

namespace {

void check_resolution(const StateContext& at, const Edge& edge, const MemletFields& memlet) {
  auto bad = [&](const std::string& what) { at.report.add("TW0331", edge, what); };
  if (memlet.wcr == Wcr::none) {
    if (memlet.wcr_code) bad("it has conflict code, but no resolution");
    return;
  }
  if (!access(edge.target()) && !is_exit(edge.target())) bad("a write-conflict resolution stands on a read");
  if ((memlet.wcr == Wcr::custom) != (memlet.wcr_code != nullptr))
    bad("conflict code belongs to a custom resolution, and only there");
  const DType type = at.sdfg.container(memlet.data).get().dtype;
  const bool bitwise =
      memlet.wcr == Wcr::bitwise_and || memlet.wcr == Wcr::bitwise_or || memlet.wcr == Wcr::bitwise_xor;
  if (bitwise && (type.is_float() || type.is_complex())) bad("bits of " + type.name() + " cannot be combined");
  if (!memlet.wcr_code) return;
  if (memlet.wcr_code->type != type)
    bad("conflict code gives " + memlet.wcr_code->type.name() + ", not " + type.name());
  std::set<std::string> inputs;
  code::collect_inputs(*memlet.wcr_code, inputs);
  for (const auto& name : inputs)
    if (name != "old" && name != "new") bad("conflict code reads '" + name + "'; only old and new are there");
}

}  // namespace

void conflicts_are_resolved_on_writes(const StateContext& at) {
  for (const auto& edge : at.state.edges()) check_resolution(at, *edge, edge->memlet().get());
}

void memlet_symbols_are_known(const StateContext& at) {
  for (const auto& edge : at.state.edges()) {
    const MemletFields& memlet = edge->memlet().get();
    std::set<std::string> used;
    symbolic::collect_symbols(memlet.subset, used);
    if (memlet.other_subset) symbolic::collect_symbols(*memlet.other_subset, used);
    symbolic::collect_symbols(memlet.volume, used);
    if (memlet.wcr_code) code::collect_symbols(*memlet.wcr_code, used);
    require_symbols(used, symbols_at(at, at.scopes.scope_of_outputs(edge->source())), "its memlet", *edge, at.report);
  }
}

}  // namespace thalweg::ir::verifier
