// Loop-invariant code motion: what gives the same in every turn of a loop is done once, before the loop.
//
//   for t in range(T):                       s = f(A)
//     s = f(A)                      ==>      for t in range(T):
//     B = g(B, s)                              B = g(B, s)
//
// A tasklet or a map at the top of a state moves when nothing in the loop changes what it reads and nothing else writes
// what it makes. A loop that runs for no turn must not notice: then all accesses are in bounds, nothing may raise, and the
// result is read in the loop only. Effects never move.
#include "transforms/loop_invariant.h"

#include <algorithm>

#include "analysis/effects.h"
#include "analysis/symbols.h"
#include "analysis/uses.h"
#include "ir/scopes.h"
#include "transforms/carries.h"
#include "transforms/control_code.h"
#include "transforms/control_edit.h"
#include "transforms/jumps.h"
#include "transforms/loop_sites.h"
#include "transforms/overlap.h"
#include "transforms/reach.h"

namespace thalweg::transforms {

using namespace ir;
using rewrite::Declined;
using rewrite::legal;
using Names = std::set<std::string>;

namespace {

struct InvariantContext {
  explicit InvariantContext(SDFG& graph) : facts(graph), overlap(graph), uses(analysis::container_uses(graph)) {}
  ControlFacts facts;
  Overlap overlap;
  analysis::ContainerUses uses;

  const analysis::Effects& effects(const LoopRegion& loop) {
    auto [at, fresh] = effects_.try_emplace(&loop);
    if (fresh) at->second = analysis::effects_of(static_cast<const ControlFlowBlock&>(loop));
    return at->second;
  }
  // Something has moved out of a loop.
  void refresh(SDFG& graph) {
    uses = analysis::container_uses(graph);
    effects_.clear();
  }

 private:
  std::map<const LoopRegion*, analysis::Effects> effects_;
};

struct InvariantSite {
  Ref<LoopRegion> loop;
  Ref<State> state;
  Ref<Node> node;  // a tasklet or a map's entry, at the top of the state
  std::shared_ptr<InvariantContext> context;
};

// A tasklet, or a map with all in it, and the edges between it and the rest of its state.
struct Unit {
  std::vector<Ref<Node>> nodes;
  std::vector<Ref<Edge>> in, out, inside;
};

Unit unit_of(Node& node) {
  Unit unit;
  unit.nodes.emplace_back(&node);
  if (is_entry(node)) {
    Node* exit = nullptr;
    for (Node* inner : nodes_in_scope(node, &exit)) unit.nodes.emplace_back(inner);
    unit.nodes.emplace_back(exit);
  }
  auto own = [&](const Node& other) {
    return std::any_of(unit.nodes.begin(), unit.nodes.end(), [&](const auto& one) { return one.get() == &other; });
  };
  for (const auto& one : unit.nodes) {
    for (Edge* edge : one->in_edges())
      if (!own(edge->source())) unit.in.emplace_back(edge);
    for (Edge* edge : one->out_edges()) (own(edge->target()) ? unit.inside : unit.out).emplace_back(edge);
  }
  return unit;
}

bool picks_elements(const code::Expr& expr) {
  return expr.op == code::Op::element ||
         std::any_of(expr.args.begin(), expr.args.end(), [](const auto& arg) { return picks_elements(*arg); });
}
bool picks_elements(const Tasklet& tasklet) {
  for (const code::Statement& statement : tasklet.get().code) {
    if (auto* store = std::get_if<code::Store>(&statement)) {
      if (!store->indices.empty() || picks_elements(*store->value)) return true;
    }
  }
  return false;
}

// All that has to hold, asked in turn.
class InvariantQuestion {
 public:
  InvariantQuestion(SDFG& graph, const InvariantSite& site, const Unit& unit)
      : graph_(graph), site_(site), unit_(unit), context_(*site.context), loop_(context_.effects(*site.loop)) {}

  std::optional<Declined> why_not() {
    if (auto declined = why_not_contents()) return declined;
    if (auto declined = why_not_inputs()) return declined;
    for (const auto& edge : unit_.out)
      if (carries(edge.get()))
        if (auto declined = why_not_output(*edge)) return declined;
    return certain() ? std::nullopt : why_out_of_bounds();
  }

 private:
  // Does the unit run at least once whenever the loop is reached? Asked late: it is the only costly question.
  bool certain() {
    if (!certain_) certain_ = certain_to_run();
    return *certain_;
  }
  bool certain_to_run() const {
    const symbolic::Facts facts = context_.facts.at(*site_.loop);
    const auto range = counted(*site_.loop, facts);
    if (!range || !facts.proves(symbolic::gt(range->trips(), 0))) return false;
    const auto chain = site_.loop->chain();
    for (ControlFlowBlock* before : *chain) {
      if (before == site_.state.get()) return true;
      if (!as<State>(before)) return false;
    }
    return false;
  }

  // Is there anything that happens before the unit in a turn and must stay before what it may raise?
  bool effects_before() const {
    const auto chain = site_.loop->chain();
    for (ControlFlowBlock* before : *chain) {
      if (analysis::effects_of(*before).side_effects) return true;
      if (before == site_.state.get()) return false;
    }
    return true;
  }

  std::optional<Declined> why_not_contents() {
    bool raises = false;
    for (const auto& node : unit_.nodes) {
      const bool plain = as<Tasklet>(node.get()) || as<AccessNode>(node.get()) || map_of(*node);
      if (!plain) return Declined{"it holds " + node->label()};
      const analysis::Effects own = analysis::effects_of(*node);
      if (!legal("LoopInvariant.no_effects", !own.side_effects)) return Declined{node->label() + " has side effects"};
      raises = raises || own.may_raise;
      const Names used = analysis::used_symbols(*node);
      symbols_.insert(used.begin(), used.end());
      auto* access = as<AccessNode>(node.get());
      if (!access) continue;
      const Container* container = graph_.find(access->get().data);
      const bool own_memory = container->get().transient && !context_.overlap.shares(access->get().data) &&
                              context_.uses.only_in_states(access->get().data) &&
                              context_.uses.count(access->get().data) == count_inside(access->get().data);
      if (!legal("LoopInvariant.own_memory", own_memory))
        return Declined{access->get().data + " is also used elsewhere"};
    }
    if (!legal("LoopInvariant.no_checks", !raises || (certain() && !effects_before())))
      return Declined{"it may raise an exception, and the loop may run for no turn or have effects before"};
    for (const auto* list : {&unit_.in, &unit_.out, &unit_.inside})
      for (const auto& edge : *list) {
        const Names used = analysis::used_symbols(edge->memlet().get());
        symbols_.insert(used.begin(), used.end());
      }
    for (const std::string& symbol : loop_.symbols_assigned)
      if (symbols_.count(symbol) && !legal("LoopInvariant.symbols_stay", false))
        return Declined{"it uses " + symbol + ", which changes in the loop"};
    return std::nullopt;
  }
  int count_inside(const std::string& name) const {
    int count = 0;
    for (const auto& node : unit_.nodes)
      if (auto* access = as<AccessNode>(node.get()); access && access->get().data == name) ++count;
    return count;
  }

  std::optional<Declined> why_not_inputs() {
    for (const auto& edge : unit_.in) {
      if (!carries(edge.get())) continue;
      auto* from = as<AccessNode>(&edge->source());
      if (!from) return Declined{"it reads something that is no container"};
      for (const analysis::Access& write : loop_.writes)
        if (context_.overlap(write.container, from->get().data) && !legal("LoopInvariant.inputs_stay", false))
          return Declined{from->get().data + " changes in the loop"};
      if (!legal("LoopInvariant.pointers_stay", !loop_.pointers_set.count(from->get().data)))
        return Declined{from->get().data + " is set in the loop"};
      if (!from->in_connectors().empty() || !from->out_connectors().empty())
        return Declined{from->get().data + " is a view of something"};
    }
    return std::nullopt;
  }

  std::optional<Declined> why_not_output(const Edge& edge) {
    auto* to = as<AccessNode>(&edge.target());
    if (!to) return Declined{"it writes something that is no container"};
    const std::string& data = to->get().data;
    const ContainerFields& fields = graph_.container(data).get();
    const bool plain = fields.kind == ContainerKind::array || fields.kind == ContainerKind::scalar;
    if (!legal("LoopInvariant.transient", fields.transient && plain)) return Declined{data + " is no temporary"};
    if (!legal("LoopInvariant.not_shared", !context_.overlap.shares(data)))
      return Declined{data + " may also be reached through a reference or view"};
    if (!legal("LoopInvariant.no_combining", edge.memlet()->wcr == Wcr::none))
      return Declined{data + " is combined with what is there"};
    if (!legal("LoopInvariant.only_in_states", context_.uses.only_in_states(data)))
      return Declined{data + " is used by a condition, an assignment or the result"};
    Names extents;
    for (const auto& extent : fields.shape) symbolic::collect_symbols(extent, extents);
    for (const std::string& symbol : loop_.symbols_assigned)
      if (!legal("LoopInvariant.extents_stay", !extents.count(symbol)))
        return Declined{data + " is born anew when " + symbol + " changes"};
    return why_not_readers(*to);
  }

  // Other writes of the container, and reads that would see another value.
  std::optional<Declined> why_not_readers(const AccessNode& made) {
    const std::string& data = made.get().data;
    for (State* state : all_states(graph_))
      for (const auto& node : state->nodes()) {
        auto* other = as<AccessNode>(node.get());
        if (!other || other->get().data != data) continue;
        const auto writes = std::count_if(other->in_edges().begin(), other->in_edges().end(), carries);
        if (!legal("LoopInvariant.only_write", other == &made ? writes == 1 : writes == 0))
          return Declined{data + " is written elsewhere, too"};
        if (other == &made || std::none_of(other->out_edges().begin(), other->out_edges().end(), carries)) continue;
        const bool in_loop = lies_in(*state);
        if (!legal("LoopInvariant.read_inside", in_loop || certain()))
          return Declined{data + " is read outside of the loop, which may run for no turn"};
        if (in_loop && !legal("LoopInvariant.written_first", comes_behind(*state)))
          return Declined{data + " is read in the loop before it is written"};
      }
    return std::nullopt;
  }
  bool lies_in(const State& state) const {
    for (const Element* at = &state; at; at = at->owner())
      if (at == site_.loop.get()) return true;
    return false;
  }
  // Does the state run behind the unit's state in each turn?
  bool comes_behind(const State& state) const {
    bool behind = false;
    const auto chain = site_.loop->chain();
    for (ControlFlowBlock* block : *chain) {
      for (const Element* at = &state; at && behind; at = at->owner())
        if (at == block) return true;
      behind = behind || block == site_.state.get();
    }
    return false;
  }

  std::optional<Declined> why_out_of_bounds() {
    const symbolic::Facts facts = facts_inside();
    for (const auto* list : {&unit_.in, &unit_.inside, &unit_.out})
      for (const auto& edge : *list) {
        // Between an entry and a tasklet it is part of what the edge outside says.
        if (!carries(edge.get()) || (!as<AccessNode>(&edge->source()) && !as<AccessNode>(&edge->target()))) continue;
        const MemletFields& memlet = edge->memlet().get();
        const symbolic::Subset whole = symbolic::Subset::whole(graph_.container(memlet.data).get().shape);
        if (!legal("LoopInvariant.in_bounds", symbolic::covers(whole, memlet.subset, facts) == symbolic::Truth::yes))
          return Declined{"the elements of " + memlet.data + " may not exist where the loop runs for no turn"};
      }
    for (const auto& node : unit_.nodes)
      if (auto* tasklet = as<Tasklet>(node.get());
          tasklet && !legal("LoopInvariant.no_picks", !picks_elements(*tasklet)))
        return Declined{tasklet->label() + " picks elements by values"};
    return std::nullopt;
  }
  // What holds around the loop, and for the parameters of the unit's maps.
  symbolic::Facts facts_inside() const {
    symbolic::Facts facts = context_.facts.at(*site_.loop);
    for (const auto& node : unit_.nodes) {
      const MapFields* map = is_entry(*node) ? map_of(*node) : nullptr;
      for (size_t d = 0; map && d < map->params.size(); ++d) {
        const symbolic::Range& range = map->range.ranges[d];
        const auto step = range.step.as_integer();
        if (!step || *step < 0) continue;
        const symbolic::Expr parameter = symbolic::Expr::symbol(map->params[d]);
        facts.assume(symbolic::ge(parameter, range.begin));
        facts.assume(symbolic::lt(parameter, range.end()));
      }
    }
    return facts;
  }

  SDFG& graph_;
  const InvariantSite& site_;
  const Unit& unit_;
  InvariantContext& context_;
  const analysis::Effects& loop_;
  Names symbols_;
  std::optional<bool> certain_;
};

// Moves the unit into another state; access nodes at its ends are made anew there.
class Mover {
 public:
  Mover(State& from, State& to, const Unit& unit) : from_(from), to_(to), unit_(unit) {}

  void run() {
    for (const auto& edge : unit_.in) before_.emplace_back(&edge->source());
    for (const auto& edge : unit_.out) behind_.emplace_back(&edge->target());
    struct Saved {
      Ref<Node> source, target;
      std::string out, in;
      Ref<Memlet> memlet;
      base::Location location;
    };
    std::vector<Saved> saved;
    auto save = [&](const Ref<Edge>& edge, Ref<Node> source, Ref<Node> target) {
      saved.push_back({std::move(source), std::move(target), edge->source_connector(), edge->target_connector(),
                       Ref<Memlet>(&edge->memlet()), edge->location()});
    };
    for (const auto& edge : unit_.in)
      if (carries(edge.get())) save(edge, copy(edge->source()), Ref<Node>(&edge->target()));
    for (const auto& edge : unit_.inside) save(edge, Ref<Node>(&edge->source()), Ref<Node>(&edge->target()));
    for (const auto& edge : unit_.out)
      if (carries(edge.get())) save(edge, Ref<Node>(&edge->source()), copy(edge->target()));
    for (const auto* list : {&unit_.in, &unit_.inside, &unit_.out})
      for (const auto& edge : *list) from_.remove_edge(*edge);
    for (const auto& node : unit_.nodes) to_.add_node(node);
    for (const Saved& edge : saved)
      to_.add_edge(*edge.source, edge.out, *edge.target, edge.in, edge.memlet).set_location(edge.location);
    tidy();
  }

 private:
  Ref<Node> copy(Node& node) {
    Ref<Node>& made = copies_[&node];
    if (!made) {
      made = Ref<Node>(&to_.add_access(dynamic_cast<AccessNode&>(node).get().data));
      made->set_location(node.location());
    }
    return made;
  }
  // What came before the unit stays before what came behind it; nodes that are left alone go.
  void tidy() {
    for (const auto& first : before_)
      for (const auto& later : behind_)
        if (!(as<AccessNode>(first.get()) && first->in_edges().empty()) && !reaches(*first, *later))
          from_.add_order(*first, *later);
    for (const auto* list : {&before_, &behind_})
      for (const auto& node : *list)
        if (as<AccessNode>(node.get()) && node->owner() == &from_ && node->in_edges().empty() &&
            node->out_edges().empty())
          from_.remove_node(*node);
  }

  State& from_;
  State& to_;
  const Unit& unit_;
  std::vector<Ref<Node>> before_, behind_;
  std::map<Node*, Ref<Node>> copies_;
};

struct LoopInvariant {
  static constexpr std::string_view name = "LoopInvariantCodeMotion";
  static constexpr std::string_view help = "What is the same in every turn of a loop is done once, before it.";
  using Site = InvariantSite;
  struct Plan {
    Site site;
    Unit unit;
  };

  static std::vector<Site> sites(SDFG& graph) {
    std::vector<Site> found;
    std::shared_ptr<InvariantContext> context;
    for (ControlFlowBlock* block : all_blocks(graph)) {
      auto* loop = as<LoopRegion>(block);
      const auto chain = loop ? loop->chain() : std::nullopt;
      if (!chain) continue;
      for (ControlFlowBlock* inner : *chain) {
        auto* state = as<State>(inner);
        if (!state || state->nodes().empty()) continue;
        const Scopes scopes(*state);
        for (Node* node : scopes.children(nullptr)) {
          if (!as<Tasklet>(node) && !as<MapEntry>(node)) continue;
          if (!context) context = std::make_shared<InvariantContext>(graph);
          found.push_back({Ref<LoopRegion>(loop), Ref<State>(state), Ref<Node>(node), context});
        }
      }
    }
    return found;
  }
  static bool present(const Site& site) {
    return site.node->owner() == site.state.get() && site.state->owner() == site.loop.get() && site.loop->log();
  }
  static std::string describe(const Site& site) {
    return site.node->label() + " in state " + site.state->label() + " of loop " + site.loop->label();
  }
  static base::Location location(const Site& site) { return site.node->location(); }

  static rewrite::Match<Plan> match(SDFG& graph, const Site& site) {
    Unit unit = unit_of(*site.node);
    if (auto declined = InvariantQuestion(graph, site, unit).why_not()) return *declined;
    return Plan{site, std::move(unit)};
  }

  static void apply(SDFG& graph, const Plan& plan) {
    const LoopRegion& loop = *plan.site.loop;
    State& before = insert_before(*plan.site.loop, loop.label() + "_before");
    Mover(*plan.site.state, before, plan.unit).run();
    plan.site.context->refresh(graph);
  }
};

}  // namespace

const rewrite::Transformation loop_invariant = rewrite::make_transformation<LoopInvariant>();

}  // namespace thalweg::transforms
