// Scalar-to-symbol promotion: an integer that lives in a transient scalar becomes a symbol.
//
//   [ k = k + 1 ]; while k < n: ...      ==>      [ ]; k := k + 1; while k < n: ...
//
// What symbols say can be reasoned about: loops count, conditions are decided, indices are compared. A Python int may be
// one, since it never wraps; a NumPy integer only where all that is assigned to it is known not to wrap. Assignments
// happen behind the state that wrote the scalar, so nothing there may read the new value or change what it is made of.
#include "transforms/scalar_to_symbol.h"

#include <algorithm>

#include "analysis/effects.h"
#include "analysis/uses.h"
#include "ir/scopes.h"
#include "transforms/carries.h"
#include "transforms/combination.h"
#include "transforms/control_code.h"
#include "transforms/control_edit.h"
#include "transforms/control_facts.h"
#include "transforms/overlap.h"
#include "transforms/reach.h"

namespace thalweg::transforms {

using namespace ir;
using code::Op;
using rewrite::Declined;
using rewrite::legal;

namespace {

struct ScalarContext {
  explicit ScalarContext(const SDFG& graph) : facts(graph), overlap(graph) {}
  ControlFacts facts;
  Overlap overlap;
};

struct ScalarSite {
  Ref<SDFG> graph;
  Ref<Container> container;
  std::shared_ptr<ScalarContext> context;
};

// One write: the tasklet goes, and its value is assigned on the way out of the state.
struct Write {
  Ref<State> state;
  Ref<Tasklet> tasklet;
  Ref<AccessNode> node;
  code::Ptr value;
};

struct ScalarPlan {
  ScalarSite site;
  std::vector<Write> writes;
  std::vector<Ref<Edge>> reads;  // inputs of tasklets
};

// Is the value of this NumPy integer the one that unbounded integers would give?
bool never_wraps(const code::Ptr& value, const symbolic::Facts& facts) {
  if (value->args.empty()) return true;
  if (index_of(value, facts)) return true;
  switch (value->op) {
    case Op::element: return true;
    case Op::select:
    case Op::minimum:
    case Op::maximum: break;
    case Op::cast: {
      const DType from = value->args[0]->type;
      return (from.is_bool() || (from.is_integer() && from != dtypes::uint64)) &&
             (from.is_bool() || !(from == dtypes::int64 || from.python()) || never_wraps(value->args[0], facts));
    }
    case Op::mod: {  // of a constant that is not 0: NumPy's answer is Python's
      auto divisor = index_of(value->args[1], facts);
      return divisor && divisor->as_integer() && *divisor->as_integer() > 0;
    }
    default: return value->type.is_bool();
  }
  return std::all_of(value->args.begin(), value->args.end(),
                     [&](const auto& arg) { return arg->type.is_bool() || never_wraps(arg, facts); });
}

class ScalarQuestion {
 public:
  ScalarQuestion(SDFG& graph, const ScalarSite& site)
      : graph_(graph), site_(site), fields_(site.container->get()), name_(fields_.name) {
    plan_.site = site;
  }

  rewrite::Match<ScalarPlan> ask() {
    if (!legal("ScalarToSymbol.integer", fields_.dtype == dtypes::pyint || fields_.dtype == dtypes::int64))
      return Declined{"it is " + fields_.dtype.name() + ", not int64 or a Python int"};
    if (!legal("ScalarToSymbol.not_shared", !site_.context->overlap.shares(name_)))
      return Declined{"it may also be reached through a reference"};
    for (State* state : all_states(graph_))
      if (auto declined = in_state(*state)) return *declined;
    if (plan_.writes.empty()) return Declined{"it is never written"};
    for (const Write& write : plan_.writes)
      if (const LoopRegion* loop = loop_around(*write.state); loop && only_combined(*loop))
        return Declined{"all that loop " + loop->label() +
                        " does with it is to combine values"};  // LoopToMap takes that
    return plan_;
  }

 private:
  static const LoopRegion* loop_around(const State& state) {
    for (const Element* at = state.owner(); at; at = at->owner())
      if (auto* loop = dynamic_cast<const LoopRegion*>(at)) return loop;
    return nullptr;
  }
  static bool lies_in(const Element& element, const LoopRegion& loop) {
    for (const Element* at = &element; at; at = at->owner())
      if (at == &loop) return true;
    return false;
  }

  // Do all tasklets and conditions of the loop that read it write `it op value` back?
  bool only_combined(const LoopRegion& loop) const {
    size_t combined = 0;
    for (const Write& write : plan_.writes) {
      if (!lies_in(*write.state, loop)) continue;
      const auto* store = std::get_if<code::Store>(&write.tasklet->get().code[0]);
      for (const Edge* edge : write.tasklet->in_edges())
        combined +=
            carries(edge) && edge->memlet()->data == name_ && combination_of(store->value, edge->target_connector());
    }
    const auto reads = std::count_if(plan_.reads.begin(), plan_.reads.end(),
                                     [&](const Ref<Edge>& edge) { return lies_in(*edge, loop); });
    return combined > 0 && combined == static_cast<size_t>(reads) && !analysis::control_reads(loop, name_);
  }

  std::optional<Declined> in_state(State& state) {
    AccessNode* written = nullptr;
    for (const auto& node : state.nodes()) {
      auto* access = as<AccessNode>(node.get());
      if (!access || access->get().data != name_) continue;
      if (std::any_of(access->in_edges().begin(), access->in_edges().end(), carries)) {
        if (!legal("ScalarToSymbol.one_write", !written)) return Declined{"it is written twice in " + state.label()};
        written = access;
      }
      for (Edge* edge : access->out_edges())
        if (auto declined = read(*edge)) return declined;
    }
    if (!legal("ScalarToSymbol.name_free", !names_a_connector(state)))
      return Declined{"a connector in " + state.label() + " has its name"};
    return written ? write(state, *written) : std::nullopt;
  }
  bool names_a_connector(const State& state) const {
    auto named = [&](const Connector& connector) { return connector.name == name_; };
    return std::any_of(state.nodes().begin(), state.nodes().end(), [&](const Ref<Node>& node) {
      return std::any_of(node->in_connectors().begin(), node->in_connectors().end(), named) ||
             std::any_of(node->out_connectors().begin(), node->out_connectors().end(), named);
    });
  }

  // All ends of the way of a read are inputs of tasklets.
  std::optional<Declined> read(Edge& edge) {
    if (!carries(&edge)) return std::nullopt;
    Node& target = edge.target();
    if (is_entry(target)) {
      for (Edge* inner : edges_from(target, out_of_in(edge.target_connector())))
        if (auto declined = read(*inner)) return declined;
      return std::nullopt;
    }
    auto* tasklet = as<Tasklet>(&target);
    if (!tasklet || tasklet->get().language.row().opaque)
      return Declined{"it is read by " + target.label() + ", which is no tasklet"};
    plan_.reads.emplace_back(&edge);
    return std::nullopt;
  }

  std::optional<Declined> write(State& state, AccessNode& node) {
    Edge* from = nullptr;
    for (Edge* edge : node.in_edges())
      if (carries(edge)) {
        if (from) return Declined{"it is written twice in " + state.label()};
        from = edge;
      }
    auto* tasklet = as<Tasklet>(&from->source());
    if (!tasklet || tasklet->get().language.row().opaque || from->memlet()->wcr != Wcr::none || from->memlet()->dynamic)
      return Declined{"it is not written by a tasklet alone"};
    if (!legal("ScalarToSymbol.always_written", !Scopes(state).parent(node)))
      return Declined{"it is written inside of a scope"};
    if (!legal("ScalarToSymbol.no_effects", !tasklet->get().side_effects))
      return Declined{tasklet->label() + " has side effects"};
    const bool moves_checks = analysis::effects_of(*tasklet).may_raise && analysis::effects_of(state).side_effects;
    if (!legal("ScalarToSymbol.checks_first", !moves_checks))
      return Declined{"what it is made of may raise an exception, and " + state.label() + " has effects"};
    if (!legal("ScalarToSymbol.read_later", !read_behind(state, node)))
      return Declined{"its new value is read in " + state.label() + " already"};
    auto value = control_value(state, *tasklet, from->source_connector());
    if (auto* declined = std::get_if<Declined>(&value)) return *declined;
    plan_.writes.push_back(
        {Ref<State>(&state), Ref<Tasklet>(tasklet), Ref<AccessNode>(&node), std::get<code::Ptr>(value)});
    return std::nullopt;
  }

  bool read_behind(const State& state, AccessNode& written) const {
    if (std::any_of(written.out_edges().begin(), written.out_edges().end(), carries)) return true;
    for (const auto& other : state.nodes()) {
      auto* access = as<AccessNode>(other.get());
      if (!access || access == &written || access->get().data != name_) continue;
      for (Edge* edge : access->out_edges())
        if (reaches(written, edge->target())) return true;
    }
    return false;
  }

  // What the tasklet stores, with containers in the place of connectors.
  std::variant<code::Ptr, Declined> control_value(State& state, Tasklet& tasklet, const std::string& connector) {
    const code::Block& block = tasklet.get().code;
    auto* store = block.size() == 1 ? std::get_if<code::Store>(&block[0]) : nullptr;
    if (!store || store->connector != connector) return Declined{tasklet.label() + " does more than storing one value"};
    for (Edge* edge : tasklet.in_edges()) {
      if (!carries(edge)) continue;
      const MemletFields& memlet = edge->memlet().get();
      const auto kind = graph_.container(memlet.data).get().kind;
      if (!memlet.subset.num_elements().is(1) || memlet.dynamic || kind == ContainerKind::stream)
        return Declined{tasklet.label() + " reads more than single elements"};
      for (const auto& node : state.nodes()) {
        auto* access = as<AccessNode>(node.get());
        if (!access || access->get().data == name_) continue;
        const bool writes = std::any_of(access->in_edges().begin(), access->in_edges().end(), carries);
        const bool changes = writes && site_.context->overlap(access->get().data, memlet.data);
        if (!legal("ScalarToSymbol.inputs_stay", !changes))
          return Declined{memlet.data + ", which it is made of, is written in the same state"};
      }
    }
    const code::Ptr value = rebuild(store->value, [&](const code::Ptr& leaf) -> code::Ptr {
      if (leaf->op != Op::input) return leaf;
      const MemletFields& memlet = tasklet.in_edge(leaf->name)->memlet().get();
      if (memlet.data == name_) return code::symbol(symbolic::Expr::symbol(name_), leaf->type);
      std::vector<code::Ptr> at;
      for (const auto& range : memlet.subset.ranges) at.push_back(index_code(range.begin));
      return at.empty() ? code::input(memlet.data, leaf->type) : code::element(memlet.data, leaf->type, std::move(at));
    });
    const symbolic::Facts facts = site_.context->facts.at(state);
    if (!legal("ScalarToSymbol.no_wrap", value->type == dtypes::pyint || never_wraps(value, facts)))
      return Declined{"a value assigned to it may wrap"};
    return value;
  }

  SDFG& graph_;
  const ScalarSite& site_;
  const ContainerFields fields_;
  const std::string name_;
  ScalarPlan plan_;
};

struct ScalarToSymbol {
  static constexpr std::string_view name = "ScalarToSymbolPromotion";
  static constexpr std::string_view help = "Integer scalars that never wrap become symbols.";
  using Site = ScalarSite;
  using Plan = ScalarPlan;

  static std::vector<Site> sites(SDFG& graph) {
    std::vector<Site> found;
    std::shared_ptr<ScalarContext> context;
    for (const auto& container : graph.containers()) {
      if (!container->get().transient || container->get().kind != ContainerKind::scalar) continue;
      if (!context) context = std::make_shared<ScalarContext>(graph);
      found.push_back({Ref<SDFG>(&graph), container, context});
    }
    return found;
  }
  static bool present(const Site& site) { return site.container->owner() == site.graph.get(); }
  static std::string describe(const Site& site) { return "scalar " + site.container->get().name; }
  static base::Location location(const Site& site) { return site.container->location(); }

  static rewrite::Match<Plan> match(SDFG& graph, const Site& site) { return ScalarQuestion(graph, site).ask(); }

  static void apply(SDFG& graph, const Plan& plan) {
    const ContainerFields fields = plan.site.container->get();
    const code::Ptr symbol = code::symbol(symbolic::Expr::symbol(fields.name), fields.dtype);
    for (const Write& write : plan.writes) assign_behind(write, fields.name);
    for (const auto& edge : plan.reads)
      if (auto* state = dynamic_cast<State*>(edge->owner())) replace_input(*state, *edge, symbol);
    graph.remove_container(*plan.site.container);
    graph.add_symbol(fields.name, fields.dtype);
    replace_in_control(graph, {{{fields.name, symbol}}, {}, {}}, fields.name);
  }

 private:
  // The tasklet goes; its value is assigned on the way to a new state that takes over the transitions.
  static void assign_behind(const Write& write, const std::string& name) {
    State& state = *write.state;
    std::vector<Ref<Node>> sources;
    for (Edge* edge : write.tasklet->in_edges()) sources.emplace_back(&edge->source());
    const base::Location location = write.tasklet->location();
    remove_keeping_order(state, *write.tasklet);
    remove_keeping_order(state, *write.node);
    for (const auto& source : sources)
      if (as<AccessNode>(source.get()) && source->owner() && source->in_edges().empty() && source->out_edges().empty())
        state.remove_node(*source);
    ControlFlowRegion& region = *state.parent();
    auto behind = make_ref<State>(unique_label(region, state.label() + "_assigned"));
    region.add_block(behind);
    behind->set_location(location);
    for (InterstateEdge* edge : region.out_edges(state)) {
      region.add_edge(*behind, edge->target(), edge->get()).set_location(edge->location());
      region.remove_edge(*edge);
    }
    region.add_edge(state, *behind, {nullptr, {{name, write.value}}}).set_location(location);
  }

  static void replace_in_control(SDFG& graph, const code::Replacement& by, const std::string& name) {
    auto reads = [&](const code::Ptr& code) {
      std::set<std::string> used;
      if (code) code::collect_inputs(*code, used);
      return used.count(name) > 0;
    };
    auto region = [&](const ControlFlowRegion& of) {
      for (const auto& edge : of.edges()) {
        bool touched = reads(edge->get().condition);
        for (const auto& [symbol, value] : edge->get().assignments) touched = touched || reads(value);
        if (touched) replace_code(*edge, by);
      }
    };
    region(graph);
    for (ControlFlowBlock* block : all_blocks(graph)) {
      if (auto* inner = as<ControlFlowRegion>(block)) region(*inner);
      if (auto* conditional = as<ConditionalBlock>(block)) replace_code(*conditional, by);
      if (auto* loop = as<LoopRegion>(block))
        if (reads(loop->get().init) || reads(loop->get().condition) || reads(loop->get().update))
          replace_code(*loop, by, true);
    }
  }
};

}  // namespace

const rewrite::Transformation scalar_to_symbol = rewrite::make_transformation<ScalarToSymbol>();

}  // namespace thalweg::transforms
