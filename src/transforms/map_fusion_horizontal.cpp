// Horizontal map fusion: two maps over the same range that do not depend on one another become one.
//
//   [i: B[i] = f(A[i])]
//   [j: C[j] = g(A[j])]      ==>      [i: B[i] = f(A[i]); C[i] = g(A[i])]
//
// What both read is read once. Legal when no path leads from one to the other: the graph then says that they may run at
// the same time.
// Declines when: the ranges differ; one depends on the other; they are run in different ways; a name of the second one's
// contents would be hidden; elements of a stream are moved.
#include "transforms/map_fusion_horizontal.h"

#include <algorithm>

#include "ir/scopes.h"
#include "transforms/carries.h"
#include "transforms/map_nest.h"
#include "transforms/reach.h"

namespace thalweg::transforms {

using namespace ir;
using rewrite::Declined;
using rewrite::legal;
using symbolic::Expr;

namespace {

std::string free_connector(const Node& scope, const std::string& base) {
  auto taken = [&](const std::string& name) {
    return std::any_of(scope.in_connectors().begin(), scope.in_connectors().end(),
                       [&](const Connector& connector) { return connector.name == "IN_" + name; });
  };
  std::string name = base;
  for (int k = 1; taken(name); ++k) name = base + "_" + std::to_string(k);
  return name;
}

struct MapFusionHorizontal {
  static constexpr std::string_view name = "MapFusionHorizontal";
  static constexpr std::string_view help =
      "Makes one map of two over the same range that do not depend on one another.";
  struct Options {
    bool only_if_common_ancestor = false;
    static constexpr auto describe() {
      return std::tuple{rewrite::option("only_if_common_ancestor", &Options::only_if_common_ancestor,
                                        "only maps that read data of one access node or map")};
    }
  };
  struct Site {
    Ref<State> state;
    Ref<MapEntry> first, second;
  };
  struct Plan {
    State* state = nullptr;
    MapEntry *first = nullptr, *second = nullptr;
    symbolic::Substitution by;  // the second one's parameters
  };

  static std::vector<Site> sites(SDFG& graph) {
    std::vector<Site> found;
    for (State* state : all_states(graph)) {
      std::map<Node*, std::vector<MapEntry*>> maps;  // by the scope around
      std::vector<Node*> order;
      const Scopes scopes(*state);
      for (const auto& node : state->nodes()) {
        auto* entry = as<MapEntry>(node.get());
        if (!entry) continue;
        auto& siblings = maps[scopes.parent(*entry)];
        for (MapEntry* earlier : siblings)
          if (earlier->scope().get().params.size() == entry->scope().get().params.size())
            found.push_back({Ref<State>(state), Ref<MapEntry>(earlier), Ref<MapEntry>(entry)});
        siblings.push_back(entry);
      }
    }
    return found;
  }
  static bool present(const Site& site) {
    return site.state->owner() && site.first->owner() == site.state.get() && site.second->owner() == site.state.get();
  }
  static std::string describe(const Site& site) {
    return "maps " + site.first->scope().get().label + " and " + site.second->scope().get().label + " in state " +
           site.state->label();
  }
  static base::Location location(const Site& site) {
    base::Location both = site.first->location();
    base::add_spans(both, site.second->location());
    return both;
  }

  static rewrite::Match<Plan> match(SDFG& graph, const Site& site, const Options& options) {
    Plan plan{site.state.get(), site.first.get(), site.second.get(), {}};
    const MapFields &a = site.first->scope().get(), &b = site.second->scope().get();
    for (size_t d = 0; d < a.params.size(); ++d)
      if (a.params[d] != b.params[d]) plan.by[b.params[d]] = Expr::symbol(a.params[d]);
    if (!legal("MapFusionHorizontal.same_range", symbolic::substitute(b.range, plan.by) == a.range))
      return Declined{"one runs over " + symbolic::to_string(a.range) + ", the other over " +
                      symbolic::to_string(b.range)};
    if (!legal("MapFusionHorizontal.schedule", a.schedule == b.schedule))
      return Declined{"one is run as " + a.schedule.name() + ", the other as " + b.schedule.name()};
    if (a.unroll != b.unroll) return Declined{"only one of the maps is to be unrolled"};
    if (!legal("MapFusionHorizontal.independent",
               !reaches(*site.first, *site.second) && !reaches(*site.second, *site.first)))
      return Declined{"one depends on the other"};
    if (!legal("MapFusionHorizontal.streams",
               !touches_stream(graph, *site.first) && !touches_stream(graph, *site.second)))
      return Declined{"elements of a stream are moved"};
    if (auto hidden = hidden_name(*site.second, plan.by); hidden && !legal("MapFusionHorizontal.names", false))
      return Declined{"'" + *hidden + "' means something else in the map " + b.label};
    if (options.only_if_common_ancestor && !common_ancestor(*site.first, *site.second))
      return Declined{"they read nothing in common"};
    return plan;
  }

  static void apply(SDFG&, const Plan& plan) {
    State& state = *plan.state;
    MapExit &first = *plan.first->exit(), &second = *plan.second->exit();
    substitute_in(nodes_in_scope(*plan.second), plan.second, plan.by);
    move_inputs(state, *plan.second, *plan.first);
    move_outputs(state, second, first);
    for (auto [to, from] : {std::pair<Element*, Element*>(plan.first, plan.second),
                            {&first, &second},
                            {&plan.first->scope(), &plan.second->scope()}}) {
      base::Location both = to->location();
      base::add_spans(both, from->location());
      to->set_location(std::move(both));
    }
    const Ref<Node> held_entry(plan.second), held_exit(&second);
    state.remove_node(*plan.second);
    state.remove_node(second);
  }

 private:
  // A name of the second map's contents that the first one's parameters would hide.
  static std::optional<std::string> hidden_name(const MapEntry& second, const symbolic::Substitution& by) {
    std::set<std::string> names;
    for (const auto& [old, param] : by) names.insert(param.name());
    for (Node* node : nodes_in_scope(second)) {
      if (auto* entry = as<MapEntry>(node))
        for (const std::string& param : entry->scope().get().params)
          if (names.count(param)) return param;
      if (!as<Tasklet>(node)) continue;
      for (const auto* list : {&node->in_connectors(), &node->out_connectors()})
        for (const Connector& connector : *list)
          if (names.count(connector.name)) return connector.name;
    }
    return std::nullopt;
  }

  static bool common_ancestor(const MapEntry& first, const MapEntry& second) {
    auto shared = [&](const Edge* edge) {
      return carries(edge) && std::any_of(second.in_edges().begin(), second.in_edges().end(), [&](const Edge* other) {
               return carries(other) && &other->source() == &edge->source() &&
                      other->memlet()->data == edge->memlet()->data;
             });
    };
    return std::any_of(first.in_edges().begin(), first.in_edges().end(), shared);
  }

  static void reroute(State& state, Edge& edge, Node& source, const std::string& from, Node& target,
                      const std::string& to) {
    state.add_edge(source, from, target, to, Ref<Memlet>(&edge.memlet())).set_location(edge.location());
    state.remove_edge(edge);
  }

  // An edge by which the map reads the same elements from the same place, if there is one.
  static Edge* same_input(const MapEntry& map, const Edge& input) {
    for (Edge* edge : map.in_edges())
      if (carries(edge) && &edge->source() == &input.source() && edge->source_connector() == input.source_connector() &&
          edge->memlet()->data == input.memlet()->data && edge->memlet()->subset == input.memlet()->subset &&
          edge->memlet()->dynamic == input.memlet()->dynamic)
        return edge;
    return nullptr;
  }

  static void move_inputs(State& state, MapEntry& from, MapEntry& to) {
    std::map<std::string, std::string> renamed;
    const std::vector<Edge*> inputs = from.in_edges(), inside = from.out_edges();
    for (Edge* edge : inputs) {
      if (!carries(edge)) {
        if (!reaches(edge->source(), to)) state.add_order(edge->source(), to);
        continue;
      }
      const std::string old = out_of_in(edge->target_connector());
      if (Edge* same = same_input(to, *edge)) {
        renamed[old] = out_of_in(same->target_connector());
        same->memlet().set<&MemletFields::volume>(same->memlet()->volume + edge->memlet()->volume);
        continue;
      }
      const std::string name = free_connector(to, edge->memlet()->data);
      to.add_in_connector({"IN_" + name, std::nullopt});
      to.add_out_connector({"OUT_" + name, std::nullopt});
      renamed[old] = "OUT_" + name;
      reroute(state, *edge, edge->source(), edge->source_connector(), to, "IN_" + name);
    }
    for (Edge* edge : inside)
      reroute(state, *edge, to, carries(edge) ? renamed.at(edge->source_connector()) : "", edge->target(),
              edge->target_connector());
  }

  static void move_outputs(State& state, MapExit& from, MapExit& to) {
    std::map<std::string, std::string> renamed;
    const std::vector<Edge*> outputs = from.out_edges(), inside = from.in_edges();
    for (Edge* edge : outputs) {
      if (!carries(edge)) {
        if (!reaches(to, edge->target())) state.add_order(to, edge->target());
        continue;
      }
      const std::string name = free_connector(to, edge->memlet()->data);
      to.add_in_connector({"IN_" + name, std::nullopt});
      to.add_out_connector({"OUT_" + name, std::nullopt});
      renamed[in_of_out(edge->source_connector())] = "IN_" + name;
      reroute(state, *edge, to, "OUT_" + name, edge->target(), edge->target_connector());
    }
    for (Edge* edge : inside)
      reroute(state, *edge, edge->source(), edge->source_connector(), to,
              carries(edge) ? renamed.at(edge->target_connector()) : "");
  }
};

}  // namespace

const rewrite::Transformation map_fusion_horizontal = rewrite::make_transformation<MapFusionHorizontal>();

}  // namespace thalweg::transforms
