// Map fission: each part of a map's body gets a map of its own; temporaries between the parts become arrays.
//
//   [i: s = f(A[i]); B[i] = g(s)]      ==>      [i: s[i] = f(A[i])] -> s -> [i: B[i] = g(s[i])]
//
// Iterations do not depend on one another, so all of one part may run before all of the next; parts keep the order that
// edges give them. A part is a tasklet, library node, nested graph or nested map.
// Declines when: the body is one part; a container between parts is used elsewhere, is copied, or is seen as an array
// by code; its new extent would depend on a parameter; elements of a stream would be moved in another order.
#include "transforms/map_fission.h"

#include <algorithm>

#include "analysis/uses.h"
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

// A node, or an entry and its exit.
struct Part {
  Node *begin = nullptr, *end = nullptr;
};

struct FissionPlan {
  State* state = nullptr;
  MapEntry* entry = nullptr;
  std::vector<Part> parts;
  std::vector<AccessNode*> between;
  std::vector<Node*> body;
};

class Fission {
 public:
  Fission(SDFG& graph, const FissionPlan& plan)
      : graph_(graph), state_(*plan.state), entry_(*plan.entry), exit_(*plan.entry->exit()), plan_(plan) {
    for (const Edge* edge : entry_.in_edges()) before_.push_back(&edge->source());
    for (const Edge* edge : exit_.out_edges()) behind_.push_back(&edge->target());
  }

  void run() {
    const Ref<Node> held_entry(&entry_), held_exit(&exit_);
    std::set<std::string> names;
    for (const AccessNode* node : plan_.between) names.insert(node->get().data);
    for (const std::string& name : names) expand(name);
    for (const Part& part : plan_.parts) {
      auto [entry, exit] = state_.add_map(entry_.scope().get());
      entry->set_location(entry_.location());
      exit->set_location(exit_.location());
      entry->scope().set_location(entry_.scope().location());
      maps_[part.begin] = {entry, exit};
      maps_[part.end] = {entry, exit};
    }
    for (const Part& part : plan_.parts) connect_inputs(part);
    for (const Part& part : plan_.parts) connect_outputs(part);
    std::vector<Node*> loose(plan_.between.begin(), plan_.between.end());
    state_.remove_node(entry_);
    state_.remove_node(exit_);
    for (const Part& part : plan_.parts) loose.push_back(maps_.at(part.begin).first);
    for (Node* to : loose)
      for (Node* from : before_)
        if (is_entry(*from) || !as<AccessNode>(to)) order_after(state_, *from, *to);
    for (const Part& part : plan_.parts)
      for (Node* to : behind_) order_after(state_, *maps_.at(part.begin).second, *to);
    for (const Part& part : plan_.parts) propagate_border(state_, *maps_.at(part.begin).first);
  }

 private:
  // The temporary gets a dimension for each of the map's, and all memlets inside an index there.
  void expand(const std::string& name) {
    const MapFields& map = entry_.scope().get();
    ContainerFields fields = graph_.container(name).get();
    std::vector<Expr> shape = map.range.sizes();
    shape.insert(shape.end(), fields.shape.begin(), fields.shape.end());
    fields.kind = ContainerKind::array;
    fields.strides = contiguous_strides(shape);
    fields.shape = std::move(shape);
    if (fields.storage == storages::register_) fields.storage = storages::default_;
    graph_.container(name).assign(std::move(fields));
    std::vector<symbolic::Range> own;
    for (size_t d = 0; d < map.params.size(); ++d) {
      const symbolic::Range& range = map.range.ranges[d];
      own.push_back(symbolic::Range::index(symbolic::floor_div(Expr::symbol(map.params[d]) - range.begin, range.step)));
    }
    for (Node* node : plan_.body)
      for (Edge* edge : node->out_edges()) {
        if (edge->memlet()->data != name) continue;
        MemletFields memlet = edge->memlet().get();
        memlet.subset.ranges.insert(memlet.subset.ranges.begin(), own.begin(), own.end());
        edge->memlet().assign(std::move(memlet));
      }
  }

  Edge& reroute(Edge& edge, Node& source, const std::string& from, Node& target, const std::string& to) {
    Edge& made = state_.add_edge(source, from, target, to, Ref<Memlet>(&edge.memlet()));
    made.set_location(edge.location());
    state_.remove_edge(edge);
    return made;
  }

  static std::string free_connector(const Node& scope, const std::string& base) {
    auto taken = [&](const std::string& name) {
      return std::any_of(scope.in_connectors().begin(), scope.in_connectors().end(),
                         [&](const Connector& connector) { return connector.name == "IN_" + name; });
    };
    std::string name = base;
    for (int k = 1; taken(name); ++k) name = base + "_" + std::to_string(k);
    return name;
  }

  // The pair of connectors of a part's entry or exit that leads to this node and connector outside; made when missing,
  // with its edge outside.
  std::string connector_to(Node& scope, Node& outside, const std::string& outside_connector, MemletFields fields) {
    const bool input = is_entry(scope);
    for (const Edge* edge : input ? scope.in_edges() : scope.out_edges()) {
      if (!carries(edge)) continue;
      if (&(input ? edge->source() : edge->target()) == &outside && edge->memlet()->data == fields.data &&
          (input ? edge->source_connector() : edge->target_connector()) == outside_connector)
        return (input ? edge->target_connector() : edge->source_connector()).substr(input ? 3 : 4);
    }
    const std::string name = free_connector(scope, fields.data);
    scope.add_in_connector({"IN_" + name, std::nullopt});
    scope.add_out_connector({"OUT_" + name, std::nullopt});
    Edge& made = input ? state_.add_edge(outside, outside_connector, scope, "IN_" + name, std::move(fields))
                       : state_.add_edge(scope, "OUT_" + name, outside, outside_connector, std::move(fields));
    made.set_location(scope.location());
    return name;
  }

  MemletFields whole(const std::string& data) const {
    return memlet(data, symbolic::Subset::whole(graph_.container(data).get().shape));
  }

  void connect_inputs(const Part& part) {
    MapEntry& map = *maps_.at(part.begin).first;
    const std::vector<Edge*> edges = part.begin->in_edges();
    for (Edge* edge : edges) {
      if (!carries(edge)) {
        if (&edge->source() == &entry_)
          reroute(*edge, map, "", *part.begin, "");
        else if (auto other = maps_.find(&edge->source()); other != maps_.end())
          reroute(*edge, *other->second.second, "", map, "");
        else
          reroute(*edge, edge->source(), "", map, "");
        continue;
      }
      const bool from_entry = &edge->source() == &entry_;
      const Edge* outer = from_entry ? entry_.in_edge(in_of_out(edge->source_connector())) : nullptr;
      MemletFields fields = outer ? outer->memlet().get() : whole(edge->memlet()->data);
      const std::string name = connector_to(map, outer ? outer->source() : edge->source(),
                                            outer ? outer->source_connector() : "", std::move(fields));
      reroute(*edge, map, "OUT_" + name, *part.begin, edge->target_connector());
    }
    if (map.out_edges().empty()) state_.add_order(map, *part.begin);
  }

  void connect_outputs(const Part& part) {
    MapExit& map = *maps_.at(part.begin).second;
    const std::vector<Edge*> edges = part.end->out_edges();
    for (Edge* edge : edges) {
      if (!carries(edge)) {
        if (&edge->target() == &exit_)
          reroute(*edge, *part.end, "", map, "");
        else
          reroute(*edge, map, "", edge->target(), "");
        continue;
      }
      const bool to_exit = &edge->target() == &exit_;
      const Edge* outer = to_exit ? exit_.out_edge(out_of_in(edge->target_connector())) : nullptr;
      MemletFields fields = outer ? outer->memlet().get() : whole(edge->memlet()->data);
      if (!outer) fields.wcr = edge->memlet()->wcr, fields.wcr_code = edge->memlet()->wcr_code;
      const std::string name = connector_to(map, outer ? outer->target() : edge->target(),
                                            outer ? outer->target_connector() : "", std::move(fields));
      reroute(*edge, *part.end, edge->source_connector(), map, "IN_" + name);
    }
    if (map.in_edges().empty()) state_.add_order(*part.end, map);
  }

  SDFG& graph_;
  State& state_;
  MapEntry& entry_;
  MapExit& exit_;
  const FissionPlan& plan_;
  std::vector<Node*> before_, behind_;
  std::map<const Node*, std::pair<MapEntry*, MapExit*>> maps_;  // by a part's first and last node
};

struct MapFission : OnMaps {
  static constexpr std::string_view name = "MapFission";
  static constexpr std::string_view help = "Gives each part of a map's body a map of its own.";
  using Plan = FissionPlan;

  static rewrite::Match<Plan> match(SDFG& graph, const Site& site) {
    FissionPlan plan{site.state.get(), site.entry.get(), {}, {}, nodes_in_scope(*site.entry)};
    const Scopes scopes(*site.state);
    for (Node* node : scopes.children(site.entry.get())) {
      if (auto* access = as<AccessNode>(node))
        plan.between.push_back(access);
      else if (!is_exit(*node))
        plan.parts.push_back({node, is_entry(*node) ? scopes.exit(*node) : node});
    }
    if (plan.parts.size() < 2) return Declined{"its body is one part"};
    const analysis::ContainerUses uses = analysis::container_uses(graph);
    for (const AccessNode* node : plan.between)
      if (auto declined = match_between(graph, uses, plan, *node)) return *declined;
    if (!plan.between.empty())
      if (auto declined = match_extents(scopes, *site.entry)) return *declined;
    if (!legal("MapFission.streams", !touches_stream(graph, *site.entry)))
      return Declined{"elements of a stream would be moved in another order"};
    return plan;
  }

  static void apply(SDFG& graph, const Plan& plan) { Fission(graph, plan).run(); }

 private:
  static std::optional<Declined> match_between(const SDFG& graph, const analysis::ContainerUses& uses,
                                               const FissionPlan& plan, const AccessNode& node) {
    const std::string& data = node.get().data;
    const Container* container = graph.find(data);
    int inside = 0;
    for (Node* other : plan.body)
      if (auto* access = as<AccessNode>(other); access && access->get().data == data) ++inside;
    const bool own = container && container->get().transient && uses.count(data) == inside && uses.only_in_states(data);
    if (!legal("MapFission.own", own)) return Declined{data + " is used outside of an iteration, too"};
    if (container->get().kind != ContainerKind::array && container->get().kind != ContainerKind::scalar)
      return Declined{data + " is no array or scalar of its own"};
    for (Node* other : plan.body)
      for (const Edge* edge : other->out_edges())
        if (auto declined = match_edge(*edge, data)) return declined;
    for (const Edge* edge : node.in_edges())
      if (carries(edge) && &edge->source() == plan.entry) return Declined{"it copies into " + data};
    return std::nullopt;
  }

  static std::optional<Declined> match_edge(const Edge& edge, const std::string& data) {
    auto names = [&](Node& node) { return as<AccessNode>(&node) && as<AccessNode>(&node)->get().data == data; };
    if (carries(&edge) && (names(edge.source()) || names(edge.target())) &&
        ((as<AccessNode>(&edge.source()) && as<AccessNode>(&edge.target())) || is_copy_at_border(edge)))
      return Declined{"it copies " + data};
    if (!carries(&edge) || edge.memlet()->data != data) return std::nullopt;
    for (Node* end : {&edge.source(), &edge.target()}) {
      if (as<LibraryNode>(end)) return Declined{"a library node uses " + data};
      if (as<Tasklet>(end) && !legal("MapFission.elements", edge.memlet()->subset.is_element()))
        return Declined{"code sees " + data + " as an array"};
    }
    return std::nullopt;
  }
  // Data that an access node inside hands to the exit is copied there by the edges outside.
  static bool is_copy_at_border(const Edge& edge) { return as<AccessNode>(&edge.source()) && is_exit(edge.target()); }

  static std::optional<Declined> match_extents(const Scopes& scopes, const MapEntry& entry) {
    std::vector<std::string> around;
    for (const Node* outer : scopes.enclosing(entry)) {
      if (const MapFields* map = map_of(*outer)) around.insert(around.end(), map->params.begin(), map->params.end());
      if (const ConsumeFields* consume = consume_of(*outer)) around.push_back(consume->pe_index);
    }
    const MapFields& map = entry.scope().get();
    for (size_t d = 0; d < map.params.size(); ++d) {
      const symbolic::Range extent = symbolic::Range::whole(map.range.ranges[d].size);
      if (!legal("MapFission.rectangular", !range_uses(extent, map.params)))
        return Declined{"the number of iterations of " + map.params[d] + " depends on another dimension"};
      if (!legal("MapFission.known_outside", !range_uses(extent, around)))
        return Declined{"the number of iterations of " + map.params[d] + " depends on a map around"};
    }
    return std::nullopt;
  }
};

}  // namespace

const rewrite::Transformation map_fission = rewrite::make_transformation<MapFission>();

}  // namespace thalweg::transforms
