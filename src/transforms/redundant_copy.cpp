// Redundant copy removal: a temporary that is only copied, whole and once, into or from another container goes.
//
//   A -> [map f] -> t -> B      ==>   A -> [map f] -> B        what makes the temporary writes the other container
//   A -> t -> [map g] -> B      ==>   A -> [map g] -> B        what reads the temporary reads the other container
//
// Legal where the other container is neither read nor written in between; in place (A = f(A)) where each iteration of
// the map touches its own element only.
#include "transforms/redundant_copy.h"

#include <algorithm>

#include "analysis/effects.h"
#include "analysis/symbols.h"
#include "analysis/uses.h"
#include "ir/scopes.h"
#include "transforms/carries.h"
#include "transforms/overlap.h"
#include "transforms/placement.h"
#include "transforms/reach.h"

namespace thalweg::transforms {

using namespace ir;
using rewrite::Declined;
using rewrite::legal;
using symbolic::Subset;

namespace {

struct CopySiteContext {
  analysis::ContainerUses uses;
  Overlap overlap;
};

struct CopyPlan {
  std::shared_ptr<CopySiteContext> context;
  State* state = nullptr;
  AccessNode *temporary = nullptr, *other = nullptr;
  Edge* copy = nullptr;
  std::vector<std::pair<Memlet*, MemletFields>> memlets;  // that name the temporary, as they are afterwards
  std::vector<Edge*> moved;                               // from the temporary to the other container's node
  std::vector<std::pair<Node*, Node*>> orders;
};

Node& begin_of(Node& node) {
  if (auto* exit = as<MapExit>(&node))
    if (MapEntry* entry = exit->entry()) return *entry;
  return node;
}
Node& end_of(Node& node) {
  if (auto* entry = as<MapEntry>(&node))
    if (MapExit* exit = entry->exit()) return *exit;
  return node;
}

class CopyMatcher {
 public:
  // `into`: the temporary is copied into the other container; else from it.
  CopyMatcher(SDFG& graph, CopySiteContext& context, State& state, Edge& copy, bool into, CopyPlan& plan)
      : graph_(graph), context_(context), state_(state), into_(into), plan_(plan) {
    plan.copy = &copy;
    plan.temporary = as<AccessNode>(into ? &copy.source() : &copy.target());
    plan.other = as<AccessNode>(into ? &copy.target() : &copy.source());
  }

  std::optional<Declined> run() {
    if (auto declined = match_containers()) return declined;
    if (auto declined = match_copy()) return declined;
    for (Edge* edge : into_ ? plan_.temporary->in_edges() : plan_.temporary->out_edges()) {
      if (!carries(edge)) continue;
      plan_.moved.push_back(edge);
      if (auto declined = match_tree(*edge)) return declined;
    }
    if (plan_.moved.empty()) return Declined{"nothing else touches " + name()};
    if (auto declined = into_ ? match_writers() : match_readers()) return declined;
    if (Scopes(state_).parent(*plan_.temporary)) return Declined{"the copy lies inside of a scope"};
    add_orders();
    if (!legal("RedundantCopy.acyclic", !closes_cycle(plan_.orders)))
      return Declined{"what makes " + name() + " comes before what the copy waits for"};
    return std::nullopt;
  }

 private:
  const std::string& name() const { return plan_.temporary->get().data; }
  const std::string& other() const { return plan_.other->get().data; }

  std::optional<Declined> match_containers() {
    const Container *temporary = graph_.find(name()), *kept = graph_.find(other());
    if (!temporary || !kept) return Declined{"a container is missing"};
    auto plain = [](const Container& c) {
      return c.get().kind == ContainerKind::array || c.get().kind == ContainerKind::scalar;
    };
    if (!plain(*temporary) || !plain(*kept)) return Declined{"the copy is not between two arrays"};
    if (temporary->get().dtype != kept->get().dtype) return Declined{"the copy converts"};
    if (temporary->get().storage != kept->get().storage) return Declined{"the copy moves data between kinds of memory"};
    if (!legal("RedundantCopy.used_once", context_.uses.count(name()) == 1 && context_.uses.only_in_states(name()) &&
                                              !context_.overlap.shares(name())))
      return Declined{name() + " is also used elsewhere"};
    const auto& list = into_ ? plan_.temporary->out_edges() : plan_.temporary->in_edges();
    if (std::count_if(list.begin(), list.end(), carries) != 1)
      return Declined{name() + (into_ ? " is also read by others" : " is also written by others")};
    return std::nullopt;
  }

  std::optional<Declined> match_copy() {
    const MemletFields& memlet = plan_.copy->memlet().get();
    if (memlet.wcr != Wcr::none || memlet.dynamic) return Declined{"the copy combines or depends on values"};
    if (!plan_.copy->source_connector().empty() || !plan_.copy->target_connector().empty())
      return Declined{"the edge is no copy"};
    const CopySubsets subsets = copy_subsets(graph_, *plan_.copy);
    const auto& shape = graph_.container(name()).get().shape;
    const Subset whole = Subset::whole(shape);
    const Subset& here = into_ ? subsets.source : subsets.target;
    if (!legal("RedundantCopy.whole", here == whole)) return Declined{"only a part of " + name() + " is copied"};
    placement_ = Placement::of(shape, other(), into_ ? subsets.target : subsets.source);
    if (!placement_) return Declined{"the copy changes the shape"};
    if (into_ && may_repeat(state_) && !legal("RedundantCopy.all_written", writes_whole(whole)))
      return Declined{"elements of " + name() + " may come from an earlier turn of the loop"};
    return std::nullopt;
  }

  bool writes_whole(const Subset& whole) const {
    const auto facts = analysis::facts_in(state_, Scopes(state_), nullptr);
    for (Edge* edge : plan_.temporary->in_edges()) {
      if (!carries(edge)) continue;
      if (auto* from = as<AccessNode>(&edge->source()); from && copy_subsets(graph_, *edge).target == whole)
        return true;
      for (const auto& write : analysis::effects_of(edge->source()).writes)
        if (write.container == name() && write.certain && write.subset &&
            symbolic::covers(*write.subset, whole, facts) == symbolic::Truth::yes)
          return true;
    }
    return false;
  }

  // The memlets from the temporary inwards through scopes, each as it will be.
  std::optional<Declined> match_tree(Edge& first) {
    std::vector<Edge*> work{&first};
    for (size_t at = 0; at < work.size(); ++at) {
      Edge& edge = *work[at];
      Node& end = into_ ? edge.source() : edge.target();
      if (auto declined = match_memlet(edge, end)) return declined;
      if (!is_entry(end) && !is_exit(end)) continue;
      const std::string& connector = into_ ? edge.source_connector() : edge.target_connector();
      if (!map_of(end)) return Declined{"a consume scope uses " + name()};
      if (connector.rfind(into_ ? "OUT_" : "IN_", 0) != 0) continue;  // the range of a map
      const auto more = into_ ? edges_into(end, in_of_out(connector)) : edges_from(end, out_of_in(connector));
      work.insert(work.end(), more.begin(), more.end());
    }
    return std::nullopt;
  }

  std::optional<Declined> match_memlet(const Edge& edge, Node& end) {
    if (as<NestedSDFG>(&end)) return Declined{"a nested SDFG uses " + name()};
    MemletFields fields = edge.memlet().get();
    if (fields.wcr != Wcr::none && into_) return Declined{name() + " is combined, not written"};
    auto* partner = as<AccessNode>(&end);
    if (partner && (&edge.source() == plan_.temporary || &edge.target() == plan_.temporary)) {
      if (!edge.source_connector().empty() || !edge.target_connector().empty())
        return Declined{"a pointer is set to " + name()};
      if (context_.overlap(partner->get().data, other())) return Declined{name() + " separates overlapping copies"};
      const CopySubsets subsets = copy_subsets(graph_, edge);
      const Subset moved = placement_->at(into_ ? subsets.target : subsets.source);
      (fields.data == name() ? fields.subset : fields.other_subset.emplace()) = moved;
      if (fields.data == name()) {
        fields.data = other();
        fields.other_subset = into_ ? subsets.source : subsets.target;
      }
    } else {
      if (fields.data != name()) return Declined{"a memlet to " + name() + " names another container"};
      const bool leaf = !is_entry(end) && !is_exit(end);
      if (leaf && !placement_->aligned() && !(as<Tasklet>(&end) && fields.subset.is_element()))
        return Declined{"the copy changes the dimensions that code sees"};
      fields.data = other();
      fields.subset = placement_->at(fields.subset);
    }
    plan_.memlets.emplace_back(&edge.memlet(), std::move(fields));
    return std::nullopt;
  }

  // Accesses in this state to memory that may be the other container's, without the copy's own.
  std::vector<AccessNode*> others() const {
    std::vector<AccessNode*> found;
    for (const auto& node : state_.nodes())
      if (auto* access = as<AccessNode>(node.get());
          access && access != plan_.other && access != plan_.temporary && context_.overlap(access->get().data, other()))
        found.push_back(access);
    return found;
  }

  // The other container is written earlier: whatever touches it has to be over, or to come later.
  std::optional<Declined> match_writers() {
    for (AccessNode* access : others()) {
      if (reaches(*plan_.other, *access)) continue;
      for (Edge* write : plan_.moved) {
        Node& begin = begin_of(write->source());
        if (std::any_of(access->in_edges().begin(), access->in_edges().end(), carries) &&
            !legal("RedundantCopy.not_written_before", reaches(*access, begin)))
          return Declined{other() + " is written while " + name() + " is made"};
        for (Edge* read : access->out_edges()) {
          if (!carries(read)) continue;
          if (&read->target() == &begin && own_elements(*read, *write)) continue;
          // A tasklet reads before it writes; a library node may write first.
          if (&read->target() == &begin && as<LibraryNode>(&begin) && !legal("RedundantCopy.not_in_place", false))
            return Declined{other() + " is read by what makes " + name()};
          if (!legal("RedundantCopy.not_read_before", reaches(end_of(read->target()), begin)))
            return Declined{other() + " is still read while " + name() + " is made"};
        }
      }
    }
    return std::nullopt;
  }

  // The other container is read later: nothing may be written to it before.
  std::optional<Declined> match_readers() {
    for (AccessNode* access : others()) {
      if (reaches(*access, *plan_.other)) continue;
      for (Edge* write : access->in_edges()) {
        if (!carries(write)) continue;
        Node& begin = begin_of(write->source());
        for (Edge* read : plan_.moved) {
          if (&read->target() == &begin && own_elements(*read, *write)) continue;
          if (!legal("RedundantCopy.not_written_after", &begin != plan_.temporary && !reaches(begin, read->target())))
            return Declined{other() + " is written before " + name() + " is read"};
          plan_.orders.emplace_back(&end_of(read->target()), &begin);
        }
      }
    }
    return std::nullopt;
  }

  // Does each iteration of a map read of this container only the element that it writes, and read it first?
  bool own_elements(const Edge& read, const Edge& write) const {
    auto *entry = as<MapEntry>(&read.target()), *end = as<MapEntry>(&begin_of(write.source()));
    auto* exit = as<MapExit>(&write.source());
    if (!entry || entry != end || !exit || read.target_connector().rfind("IN_", 0) != 0) return false;
    auto real = [&](const Edge& edge) -> std::optional<MemletFields> {
      for (const auto& [memlet, fields] : plan_.memlets)
        if (memlet == &edge.memlet()) return fields;
      return edge.memlet().get();
    };
    const auto stores = edges_into(*exit, in_of_out(write.source_connector()));
    if (stores.size() != 1 || !as<Tasklet>(&stores[0]->source())) return false;
    const auto stored = real(*stores[0]);
    if (stored->wcr != Wcr::none || stored->data != other() || !stored->subset.is_element()) return false;
    std::set<std::string> used;
    symbolic::collect_symbols(stored->subset, used);
    for (const std::string& param : entry->scope().get().params)
      if (!used.count(param)) return false;
    for (const Edge* inner : edges_from(*entry, out_of_in(read.target_connector()))) {
      const auto loaded = real(*inner);
      if (loaded->data != other() || !legal("RedundantCopy.own_element", loaded->subset == stored->subset))
        return false;
      if (!legal("RedundantCopy.read_first", reaches(inner->target(), stores[0]->source()))) return false;
    }
    return true;
  }

  // What waited for the temporary, or it for that. What the copy waited for, a check for example, comes before the
  // writes that take its place. A copy from an access node is over with the node that it goes to, not with the first.
  void add_orders() {
    for (const AccessNode* node : {plan_.temporary, plan_.other})
      for (Edge* edge : node->in_edges()) {
        if (carries(edge) || (!into_ && node == plan_.other)) continue;
        for (Edge* moved : plan_.moved)
          plan_.orders.emplace_back(&edge->source(), into_ ? &begin_of(moved->source()) : &moved->target());
      }
    for (Edge* edge : plan_.temporary->out_edges()) {
      if (carries(edge)) continue;
      if (!into_) plan_.orders.emplace_back(plan_.other, &edge->target());
      for (Edge* moved : plan_.moved)
        if (into_)
          plan_.orders.emplace_back(as<AccessNode>(&moved->source()) ? plan_.other : &moved->source(), &edge->target());
    }
  }

  SDFG& graph_;
  CopySiteContext& context_;
  State& state_;
  const bool into_;
  CopyPlan& plan_;
  std::optional<Placement> placement_;
};

struct RedundantCopy {
  static constexpr std::string_view name = "RedundantCopy";
  static constexpr std::string_view help = "Removes a temporary that is only copied into or from another container.";
  struct Site {
    Ref<State> state;
    Ref<Edge> copy;
    bool into;
    std::shared_ptr<CopySiteContext> context;
  };
  using Plan = CopyPlan;

  static std::vector<Site> sites(SDFG& graph) {
    std::vector<Site> found;
    std::shared_ptr<CopySiteContext> context;
    auto transient = [&](Node& node) {
      const Container* container = graph.find(as<AccessNode>(&node)->get().data);
      return container && legal("RedundantCopy.transient", container->get().transient);
    };
    for (State* state : all_states(graph))
      for (const auto& edge : state->edges()) {
        if (!carries(edge.get()) || !as<AccessNode>(&edge->source()) || !as<AccessNode>(&edge->target())) continue;
        if (!context)
          context = std::make_shared<CopySiteContext>(CopySiteContext{analysis::container_uses(graph), Overlap(graph)});
        if (transient(edge->source())) found.push_back({Ref<State>(state), edge, true, context});
        if (transient(edge->target())) found.push_back({Ref<State>(state), edge, false, context});
      }
    return found;
  }
  static bool present(const Site& site) { return site.copy->owner() == site.state.get(); }
  static std::string describe(const Site& site) {
    auto label = [](Node& node) { return as<AccessNode>(&node)->get().data; };
    return "temporary " + label(site.into ? site.copy->source() : site.copy->target()) + " copied " +
           (site.into ? "into " + label(site.copy->target()) : "from " + label(site.copy->source())) + " in state " +
           site.state->label();
  }
  static base::Location location(const Site& site) { return site.copy->location(); }

  static rewrite::Match<Plan> match(SDFG& graph, const Site& site) {
    Plan plan;
    plan.context = site.context;
    plan.state = site.state.get();
    if (auto declined = CopyMatcher(graph, *site.context, *site.state, *site.copy, site.into, plan).run())
      return *declined;
    return plan;
  }

  static void apply(SDFG& graph, const Plan& plan) {
    State& state = *plan.state;
    const bool into = &plan.copy->target() == plan.other;
    for (const auto& [memlet, fields] : plan.memlets) memlet->assign(fields);
    for (Edge* edge : plan.moved) {
      Edge& made =
          into
              ? state.add_edge(edge->source(), edge->source_connector(), *plan.other, "", Ref<Memlet>(&edge->memlet()))
              : state.add_edge(*plan.other, "", edge->target(), edge->target_connector(), Ref<Memlet>(&edge->memlet()));
      base::Location location = edge->location();
      base::add_spans(location, plan.copy->location());
      made.set_location(std::move(location));
      state.remove_edge(*edge);
    }
    const std::string data = plan.temporary->get().data;
    state.remove_node(*plan.temporary);
    for (const auto& [from, to] : plan.orders)
      if (!reaches(*from, *to)) state.add_order(*from, *to);
    graph.remove_container(graph.container(data));
  }
};

}  // namespace

const rewrite::Transformation redundant_copy = rewrite::make_transformation<RedundantCopy>();

}  // namespace thalweg::transforms
