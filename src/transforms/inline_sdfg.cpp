// Inlining of nested SDFGs: their contents move into the graph around them.
//
//   state: A -> [nested: a -> [map f] -> b] -> B          state: A -> [map f] -> B
//   state: A -> [nested: s0; loop s1] -> B       ==>      state (empty); region { s0; loop s1 }
//
// A graph of one state moves into the state around its node, in a map too; one with control flow must have its state
// for itself. What the inner containers stood for is composed into the memlets; everything that was before or behind
// the node stays before or behind its contents.
#include "transforms/inline_sdfg.h"

#include <algorithm>

#include "analysis/propagate.h"
#include "ir/scopes.h"
#include "transforms/carries.h"
#include "transforms/reach.h"
#include "transforms/splice.h"

namespace thalweg::transforms {

using namespace ir;
using rewrite::Declined;
using rewrite::legal;

namespace {

// The inner graph's only state, if it is one.
State* single_state(const SDFG& graph) {
  return graph.blocks().size() == 1 && graph.edges().empty() ? as<State>(graph.blocks()[0].get()) : nullptr;
}

struct InlinePlan {
  Splice splice;
  State* state = nullptr;
  NestedSDFG* node = nullptr;
};

// Moves the nodes of the inner state into the state around the node.
class StateInliner {
 public:
  StateInliner(State& state, NestedSDFG& node, State& inner) : state_(state), node_(node), inner_(inner) {
    for (const auto& ref : inner.nodes()) nodes_.push_back(ref);
    for (const auto& ref : nodes_)
      if (auto* access = as<AccessNode>(ref.get())) names_[access] = access->get().data;
  }

  void run(Splice& splice) {
    const bool in_scope = Scopes(state_).parent(node_) != nullptr;
    splice.apply();
    state_.absorb(inner_);
    for (const auto& ref : nodes_) join(ref);
    for (Edge* in : std::vector<Edge*>(node_.in_edges()))
      for (const auto& ref : nodes_)
        if (ref->owner() == &state_ && is_root(*ref)) order(in->source(), *ref);
    for (Edge* out : std::vector<Edge*>(node_.out_edges()))
      for (const auto& ref : nodes_)
        if (ref->owner() == &state_ && is_leaf(*ref)) order(*ref, out->target());
    remove_node();
    // What passes through a scope around is known better than from the node.
    if (in_scope) analysis::propagate_memlets(state_);
  }

 private:
  // An inner access node of a connector's container becomes the node outside, where it only begins or ends there.
  void join(const Ref<Node>& ref) {
    auto found = names_.find(ref.get());
    if (found == names_.end()) return;
    Edge *in = node_.in_edge(found->second), *out = node_.out_edge(found->second);
    if (in && ref->in_edges().empty() && !ref->out_edges().empty()) {
      for (Edge* edge : std::vector<Edge*>(ref->out_edges()))
        move(*edge, in->source(), carries(edge) ? in->source_connector() : "", edge->target(),
             edge->target_connector());
    } else if (out && ref->out_edges().empty() && !ref->in_edges().empty()) {
      for (Edge* edge : std::vector<Edge*>(ref->in_edges()))
        move(*edge, edge->source(), edge->source_connector(), out->target(),
             carries(edge) ? out->target_connector() : "");
    } else {
      return;
    }
    state_.remove_node(*ref);
  }
  void move(Edge& edge, Node& source, const std::string& source_connector, Node& target,
            const std::string& target_connector) {
    outside_.insert(&state_.add_edge(source, source_connector, target, target_connector, Ref<Memlet>(&edge.memlet())));
    state_.edges().back()->set_location(edge.location());
    state_.remove_edge(edge);
  }

  bool is_root(const Node& node) const {
    return std::all_of(node.in_edges().begin(), node.in_edges().end(), [&](Edge* e) { return outside_.count(e) > 0; });
  }
  bool is_leaf(const Node& node) const {
    return std::all_of(node.out_edges().begin(), node.out_edges().end(),
                       [&](Edge* e) { return outside_.count(e) > 0; });
  }
  // What was before the node is before its contents, and the like. Nothing is before an access node without inputs.
  void order(Node& from, Node& to) {
    if (as<AccessNode>(&from) && from.in_edges().empty() && !own(from)) return;
    if (as<AccessNode>(&to) && to.out_edges().empty() && !own(to)) return;
    if (!reaches(from, to)) outside_.insert(&state_.add_order(from, to));
  }
  bool own(const Node& node) const {
    return std::any_of(nodes_.begin(), nodes_.end(), [&](const Ref<Node>& ref) { return ref.get() == &node; });
  }
  void remove_node() {
    Ref<Node> held(&node_);
    std::vector<std::pair<Ref<Node>, std::string>> sources, targets;
    for (Edge* in : node_.in_edges()) sources.emplace_back(&in->source(), in->source_connector());
    for (Edge* out : node_.out_edges()) targets.emplace_back(&out->target(), out->target_connector());
    state_.remove_node(node_);
    for (const auto& [source, connector] : sources) {
      drop_unused(*source, connector);
      drop_if_alone(*source);
    }
    for (const auto& [target, connector] : targets) drop_if_alone(*target);
  }
  // An input of scopes that nothing inside reads any more; what it came from stays before them.
  void drop_unused(Node& entry, const std::string& connector) {
    if (!is_entry(entry) || connector.empty() || !edges_from(entry, connector).empty()) return;
    for (Edge* edge : edges_into(entry, in_of_out(connector))) {
      Ref<Node> outer(&edge->source());
      const std::string from = edge->source_connector();
      state_.remove_edge(*edge);
      if (!is_entry(*outer) || entry.in_edges().empty()) state_.add_order(*outer, entry);
      drop_unused(*outer, from);
    }
    entry.remove_in_connector(in_of_out(connector));
    entry.remove_out_connector(connector);
  }
  void drop_if_alone(Node& node) {
    if (node.owner() == &state_ && as<AccessNode>(&node) && node.in_edges().empty() && node.out_edges().empty())
      state_.remove_node(node);
  }

  State& state_;
  NestedSDFG& node_;
  State& inner_;
  std::vector<Ref<Node>> nodes_;
  std::map<const Node*, std::string> names_;
  std::set<const Edge*> outside_;  // edges between the contents and what was there
};

// Moves the blocks of the inner graph into a region behind the node's state, which stays, empty.
void inline_region(Splice& splice, State& state, NestedSDFG& node) {
  SDFG& inner = node.sdfg();
  ControlFlowRegion& parent = *state.parent();
  const auto on_entry = splice.on_entry();
  splice.apply();
  std::set<std::string> labels;
  for (const auto& block : parent.blocks()) labels.insert(block->label());
  std::string label = node.get().label;
  for (int i = 0; labels.count(label); ++i) label = node.get().label + "_" + std::to_string(i);
  auto region = make_ref<ControlFlowRegion>(label);
  parent.add_block(region);
  region->set_location(node.location());
  const std::vector<Ref<ControlFlowBlock>> blocks = inner.blocks();
  const std::vector<Ref<InterstateEdge>> edges = inner.edges();
  const Ref<ControlFlowBlock> start(inner.start());
  for (const auto& edge : edges) inner.remove_edge(*edge);
  for (const auto& block : blocks) region->add_block(block);
  if (start) region->set_start(*start);
  for (const auto& edge : edges)
    region->add_edge(edge->source(), edge->target(), edge->get()).set_location(edge->location());
  for (InterstateEdge* edge : parent.out_edges(state)) {
    Ref<InterstateEdge> old(edge);
    parent.add_edge(*region, edge->target(), edge->get()).set_location(edge->location());
    parent.remove_edge(*edge);
  }
  parent.add_edge(state, *region, {nullptr, on_entry}).set_location(node.location());
  // Last: without its node the inner graph has a log of its own, and what moved out could not be put back.
  while (!state.nodes().empty()) state.remove_node(*Ref<Node>(state.nodes().back()));
}

struct InlineSDFG {
  static constexpr std::string_view name = "InlineSDFG";
  static constexpr std::string_view help = "Moves the contents of a nested SDFG into the graph around it.";
  struct Site {
    Ref<State> state;
    Ref<NestedSDFG> node;
  };
  using Plan = InlinePlan;

  static std::vector<Site> sites(SDFG& graph) {
    std::vector<Site> found;
    for (State* state : all_states(graph))
      for (const auto& node : state->nodes())
        if (auto* nested = as<NestedSDFG>(node.get())) found.push_back({Ref<State>(state), Ref<NestedSDFG>(nested)});
    return found;
  }
  static bool present(const Site& site) { return site.node->owner() == site.state.get() && site.state->owner(); }
  static std::string describe(const Site& site) {
    return "nested SDFG " + site.node->label() + " in state " + site.state->label();
  }
  static base::Location location(const Site& site) { return site.node->location(); }

  static rewrite::Match<Plan> match(SDFG& graph, const Site& site) {
    if (site.node->get().no_inline) return Declined{"it is marked to stay"};
    const Scopes scopes(*site.state);
    std::set<std::string> params;
    for (Node* entry : scopes.enclosing(*site.node)) {
      if (!map_of(*entry)) return Declined{"it lies in a consume scope"};
      params.insert(map_of(*entry)->params.begin(), map_of(*entry)->params.end());
    }
    State* inner = single_state(site.node->sdfg());
    if (auto problem = inner ? match_state(*site.node, *inner, !params.empty()) : match_region(site)) return *problem;
    Plan plan;
    plan.state = site.state.get();
    plan.node = site.node.get();
    if (auto problem = plan.splice.prepare(graph, *site.node, params)) return Declined{*problem};
    return plan;
  }

  static void apply(SDFG&, const Plan& plan) {
    Splice splice = plan.splice;
    if (State* inner = single_state(plan.node->sdfg()))
      StateInliner(*plan.state, *plan.node, *inner).run(splice);
    else
      inline_region(splice, *plan.state, *plan.node);
  }

 private:
  static std::optional<Declined> match_state(NestedSDFG& node, State& inner, bool in_scope) {
    const Scopes scopes(inner);
    std::set<std::string> written;
    for (const auto& ref : inner.nodes()) {
      auto* access = as<AccessNode>(ref.get());
      if (!access) continue;
      const std::string& data = access->get().data;
      const bool in = node.in_edge(data), out = node.out_edge(data);
      if (!in && !out) continue;
      if (ref->in_edges().empty() && !in) return Declined{data + " is read inside, but has no input connector"};
      if (!in_scope) continue;
      const bool begins = ref->in_edges().empty() && in,
                 ends = ref->out_edges().empty() && out && !ref->in_edges().empty();
      if (!legal("InlineSDFG.ends_in_scope", begins || ends))
        return Declined{data + " is written and read inside, in a scope"};
      if (ends) written.insert(data);
      for (const auto* list : {&ref->in_edges(), &ref->out_edges()})
        for (const Edge* edge : *list)
          if (as<AccessNode>(&edge->source()) && as<AccessNode>(&edge->target()))
            return Declined{data + " is copied inside, in a scope"};
    }
    if (in_scope)
      for (const Connector& out : node.out_connectors())
        if (!written.count(out.name)) return Declined{out.name + " is not written inside"};
    return std::nullopt;
  }

  static std::optional<Declined> match_region(const Site& site) {
    for (const auto& node : site.state->nodes()) {
      if (node.get() == site.node.get()) continue;
      const bool apart = as<AccessNode>(node.get()) &&
                         std::all_of(node->in_edges().begin(), node->in_edges().end(),
                                     [&](Edge* edge) { return &edge->source() == site.node.get(); }) &&
                         std::all_of(node->out_edges().begin(), node->out_edges().end(),
                                     [&](Edge* edge) { return &edge->target() == site.node.get(); });
      if (!legal("InlineSDFG.alone", apart)) return Declined{"it has control flow and shares its state with others"};
    }
    return std::nullopt;
  }
};

}  // namespace

const rewrite::Transformation inline_sdfg = rewrite::make_transformation<InlineSDFG>();

}  // namespace thalweg::transforms
