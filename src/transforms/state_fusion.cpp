// State fusion: two states in a row become one, ordered by edges where order matters.
//
//   s0: a -> [map f] -> t                       a -> [map f] -> t -> [map g] -> b
//   s1: t -> [map g] -> b          ==>
//
// Reads in s1 hang on the access node that s0 wrote last; writes in s1 come after everything in s0 that touches the
// same memory. A check in s0 comes before what s1 accesses and might miss without it. All new edges go from nodes of s0 to
// nodes of s1, so the result stays acyclic.
#include "transforms/state_fusion.h"

#include <algorithm>
#include <map>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "analysis/symbols.h"
#include "ir/scopes.h"
#include "transforms/overlap.h"

namespace thalweg::transforms {

using namespace ir;
using rewrite::Declined;
using rewrite::legal;

namespace {

// An access node that moves data, and which way.
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
    if (touch.reads || touch.writes) found.push_back(touch);
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

// Tasklets that may find that an access would miss.
std::vector<Node*> checks_of(const State& state) {
  std::vector<Node*> found;
  for (const auto& node : state.nodes()) {
    auto* tasklet = as<Tasklet>(node.get());
    if (!tasklet || tasklet->get().language.row().opaque) continue;
    for (const code::Statement& statement : tasklet->get().code)
      if (std::holds_alternative<code::Check>(statement)) {
        found.push_back(tasklet);
        break;
      }
  }
  return found;
}

// For each node of a state the set of nodes before it. New nodes may be told of one after the other.
class Ancestors {
 public:
  explicit Ancestors(const State& state) {
    for (Node* node : state.topological_order()) {
      position_[node] = static_cast<int>(order_.size());
      order_.push_back(node);
    }
    words_ = (order_.size() + 63) / 64;
    for (Node* node : order_) close(*node);
  }

  bool known(const Node& node) const { return position_.count(&node) > 0; }
  // Topological position of a node of the state.
  int position(const Node& node) const { return position_.at(&node); }
  bool before(const Node& from, const Node& to) const {
    const auto at = static_cast<size_t>(position(from));
    return &from == &to || (sets_.at(&to)[at / 64] >> (at % 64) & 1) != 0;
  }
  // Takes the set of a node from its predecessors, whose sets are there.
  void close(const Node& node) {
    auto& set = sets_[&node];
    set.assign(words_, 0);
    for (const Edge* edge : node.in_edges()) include(node, edge->source());
  }
  // There is a new edge between the two.
  void include(const Node& node, const Node& from) {
    auto& set = sets_.at(&node);
    const auto& more = sets_.at(&from);
    for (size_t k = 0; k < words_; ++k) set[k] |= more[k];
    if (!known(from)) return;
    const auto at = static_cast<size_t>(position(from));
    set[at / 64] |= uint64_t{1} << (at % 64);
  }

 private:
  std::vector<Node*> order_;
  std::unordered_map<const Node*, int> position_;
  std::unordered_map<const Node*, std::vector<uint64_t>> sets_;
  size_t words_ = 0;
};

class Fuser {
 public:
  Fuser(SDFG& graph, State& first, State& second)
      : overlap_(graph),
        first_(first),
        before_(touches(first)),
        after_(touches(second)),
        checks_(checks_of(first)),
        later_checks_(checks_of(second)),
        ancestors_(first),
        later_order_(second.topological_order()) {
    for (const Touch& touch : before_) {
      by_name_[touch.node->get().data].push_back(&touch);
      if (overlap_.shares(touch.node->get().data)) shared_.push_back(&touch);
    }
    first_.absorb(second);
    scopes_.emplace(first_);
  }

  void run() {
    if (!checks_.empty()) require_checks();
    std::vector<std::pair<const Touch*, AccessNode*>> merges;
    std::unordered_set<const Node*> merged;
    for (const Touch& later : after_)
      if (AccessNode* into = merge_target(later)) merges.emplace_back(&later, into), merged.insert(later.node);
    for (const Touch& later : after_)
      if (!merged.count(later.node)) require_order(later, merged);
    for (const auto& [later, into] : merges) merge_read(*later->node, *into);
    for (Node* node : later_order_)
      if (!merged.count(node)) order(*node);
  }

 private:
  // The top-level node that stands for the work around a node: itself, or the entry or exit of the outermost scope.
  Node& begin_of(Node& node) const { return scopes_->outermost(is_exit(node) ? *scopes_->entry(node) : node); }
  Node& end_of(Node& node) const {
    Node& begin = begin_of(node);
    return is_entry(begin) ? *scopes_->exit(begin) : begin;
  }

  // The accesses of the first state that may touch the same memory, where one of the two writes.
  std::vector<const Touch*> conflicts(const std::string& data, bool writes) const {
    std::vector<const Touch*> found;
    if (overlap_.shares(data)) {
      for (const Touch* earlier : shared_)
        if ((writes || earlier->writes) && overlap_(earlier->node->get().data, data)) found.push_back(earlier);
    } else if (auto same = by_name_.find(data); same != by_name_.end()) {
      for (const Touch* earlier : same->second)
        if (writes || earlier->writes) found.push_back(earlier);
    }
    return found;
  }

  // What must be over when an access of the first state is over.
  std::vector<Node*> ends(const Touch& earlier) const {
    std::vector<Node*> found{&end_of(*earlier.node)};
    for (Edge* edge : earlier.node->out_edges())
      if (!edge->memlet().is_empty() && ancestors_.known(edge->target())) found.push_back(&end_of(edge->target()));
    return found;
  }

  // A read at the top of the second state hangs on the access node of the first state that holds the final contents.
  AccessNode* merge_target(const Touch& later) const {
    const std::string& data = later.node->get().data;
    if (later.writes || scopes_->parent(*later.node) || !later.node->in_edges().empty()) return nullptr;
    for (const Touch* earlier : conflicts(data, false))
      if (earlier->node->get().data != data) return nullptr;
    AccessNode* into = last_access(data);
    // A copy from here has no node of its own that could wait for others: what it must wait for has to be over.
    for (Edge* edge : into ? later.node->out_edges() : std::vector<Edge*>()) {
      auto* target = as<AccessNode>(&edge->target());
      if (!target || edge->memlet().is_empty()) continue;
      for (const Touch* earlier : conflicts(target->get().data, true))
        for (Node* end : ends(*earlier))
          if (!ancestors_.before(*end, *into)) return nullptr;
    }
    return into;
  }

  AccessNode* last_access(const std::string& data) const {
    AccessNode* found = nullptr;
    bool written = false;
    auto same = by_name_.find(data);
    if (same == by_name_.end()) return nullptr;
    for (const Touch* touch : same->second) {
      if (scopes_->parent(*touch->node)) return nullptr;  // a temporary of a scope
      if (!touch->writes) {
        if (!found) found = touch->node;
      } else if (!written || ancestors_.before(*found, *touch->node)) {
        found = touch->node;
        written = true;
      } else if (!ancestors_.before(*touch->node, *found)) {
        return nullptr;
      }
    }
    return found;
  }

  // Notes what of the first state must be over before the access begins.
  void require_order(const Touch& later, const std::unordered_set<const Node*>& merged) {
    auto earlier = conflicts(later.node->get().data, later.writes);
    if (earlier.empty()) return;
    std::vector<Node*> begins;
    if (!later.writes) begins.push_back(&begin_of(*later.node));
    for (Edge* edge : later.node->in_edges())
      if (!ancestors_.known(edge->source()) && !merged.count(&edge->source()))
        begins.push_back(&begin_of(edge->source()));
    for (const Touch* touch : earlier)
      for (Node* from : ends(*touch))
        for (Node* to : begins) required_[to].push_back(from);
  }

  // Notes that the checks come before the accesses of the second state that are not known to be in bounds, in scopes,
  // too, and before library nodes, which may ask for shapes that fit or for one element at least. Checks stay in their
  // order: a later one may be about what has no value where the earlier one fails.
  void require_checks() {
    for (Node* check : later_checks_) guard(*check);
    for (Node* node : later_order_) {
      if (as<LibraryNode>(node) || (scopes_->parent(*node) && !all_in_bounds(*node))) guard(*node);
      const auto* access = as<AccessNode>(node);
      if (!access) continue;
      for (Edge* edge : access->out_edges())
        if (!in_bounds(*edge, *access)) guard(edge->target());
      for (Edge* edge : access->in_edges())
        if (!in_bounds(*edge, *access)) guard(as<AccessNode>(&edge->source()) ? *node : edge->source());
    }
  }
  bool all_in_bounds(const Node& node) {
    auto inside = [&](const Edge* edge) {
      if (edge->memlet().is_empty()) return true;
      const Container* container = first_.sdfg()->find(edge->memlet()->data);
      return container && covers(*container, edge->memlet()->subset, scopes_->parent(node));
    };
    const auto in = node.in_edges(), out = node.out_edges();
    return std::all_of(in.begin(), in.end(), inside) && std::all_of(out.begin(), out.end(), inside);
  }
  bool covers(const Container& container, const symbolic::Subset& subset, const Node* scope) {
    auto [at, fresh] = facts_.try_emplace(scope);
    if (fresh) at->second = analysis::facts_in(first_, *scopes_, scope);
    return symbolic::covers(symbolic::Subset::whole(container.get().shape), subset, at->second) == symbolic::Truth::yes;
  }
  void guard(Node& node) {
    for (Node* check : checks_) required_[&begin_of(node)].push_back(&end_of(*check));
  }
  bool in_bounds(const Edge& edge, const AccessNode& access) {
    const MemletFields& memlet = edge.memlet().get();
    if (memlet.data.empty()) return true;
    const Container* container = first_.sdfg()->find(access.get().data);
    const bool other = memlet.data != access.get().data;
    if (!container || (other && !memlet.other_subset)) return false;
    const symbolic::Subset& subset = other ? *memlet.other_subset : memlet.subset;
    return covers(*container, subset, scopes_->parent(access));
  }

  // Adds the order edges into a node of the second state that no path gives yet, latest first.
  void order(Node& node) {
    ancestors_.close(node);
    auto found = required_.find(&node);
    if (found == required_.end()) return;
    auto& from = found->second;
    std::sort(from.begin(), from.end(),
              [&](Node* a, Node* b) { return ancestors_.position(*a) > ancestors_.position(*b); });
    for (Node* earlier : from) {
      if (ancestors_.before(*earlier, node)) continue;
      first_.add_order(*earlier, node);
      ancestors_.include(node, *earlier);
    }
  }

  void merge_read(AccessNode& later, AccessNode& into) {
    std::vector<Edge*> out = later.out_edges();
    for (Edge* edge : out)
      first_
          .add_edge(into, edge->source_connector(), edge->target(), edge->target_connector(),
                    Ref<Memlet>(&edge->memlet()))
          .set_location(edge->location());
    base::Location location = into.location();
    base::add_spans(location, later.location());
    into.set_location(std::move(location));
    first_.remove_node(later);
  }

  const Overlap overlap_;
  State& first_;
  const std::vector<Touch> before_, after_;
  const std::vector<Node*> checks_, later_checks_;
  Ancestors ancestors_;
  const std::vector<Node*> later_order_;
  std::map<std::string, std::vector<const Touch*>> by_name_;
  std::vector<const Touch*> shared_;
  std::unordered_map<const Node*, std::vector<Node*>> required_;
  std::optional<Scopes> scopes_;
  std::map<const Node*, symbolic::Facts> facts_;  // by scope
};

struct StateFusion {
  static constexpr std::string_view name = "StateFusion";
  static constexpr std::string_view help = "Joins two states in a row into one.";
  struct Site {
    Ref<InterstateEdge> edge;
  };
  using Plan = Site;

  static std::vector<Site> sites(SDFG& graph) {
    std::vector<Site> found;
    auto add = [&](const ControlFlowRegion& region) {
      for (const auto& edge : region.edges()) found.push_back({edge});
    };
    add(graph);
    for (ControlFlowBlock* block : all_blocks(graph))
      if (auto* region = as<ControlFlowRegion>(block)) add(*region);
    return found;
  }
  static bool present(const Site& site) { return site.edge->owner() != nullptr; }
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
      if (!legal("StateFusion.pointers", !sets_pointer(*state)))
        return Declined{"state " + state->label() + " sets a reference or view"};
      if (!legal("StateFusion.effects", !has_effects(*state)))
        return Declined{"state " + state->label() + " has side effects, whose order is kept"};
      if (has_nested_graph(*state)) return Declined{"state " + state->label() + " holds a nested SDFG"};
      if (!legal("StateFusion.streams", !uses_stream(*state, graph)))
        return Declined{"state " + state->label() + " uses a stream"};
    }
    return site;
  }

  static void apply(SDFG& graph, const Plan& plan) {
    auto *first = as<State>(&plan.edge->source()), *second = as<State>(&plan.edge->target());
    Ref<State> keep(second);
    ControlFlowRegion& region = *first->parent();
    Fuser(graph, *first, *second).run();
    base::Location location = first->location();
    base::add_spans(location, second->location());
    first->set_location(std::move(location));
    for (InterstateEdge* edge : region.out_edges(*second)) {
      region.add_edge(*first, edge->target(), edge->get()).set_location(edge->location());
    }
    region.remove_block(*second);
  }
};

}  // namespace

const rewrite::Transformation state_fusion = rewrite::make_transformation<StateFusion>();

}  // namespace thalweg::transforms
