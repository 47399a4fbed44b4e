#include "transforms/map_nest.h"

#include <algorithm>
#include <set>

#include "analysis/propagate.h"
#include "ir/scopes.h"
#include "transforms/reach.h"

namespace thalweg::transforms {

using namespace ir;
using symbolic::Substitution;

// ------------------------------------------------------------------------------------------------ places

std::vector<MapSite> OnMaps::sites(SDFG& graph) {
  std::vector<MapSite> found;
  for (State* state : all_states(graph))
    for (const auto& node : state->nodes())
      if (auto* entry = as<MapEntry>(node.get())) found.push_back({Ref<State>(state), Ref<MapEntry>(entry)});
  return found;
}

bool OnMaps::present(const Site& site) { return site.entry->owner() == site.state.get() && site.state->owner(); }

std::string OnMaps::describe(const Site& site) {
  const MapFields& map = site.entry->scope().get();
  std::string params;
  for (const std::string& param : map.params) params += (params.empty() ? "" : ", ") + param;
  return "map " + map.label + "[" + params + "] in state " + site.state->label();
}

base::Location OnMaps::location(const Site& site) {
  return site.entry->location().empty() ? site.entry->scope().location() : site.entry->location();
}

// ------------------------------------------------------------------------------------------------ questions

MapEntry* only_child(const MapEntry& outer) {
  MapEntry* inner = nullptr;
  for (const Edge* edge : outer.out_edges()) {
    auto* entry = as<MapEntry>(&edge->target());
    if (!entry || (inner && entry != inner)) return nullptr;
    inner = entry;
  }
  if (!inner) return nullptr;
  const MapExit *outer_exit = outer.exit(), *inner_exit = inner->exit();
  if (!outer_exit || !inner_exit) return nullptr;
  auto from_outside = [&](const Edge* edge) { return &edge->source() != &outer; };
  auto to_outside = [&](const Edge* edge) { return &edge->target() != outer_exit; };
  auto past_inner = [&](const Edge* edge) { return &edge->source() != inner_exit; };
  if (std::any_of(inner->in_edges().begin(), inner->in_edges().end(), from_outside) ||
      std::any_of(inner_exit->out_edges().begin(), inner_exit->out_edges().end(), to_outside) ||
      std::any_of(outer_exit->in_edges().begin(), outer_exit->in_edges().end(), past_inner))
    return nullptr;
  return inner;
}

MapEntry* map_around(const Node& node) {
  const Node* at = &node;
  while (!at->in_edges().empty()) {
    Node& before = at->in_edges().front()->source();
    if (is_entry(before)) return as<MapEntry>(&before);
    if (auto* exit = as<MapExit>(&before))
      at = exit->entry();
    else if (is_exit(before))
      return nullptr;
    else
      at = &before;
  }
  return nullptr;
}

bool touches_stream(const SDFG& graph, const MapEntry& entry) {
  auto stream = [&](const Edge* edge) {
    const Container* container = edge->memlet().is_empty() ? nullptr : graph.find(edge->memlet()->data);
    return container && container->get().kind == ContainerKind::stream;
  };
  Node* exit = nullptr;
  std::vector<Node*> nodes = nodes_in_scope(entry, &exit);
  if (exit) nodes.push_back(exit);
  return std::any_of(nodes.begin(), nodes.end(), [&](const Node* node) {
    if (as<ConsumeEntry>(const_cast<Node*>(node))) return true;
    return std::any_of(node->in_edges().begin(), node->in_edges().end(), stream) ||
           std::any_of(node->out_edges().begin(), node->out_edges().end(), stream);
  });
}

bool runs_on_device(const MapFields& map) {
  const std::string& level = map.schedule.row().level;
  return level == "grid" || level == "block" || level == "process";
}

bool range_uses(const symbolic::Range& range, const std::vector<std::string>& names) {
  std::set<std::string> used;
  symbolic::collect_symbols(symbolic::Subset{{range}}, used);
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) { return used.count(name) > 0; });
}

std::string fresh_parameter(const SDFG& graph, const MapEntry& entry, const std::string& base) {
  std::set<std::string> connectors;
  for (const Node* node : nodes_in_scope(entry))
    for (const auto* list : {&node->in_connectors(), &node->out_connectors()})
      for (const Connector& connector : *list) connectors.insert(connector.name);
  std::string name = graph.fresh_name(base);
  for (int k = 0; connectors.count(name); ++k) name = graph.fresh_name(base + "_" + std::to_string(k));
  return name;
}

// ------------------------------------------------------------------------------------------------ changes

void propagate_border(State& state, MapEntry& entry) {
  const Scopes scopes(state);
  analysis::propagate_memlets(state, scopes, entry);
  if (MapExit* exit = entry.exit()) analysis::propagate_memlets(state, scopes, *exit);
}

void order_after(State& state, Node& from, Node& to) {
  if (as<AccessNode>(&from) && from.in_edges().empty()) return;
  if (as<AccessNode>(&to) && to.out_edges().empty()) return;
  if (!reaches(from, to)) state.add_order(from, to);
}

namespace {

Edge& reroute(State& state, Edge& edge, Node& source, const std::string& source_connector, Node& target,
              const std::string& target_connector) {
  Edge& made = state.add_edge(source, source_connector, target, target_connector, Ref<Memlet>(&edge.memlet()));
  made.set_location(edge.location());
  state.remove_edge(edge);
  return made;
}

// The edges inside of the outer map's entry or exit now meet the inner map's; one edge joins the two at each connector.
void insert_at_entry(State& state, MapEntry& outer, MapEntry& inner) {
  std::set<std::string> joined;
  const std::vector<Edge*> edges = outer.out_edges();
  for (Edge* edge : edges) {
    const std::string connector = edge->source_connector();
    if (!connector.empty() && joined.insert(connector).second) {
      const Edge* outside = outer.in_edge(in_of_out(connector));
      TW_CHECK(outside, "a scope output without an input");
      inner.add_in_connector({in_of_out(connector), std::nullopt});
      inner.add_out_connector({connector, std::nullopt});
      MemletFields fields = outside->memlet().get();
      fields.other_subset.reset();
      state.add_edge(outer, connector, inner, in_of_out(connector), std::move(fields)).set_location(edge->location());
    }
    reroute(state, *edge, inner, connector, edge->target(), edge->target_connector());
  }
  if (inner.in_edges().empty()) state.add_order(outer, inner);
}

void insert_at_exit(State& state, MapExit& outer, MapExit& inner) {
  std::set<std::string> joined;
  const std::vector<Edge*> edges = outer.in_edges();
  for (Edge* edge : edges) {
    const std::string connector = edge->target_connector();
    if (!connector.empty() && joined.insert(connector).second) {
      const Edge* outside = outer.out_edge(out_of_in(connector));
      TW_CHECK(outside, "a scope input without an output");
      inner.add_in_connector({connector, std::nullopt});
      inner.add_out_connector({out_of_in(connector), std::nullopt});
      MemletFields fields = outside->memlet().get();
      fields.other_subset.reset();
      state.add_edge(inner, out_of_in(connector), outer, connector, std::move(fields)).set_location(edge->location());
    }
    reroute(state, *edge, edge->source(), edge->source_connector(), inner, connector);
  }
  if (inner.out_edges().empty()) state.add_order(inner, outer);
}

}  // namespace

MapEntry& insert_map(State& state, MapEntry& outer, MapFields fields) {
  MapExit* outer_exit = outer.exit();
  TW_CHECK(outer_exit, "a map without its exit");
  auto [entry, exit] = state.add_map(std::move(fields));
  entry->set_location(outer.location());
  exit->set_location(outer_exit->location());
  entry->scope().set_location(outer.scope().location());
  insert_at_entry(state, outer, *entry);
  insert_at_exit(state, *outer_exit, *exit);
  propagate_border(state, *entry);
  return *entry;
}

void dissolve(State& state, MapEntry& entry) {
  MapExit* exit = entry.exit();
  TW_CHECK(exit, "a map without its exit");
  const Ref<Node> held_entry(&entry), held_exit(exit);
  std::vector<Node*> before, first, last, behind;
  for (Edge* edge : entry.in_edges()) before.push_back(&edge->source());
  for (Edge* edge : entry.out_edges()) first.push_back(&edge->target());
  for (Edge* edge : exit->in_edges()) last.push_back(&edge->source());
  for (Edge* edge : exit->out_edges()) behind.push_back(&edge->target());
  const std::vector<Edge*> inputs = entry.out_edges(), outputs = exit->in_edges();
  for (Edge* edge : inputs) {
    if (edge->memlet().is_empty()) continue;
    const Edge* outside = entry.in_edge(in_of_out(edge->source_connector()));
    TW_CHECK(outside, "a scope output without an input");
    reroute(state, *edge, outside->source(), outside->source_connector(), edge->target(), edge->target_connector());
  }
  for (Edge* edge : outputs) {
    if (edge->memlet().is_empty()) continue;
    const Edge* outside = exit->out_edge(out_of_in(edge->target_connector()));
    TW_CHECK(outside, "a scope input without an output");
    reroute(state, *edge, edge->source(), edge->source_connector(), outside->target(), outside->target_connector());
  }
  state.remove_node(entry);
  state.remove_node(*exit);
  for (Node* from : before)
    for (Node* to : first) order_after(state, *from, *to);
  for (Node* from : last)
    for (Node* to : behind) order_after(state, *from, *to);
}

// ------------------------------------------------------------------------------------------------ symbols

namespace {

void substitute(Memlet& memlet, const Substitution& by) {
  if (memlet.is_empty()) return;
  MemletFields fields = memlet.get();
  fields.subset = symbolic::substitute(fields.subset, by);
  if (fields.other_subset) fields.other_subset = symbolic::substitute(*fields.other_subset, by);
  fields.volume = symbolic::substitute(fields.volume, by);
  code::Replacement replacement;
  replacement.symbols = by;
  if (fields.wcr_code) fields.wcr_code = code::replace(fields.wcr_code, replacement);
  memlet.assign(std::move(fields));
}

void substitute(Node& node, const Substitution& by) {
  code::Replacement replacement;
  replacement.symbols = by;
  match(
      node, [](AccessNode*) {},
      [&](Tasklet* tasklet) {
        std::set<std::string> used;
        code::collect_symbols(tasklet->get().code, used);
        if (std::any_of(by.begin(), by.end(), [&](const auto& one) { return used.count(one.first) > 0; }))
          tasklet->set<&TaskletFields::code>(code::replace(tasklet->get().code, replacement));
      },
      [&](MapEntry* entry) {
        entry->scope().set<&MapFields::range>(symbolic::substitute(entry->scope().get().range, by));
      },
      [](MapExit*) {},
      [&](ConsumeEntry* entry) {
        ConsumeFields fields = entry->scope().get();
        fields.num_pes = symbolic::substitute(fields.num_pes, by);
        if (fields.condition) fields.condition = code::replace(fields.condition, replacement);
        entry->scope().assign(std::move(fields));
      },
      [](ConsumeExit*) {},
      [&](NestedSDFG* nested) {
        Substitution mapping = nested->get().symbol_mapping;
        for (auto& [name, value] : mapping) value = symbolic::substitute(value, by);
        nested->set<&NestedSDFGFields::symbol_mapping>(std::move(mapping));
      },
      [&](LibraryNode* library) {
        LibraryNodeFields fields = library->get();
        for (auto& [key, value] : fields.attributes)
          if (auto* expr = std::get_if<symbolic::Expr>(&value)) *expr = symbolic::substitute(*expr, by);
        library->assign(std::move(fields));
      });
}

}  // namespace

void substitute_in(const std::vector<Node*>& nodes, const MapEntry* entry, const Substitution& by) {
  std::set<Memlet*> seen;
  auto visit = [&](const std::vector<Edge*>& edges) {
    for (Edge* edge : edges)
      if (seen.insert(&edge->memlet()).second) substitute(edge->memlet(), by);
  };
  for (Node* node : nodes) {
    substitute(*node, by);
    visit(node->out_edges());
  }
  if (entry) visit(entry->out_edges());
}

void substitute_in(const std::vector<Edge*>& edges, const Substitution& by) {
  for (Edge* edge : edges) substitute(edge->memlet(), by);
}

}  // namespace thalweg::transforms
