// Transient reuse: a temporary array takes the memory of an equal one that is over before it begins.
//
//   A -> [f] -> t -> [g] -> B -> [h] -> u -> [k] -> C      ==>      A -> [f] -> t -> [g] -> B -> [h] -> t -> [k] -> C
//
// Over: in every state that touches both, whatever touches the first lies on a path before whatever writes the second;
// no state that touches the second comes before one that touches the first. Where a state may run again, what it reads
// of the two it has written itself, whole and before.
// Declines when: shapes, types, layouts or kinds of memory differ; one of them is seen through a pointer, by a condition,
// or inside of a scope; their lives may overlap.
#include "transforms/transient_reuse.h"

#include <algorithm>

#include "analysis/effects.h"
#include "analysis/symbols.h"
#include "analysis/uses.h"
#include "ir/scopes.h"
#include "transforms/carries.h"
#include "transforms/liveness.h"
#include "transforms/overlap.h"
#include "transforms/reach.h"

namespace thalweg::transforms {

using namespace ir;
using rewrite::Declined;
using rewrite::legal;

namespace {

using Nodes = std::vector<AccessNode*>;

// Looked up once for all sites, until something changes.
struct Context {
  uint64_t version;
  analysis::ContainerUses uses;
  Overlap overlap;
  std::map<const State*, std::set<std::string>> used_after;
  std::map<std::string, std::vector<std::pair<State*, Nodes>>> where;  // access nodes by container and state
  std::map<const State*, Scopes> scopes;
};

std::shared_ptr<Context> look(SDFG& graph) {
  auto context = std::make_shared<Context>(
      Context{graph.log()->version(), analysis::container_uses(graph), Overlap(graph), used_after(graph), {}, {}});
  for (State* state : all_states(graph)) {
    context->scopes.try_emplace(state, *state);
    for (const auto& node : state->nodes())
      if (auto* access = as<AccessNode>(node.get())) {
        auto& states = context->where[access->get().data];
        if (states.empty() || states.back().first != state) states.push_back({state, {}});
        states.back().second.push_back(access);
      }
  }
  return context;
}

struct TransientReuse {
  static constexpr std::string_view name = "TransientReuse";
  static constexpr std::string_view help =
      "Gives a temporary the memory of an equal one that is over before it begins.";
  struct Site {
    Ref<Container> kept, dropped;
    std::shared_ptr<std::shared_ptr<Context>> context;
  };
  struct Plan {
    std::string kept, dropped;
  };

  static std::vector<Site> sites(SDFG& graph) {
    std::vector<Site> found;
    std::vector<Ref<Container>> temporaries;
    const auto context = std::make_shared<std::shared_ptr<Context>>();
    for (const auto& container : graph.containers())
      if (container->get().transient && container->get().kind == ContainerKind::array) temporaries.push_back(container);
    for (const auto& kept : temporaries)
      for (const auto& dropped : temporaries)
        if (kept != dropped && kept->get().shape == dropped->get().shape) found.push_back({kept, dropped, context});
    return found;
  }
  static bool present(const Site& site) { return site.kept->owner() && site.dropped->owner(); }
  static std::string describe(const Site& site) {
    return "temporary " + site.dropped->get().name + " in the memory of " + site.kept->get().name;
  }
  static base::Location location(const Site& site) { return site.dropped->location(); }

  static rewrite::Match<Plan> match(SDFG& graph, const Site& site) {
    const ContainerFields &kept = site.kept->get(), &dropped = site.dropped->get();
    if (!legal("TransientReuse.dtype", kept.dtype == dropped.dtype))
      return Declined{"one holds " + kept.dtype.name() + ", the other " + dropped.dtype.name()};
    if (!legal("TransientReuse.layout", kept.strides == dropped.strides && kept.offset == dropped.offset))
      return Declined{"their layouts differ"};
    if (!legal("TransientReuse.storage", kept.storage == dropped.storage && kept.lifetime == dropped.lifetime))
      return Declined{"they are kept in different memory or for different times"};
    auto& context = *site.context;
    if (!context || context->version != graph.log()->version()) context = look(graph);
    for (const ContainerFields* one : {&kept, &dropped}) {
      if (!legal("TransientReuse.not_shared", !context->overlap.shares(one->name)))
        return Declined{one->name + " may also be reached through a reference or view"};
      if (!legal("TransientReuse.only_in_states", context->uses.only_in_states(one->name)))
        return Declined{one->name + " is used by a condition, an assignment or the result"};
      if (!context->where.count(one->name)) return Declined{one->name + " is not used"};
      if (in_scope(*context, one->name)) return Declined{one->name + " is private to the iterations of a map"};
    }
    if (auto declined = match_lives(*context, kept.name, dropped.name)) return *declined;
    return Plan{kept.name, dropped.name};
  }

  static void apply(SDFG& graph, const Plan& plan) {
    for (State* state : all_states(graph)) {
      for (const auto& node : state->nodes())
        if (auto* access = as<AccessNode>(node.get()); access && access->get().data == plan.dropped)
          access->set<&AccessNodeFields::data>(plan.kept);
      for (const auto& edge : state->edges())
        if (edge->memlet()->data == plan.dropped) edge->memlet().set<&MemletFields::data>(plan.kept);
    }
    graph.remove_container(graph.container(plan.dropped));
  }

 private:
  static bool in_scope(const Context& context, const std::string& data) {
    for (const auto& [state, nodes] : context.where.at(data))
      for (const AccessNode* node : nodes)
        if (context.scopes.at(state).parent(*node)) return true;
    return false;
  }

  static std::optional<Declined> match_lives(const Context& context, const std::string& kept,
                                             const std::string& dropped) {
    const auto &first = context.where.at(kept), &second = context.where.at(dropped);
    for (const auto& [state, nodes] : second) {
      const bool alone = first.size() == 1 && second.size() == 1 && first[0].first == state;
      if (alone && may_repeat(*state)) {
        if (auto declined = match_turns(*state, first[0].second, nodes)) return declined;
      } else if (!legal("TransientReuse.not_used_later", !used_later(context, *state, kept))) {
        return Declined{kept + " is still used after " + dropped};
      }
      for (const auto& [other, earlier] : first)
        if (other == state && !legal("TransientReuse.over", over(context.scopes.at(state), earlier, nodes)))
          return Declined{kept + " is not over before " + dropped + " begins"};
    }
    return std::nullopt;
  }

  // Is the container used by a state that comes after this one?
  static bool used_later(const Context& context, const State& state, const std::string& data) {
    auto found = context.used_after.find(&state);
    return found == context.used_after.end() || found->second.count(data) > 0;
  }

  // Everything that touches the first container lies before everything that writes the second.
  static bool over(const Scopes& scopes, const Nodes& first, const Nodes& second) {
    std::vector<Node*> ends, begins;
    for (AccessNode* node : first) {
      ends.push_back(node);
      for (Edge* edge : node->out_edges())
        if (carries(edge)) ends.push_back(is_entry(edge->target()) ? scopes.exit(edge->target()) : &edge->target());
    }
    for (AccessNode* node : second) {
      if (std::none_of(node->in_edges().begin(), node->in_edges().end(), carries)) begins.push_back(node);
      for (Edge* edge : node->in_edges())
        if (carries(edge)) begins.push_back(is_exit(edge->source()) ? scopes.entry(edge->source()) : &edge->source());
    }
    // A copy from a node begins when the copies to it are over; a tasklet may write before it has read all.
    return std::all_of(begins.begin(), begins.end(), [&](const Node* begin) {
      return std::all_of(ends.begin(), ends.end(), [&](Node* end) {
        return end == begin ? as<AccessNode>(end) != nullptr : reaches(*end, *begin);
      });
    });
  }

  // A state that runs again must not read what an earlier turn left in the two.
  static std::optional<Declined> match_turns(State& state, const Nodes& first, const Nodes& second) {
    for (const Nodes* nodes : {&first, &second})
      if (!legal("TransientReuse.written_first", writes_first(state, *nodes)))
        return Declined{(*nodes)[0]->get().data + " may hold elements of an earlier turn of the loop"};
    return std::nullopt;
  }

  // Does one node get all elements, before any other node of the container?
  static bool writes_first(State& state, const Nodes& nodes) {
    const SDFG& graph = *state.sdfg();
    const std::string& data = nodes[0]->get().data;
    const symbolic::Subset whole = symbolic::Subset::whole(graph.container(data).get().shape);
    const symbolic::Facts facts = analysis::facts_in(state, Scopes(state), nullptr);
    auto writes_all = [&](const Edge* edge) {
      if (!carries(edge) || edge->memlet()->wcr != Wcr::none) return false;
      if (as<AccessNode>(&edge->source())) return copy_subsets(graph, *edge).target == whole;
      const analysis::Effects effects = analysis::effects_of(edge->source());
      return std::any_of(effects.writes.begin(), effects.writes.end(), [&](const analysis::Access& write) {
        return write.container == data && write.wcr == Wcr::none && write.certain && write.subset &&
               symbolic::covers(*write.subset, whole, facts) == symbolic::Truth::yes;
      });
    };
    auto behind = [&](const AccessNode* node, const AccessNode* first_one) {
      return !node->in_edges().empty() &&
             std::all_of(node->in_edges().begin(), node->in_edges().end(),
                         [&](const Edge* edge) { return reaches(*first_one, edge->source()); });
    };
    return std::any_of(nodes.begin(), nodes.end(), [&](const AccessNode* node) {
      return node->in_edges().size() == 1 && writes_all(node->in_edges()[0]) &&
             std::all_of(nodes.begin(), nodes.end(),
                         [&](const AccessNode* other) { return other == node || behind(other, node); });
    });
  }
};

}  // namespace

const rewrite::Transformation transient_reuse = rewrite::make_transformation<TransientReuse>();

}  // namespace thalweg::transforms
