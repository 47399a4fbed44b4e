// Loop to map: a loop whose iterations do not depend on one another becomes a map over its range.
//
//   loop for i = 0:N                              state
//     state:  b[i] = a[i] * 2          ==>          a -> [map i_0 = 0:N: nested graph (i = i_0): b[i] = a[i] * 2] -> b
//
// The body moves into a nested graph, with all its control flow; InlineSDFG takes a body of one state out of it again.
// What each iteration writes before it reads it becomes its own. A loop that counts down becomes a map that counts up.
//
// Legal when: the number of iterations is known before the first; nothing inside is an effect, sets a pointer or leaves
// the loop; no symbol keeps a value from one iteration to the next; containers of other names are other memory; no two
// iterations touch the same element with one of them writing it, but for temporaries that are written before they are
// read and that nothing reads behind the loop.
#include "transforms/loop_to_map.h"

#include <algorithm>

#include "analysis/dependences.h"
#include "analysis/needed_outside.h"
#include "analysis/symbols.h"
#include "analysis/uses.h"
#include "transforms/fresh_names.h"
#include "transforms/overlap.h"

namespace thalweg::transforms {

using namespace ir;
using analysis::Names;
using rewrite::Declined;
using rewrite::legal;
using symbolic::Expr;
using symbolic::Range;

namespace {

// More places than that are not compared with one another: compile time.
constexpr size_t kMostAccesses = 160;
// A loop of so few iterations is no gain where its body holds loops or maps of its own.
constexpr int64_t kFewIterations = 8;

struct MapPlan {
  LoopRegion* loop = nullptr;
  Range range;                           // of the loop, in its order
  std::vector<std::string> shared, own;  // containers of the body, in the graph's order
  Names read, written;                   // of the shared ones
  bool last_value = false;               // the variable is used behind the loop
  std::vector<Expr> facts;               // that hold around it, of symbols that it does not change
};

Names symbols_assigned_inside(const LoopRegion& loop) {
  Names out = analysis::assigned_symbols(loop);
  out.erase(loop.get().variable);
  return out;
}

bool uses_any(const std::vector<Expr>& exprs, const Names& names) {
  Names used;
  for (const Expr& expr : exprs) symbolic::collect_symbols(expr, used);
  return std::any_of(used.begin(), used.end(), [&](const std::string& name) { return names.count(name) > 0; });
}

std::vector<Expr> extents(const ContainerFields& fields) {
  std::vector<Expr> out = fields.shape;
  out.insert(out.end(), fields.strides.begin(), fields.strides.end());
  out.push_back(fields.offset);
  return out;
}

void add_inputs(const code::Ptr& code, Names& into) {
  if (code) code::collect_inputs(*code, into);
}

// Containers that anything in the region names.
Names containers_of(const ControlFlowRegion& region) {
  Names out;
  auto add_edges = [&](const ControlFlowRegion& of) {
    for (const auto& edge : of.edges()) {
      add_inputs(edge->get().condition, out);
      for (const auto& [name, value] : edge->get().assignments) add_inputs(value, out);
    }
  };
  add_edges(region);
  for (ControlFlowBlock* block : all_blocks(const_cast<ControlFlowRegion&>(region))) {
    if (auto* inner = as<ControlFlowRegion>(block)) add_edges(*inner);
    if (auto* loop = as<LoopRegion>(block))
      for (const code::Ptr& code : {loop->get().init, loop->get().condition, loop->get().update}) add_inputs(code, out);
    if (auto* conditional = as<ConditionalBlock>(block))
      for (const auto& branch : conditional->branches()) add_inputs(branch.condition, out);
    if (auto* state = as<State>(block))
      for (const auto& node : state->nodes())
        if (auto* access = as<AccessNode>(node.get())) out.insert(access->get().data);
  }
  return out;
}

bool holds_loops(const LoopRegion& loop) {
  for (ControlFlowBlock* block : all_blocks(const_cast<LoopRegion&>(loop))) {
    if (as<LoopRegion>(block)) return true;
    auto* state = as<State>(block);
    for (const auto& node : state ? state->nodes() : std::vector<Ref<Node>>())
      if (as<MapEntry>(node.get()) || as<LibraryNode>(node.get()) || as<NestedSDFG>(node.get())) return true;
  }
  return false;
}

// The reasons why not, one question after the other, the cheap ones first.
class Matcher {
 public:
  Matcher(SDFG& graph, LoopRegion& loop) : graph_(graph), loop_(loop) {}

  rewrite::Match<MapPlan> run() {
    plan_.loop = &loop_;
    if (auto problem = check_shape()) return *problem;
    body_ = analysis::body_of(loop_);
    if (auto problem = check_body()) return *problem;
    if (auto problem = check_containers()) return *problem;
    if (auto problem = check_dependences()) return *problem;
    plan_.facts = facts_inside();
    return plan_;
  }

 private:
  using Problem = std::optional<Declined>;

  Problem check_shape() {
    const analysis::CountedLoop counted = analysis::counted(loop_);
    if (!counted.ok()) return Declined{counted.problem};
    if (loop_.get().unroll) return Declined{"it is to be unrolled"};
    plan_.range = counted.range;
    facts_ = analysis::facts_at(loop_);
    plan_.range.size = facts_.simplify(plan_.range.size);
    auto count = plan_.range.size.as_integer();
    if (count && *count < 2) return Declined{"it runs once at most"};
    if (count && *count <= kFewIterations && holds_loops(loop_))
      return Declined{"it runs " + std::to_string(*count) + " times only, and holds loops that may run in parallel"};
    return std::nullopt;
  }

  Problem check_body() {
    if (!legal("LoopToMap.effects", body_.obstacle.empty())) return Declined{body_.obstacle};
    if (!legal("LoopToMap.symbols", body_.carried.empty()))
      return Declined{"an iteration uses the value of " + *body_.carried.begin() + " that an earlier one left"};
    if (body_.accesses.size() > kMostAccesses)
      return Declined{"it touches memory at " + std::to_string(body_.accesses.size()) + " places: not looked at"};
    return std::nullopt;
  }

  Problem check_containers() {
    const Names used = containers_of(loop_);
    for (const auto& container : graph_.containers())
      if (used.count(container->get().name)) names_.push_back(container->get().name);
    const Overlap overlap(graph_);
    for (const auto& access : body_.accesses) {
      if (access.write) written_.insert(access.container);
      if (!access.write || access.wcr != Wcr::none) read_.insert(access.container);
    }
    for (const std::string& name : names_) {
      const ContainerKind kind = graph_.container(name).get().kind;
      if (kind != ContainerKind::array && kind != ContainerKind::scalar)
        return Declined{"it uses " + name + ", which is no array of its own"};
    }
    for (const std::string& name : names_)
      for (const std::string& other : written_)
        if (!legal("LoopToMap.overlap", other == name || !overlap(other, name)))
          return Declined{other + " and " + name + " may be the same memory"};
    for (const auto& access : body_.accesses) {
      Names indices;
      for (const Range& range : access.subset.ranges)
        for (const Expr& expr : {range.begin, range.size, range.step}) symbolic::collect_containers(expr, indices);
      for (const Expr& condition : access.conditions) symbolic::collect_containers(condition, indices);
      for (const std::string& name : indices)
        if (written_.count(name))
          return Declined{"the place " + access.text + " depends on " + name + ", which it writes"};
    }
    return std::nullopt;
  }

  Problem check_dependences() {
    const analysis::Dependences dependences(graph_, body_, {{loop_.get().variable}, {plan_.range}}, facts_);
    Names left = symbols_assigned_inside(loop_);
    const Names symbols = left;
    left.insert(loop_.get().variable);
    left.insert(names_.begin(), names_.end());
    const Names needed = analysis::needed_outside(graph_, loop_, left);
    plan_.last_value = needed.count(loop_.get().variable) > 0;
    for (const std::string& name : symbols)
      if (!legal("LoopToMap.last_symbol", !needed.count(name)))
        return Declined{"the value of " + name + " is used behind the loop"};
    // What others see first: no temporary of such a loop has to be looked at.
    for (const bool transient : {false, true})
      for (const std::string& name : names_) {
        if (!written_.count(name) || graph_.container(name).get().transient != transient) continue;
        if (auto problem = check_written(dependences, name, needed.count(name) > 0)) return problem;
      }
    share();
    Names changing = symbols;
    changing.insert(loop_.get().variable);
    for (const std::string& name : plan_.shared)
      if (!legal("LoopToMap.extents", !uses_any(extents(graph_.container(name).get()), changing)))
        return Declined{"the extents of " + name + " change inside"};
    if (plan_.written.empty()) return Declined{"it writes nothing"};
    return std::nullopt;
  }

  Problem check_written(const analysis::Dependences& dependences, const std::string& name, bool needed) {
    auto found = dependences.on(name, true);
    const bool own = !found.empty() && graph_.container(name).get().transient && dependences.written_before_read(name);
    if (own && legal("LoopToMap.last_value", !needed)) {
      plan_.own.push_back(name);
      return std::nullopt;
    }
    if (own) return Declined{"the value that " + name + " has after the last iteration is used behind the loop"};
    if (!legal("LoopToMap.dependence", found.empty())) return Declined{found[0].reason};
    return std::nullopt;
  }

  void share() {
    for (const std::string& name : names_) {
      if (std::find(plan_.own.begin(), plan_.own.end(), name) != plan_.own.end()) continue;
      plan_.shared.push_back(name);
      if (written_.count(name)) plan_.written.insert(name);
      if (read_.count(name) || !written_.count(name)) plan_.read.insert(name);
    }
  }

  // What is known inside, of symbols that have the same value there: what held around the loop.
  std::vector<Expr> facts_inside() const {
    Names changing = symbols_assigned_inside(loop_);
    changing.insert(loop_.get().variable);
    Names lengths;  // are known to be >= 0 anyway
    for (const auto& container : graph_.containers())
      for (const Expr& extent : container->get().shape) lengths.insert(symbolic::to_string(ge(extent, 0)));
    std::vector<Expr> out;
    for (const Expr& fact : facts_.conditions())
      if (!uses_any({fact}, changing) && !lengths.count(symbolic::to_string(fact))) out.push_back(fact);
    return out;
  }

  SDFG& graph_;
  LoopRegion& loop_;
  MapPlan plan_;
  analysis::Body body_;
  symbolic::Facts facts_;
  std::vector<std::string> names_;  // containers, in the graph's order
  Names written_, read_;
};

// ------------------------------------------------------------------------------------------------ applying

// The range upwards: the order of a map's points is free.
Range upwards(const Range& range) {
  if (range.step.integer() > 0) return range;
  return {range.last(), range.size, -1 * range.step};
}

class MapBuilder {
 public:
  MapBuilder(SDFG& graph, const MapPlan& plan) : graph_(graph), plan_(plan), loop_(plan.loop) {}

  // The body moves while both its old and its new place are part of the graph, so that the edit log sees it.
  void run() {
    const Names used = used_inside();
    ControlFlowRegion& parent = *loop_->parent();
    auto state = make_ref<State>(loop_->label());
    state->set_location(loop_->location());
    parent.add_block(state);
    const std::string param = FreshNames(graph_).fresh(variable_);
    auto [entry, exit] = state->add_map({loop_->label(), {param}, symbolic::Subset{{upwards(plan_.range)}}});
    NestedSDFG& node = add_node(*state, param, used);
    connect(*state, *entry, node, *exit);
    for (Element* element : std::initializer_list<Element*>{&entry->scope(), entry, exit, &node})
      element->set_location(loop_->location());
    move_body(node.sdfg());
    replace_loop(parent, *state);
    drop_unused();
  }

 private:
  // Symbols of the body; facts about them become the inner graph's assumptions.
  Names used_inside() {
    Names out;
    for (const auto& block : loop_->blocks()) out.merge(analysis::used_symbols(*block));
    for (const auto& edge : loop_->edges()) out.merge(analysis::used_symbols(edge->get()));
    for (const auto* list : {&plan_.shared, &plan_.own})
      for (const std::string& name : *list)
        for (const Expr& expr : extents(graph_.container(name).get())) symbolic::collect_symbols(expr, out);
    const Expr at = Expr::symbol(variable_);
    const Range range = upwards(analysis::not_empty(plan_.range));
    for (const Expr& fact : {ge(at, range.begin), le(at, range.last())}) {
      symbolic::collect_symbols(fact, out);
      facts_.push_back(fact);
    }
    for (const Expr& fact : plan_.facts) {
      Names used;
      symbolic::collect_symbols(fact, used);
      if (std::includes(out.begin(), out.end(), used.begin(), used.end())) facts_.push_back(fact);
    }
    for (const std::string& name : inside_) out.erase(name);
    return out;
  }

  // The state takes the loop's place; behind it, where that is wanted, the variable gets its last value.
  void replace_loop(ControlFlowRegion& parent, State& state) {
    const bool first = parent.start() == loop_.get();
    ControlFlowBlock* last = &state;
    if (plan_.last_value) {
      last = &parent.add_block(make_ref<State>(loop_->label() + "_end"));
      last->set_location(loop_->location());
    }
    // Transitions are tried in the order in which they were added: all of a block are added again.
    std::set<const ControlFlowBlock*> sources = {loop_.get()};
    for (const InterstateEdge* edge : parent.in_edges(*loop_)) sources.insert(&edge->source());
    const std::vector<Ref<InterstateEdge>> edges = parent.edges();
    for (const auto& edge : edges) {
      if (!sources.count(&edge->source())) continue;
      ControlFlowBlock& source = &edge->source() == loop_.get() ? *last : edge->source();
      ControlFlowBlock& target = &edge->target() == loop_.get() ? state : edge->target();
      parent.add_edge(source, target, edge->get()).set_location(edge->location());
      parent.remove_edge(*edge);
    }
    parent.remove_block(*loop_);
    if (first) parent.set_start(state);
    if (!plan_.last_value) return;
    const Expr value = plan_.range.begin + plan_.range.step * plan_.range.size;
    parent.add_edge(state, *last, {nullptr, {{variable_, code::symbol(value, types_.at(variable_))}}});
  }

  void drop_symbol(const std::string& name) {
    auto symbols = graph_.get().symbols;
    symbols.erase(name);
    graph_.set<&SDFGFields::symbols>(std::move(symbols));
  }

  NestedSDFG& add_node(State& state, const std::string& param, const Names& used) {
    SDFGFields fields;
    fields.name = loop_->label();
    fields.assumptions = facts_;
    auto inner = make_ref<SDFG>(std::move(fields));
    inner->set_location(loop_->location());
    symbolic::Substitution values;
    for (const std::string& name : inside_) inner->add_symbol(name, types_.at(name));
    for (const std::string& name : used) {
      inner->add_symbol(name, types_.at(name));
      values[name] = Expr::symbol(name == variable_ ? param : name);
    }
    for (const auto& container : graph_.containers()) {
      ContainerFields copy = container->get();
      const bool own = std::find(plan_.own.begin(), plan_.own.end(), copy.name) != plan_.own.end();
      if (!own && std::find(plan_.shared.begin(), plan_.shared.end(), copy.name) == plan_.shared.end()) continue;
      copy.transient = own;
      copy.offset = 0;
      inner->add_container(std::move(copy)).set_location(container->location());
    }
    std::vector<std::string> inputs, outputs;
    for (const std::string& name : plan_.shared) {
      if (plan_.read.count(name)) inputs.push_back(name);
      if (plan_.written.count(name)) outputs.push_back(name);
    }
    return state.add_nested_sdfg(std::move(inner), std::move(inputs), std::move(outputs), std::move(values));
  }

  void connect(State& state, MapEntry& entry, NestedSDFG& node, MapExit& exit) {
    auto all_of = [&](const std::string& name) {
      return memlet(name, symbolic::Subset::whole(graph_.container(name).get().shape));
    };
    for (const std::string& name : plan_.shared) {
      if (plan_.read.count(name))
        state.add_memlet_path({&state.add_access(name), &entry, &node}, "", name, all_of(name));
      if (plan_.written.count(name))
        state.add_memlet_path({&node, &exit, &state.add_access(name)}, name, "", all_of(name));
    }
    if (node.in_edges().empty()) state.add_order(entry, node);
  }

  // The inner graph is part of the outer one by now, so that the edit log sees it all.
  void move_body(SDFG& inner) {
    const std::vector<Ref<ControlFlowBlock>> blocks = loop_->blocks();
    const std::vector<Ref<InterstateEdge>> edges = loop_->edges();
    const Ref<ControlFlowBlock> start(loop_->start());
    for (const auto& edge : edges) loop_->remove_edge(*edge);
    for (const auto& block : blocks) inner.add_block(block);
    inner.set_start(*start);
    for (const auto& edge : edges)
      inner.add_edge(edge->source(), edge->target(), edge->get()).set_location(edge->location());
  }

  // What only the body knew has moved with it.
  void drop_unused() {
    const analysis::ContainerUses uses = analysis::container_uses(graph_);
    Names named;
    for (const auto& container : graph_.containers())
      for (const auto* list : {&container->get().distinct, &container->get().members})
        named.insert(list->begin(), list->end());
    for (const std::string& name : plan_.own)
      if (uses.count(name) == 0 && uses.only_in_states(name) && !named.count(name))
        graph_.remove_container(graph_.container(name));
    const Names used = analysis::used_symbols(static_cast<const ControlFlowBlock&>(graph_));
    const Names assigned = analysis::assigned_symbols(graph_);
    const Names arguments(graph_.get().arguments.begin(), graph_.get().arguments.end());
    for (const auto& [name, type] : types_)
      if ((inside_.count(name) || name == variable_) && !used.count(name) && !assigned.count(name) &&
          !arguments.count(name))
        drop_symbol(name);
  }

  SDFG& graph_;
  const MapPlan& plan_;
  Ref<LoopRegion> loop_;
  const std::string variable_ = loop_->get().variable;
  const std::map<std::string, DType> types_ = graph_.get().symbols;
  const Names inside_ = symbols_assigned_inside(*loop_);
  std::vector<Expr> facts_;
};

struct LoopToMap {
  static constexpr std::string_view name = "LoopToMap";
  static constexpr std::string_view help =
      "Runs the iterations of a loop in any order where they do not depend on one another.";
  struct Site {
    Ref<SDFG> graph;
    Ref<LoopRegion> loop;
  };
  using Plan = MapPlan;

  // Outer loops first: what becomes a map takes the loops inside along.
  static std::vector<Site> sites(SDFG& graph) {
    std::vector<Site> found;
    for (ControlFlowBlock* block : all_blocks(graph))
      if (auto* loop = as<LoopRegion>(block)) found.push_back({Ref<SDFG>(&graph), Ref<LoopRegion>(loop)});
    return found;
  }
  static bool present(const Site& site) { return site.loop->parent() && site.loop->sdfg() == site.graph.get(); }
  static std::string describe(const Site& site) { return "loop " + site.loop->label(); }
  static base::Location location(const Site& site) { return site.loop->location(); }

  static rewrite::Match<Plan> match(SDFG& graph, const Site& site) { return Matcher(graph, *site.loop).run(); }
  static void apply(SDFG& graph, const Plan& plan) { MapBuilder(graph, plan).run(); }
};

}  // namespace

const rewrite::Transformation loop_to_map = rewrite::make_transformation<LoopToMap>();

}  // namespace thalweg::transforms
