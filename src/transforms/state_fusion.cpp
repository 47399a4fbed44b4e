// State fusion: two states in a row become one, ordered by edges where order matters.
//
//   s0: a -> [map f] -> t                       a -> [map f] -> t -> [map g] -> b
//   s1: t -> [map g] -> b          ==>
//
// Reads in s1 hang on the access node that s0 wrote last; writes in s1 come after everything in s0 that touches the
// same memory. All new edges go from nodes of s0 to nodes of s1, so the result stays acyclic.
#include "transforms/state_fusion.h"

#include <algorithm>
#include <set>

#include "analysis/aliases.h"
#include "ir/scopes.h"

namespace thalweg::transforms {

using namespace ir;
using rewrite::Declined;
using rewrite::legal;

namespace {

struct Touch {
  AccessNode* node;
  bool reads = false, writes = false;
};

std::vector<Touch> touches(const State& state) {
  std::vector<Touch> found;
  for (const auto& ref : state.nodes()) {
    auto* node = as<AccessNode>(ref.get());
    if (!node) continue;
    Touch touch{node};
    for (Edge* edge : node->in_edges()) touch.writes |= !edge->memlet().is_empty();
    for (Edge* edge : node->out_edges()) touch.reads |= !edge->memlet().is_empty();
    found.push_back(touch);
  }
  return found;
}

bool sets_pointer(const State& state) {
  return std::any_of(state.edges().begin(), state.edges().end(), [](const Ref<Edge>& edge) {
    return edge->target_connector() == "set" || edge->target_connector() == "views";
  });
}

bool has_effects(const State& state) {
  for (const auto& node : state.nodes()) {
    if (auto* tasklet = as<Tasklet>(node.get()); tasklet && tasklet->get().side_effects) return true;
    if (auto* library = as<LibraryNode>(node.get()); library && library->get().operation == "Callback") return true;
  }
  return false;
}

// A nested graph may hold effects or whole control flow: it stays in a state of its own until it is inlined.
bool has_nested_graph(const State& state) {
  return std::any_of(state.nodes().begin(), state.nodes().end(),
                     [](const Ref<Node>& node) { return as<NestedSDFG>(node.get()) != nullptr; });
}

bool uses_stream(const State& state, const SDFG& graph) {
  for (const Touch& touch : touches(state))
    if (Container* container = graph.find(touch.node->get().data))
      if (container->get().kind == ContainerKind::stream) return true;
  return false;
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

void order(State& state, Node& from, Node& to) {
  if (&from != &to && !reaches(from, to)) state.add_order(from, to);
}

class Fuser {
 public:
  Fuser(SDFG& graph, State& first, State& second)
      : graph_(graph), first_(first), before_(touches(first)), after_(touches(second)) {
    for (const auto& node : first.nodes()) old_.insert(node.get());
    first_.absorb(second);
    scopes_.emplace(first_);
  }

  void run() {
    for (const Touch& later : after_)
      for (const Touch& earlier : before_) connect(earlier, later);
    for (const Touch& later : after_)
      if (later.reads && will_merge(later)) merge_read(later);
  }

 private:
  // The top-level node that stands for the work around a node: itself, or the entry or exit of the outermost scope.
  Node& begin_of(Node& node) const {
    auto around = scopes_->enclosing(node);
    if (!around.empty()) return *around.back();
    return is_exit(node) ? *scopes_->entry(node) : node;
  }
  Node& end_of(Node& node) const {
    Node& begin = begin_of(node);
    return is_entry(begin) ? *scopes_->exit(begin) : begin;
  }

  // Everything of the earlier state that must be over before the later access.
  void connect(const Touch& earlier, const Touch& later) {
    bool conflict = earlier.writes || later.writes;
    if (!conflict || !analysis::may_overlap(graph_, earlier.node->get().data, later.node->get().data)) return;
    std::vector<Node*> ends{&end_of(*earlier.node)};
    if (earlier.reads)
      for (Edge* edge : earlier.node->out_edges())
        if (old_.count(&edge->target())) ends.push_back(&end_of(edge->target()));
    std::vector<Node*> begins;
    if (later.writes) {
      for (Edge* edge : later.node->in_edges())
        if (!old_.count(&edge->source())) begins.push_back(&begin_of(edge->source()));
    } else if (!(earlier.node->get().data == later.node->get().data && will_merge(later))) {
      begins.push_back(&begin_of(*later.node));
    }
    for (Node* from : ends)
      for (Node* to : begins) order(first_, *from, *to);
  }

  // The access node of the first state that holds the final contents of a container, if there is one.
  AccessNode* last_access(const std::string& data) {
    AccessNode* found = nullptr;
    bool written = false;
    for (const Touch& touch : before_) {
      if (touch.node->get().data != data || scopes_->parent(*touch.node)) continue;
      if (touch.writes) {
        if (written && !reaches(*found, *touch.node)) {
          if (!reaches(*touch.node, *found)) return nullptr;
          continue;
        }
        found = touch.node;
        written = true;
      } else if (!found) {
        found = touch.node;
      }
    }
    return found;
  }
  // A read at the top of the second state hangs on the final access of the first, unless something else that may be
  // the same memory was written there.
  bool will_merge(const Touch& later) {
    const std::string& data = later.node->get().data;
    if (later.writes || scopes_->parent(*later.node) || !later.node->in_edges().empty()) return false;
    for (const Touch& earlier : before_)
      if (earlier.writes && earlier.node->get().data != data &&
          analysis::may_overlap(graph_, earlier.node->get().data, data))
        return false;
    return last_access(data) != nullptr;
  }

  void merge_read(const Touch& later) {
    AccessNode* into = last_access(later.node->get().data);
    std::vector<Edge*> out = later.node->out_edges();
    for (Edge* edge : out)
      first_.add_edge(*into, edge->source_connector(), edge->target(), edge->target_connector(), Ref<Memlet>(&edge->memlet()));
    first_.remove_node(*later.node);
  }

  SDFG& graph_;
  State& first_;
  std::vector<Touch> before_, after_;
  std::optional<Scopes> scopes_;
  std::set<Node*> old_;
};

struct StateFusion {
  static constexpr std::string_view name = "StateFusion";
  static constexpr std::string_view help = "Joins two states in a row into one.";
  struct Site {
    InterstateEdge* edge;
  };
  using Plan = Site;

  static std::vector<Site> sites(SDFG& graph) {
    std::vector<Site> found;
    auto add = [&](const ControlFlowRegion& region) {
      for (const auto& edge : region.edges()) found.push_back({edge.get()});
    };
    add(graph);
    for (ControlFlowBlock* block : all_blocks(graph))
      if (auto* region = as<ControlFlowRegion>(block)) add(*region);
    return found;
  }
  static std::string describe(const Site& site) {
    return "state " + site.edge->source().label() + " -> " + site.edge->target().label();
  }
  static base::Location location(const Site& site) { return site.edge->target().location(); }

  static rewrite::Match<Plan> match(SDFG& graph, const Site& site) {
    auto *first = as<State>(&site.edge->source()), *second = as<State>(&site.edge->target());
    ControlFlowRegion& region = *site.edge->source().parent();
    if (!first || !second) return Declined{"one of the blocks is not a state"};
    if (first == second) return Declined{"a state that follows itself"};
    const auto& fields = site.edge->get();
    if (!legal("StateFusion.unconditional", !fields.condition)) return Declined{"the transition has a condition"};
    if (!legal("StateFusion.no_assignments", fields.assignments.empty()))
      return Declined{"the transition assigns " + (fields.assignments.empty() ? "" : fields.assignments[0].first)};
    if (!legal("StateFusion.only_path", region.out_edges(*first).size() == 1 && region.in_edges(*second).size() == 1 &&
                                            region.start() != second))
      return Declined{"the states can also be left or reached another way"};
    for (State* state : {first, second}) {
      if (!legal("StateFusion.pointers", !sets_pointer(*state))) return Declined{"state " + state->label() + " sets a reference or view"};
      if (!legal("StateFusion.effects", !has_effects(*state))) return Declined{"state " + state->label() + " has side effects, whose order is kept"};
      if (has_nested_graph(*state)) return Declined{"state " + state->label() + " holds a nested SDFG"};
      if (!legal("StateFusion.streams", !uses_stream(*state, graph))) return Declined{"state " + state->label() + " uses a stream"};
    }
    return site;
  }

  static void apply(SDFG& graph, const Plan& plan) {
    Ref<InterstateEdge> held(plan.edge);
    auto *first = as<State>(&plan.edge->source()), *second = as<State>(&plan.edge->target());
    Ref<State> keep(second);
    ControlFlowRegion& region = *first->parent();
    Fuser(graph, *first, *second).run();
    base::Location location = first->location();
    base::add_spans(location, second->location());
    first->set_location(std::move(location));
    for (InterstateEdge* edge : region.out_edges(*second)) {
      Ref<InterstateEdge> old(edge);
      region.add_edge(*first, edge->target(), edge->get());
    }
    region.remove_block(*second);
  }
};

}  // namespace

const rewrite::Transformation state_fusion = rewrite::make_transformation<StateFusion>();

}  // namespace thalweg::transforms
