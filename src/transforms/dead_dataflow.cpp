// Dead dataflow elimination: writes to transients that nothing reads afterwards, and all that is computed for them only.
//
//   A -> [map f] -> t          (t is not read any more)
//   A -> [map g] -> B
//   ==>
//   A -> [map g] -> B
//
// Declines where an effect or a check that may raise would go with the value.
#include "transforms/dead_dataflow.h"

#include <algorithm>
#include <unordered_set>

#include "analysis/effects.h"
#include "analysis/uses.h"
#include "ir/scopes.h"
#include "transforms/liveness.h"
#include "transforms/overlap.h"
#include "transforms/reach.h"

namespace thalweg::transforms {

using namespace ir;
using rewrite::Declined;
using rewrite::legal;

namespace {

// What all sites of one graph share; nothing that is dead comes to life while dead things are removed.
struct DataflowContext {
  analysis::ContainerUses uses;
  Overlap overlap;
  std::map<const State*, std::set<std::string>> live;
};

struct RemovalPlan {
  std::shared_ptr<DataflowContext> context;
  State* state = nullptr;
  std::vector<Ref<Node>> nodes;
  std::vector<Ref<Edge>> edges;
  std::vector<std::pair<Tasklet*, std::string>> outputs;  // of tasklets that stay
};

// Everything that is of use to dead values only, found backwards from an access node.
class Removal {
 public:
  Removal(SDFG& graph, State& state, DataflowContext& context) : graph_(graph), state_(state), context_(context) {}

  std::optional<Declined> from(AccessNode& node) {
    if (auto declined = why_live(node)) return declined;
    kill(node);
    for (bool grown = true; grown && !problem_;) {
      while (!work_.empty() && !problem_) {
        Edge* edge = work_.back();
        work_.pop_back();
        visit_source(edge->source(), *edge);
      }
      grown = false;
      for (Node* entry : std::vector<Node*>(scopes_)) grown = close_scope(*entry) || grown;
    }
    if (!problem_) check_partial();
    return problem_;
  }

  std::vector<Ref<Node>> nodes;
  std::vector<Ref<Edge>> edges;
  std::vector<std::pair<Tasklet*, std::string>> outputs;

 private:
  bool dead(const Node& node) const { return dead_nodes_.count(&node) > 0; }
  bool dead(const Edge& edge) const { return dead_edges_.count(&edge) > 0; }
  bool all_dead(const std::vector<Edge*>& list) const {
    return std::all_of(list.begin(), list.end(), [&](Edge* edge) { return edge->memlet().is_empty() || dead(*edge); });
  }
  void kill(Node& node) {
    if (!dead_nodes_.insert(&node).second) return;
    nodes.emplace_back(&node);
    for (Edge* edge : node.in_edges()) kill(*edge);
  }
  void kill(Edge& edge) {
    if (edge.memlet().is_empty() && !is_entry(edge.source())) return;
    if (!dead_edges_.insert(&edge).second) return;
    edges.emplace_back(&edge);
    work_.push_back(&edge);
  }
  void decline(const std::string& why) {
    if (!problem_) problem_ = Declined{why};
  }

  // Why the contents of an access node may still be wanted.
  std::optional<Declined> why_live(const AccessNode& node) const {
    const std::string& data = node.get().data;
    const Container* container = graph_.find(data);
    if (!container || !legal("DeadDataflow.transient", container->get().transient))
      return Declined{data + " is visible outside"};
    if (container->get().kind != ContainerKind::array && container->get().kind != ContainerKind::scalar)
      return Declined{data + " is no array or scalar of its own"};
    if (!legal("DeadDataflow.not_shared", !context_.overlap.shares(data)))
      return Declined{data + " may also be read through a reference or view"};
    if (!legal("DeadDataflow.only_in_states", context_.uses.only_in_states(data)))
      return Declined{data + " is used by a condition, an assignment or the result"};
    auto live = context_.live.find(&state_);
    if (!legal("DeadDataflow.not_read_later", live == context_.live.end() || !live->second.count(data)))
      return Declined{data + " is read by a later state"};
    if (!all_dead(node.out_edges())) return Declined{data + " is read here"};
    for (const auto& other : state_.nodes()) {
      auto* reader = as<AccessNode>(other.get());
      if (!reader || reader == &node || reader->get().data != data) continue;
      const bool combines = std::any_of(reader->in_edges().begin(), reader->in_edges().end(),
                                        [&](Edge* edge) { return edge->memlet()->wcr != Wcr::none && !dead(*edge); });
      if (!combines && all_dead(reader->out_edges())) continue;
      if (!legal("DeadDataflow.read_before", reaches(*reader, node)))
        return Declined{data + " is read again in this state"};
    }
    return std::nullopt;
  }

  void visit_source(Node& source, Edge& edge) {
    match(
        source, [&](AccessNode* node) { visit_access(*node); }, [&](Tasklet* node) { visit_code(*node); },
        [&](LibraryNode* node) { visit_code(*node); }, [&](NestedSDFG* node) { visit_code(*node); },
        [&](MapEntry* node) {
          remember(*node);
          const std::string& connector = edge.source_connector();
          if (!connector.empty() && all_dead(edges_from(*node, connector)))
            for (Edge* outer : edges_into(*node, in_of_out(connector))) kill(*outer);
        },
        [&](MapExit* node) {
          if (MapEntry* entry = node->entry()) remember(*entry);
          if (all_dead(edges_from(*node, edge.source_connector())))
            for (Edge* inner : edges_into(*node, in_of_out(edge.source_connector()))) kill(*inner);
        },
        [&](ConsumeEntry*) { decline("a consume scope takes elements"); },
        [&](ConsumeExit*) { decline("a consume scope takes elements"); });
  }
  void remember(Node& entry) {
    if (std::find(scopes_.begin(), scopes_.end(), &entry) == scopes_.end()) scopes_.push_back(&entry);
  }

  void visit_access(AccessNode& node) {
    if (dead(node) || !all_dead(node.out_edges())) return;
    const bool written = std::any_of(node.in_edges().begin(), node.in_edges().end(),
                                     [](Edge* edge) { return !edge->memlet().is_empty(); });
    if (!written || !why_live(node))
      kill(node);
    else if (Scopes(state_).parent(node))
      decline(node.get().data + " is written inside of a scope and still wanted");
  }

  void visit_code(Node& node) {
    if (dead(node) || !all_dead(node.out_edges())) return;
    const analysis::Effects effects = analysis::effects_of(node);
    if (!legal("DeadDataflow.no_effects", !effects.side_effects)) return decline(node.label() + " has side effects");
    if (!legal("DeadDataflow.no_checks", !effects.may_raise)) return decline(node.label() + " may raise an exception");
    kill(node);
  }

  // A scope all of whose nodes are dead goes with them.
  bool close_scope(Node& entry) {
    if (dead(entry)) return false;
    Node* exit = nullptr;
    const std::vector<Node*> body = nodes_in_scope(entry, &exit);
    if (!exit || !std::all_of(body.begin(), body.end(), [&](Node* node) { return dead(*node); })) return false;
    kill(*exit);
    kill(entry);
    return true;
  }

  // Tasklets that lose some of their outputs stop storing to them.
  void check_partial() {
    for (const auto& edge : edges) {
      Node& source = edge->source();
      if (dead(source) || is_entry(source) || is_exit(source) || as<AccessNode>(&source)) continue;
      const std::string& connector = edge->source_connector();
      if (!all_dead(edges_from(source, connector))) continue;
      auto* tasklet = as<Tasklet>(&source);
      if (!tasklet || tasklet->get().language.row().opaque)
        return decline(source.label() + " also makes something else");
      std::set<std::string> read;
      code::collect_inputs(tasklet->get().code, read);
      if (read.count(connector)) return decline(source.label() + " reads back what it stores");
      for (const code::Statement& statement : tasklet->get().code)
        if (auto* store = std::get_if<code::Store>(&statement))
          if (store->connector == connector && !legal("DeadDataflow.no_checks", !code::may_raise(*store->value)))
            return decline(source.label() + " may raise an exception");
      if (std::find(outputs.begin(), outputs.end(), std::pair(tasklet, connector)) == outputs.end())
        outputs.emplace_back(tasklet, connector);
    }
  }

  SDFG& graph_;
  State& state_;
  DataflowContext& context_;
  std::unordered_set<const Node*> dead_nodes_;
  std::unordered_set<const Edge*> dead_edges_;
  std::vector<Edge*> work_;
  std::vector<Node*> scopes_;
  std::optional<Declined> problem_;
};

struct DeadDataflow {
  static constexpr std::string_view name = "DeadDataflowElimination";
  static constexpr std::string_view help = "Removes writes to temporaries that nothing reads, and what only they need.";
  struct Site {
    Ref<State> state;
    Ref<AccessNode> node;
    std::shared_ptr<DataflowContext> context;
  };
  using Plan = RemovalPlan;

  static std::vector<Site> sites(SDFG& graph) {
    std::vector<Site> found;
    std::shared_ptr<DataflowContext> context;
    for (State* state : all_states(graph))
      for (const auto& node : state->nodes()) {
        auto* access = as<AccessNode>(node.get());
        auto carries = [](const Edge* edge) { return !edge->memlet().is_empty(); };
        if (!access || std::none_of(access->in_edges().begin(), access->in_edges().end(), carries)) continue;
        if (std::any_of(access->out_edges().begin(), access->out_edges().end(), carries)) continue;
        const Container* container = graph.find(access->get().data);
        if (!container || !container->get().transient) continue;
        if (!context)
          context = std::make_shared<DataflowContext>(
              DataflowContext{analysis::container_uses(graph), Overlap(graph), read_after(graph)});
        found.push_back({Ref<State>(state), Ref<AccessNode>(access), context});
      }
    return found;
  }
  static bool present(const Site& site) { return site.node->owner() == site.state.get(); }
  static std::string describe(const Site& site) {
    return "write to " + site.node->get().data + " in state " + site.state->label();
  }
  static base::Location location(const Site& site) { return site.node->location(); }

  static rewrite::Match<Plan> match(SDFG& graph, const Site& site) {
    Removal removal(graph, *site.state, *site.context);
    if (auto declined = removal.from(*site.node)) return *declined;
    return Plan{site.context, site.state.get(), std::move(removal.nodes), std::move(removal.edges),
                std::move(removal.outputs)};
  }

  static void apply(SDFG& graph, const Plan& plan) {
    for (const auto& [tasklet, connector] : plan.outputs) drop_output(*tasklet, connector);
    std::vector<Node*> scopes;
    for (const auto& edge : plan.edges)
      for (Node* node : {&edge->source(), &edge->target()})
        if (is_entry(*node) || is_exit(*node)) scopes.push_back(node);
    for (const auto& node : plan.nodes) remove_keeping_order(*plan.state, *node);
    for (const auto& edge : plan.edges)
      if (edge->owner()) plan.state->remove_edge(*edge);
    for (Node* node : scopes)
      if (node->owner()) drop_connectors(*node);
    for (const auto& node : plan.nodes)
      if (auto* access = as<AccessNode>(node.get())) forget(graph, access->get().data, plan.context->uses);
  }

 private:
  static void drop_output(Tasklet& tasklet, const std::string& connector) {
    code::Block block = tasklet.get().code;
    std::erase_if(block, [&](const code::Statement& statement) {
      auto* store = std::get_if<code::Store>(&statement);
      return store && store->connector == connector;
    });
    tasklet.set<&TaskletFields::code>(std::move(block));
    for (Edge* edge : edges_from(tasklet, connector)) tasklet.state()->remove_edge(*edge);
    tasklet.remove_out_connector(connector);
  }

  static void drop_connectors(Node& scope) {
    const std::vector<Connector> connectors = scope.in_connectors();
    for (const Connector& in : connectors) {
      if (in.name.rfind("IN_", 0) != 0 || scope.in_edge(in.name) || scope.out_edge(out_of_in(in.name))) continue;
      scope.remove_in_connector(in.name);
      scope.remove_out_connector(out_of_in(in.name));
    }
  }

  // One access node less; the container goes with its last one.
  static void forget(SDFG& graph, const std::string& data, analysis::ContainerUses& uses) {
    if (--uses.access_nodes[data] > 0 || !uses.only_in_states(data)) return;
    if (Container* container = graph.find(data); container && container->get().transient)
      graph.remove_container(*container);
  }
};

}  // namespace

const rewrite::Transformation dead_dataflow = rewrite::make_transformation<DeadDataflow>();

}  // namespace thalweg::transforms
