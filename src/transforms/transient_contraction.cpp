// Transient contraction: a dimension of a temporary that all accesses enter at the same place goes.
//
//   for i in range(N):                         for i in range(N):
//     t[i, 0:M] = f(A[i, 0:M])       ==>         t[0:M] = f(A[i, 0:M])
//     B[i] = g(t[i, 0:M])                        B[i] = g(t[0:M])
//
// Without dimensions it is a scalar. The place may change from one turn of a loop to the next, or from one iteration of
// a map to the next, as long as none sees what another one left: inside of a map that holds all accesses that is so by
// itself; in a loop each turn must write first what it reads.
#include "transforms/transient_contraction.h"

#include <algorithm>

#include "analysis/uses.h"
#include "ir/scopes.h"
#include "transforms/carries.h"
#include "transforms/control_facts.h"
#include "transforms/overlap.h"
#include "transforms/written_first.h"

namespace thalweg::transforms {

using namespace ir;
using rewrite::Declined;
using rewrite::legal;
using symbolic::Expr;

namespace {

struct ContractionContext {
  explicit ContractionContext(SDFG& graph) : facts(graph), overlap(graph), uses(analysis::container_uses(graph)) {}
  ControlFacts facts;
  Overlap overlap;
  analysis::ContainerUses uses;
};

struct ContractionSite {
  Ref<SDFG> graph;
  Ref<Container> container;
  std::shared_ptr<ContractionContext> context;
};

struct ContractionPlan {
  ContractionSite site;
  std::vector<Ref<Memlet>> memlets;  // of the container
  std::vector<bool> goes;            // which dimensions
};

bool takes_one_element(const Memlet& memlet) {
  return std::all_of(memlet->subset.ranges.begin(), memlet->subset.ranges.end(),
                     [](const symbolic::Range& range) { return range.is_index(); });
}

class ContractionQuestion {
 public:
  ContractionQuestion(SDFG& graph, const ContractionSite& site)
      : graph_(graph), site_(site), name_(site.container->get().name), rank_(site.container->rank()) {}

  rewrite::Match<ContractionPlan> ask() {
    if (!legal("TransientContraction.not_shared", !site_.context->overlap.shares(name_)))
      return Declined{"it may also be reached through a reference or view"};
    if (!legal("TransientContraction.only_in_states", site_.context->uses.only_in_states(name_)))
      return Declined{"it is used by a condition, an assignment or the result"};
    if (auto declined = collect()) return *declined;
    if (memlets_.empty()) return Declined{"it is not used"};
    std::optional<Declined> why;
    ContractionPlan plan{site_, memlets_, std::vector<bool>(rank_, false)};
    bool any = false;
    for (size_t d = 0; d < rank_; ++d) {
      auto declined = why_stays(d);
      plan.goes[d] = !declined;
      any = any || !declined;
      if (declined && !why) why = declined;
    }
    if (!any) return *why;
    return plan;
  }

 private:
  std::optional<Declined> collect() {
    for (State* state : all_states(graph_)) {
      bool here = false;
      for (const auto& edge : state->edges()) {
        if (!carries(edge.get())) continue;
        if (auto declined = ends(*edge)) return declined;
        if (edge->memlet()->data == name_) memlets_.emplace_back(&edge->memlet());
      }
      for (const auto& node : state->nodes())
        if (auto* access = as<AccessNode>(node.get()); access && access->get().data == name_) {
          nodes_.push_back(access);
          here = true;
        }
      if (here) states_.push_back(state);
    }
    return std::nullopt;
  }

  // What the container's edges join it with must not depend on its rank.
  std::optional<Declined> ends(const Edge& edge) const {
    const MemletFields& memlet = edge.memlet().get();
    for (Node* end : {&edge.source(), &edge.target()}) {
      auto* access = as<AccessNode>(end);
      if (access && access->get().data == name_ && memlet.data != name_) return Declined{"it is copied"};
    }
    if (memlet.data != name_) return std::nullopt;
    if (!legal("TransientContraction.in_bounds", !memlet.allow_oob)) return Declined{"an access may lie outside of it"};
    if (as<AccessNode>(&edge.source()) && as<AccessNode>(&edge.target()) && !memlet.other_subset)
      return Declined{"it is copied"};
    for (Node* end : {&edge.source(), &edge.target()}) {
      if (as<NestedSDFG>(end) || as<LibraryNode>(end)) return Declined{"it is handed to " + end->label() + " whole"};
      if (as<Tasklet>(end) && !takes_one_element(edge.memlet()))
        return Declined{end->label() + " takes several elements at once"};
    }
    return std::nullopt;
  }

  std::optional<Declined> why_stays(size_t d) const {
    const symbolic::Range& first = memlets_.front()->get().subset.ranges[d];
    const bool same = std::all_of(memlets_.begin(), memlets_.end(), [&](const Ref<Memlet>& memlet) {
      return memlet->get().subset.ranges[d].is_index() && memlet->get().subset.ranges[d].begin == first.begin;
    });
    if (!legal("TransientContraction.same_place", same && first.is_index()))
      return Declined{"no dimension is entered at the same place everywhere"};
    std::set<std::string> used;
    symbolic::collect_symbols(first.begin, used);
    const auto& known = graph_.get().symbols;
    if (in_one_scope()) return std::nullopt;
    for (const std::string& symbol : used)
      if (!legal("TransientContraction.one_scope", known.count(symbol) > 0))
        return Declined{symbol + " is a parameter of several maps"};
    std::erase_if(used, [&](const std::string& symbol) { return !site_.context->facts.assigned(symbol); });
    return used.empty() ? std::nullopt : why_changes(used);
  }

  // All access nodes in one scope: the container belongs to an iteration.
  bool in_one_scope() const {
    if (states_.size() != 1) return false;
    const Scopes scopes(*states_.front());
    std::vector<Node*> common = scopes.enclosing(*nodes_.front());
    for (const AccessNode* node : nodes_) {
      const std::vector<Node*> around = scopes.enclosing(*node);
      std::erase_if(common,
                    [&](Node* entry) { return std::find(around.begin(), around.end(), entry) == around.end(); });
    }
    return std::any_of(common.begin(), common.end(), [](const Node* entry) { return map_of(*entry) != nullptr; });
  }

  // The place is named by symbols that change: in each turn of some loop it stays, and each turn stands for itself.
  std::optional<Declined> why_changes(const std::set<std::string>& symbols) const {
    const LoopRegion* loop = nullptr;
    for (const Element* at = innermost_around(); at && at != &graph_; at = at->owner()) {
      auto* region = dynamic_cast<const ControlFlowRegion*>(at);
      if (!region) continue;
      const std::set<std::string> changing = assigned_inside(*region);
      const bool changes =
          std::any_of(symbols.begin(), symbols.end(), [&](const auto& one) { return changing.count(one) > 0; });
      if (!legal("TransientContraction.place_stays", !changes)) break;
      if (auto* found = dynamic_cast<const LoopRegion*>(region)) loop = found;
    }
    if (!loop) return Declined{"the place changes between its accesses"};
    if (!legal("TransientContraction.written_first", written_first(*loop, name_, site_.context->facts)))
      return Declined{"a turn of " + loop->label() + " may read what an earlier one wrote"};
    return std::nullopt;
  }
  // The innermost region that holds all states with accesses.
  const Element* innermost_around() const {
    auto holds_all = [&](const Element* element) {
      return std::all_of(states_.begin(), states_.end(), [&](const State* state) {
        for (const Element* at = state; at; at = at->owner())
          if (at == element) return true;
        return false;
      });
    };
    const Element* at = states_.front()->owner();
    while (at && !holds_all(at)) at = at->owner();
    return at;
  }

  SDFG& graph_;
  const ContractionSite& site_;
  const std::string name_;
  const size_t rank_;
  std::vector<Ref<Memlet>> memlets_;
  std::vector<const AccessNode*> nodes_;
  std::vector<State*> states_;
};

template <class T>
std::vector<T> those_that_stay(const std::vector<T>& list, const std::vector<bool>& goes) {
  std::vector<T> out;
  for (size_t d = 0; d < list.size(); ++d)
    if (!goes[d]) out.push_back(list[d]);
  return out;
}

struct TransientContraction {
  static constexpr std::string_view name = "TransientContraction";
  static constexpr std::string_view help = "Dimensions of temporaries that are entered at one place only go.";
  using Site = ContractionSite;
  using Plan = ContractionPlan;

  static std::vector<Site> sites(SDFG& graph) {
    std::vector<Site> found;
    std::shared_ptr<ContractionContext> context;
    for (const auto& container : graph.containers()) {
      if (!container->get().transient || container->get().kind != ContainerKind::array) continue;
      if (!context) context = std::make_shared<ContractionContext>(graph);
      found.push_back({Ref<SDFG>(&graph), container, context});
    }
    return found;
  }
  static bool present(const Site& site) { return site.container->owner() == site.graph.get(); }
  static std::string describe(const Site& site) { return "temporary " + site.container->get().name; }
  static base::Location location(const Site& site) { return site.container->location(); }

  static rewrite::Match<Plan> match(SDFG& graph, const Site& site) { return ContractionQuestion(graph, site).ask(); }

  static void apply(SDFG&, const Plan& plan) {
    for (const auto& memlet : plan.memlets) {
      MemletFields fields = memlet->get();
      fields.subset.ranges = those_that_stay(fields.subset.ranges, plan.goes);
      memlet->assign(std::move(fields));
    }
    ContainerFields fields = plan.site.container->get();
    fields.shape = those_that_stay(fields.shape, plan.goes);
    fields.strides = contiguous_strides(fields.shape);
    fields.offset = 0;
    if (fields.shape.empty()) fields.kind = ContainerKind::scalar;
    plan.site.container->assign(std::move(fields));
  }
};

}  // namespace

const rewrite::Transformation transient_contraction = rewrite::make_transformation<TransientContraction>();

}  // namespace thalweg::transforms
