// Map fusion: the map that makes a temporary moves into the maps that read it, and the temporary becomes a scalar.
//
//   a -> [p: t[p] = f(a[p])] -> t -> [q: b[q] = g(t[q], t[q + 1])]
//   ==>
//   a -> [q: s0 = f(a[q]); s1 = f(a[q + 1]); b[q] = g(s0, s1)]
//
// One copy of the producer's body for each distinct element that an iteration of the consumer reads: the same index
// costs nothing, shifted indices (stencils) are computed again where that is cheaper than a trip through memory.
#include "transforms/map_fusion.h"

#include <algorithm>
#include <set>

#include "analysis/symbols.h"
#include "analysis/uses.h"
#include "transforms/fresh_names.h"
#include "transforms/fusion_cost.h"
#include "transforms/overlap.h"
#include "transforms/reach.h"

namespace thalweg::transforms {

using namespace ir;
using rewrite::Declined;
using rewrite::legal;
using symbolic::Expr;

namespace {

// Elementary functions are not computed more often than that, and a fused body holds no more tasklets.
constexpr int kMostCopiesOfCostlyWork = 2;
constexpr size_t kMostFusionNodes = 80;
// Nodes that one sweep over a graph may copy: what keeps the time for long chains of stencils in bounds.
constexpr size_t kMostCopied = 2000;

// What all sites of one graph share while fusion goes on: only new scalars are added.
struct FusionContext {
  analysis::ContainerUses uses;
  Overlap overlap;
  FreshNames names;
  size_t copied = 0;  // nodes copied so far in this sweep
  std::map<const State*, bool> repeats;

  bool repeated(const State& state) {
    auto [at, fresh] = repeats.try_emplace(&state);
    if (fresh) at->second = may_repeat(state);
    return at->second;
  }
};

// One consumer: the edge from the temporary to its entry, and the reads inside, grouped by the element read.
struct Consumer {
  MapEntry* entry = nullptr;
  MapExit* exit = nullptr;
  std::vector<Node*> body;
  Edge* outer = nullptr;
  std::vector<std::pair<symbolic::Subset, std::vector<Edge*>>> groups;
};

struct FusionPlan {
  std::shared_ptr<FusionContext> context;
  State* state = nullptr;
  AccessNode* temporary = nullptr;
  MapEntry* producer = nullptr;
  MapExit* producer_exit = nullptr;
  std::vector<Node*> body;        // of the producer
  Edge* result = nullptr;         // into the producer's exit
  std::vector<int> dimension_of;  // producer parameter k is the temporary's dimension dimension_of[k] ...
  std::vector<Expr> shift;        // ... minus shift[k]
  std::vector<Consumer> consumers;
  std::vector<std::pair<Node*, Node*>> orders;  // order edges that have to be added
};

// A body that can be copied: tasklets without checks, and scalars between them.
std::string body_problem(const SDFG& graph, const std::vector<Node*>& body) {
  for (Node* node : body) {
    if (auto* tasklet = as<Tasklet>(node)) {
      if (tasklet->get().side_effects || tasklet->get().language.row().opaque)
        return "has side effects or foreign code";
      for (const code::Statement& statement : tasklet->get().code)
        if (auto* store = std::get_if<code::Store>(&statement); !store || code::may_raise(*store->value))
          return "may raise an exception";
    } else if (auto* access = as<AccessNode>(node)) {
      const Container* container = graph.find(access->get().data);
      if (!container || !container->is_scalar() || !container->get().transient) return "holds arrays of its own";
    } else {
      return "holds nested scopes, graphs or library nodes";
    }
  }
  return "";
}

// Finds, for every parameter of the producer, the dimension of the temporary that it runs along.
std::optional<Declined> invert(const MapFields& map, const symbolic::Subset& written, FusionPlan& plan) {
  plan.dimension_of.assign(map.params.size(), -1);
  plan.shift.assign(map.params.size(), Expr(0));
  for (size_t d = 0; d < written.rank(); ++d) {
    if (!written.ranges[d].is_index()) return Declined{"the producer writes more than one element an iteration"};
    std::set<std::string> used;
    symbolic::collect_symbols(written.ranges[d].begin, used);
    for (size_t k = 0; k < map.params.size(); ++k) {
      if (!used.count(map.params[k])) continue;
      Expr shift = written.ranges[d].begin - Expr::symbol(map.params[k]);
      std::set<std::string> left;
      symbolic::collect_symbols(shift, left);
      bool other =
          std::any_of(map.params.begin(), map.params.end(), [&](const std::string& p) { return left.count(p); });
      if (other || plan.dimension_of[k] >= 0) return Declined{"the producer's indices cannot be turned around"};
      plan.dimension_of[k] = static_cast<int>(d);
      plan.shift[k] = shift;
    }
  }
  for (size_t k = 0; k < map.params.size(); ++k)
    if (!legal("MapFusion.every_parameter", plan.dimension_of[k] >= 0))
      return Declined{"parameter " + map.params[k] + " of the producer does not index the temporary"};
  return std::nullopt;
}

struct MapFusion {
  static constexpr std::string_view name = "MapFusion";
  static constexpr std::string_view help = "Moves the map that makes a temporary into the maps that read it.";
  struct Site {
    Ref<State> state;
    Ref<AccessNode> temporary;
    std::shared_ptr<FusionContext> context;
  };
  using Plan = FusionPlan;

  static std::vector<Site> sites(SDFG& graph) {
    std::vector<Site> found;
    std::shared_ptr<FusionContext> context;
    for (State* state : all_states(graph))
      for (const auto& node : state->nodes()) {
        auto* access = as<AccessNode>(node.get());
        if (!access || access->in_edges().empty() || !as<MapExit>(&access->in_edges()[0]->source())) continue;
        if (access->out_edges().empty()) continue;
        if (!context)
          context = std::make_shared<FusionContext>(
              FusionContext{analysis::container_uses(graph), Overlap(graph), FreshNames(graph), {}});
        found.push_back({Ref<State>(state), Ref<AccessNode>(access), context});
      }
    return found;
  }
  static bool present(const Site& site) { return site.temporary->owner() == site.state.get(); }
  static std::string describe(const Site& site) {
    return "temporary " + site.temporary->get().data + " in state " + site.state->label();
  }
  static base::Location location(const Site& site) { return site.temporary->location(); }

  static rewrite::Match<Plan> match(SDFG& graph, const Site& site) {
    FusionPlan plan;
    plan.context = site.context;
    plan.state = site.state.get();
    plan.temporary = site.temporary.get();
    if (auto declined = match_temporary(graph, site)) return *declined;
    if (auto declined = match_producer(graph, site, plan)) return *declined;
    for (Edge* edge : site.temporary->out_edges()) {
      if (edge->memlet().is_empty()) continue;
      if (auto declined = match_consumer(graph, site, *edge, plan)) return *declined;
    }
    if (plan.consumers.empty()) return Declined{"nothing reads the temporary"};
    if (auto declined = match_cost(graph, plan)) return *declined;
    if (auto declined = match_domain(graph, site, plan)) return *declined;
    if (auto declined = match_inputs(site, plan)) return *declined;
    if (auto declined = match_orders(plan)) return *declined;
    return plan;
  }

  static void apply(SDFG& graph, const Plan& plan);

 private:
  static std::optional<Declined> match_temporary(const SDFG& graph, const Site& site) {
    const std::string& data = site.temporary->get().data;
    const Container* container = graph.find(data);
    if (!container || !legal("MapFusion.transient", container->get().transient))
      return Declined{data + " is visible outside"};
    if (container->get().kind != ContainerKind::array) return Declined{data + " is not an array"};
    if (!legal("MapFusion.used_once", site.context->uses.count(data) == 1 && site.context->uses.only_in_states(data)))
      return Declined{data + " is also used elsewhere"};
    if (site.temporary->in_edges().size() != 1) return Declined{data + " is written in several ways"};
    return std::nullopt;
  }

  static std::optional<Declined> match_producer(const SDFG& graph, const Site& site, FusionPlan& plan) {
    Edge* in = site.temporary->in_edges()[0];
    plan.producer_exit = as<MapExit>(&in->source());
    plan.producer = plan.producer_exit->entry();
    if (!plan.producer) return Declined{"the producer has no entry"};
    if (in->memlet()->wcr != Wcr::none) return Declined{"the temporary is combined, not written"};
    if (plan.producer_exit->in_edges().size() != 1) return Declined{"the producer writes several results"};
    plan.result = plan.producer_exit->in_edges()[0];
    if (plan.result->memlet()->data != site.temporary->get().data || plan.result->memlet()->wcr != Wcr::none)
      return Declined{"the producer's result is combined, not written"};
    plan.body = nodes_in_scope(*plan.producer);
    if (std::string problem = body_problem(graph, plan.body); !problem.empty())
      return Declined{"the producer " + problem};
    for (Edge* edge : plan.producer->in_edges())
      if (!edge->target_connector().empty() && edge->target_connector().rfind("IN_", 0) != 0)
        return Declined{"the producer's range is computed at run time"};
    return invert(plan.producer->scope().get(), plan.result->memlet()->subset, plan);
  }

  static std::optional<Declined> match_consumer(const SDFG& graph, const Site& site, Edge& edge, FusionPlan& plan) {
    Consumer consumer;
    consumer.entry = as<MapEntry>(&edge.target());
    consumer.outer = &edge;
    const std::string& data = site.temporary->get().data;
    if (!consumer.entry) return Declined{data + " is read by something other than a map"};
    if (edge.target_connector().rfind("IN_", 0) != 0) return Declined{data + " gives the range of a map"};
    Node* exit = nullptr;
    consumer.body = nodes_in_scope(*consumer.entry, &exit);
    consumer.exit = as<MapExit>(exit);
    if (!consumer.exit) return Declined{"the consumer has no exit"};
    if (std::string problem = body_problem(graph, consumer.body);
        problem == "holds nested scopes, graphs or library nodes")
      return Declined{"the consumer " + problem};
    for (Edge* read : edges_from(*consumer.entry, out_of_in(edge.target_connector()))) {
      if (!as<Tasklet>(&read->target()) || !read->memlet()->subset.is_element())
        return Declined{"a read of " + data + " takes several elements"};
      auto same = std::find_if(consumer.groups.begin(), consumer.groups.end(),
                               [&](const auto& group) { return group.first == read->memlet()->subset; });
      if (same == consumer.groups.end())
        consumer.groups.push_back({read->memlet()->subset, {read}});
      else
        same->second.push_back(read);
    }
    plan.consumers.push_back(std::move(consumer));
    return std::nullopt;
  }

  // The widest values that the producer computes with.
  static int width_of(const SDFG& graph, const FusionPlan& plan) {
    int width = graph.container(plan.temporary->get().data).get().dtype.bytes();
    for (Edge* edge : plan.producer->in_edges())
      if (!edge->memlet().is_empty())
        width = std::max<int>(width, graph.container(edge->memlet()->data).get().dtype.bytes());
    return width;
  }

  static std::optional<Declined> match_cost(const SDFG& graph, const FusionPlan& plan) {
    Work work;
    for (Node* node : plan.body)
      if (auto* tasklet = as<Tasklet>(node)) add_work(tasklet->get().code, work);
    int copies = 0;
    size_t nodes = 0;
    for (const Consumer& consumer : plan.consumers) {
      copies += static_cast<int>(consumer.groups.size());
      nodes = std::max(nodes, consumer.body.size() + consumer.groups.size() * plan.body.size());
      const MapFields& map = consumer.entry->scope().get();
      for (const auto& [subset, reads] : consumer.groups) {
        std::set<std::string> used;
        symbolic::collect_symbols(subset, used);
        for (size_t k = 0; k < map.params.size(); ++k)
          if (!used.count(map.params[k]) && !map.range.ranges[k].size.is(1) && work.operations > 1)
            return Declined{"the consumer reads each element many times (over " + map.params[k] + ")"};
      }
    }
    if (nodes > kMostFusionNodes) return Declined{"the fused body would be too large"};
    if (copies > 1 && plan.context->copied + static_cast<size_t>(copies) * plan.body.size() > kMostCopied)
      return Declined{"enough has been computed again in this graph"};
    if (copies > kMostCopiesOfCostlyWork && work.costly > 0)
      return Declined{"a costly function would be computed " + std::to_string(copies) + " times"};
    const int bytes = graph.container(plan.temporary->get().data).get().dtype.bytes();
    const FusionCost cost = fusion_cost(bytes, width_of(graph, plan), work, copies);
    if (!cost.worth()) return Declined{to_string(cost)};
    return std::nullopt;
  }

  // What a consumer reads has to come from this run of the producer: not from an earlier one of a loop around, and not
  // from elements without a value, in whose place the producer would read where there is nothing.
  static std::optional<Declined> match_domain(const SDFG& graph, const Site& site, const FusionPlan& plan) {
    const MapFields& map = plan.producer->scope().get();
    symbolic::Subset written = plan.result->memlet()->subset;
    for (size_t k = 0; k < map.params.size(); ++k) {
      std::set<std::string> used;
      symbolic::collect_symbols(symbolic::Subset{{map.range.ranges[k]}}, used);
      const bool triangle =
          std::any_of(map.params.begin(), map.params.end(), [&](const std::string& p) { return used.count(p) > 0; });
      if (!legal("MapFusion.box", !triangle)) return Declined{"the producer writes a triangle"};
      symbolic::Range& range = written.ranges[static_cast<size_t>(plan.dimension_of[k])];
      range = map.range.ranges[k];
      range.begin = range.begin + plan.shift[k];
    }
    const Scopes scopes(*site.state);
    const symbolic::Facts facts = analysis::facts_in(*site.state, scopes, scopes.parent(*site.temporary));
    const auto whole = symbolic::Subset::whole(graph.container(plan.temporary->get().data).get().shape);
    if (symbolic::covers(written, whole, facts) == symbolic::Truth::yes) return std::nullopt;
    for (const Consumer& consumer : plan.consumers)
      if (!legal("MapFusion.covered",
                 symbolic::covers(written, consumer.outer->memlet()->subset, facts) == symbolic::Truth::yes))
        return Declined{"the consumer may read elements that the producer does not write"};
    return std::nullopt;
  }

  // The order edges that fusion adds, those out of the producer and the temporary moved to the consumers' exits too,
  // must not close a cycle.
  static std::optional<Declined> match_orders(const FusionPlan& plan) {
    std::vector<std::pair<Node*, Node*>> added = plan.orders;
    for (const Node* end : {static_cast<Node*>(plan.producer_exit), static_cast<Node*>(plan.temporary)})
      for (Edge* edge : end->out_edges())
        if (edge->memlet().is_empty())
          for (const Consumer& consumer : plan.consumers) added.emplace_back(consumer.exit, &edge->target());
    if (!legal("MapFusion.acyclic", !closes_cycle(added)))
      return Declined{"what must come after the producer comes before a consumer"};
    return std::nullopt;
  }

  // What the producer reads is read later after fusion: nothing may be written to it in between.
  static std::optional<Declined> match_inputs(const Site& site, FusionPlan& plan) {
    for (Edge* input : plan.producer->in_edges()) {
      if (input->memlet().is_empty()) continue;
      for (const auto& node : site.state->nodes()) {
        auto* write = as<AccessNode>(node.get());
        if (!write || !site.context->overlap(write->get().data, input->memlet()->data)) continue;
        for (Edge* edge : write->in_edges()) {
          if (edge->memlet().is_empty() || reaches(*write, *plan.producer)) continue;
          if (auto declined = match_write(*edge, *input, plan)) return declined;
        }
      }
    }
    return std::nullopt;
  }
  static std::optional<Declined> match_write(Edge& write, const Edge& input, FusionPlan& plan) {
    Node* begin = &write.source();
    if (auto* exit = as<MapExit>(begin)) begin = exit->entry();
    const std::string& data = input.memlet()->data;
    for (const Consumer& consumer : plan.consumers) {
      if (begin == consumer.entry) {
        if (auto declined = match_in_place(write, input, consumer, plan)) return declined;
      } else if (!legal("MapFusion.inputs_unchanged", !reaches(*begin, *consumer.entry))) {
        return Declined{data + " is written between producer and consumer"};
      } else {
        const Scopes scopes(*plan.state);
        if (scopes.parent(*begin) != scopes.parent(*consumer.entry))
          return Declined{data + " is written inside of another scope"};
        plan.orders.emplace_back(consumer.exit, begin);
      }
    }
    return std::nullopt;
  }

  static symbolic::Substitution substitution(const FusionPlan& plan, const symbolic::Subset& element) {
    symbolic::Substitution by;
    const MapFields& map = plan.producer->scope().get();
    for (size_t k = 0; k < map.params.size(); ++k) {
      size_t d = static_cast<size_t>(plan.dimension_of[k]);
      by[map.params[k]] = element.ranges[d].begin - plan.shift[k];
    }
    return by;
  }

  // The consumer overwrites what the producer reads: right only if each iteration touches its own element alone.
  static std::optional<Declined> match_in_place(const Edge& write, const Edge& input, const Consumer& consumer,
                                                const FusionPlan& plan) {
    Declined declined{"the consumer overwrites " + input.memlet()->data + ", which the producer reads"};
    auto* exit = dynamic_cast<MapExit*>(&write.source());
    if (!exit || write.memlet()->data != input.memlet()->data) return declined;
    auto stores = edges_into(*exit, in_of_out(write.source_connector()));
    if (stores.size() != 1) return declined;
    if (!legal("MapFusion.combined_in_place", stores[0]->memlet()->wcr == Wcr::none)) return declined;
    const symbolic::Subset& stored = stores[0]->memlet()->subset;
    std::set<std::string> used;
    symbolic::collect_symbols(stored, used);
    for (const std::string& param : consumer.entry->scope().get().params)
      if (!used.count(param)) return declined;
    for (const auto& [element, reads] : consumer.groups) {
      for (Edge* read : reads)
        if (!legal("MapFusion.read_first", reaches(read->target(), stores[0]->source())))
          return Declined{input.memlet()->data + " could be overwritten before the producer's copy reads it"};
      for (Edge* read : edges_from(*plan.producer, out_of_in(input.target_connector())))
        if (!legal("MapFusion.own_element",
                   symbolic::substitute(read->memlet()->subset, substitution(plan, element)) == stored))
          return declined;
    }
    return std::nullopt;
  }

  friend class Copier;
};

// Puts one copy of the producer's body into a consumer.
class Copier {
 public:
  Copier(SDFG& graph, const FusionPlan& plan) : graph_(graph), plan_(plan), body_(plan.body) {}

  void copy_into(const Consumer& consumer, const symbolic::Subset& element, const std::vector<Edge*>& reads) {
    State& state = *plan_.state;
    symbolic::Substitution by = MapFusion::substitution(plan_, element);
    std::map<const Node*, Node*> made;
    std::map<std::string, std::string> renamed;
    for (Node* node : body_) made[node] = &copy(*node, by, renamed);
    for (Node* node : body_)
      for (Edge* edge : node->in_edges()) connect_input(*edge, consumer, made, by, renamed);

    const std::string scalar = new_scalar(plan_.temporary->get().data);
    AccessNode& value = state.add_access(scalar);
    value.set_location(plan_.temporary->location());
    state.add_edge(*made.at(&plan_.result->source()), plan_.result->source_connector(), value, "", memlet(scalar, {}));
    for (Edge* read : reads) {
      state.add_edge(value, "", read->target(), read->target_connector(), memlet(scalar, {}));
      state.remove_edge(*read);
    }
  }

 private:
  std::string new_scalar(const std::string& like) {
    std::string name = plan_.context->names.fresh(like + "_at");
    graph_.add_scalar(name, graph_.container(like).get().dtype, true);
    return name;
  }

  Node& copy(Node& node, const symbolic::Substitution& by, std::map<std::string, std::string>& renamed) {
    Node* made = nullptr;
    if (auto* tasklet = as<Tasklet>(&node)) {
      TaskletFields fields = tasklet->get();
      code::Replacement replacement;
      replacement.symbols = by;
      fields.code = code::replace(fields.code, replacement);
      made = &plan_.state->add_node(make_ref<Tasklet>(std::move(fields)));
      for (const Connector& c : node.in_connectors()) made->add_in_connector(c);
      for (const Connector& c : node.out_connectors()) made->add_out_connector(c);
    } else {
      const std::string& data = as<AccessNode>(&node)->get().data;
      auto [at, fresh] = renamed.try_emplace(data);
      if (fresh) at->second = new_scalar(data);
      made = &plan_.state->add_access(at->second);
    }
    made->set_location(node.location());
    return *made;
  }

  void connect_input(const Edge& edge, const Consumer& consumer, const std::map<const Node*, Node*>& made,
                     const symbolic::Substitution& by, const std::map<std::string, std::string>& renamed) {
    State& state = *plan_.state;
    Node& target = *made.at(&edge.target());
    MemletFields fields = edge.memlet().get();
    fields.subset = symbolic::substitute(fields.subset, by);
    if (auto at = renamed.find(fields.data); at != renamed.end()) fields.data = at->second;
    if (&edge.source() != plan_.producer) {
      state.add_edge(*made.at(&edge.source()), edge.source_connector(), target, edge.target_connector(),
                     std::move(fields));
    } else if (edge.memlet().is_empty()) {
      state.add_order(*consumer.entry, target);
    } else {
      Edge* outer = plan_.producer->in_edge("IN_" + edge.source_connector().substr(4));
      TW_CHECK(outer, "a scope input without an edge");
      state.add_memlet_path({&outer->source(), consumer.entry, &target}, outer->source_connector(),
                            edge.target_connector(), std::move(fields));
    }
  }

  SDFG& graph_;
  const FusionPlan& plan_;
  const std::vector<Node*>& body_;
};

void MapFusion::apply(SDFG& graph, const Plan& plan) {
  State& state = *plan.state;
  for (const auto& [from, to] : plan.orders)
    if (!reaches(*from, *to)) state.add_order(*from, *to);
  for (const Consumer& consumer : plan.consumers) {
    Copier copier(graph, plan);
    for (const auto& [element, reads] : consumer.groups) copier.copy_into(consumer, element, reads);
    plan.context->copied += consumer.groups.size() * plan.body.size();
    const std::string connector = consumer.outer->target_connector();
    state.remove_edge(*consumer.outer);
    consumer.entry->remove_in_connector(connector);
    consumer.entry->remove_out_connector("OUT_" + connector.substr(3));
    MapExit& exit = *consumer.exit;
    for (Edge* edge : plan.producer->in_edges())
      if (edge->memlet().is_empty()) state.add_order(edge->source(), *consumer.entry);
    for (Node* end : {static_cast<Node*>(plan.producer_exit), static_cast<Node*>(plan.temporary)})
      for (Edge* edge : end->out_edges())
        if (edge->memlet().is_empty() && !reaches(exit, edge->target())) state.add_order(exit, edge->target());
  }
  std::string data = plan.temporary->get().data;
  for (Node* node : plan.body) state.remove_node(*node);
  state.remove_node(*plan.producer);
  state.remove_node(*plan.producer_exit);
  state.remove_node(*plan.temporary);
  graph.remove_container(graph.container(data));
}

}  // namespace

const rewrite::Transformation map_fusion = rewrite::make_transformation<MapFusion>();

}  // namespace thalweg::transforms
