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

#include "analysis/aliases.h"
#include "analysis/uses.h"
#include "ir/scopes.h"
#include "transforms/work.h"

namespace thalweg::transforms {

using namespace ir;
using rewrite::Declined;
using rewrite::legal;
using symbolic::Expr;

namespace {

// Recomputation: simple operations that may be added per element, and how many tasklets a fused body may hold.
constexpr int kExtraOperations = 64;
constexpr int kMostCopiesOfCostlyWork = 2;
constexpr size_t kMostNodes = 150;

// What all sites of one state share.
struct Context {
  analysis::ContainerUses uses;
  Scopes scopes;
};

// One consumer: the edge from the temporary to its entry, and the reads inside, grouped by the element read.
struct Consumer {
  MapEntry* entry = nullptr;
  Edge* outer = nullptr;
  std::vector<std::pair<symbolic::Subset, std::vector<Edge*>>> groups;
};

struct FusionPlan {
  State* state = nullptr;
  AccessNode* temporary = nullptr;
  MapEntry* producer = nullptr;
  MapExit* producer_exit = nullptr;
  Edge* result = nullptr;               // into the producer's exit
  std::vector<int> dimension_of;        // producer parameter k is the temporary's dimension dimension_of[k] ...
  std::vector<Expr> shift;              // ... minus shift[k]
  std::vector<Consumer> consumers;
  std::vector<std::pair<Node*, Node*>> orders;  // order edges that have to be added
};

std::vector<Edge*> edges_at(const std::vector<Edge*>& edges, std::string_view connector, bool source) {
  std::vector<Edge*> found;
  for (Edge* edge : edges)
    if ((source ? edge->source_connector() : edge->target_connector()) == connector) found.push_back(edge);
  return found;
}

bool reaches(Node& from, Node& to) {
  std::vector<Node*> work{&from};
  std::set<Node*> seen{&from};
  while (!work.empty()) {
    Node* node = work.back();
    work.pop_back();
    if (node == &to) return true;
    for (Edge* edge : node->out_edges())
      if (seen.insert(&edge->target()).second) work.push_back(&edge->target());
  }
  return false;
}

// A body that can be copied: tasklets without checks, and scalars between them.
std::string body_problem(const SDFG& graph, const Scopes& scopes, const MapEntry& entry) {
  for (Node* node : scopes.children(&entry)) {
    if (as<MapExit>(node)) continue;
    if (auto* tasklet = as<Tasklet>(node)) {
      if (tasklet->get().side_effects || tasklet->get().language.row().opaque) return "has side effects or foreign code";
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
      bool other = std::any_of(map.params.begin(), map.params.end(), [&](const std::string& p) { return left.count(p); });
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
    State* state;
    AccessNode* temporary;
    std::shared_ptr<Context> context;
  };
  using Plan = FusionPlan;

  static std::vector<Site> sites(SDFG& graph) {
    std::vector<Site> found;
    auto uses = analysis::container_uses(graph);
    for (State* state : all_states(graph)) {
      std::shared_ptr<Context> context;
      for (const auto& node : state->nodes()) {
        auto* access = as<AccessNode>(node.get());
        if (!access || access->in_edges().empty() || !as<MapExit>(&access->in_edges()[0]->source())) continue;
        if (access->out_edges().empty()) continue;
        if (!context) context = std::make_shared<Context>(Context{uses, Scopes(*state)});
        found.push_back({state, access, context});
      }
    }
    return found;
  }
  static std::string describe(const Site& site) {
    return "temporary " + site.temporary->get().data + " in state " + site.state->label();
  }
  static base::Location location(const Site& site) { return site.temporary->location(); }

  static rewrite::Match<Plan> match(SDFG& graph, const Site& site) {
    FusionPlan plan;
    plan.state = site.state;
    plan.temporary = site.temporary;
    if (auto declined = match_temporary(graph, site)) return *declined;
    if (auto declined = match_producer(graph, site, plan)) return *declined;
    for (Edge* edge : site.temporary->out_edges()) {
      if (edge->memlet().is_empty()) continue;
      if (auto declined = match_consumer(graph, site, *edge, plan)) return *declined;
    }
    if (plan.consumers.empty()) return Declined{"nothing reads the temporary"};
    if (auto declined = match_cost(site, plan)) return *declined;
    if (auto declined = match_inputs(graph, site, plan)) return *declined;
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
    if (plan.result->memlet().is_empty() || plan.result->memlet()->wcr != Wcr::none)
      return Declined{"the producer's result is combined, not written"};
    if (std::string problem = body_problem(graph, site.context->scopes, *plan.producer); !problem.empty())
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
    if (std::string problem = body_problem(graph, site.context->scopes, *consumer.entry); problem == "holds nested scopes, graphs or library nodes")
      return Declined{"the consumer " + problem};
    for (Edge* read : edges_at(consumer.entry->out_edges(), "OUT_" + edge.target_connector().substr(3), true)) {
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

  static std::optional<Declined> match_cost(const Site& site, const FusionPlan& plan) {
    Work work;
    for (Node* node : site.context->scopes.children(plan.producer))
      if (auto* tasklet = as<Tasklet>(node)) add_work(tasklet->get().code, work);
    int copies = 0;
    size_t nodes = 0;
    for (const Consumer& consumer : plan.consumers) {
      copies += static_cast<int>(consumer.groups.size());
      nodes = std::max(nodes, site.context->scopes.children(consumer.entry).size() +
                                  consumer.groups.size() * site.context->scopes.children(plan.producer).size());
      const MapFields& map = consumer.entry->scope().get();
      for (const auto& [subset, reads] : consumer.groups) {
        std::set<std::string> used;
        symbolic::collect_symbols(subset, used);
        for (size_t k = 0; k < map.params.size(); ++k)
          if (!used.count(map.params[k]) && !map.range.ranges[k].size.is(1) && work.operations > 1)
            return Declined{"the consumer reads each element many times (over " + map.params[k] + ")"};
      }
    }
    if (nodes > kMostNodes) return Declined{"the fused body would be too large"};
    if (copies > kMostCopiesOfCostlyWork && work.costly > 0)
      return Declined{"a costly function would be computed " + std::to_string(copies) + " times"};
    if ((copies - 1) * work.operations > kExtraOperations)
      return Declined{std::to_string((copies - 1) * work.operations) + " operations an element would be computed again"};
    return std::nullopt;
  }

  // What the producer reads is read later after fusion: nothing may be written to it in between.
  static std::optional<Declined> match_inputs(const SDFG& graph, const Site& site, FusionPlan& plan) {
    for (Edge* input : plan.producer->in_edges()) {
      if (input->memlet().is_empty()) continue;
      const std::string& data = input->memlet()->data;
      for (const auto& node : site.state->nodes()) {
        auto* write = as<AccessNode>(node.get());
        if (!write || !analysis::may_overlap(graph, write->get().data, data)) continue;
        for (Edge* edge : write->in_edges()) {
          if (edge->memlet().is_empty() || reaches(*write, *plan.producer)) continue;
          Node* begin = &edge->source();
          if (auto* exit = as<MapExit>(begin)) begin = exit->entry();
          for (const Consumer& consumer : plan.consumers) {
            if (begin == consumer.entry) {
              if (auto declined = match_in_place(*edge, *input, consumer, plan)) return declined;
            } else if (!legal("MapFusion.inputs_unchanged", !reaches(*begin, *consumer.entry))) {
              return Declined{data + " is written between producer and consumer"};
            } else {
              plan.orders.emplace_back(consumer.entry->exit(), begin);
            }
          }
        }
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
    auto stores = edges_at(exit->in_edges(), "IN_" + write.source_connector().substr(4), false);
    if (stores.size() != 1) return declined;
    const symbolic::Subset& stored = stores[0]->memlet()->subset;
    std::set<std::string> used;
    symbolic::collect_symbols(stored, used);
    for (const std::string& param : consumer.entry->scope().get().params)
      if (!used.count(param)) return declined;
    for (const auto& [element, reads] : consumer.groups)
      for (Edge* read : edges_at(plan.producer->out_edges(), "OUT_" + input.target_connector().substr(3), true))
        if (!legal("MapFusion.own_element",
                   symbolic::substitute(read->memlet()->subset, substitution(plan, element)) == stored))
          return declined;
    return std::nullopt;
  }

  friend class Copier;
};

// Puts one copy of the producer's body into a consumer.
class Copier {
 public:
  Copier(SDFG& graph, const FusionPlan& plan, const std::vector<Node*>& body) : graph_(graph), plan_(plan), body_(body) {}

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
    std::string name = graph_.fresh_name(like + "_at");
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
      state.add_edge(*made.at(&edge.source()), edge.source_connector(), target, edge.target_connector(), std::move(fields));
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
  std::vector<Node*> body;
  for (Node* node : Scopes(state).children(plan.producer))
    if (node != plan.producer_exit) body.push_back(node);
  for (const auto& [from, to] : plan.orders)
    if (!reaches(*from, *to)) state.add_order(*from, *to);
  for (const Consumer& consumer : plan.consumers) {
    Copier copier(graph, plan, body);
    for (const auto& [element, reads] : consumer.groups) copier.copy_into(consumer, element, reads);
    const std::string connector = consumer.outer->target_connector();
    state.remove_edge(*consumer.outer);
    consumer.entry->remove_in_connector(connector);
    consumer.entry->remove_out_connector("OUT_" + connector.substr(3));
    MapExit& exit = *consumer.entry->exit();
    for (Edge* edge : plan.producer->in_edges())
      if (edge->memlet().is_empty()) state.add_order(edge->source(), *consumer.entry);
    for (Node* end : {static_cast<Node*>(plan.producer_exit), static_cast<Node*>(plan.temporary)})
      for (Edge* edge : end->out_edges())
        if (edge->memlet().is_empty() && !reaches(exit, edge->target())) state.add_order(exit, edge->target());
  }
  std::string data = plan.temporary->get().data;
  for (Node* node : body) state.remove_node(*node);
  state.remove_node(*plan.producer);
  state.remove_node(*plan.producer_exit);
  state.remove_node(*plan.temporary);
  graph.remove_container(graph.container(data));
}

}  // namespace

const rewrite::Transformation map_fusion = rewrite::make_transformation<MapFusion>();

}  // namespace thalweg::transforms
