// Redundant view removal: what goes through a view goes to the container behind it.
//
//   A -> v.views; v -> [i: B[i] = f(v[i])]      ==>      A -> [i: B[i] = f(A[2, i])]      with v over A[2, 0:N]
//
// A view may go where its elements are those of a subset, dimension by dimension (extents of 1 may come or go), or where
// both are contiguous and only single elements are moved: v[k] over all of A[N, M] is A[k // M, k % M].
// Declines when: types or kinds of memory differ; the elements are laid out in another way; code sees the view as an array
// of other dimensions; it is read and written at one node; another view or a nested graph stands behind it.
#include "transforms/redundant_view.h"

#include <algorithm>

#include "analysis/uses.h"
#include "ir/scopes.h"
#include "transforms/carries.h"
#include "transforms/placement.h"
#include "transforms/reach.h"

namespace thalweg::transforms {

using namespace ir;
using rewrite::Declined;
using rewrite::legal;
using symbolic::Expr;
using symbolic::Subset;

namespace {

struct ViewPlan {
  State* state = nullptr;
  AccessNode *view = nullptr, *base = nullptr;
  Edge* pointer = nullptr;  // the edge at `views`
  bool reading = true;
  std::vector<std::pair<Memlet*, MemletFields>> memlets;  // as they are afterwards
};

// Where the elements of a view lie in the container behind it.
class Behind {
 public:
  static std::optional<Behind> of(const ContainerFields& view, const ContainerFields& base, Subset subset) {
    Behind out;
    out.shape_ = view.shape;
    out.extents_ = base.shape;
    out.placement_ = Placement::of(view.shape, base.name, subset);
    if (out.placement_ && same_strides(view, base, *out.placement_)) return out;
    out.placement_.reset();
    const bool flat = subset == Subset::whole(base.shape) && is_contiguous(view) && is_contiguous(base);
    if (!flat || total_elements(view.shape) != total_elements(base.shape)) return std::nullopt;
    return out;
  }

  // May code see the same dimensions as before?
  bool aligned() const { return placement_ && placement_->aligned(); }

  // The same elements in the container behind; nothing when that is no subset.
  std::optional<Subset> at(const Subset& subset) const {
    if (placement_) return placement_->at(subset);
    if (!subset.is_element()) return std::nullopt;
    Expr position = 0;
    for (size_t d = 0; d < shape_.size(); ++d) position = position * shape_[d] + subset.ranges[d].begin;
    std::vector<Expr> indices(extents_.size());
    for (size_t d = extents_.size(); d-- > 0;) {
      indices[d] = d == 0 ? position : symbolic::mod(position, extents_[d]);
      position = symbolic::floor_div(position, extents_[d]);
    }
    return Subset::indices(indices);
  }

 private:
  static bool same_strides(const ContainerFields& view, const ContainerFields& base, const Placement& placement) {
    for (size_t d = 0; d < placement.dimensions().size(); ++d) {
      const int k = placement.dimensions()[d];
      if (k < 0) continue;
      const auto at = static_cast<size_t>(k);
      if (!view.shape[at].is(1) && view.strides[at] != base.strides[d] * placement.base().ranges[d].step) return false;
    }
    return true;
  }

  std::vector<Expr> shape_, extents_;
  std::optional<Placement> placement_;
};

class ViewMatcher {
 public:
  ViewMatcher(SDFG& graph, ViewPlan& plan) : graph_(graph), plan_(plan) {}

  std::optional<Declined> run() {
    const Container *view = graph_.find(name()), *base = graph_.find(plan_.base->get().data);
    if (!base || (base->get().kind != ContainerKind::array && base->get().kind != ContainerKind::scalar))
      return Declined{"what is behind " + name() + " is no array"};
    if (!legal("RedundantView.dtype", view->get().dtype == base->get().dtype))
      return Declined{name() + " sees " + base->get().dtype.name() + " as " + view->get().dtype.name()};
    if (!legal("RedundantView.storage",
               view->get().storage == base->get().storage || view->get().storage == storages::default_))
      return Declined{name() + " is kept in " + view->get().storage.name() + " memory"};
    const MemletFields& memlet = plan_.pointer->memlet().get();
    if (memlet.data != base->get().name) return Declined{"the memlet names " + name() + ", not what is behind it"};
    behind_ = Behind::of(view->get(), base->get(), memlet.subset);
    if (!legal("RedundantView.layout", behind_ && view->get().offset.is(0)))
      return Declined{"elements of " + name() + " are no subset of " + base->get().name};
    const std::vector<Edge*> other_side = across();
    if (std::any_of(other_side.begin(), other_side.end(), carries))
      return Declined{name() + " is read and written at one node"};
    for (Edge* edge : along())
      if (carries(edge))
        if (auto declined = match_tree(*edge)) return declined;
    if (plan_.memlets.empty()) return Declined{"nothing goes through " + name()};
    std::vector<std::pair<Node*, Node*>>
        orders;  // what waits for the view's node or it for that, on the pointer's side
    for (Edge* edge : across())
      orders.emplace_back(plan_.reading ? &edge->source() : plan_.base, plan_.reading ? plan_.base : &edge->target());
    if (!legal("RedundantView.acyclic", !closes_cycle(orders)))
      return Declined{plan_.base->get().data + " is changed between its node and that of " + name()};
    return std::nullopt;
  }

 private:
  const std::string& name() const { return plan_.view->get().data; }
  // The edges that move data through the view, and those on the side of the pointer.
  std::vector<Edge*> along() const { return plan_.reading ? plan_.view->out_edges() : plan_.view->in_edges(); }
  std::vector<Edge*> across() const {
    std::vector<Edge*> edges = plan_.reading ? plan_.view->in_edges() : plan_.view->out_edges();
    std::erase(edges, plan_.pointer);
    return edges;
  }

  // The memlets from the view inwards through scopes.
  std::optional<Declined> match_tree(Edge& first) {
    std::vector<Edge*> work{&first};
    for (size_t at = 0; at < work.size(); ++at) {
      Edge& edge = *work[at];
      Node& end = plan_.reading ? edge.target() : edge.source();
      if (auto declined = match_memlet(edge, end)) return declined;
      if (!is_entry(end) && !is_exit(end)) continue;
      const std::string& connector = plan_.reading ? edge.target_connector() : edge.source_connector();
      const auto more = plan_.reading ? edges_from(end, out_of_in(connector)) : edges_into(end, in_of_out(connector));
      work.insert(work.end(), more.begin(), more.end());
    }
    return std::nullopt;
  }

  std::optional<Declined> match_memlet(const Edge& edge, Node& end) {
    MemletFields fields = edge.memlet().get();
    if (as<NestedSDFG>(&end)) return Declined{"a nested graph uses " + name()};
    if (auto* partner = as<AccessNode>(&end)) return match_copy(edge, *partner, std::move(fields));
    if (fields.data != name()) return Declined{"a memlet through " + name() + " names another container"};
    const bool border = is_entry(end) || is_exit(end);
    const bool element = as<Tasklet>(&end) && fields.subset.is_element();
    if (!border && !element && !legal("RedundantView.dimensions", behind_->aligned()))
      return Declined{"code sees the dimensions of " + name()};
    if (auto moved = behind_->at(fields.subset)) {
      fields.subset = std::move(*moved);
    } else {
      if (!border) return Declined{"several elements of " + name() + " are no subset of what is behind it"};
      fields.subset = plan_.pointer->memlet()->subset;  // all that may be touched
    }
    fields.data = plan_.base->get().data;
    plan_.memlets.emplace_back(&edge.memlet(), std::move(fields));
    return std::nullopt;
  }

  std::optional<Declined> match_copy(const Edge& edge, const AccessNode& partner, MemletFields fields) {
    if (!edge.source_connector().empty() || !edge.target_connector().empty())
      return Declined{"a pointer is set to " + name()};
    if (&edge.source() != plan_.view && &edge.target() != plan_.view) return Declined{name() + " is copied in a scope"};
    if (partner.get().data == plan_.base->get().data) return Declined{name() + " is copied within what is behind it"};
    const CopySubsets subsets = copy_subsets(graph_, edge);
    auto moved = behind_->at(plan_.reading ? subsets.source : subsets.target);
    if (!moved) return Declined{"several elements of " + name() + " are no subset of what is behind it"};
    fields.data = plan_.base->get().data;
    fields.subset = std::move(*moved);
    fields.other_subset = plan_.reading ? subsets.target : subsets.source;
    plan_.memlets.emplace_back(&edge.memlet(), std::move(fields));
    return std::nullopt;
  }

  SDFG& graph_;
  ViewPlan& plan_;
  std::optional<Behind> behind_;
};

struct RedundantView {
  static constexpr std::string_view name = "RedundantView";
  static constexpr std::string_view help = "Lets what goes through a view go to the container behind it.";
  struct Site {
    Ref<State> state;
    Ref<AccessNode> view;
  };
  using Plan = ViewPlan;

  static std::vector<Site> sites(SDFG& graph) {
    std::vector<Site> found;
    for (State* state : all_states(graph))
      for (const auto& node : state->nodes()) {
        auto* access = as<AccessNode>(node.get());
        const Container* container = access ? graph.find(access->get().data) : nullptr;
        if (container && container->get().kind == ContainerKind::view)
          found.push_back({Ref<State>(state), Ref<AccessNode>(access)});
      }
    return found;
  }
  static bool present(const Site& site) { return site.view->owner() == site.state.get() && site.state->owner(); }
  static std::string describe(const Site& site) {
    return "view " + site.view->get().data + " in state " + site.state->label();
  }
  static base::Location location(const Site& site) { return site.view->location(); }

  static rewrite::Match<Plan> match(SDFG& graph, const Site& site) {
    Plan plan;
    plan.state = site.state.get();
    plan.view = site.view.get();
    plan.pointer = site.view->in_edge("views");
    plan.reading = plan.pointer != nullptr;
    if (!plan.reading) plan.pointer = site.view->out_edge("views");
    if (!plan.pointer) return Declined{"nothing says what is behind it"};
    plan.base = as<AccessNode>(plan.reading ? &plan.pointer->source() : &plan.pointer->target());
    if (!plan.base) return Declined{"what is behind it lies outside of the scope"};
    if (auto declined = ViewMatcher(graph, plan).run()) return *declined;
    return plan;
  }

  static void apply(SDFG& graph, const Plan& plan) {
    State& state = *plan.state;
    const Ref<Node> held(plan.view);
    const std::string data = plan.view->get().data;
    for (const auto& [memlet, fields] : plan.memlets) memlet->assign(fields);
    const std::vector<Edge*> in = plan.view->in_edges(), out = plan.view->out_edges();
    for (Edge* edge : in)
      if (edge != plan.pointer) move(state, *edge, edge->source(), *plan.base);
    for (Edge* edge : out)
      if (edge != plan.pointer) move(state, *edge, *plan.base, edge->target());
    base::Location location = plan.base->location();
    base::add_spans(location, plan.view->location());
    plan.base->set_location(std::move(location));
    state.remove_node(*plan.view);
    const analysis::ContainerUses uses = analysis::container_uses(graph);
    if (uses.count(data) == 0 && uses.only_in_states(data)) graph.remove_container(graph.container(data));
  }

 private:
  static void move(State& state, Edge& edge, Node& source, Node& target) {
    if (carries(&edge))
      state.add_edge(source, edge.source_connector(), target, edge.target_connector(), Ref<Memlet>(&edge.memlet()))
          .set_location(edge.location());
    else if (!reaches(source, target))
      state.add_order(source, target);
  }
};

}  // namespace

const rewrite::Transformation redundant_view = rewrite::make_transformation<RedundantView>();

}  // namespace thalweg::transforms
