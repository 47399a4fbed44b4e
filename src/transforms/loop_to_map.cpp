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
// read and that nothing reads behind the loop, and for what they only combine values with in an order that is free.
// Where they are apart unless an index is negative (and so counts from the end), the loop stays beside the map, under a
// test of the first one.
#include "transforms/loop_to_map.h"

#include <algorithm>

#include "analysis/dependences.h"
#include "analysis/needed_outside.h"
#include "analysis/symbols.h"
#include "ir/results.h"
#include "transforms/control_edit.h"
#include "transforms/loop_to_map_plan.h"
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

bool uses_any(const std::vector<Expr>& exprs, const Names& names) {
  Names used;
  for (const Expr& expr : exprs) symbolic::collect_symbols(expr, used);
  return std::any_of(used.begin(), used.end(), [&](const std::string& name) { return names.count(name) > 0; });
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

// A comparison of index expressions as a condition.
code::Ptr condition_code(const Expr& condition) {
  TW_CHECK(condition.kind() == symbolic::Kind::lt || condition.kind() == symbolic::Kind::le, "a guard compares");
  const code::Op op = condition.kind() == symbolic::Kind::lt ? code::Op::lt : code::Op::le;
  return code::make(op, code::symbol(condition.operands()[0]), code::symbol(condition.operands()[1]));
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
    if (auto problem = check_dependences())
      if (!guarded()) return *problem;
    plan_.facts = facts_inside();
    return plan_;
  }

 private:
  using Problem = std::optional<Declined>;

  // Indices that count from the end where they are negative keep iterations apart under one of these, if at all: no
  // iteration has a negative variable; none has one beyond the array.
  std::vector<Expr> guards() const {
    const Range range = upwards(analysis::not_empty(plan_.range));
    std::vector<Expr> out = {ge(range.begin, 0)};
    bool chosen = false;
    for (const auto& access : body_.accesses)
      for (size_t d = 0; d < access.subset.rank(); ++d) {
        if (access.subset.ranges[d].begin.kind() != symbolic::Kind::select) continue;
        chosen = true;
        const Expr inside = lt(range.last(), graph_.container(access.container).get().shape[d]);
        if (std::find(out.begin(), out.end(), inside) == out.end()) out.push_back(inside);
      }
    const Names assigned = symbols_assigned_inside(loop_);
    std::erase_if(out, [&](const Expr& guard) {
      Names contents;
      symbolic::collect_containers(guard, contents);
      const bool compares = guard.kind() == symbolic::Kind::lt || guard.kind() == symbolic::Kind::le;
      return !compares || !contents.empty() || uses_any({guard}, assigned) ||
             facts_.prove(guard) != symbolic::Truth::unknown;
    });
    return chosen && !holds_loops(loop_) ? out : std::vector<Expr>();
  }

  // Is a test before the loop all that is missing? The loop stays for where it fails.
  bool guarded() {
    const symbolic::Facts known = facts_;
    for (const Expr& guard : guards()) {
      facts_ = known;
      facts_.assume(guard);
      plan_.own.clear();
      plan_.shared.clear();
      plan_.read.clear();
      plan_.written.clear();
      plan_.reductions.clear();
      if (check_dependences()) continue;
      if (!legal("LoopToMap.guard", false)) plan_.guard = condition_code(guard);
      return true;
    }
    return false;
  }

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
    if (found.empty()) return std::nullopt;
    const auto reduction = reduction_of(graph_, body_, name);
    if (auto* made = std::get_if<LoopReduction>(&reduction)) {
      plan_.reductions.push_back(*made);
      return std::nullopt;
    }
    if (own) return Declined{"the value that " + name + " has after the last iteration is used behind the loop"};
    if (!legal("LoopToMap.dependence", false)) return Declined{reason(found[0], reduction)};
    return std::nullopt;
  }

  // Of a sum of Python integers, what is in the way of taking it as one.
  std::string reason(const analysis::Dependence& found, const rewrite::Match<LoopReduction>& reduction) const {
    const bool python = graph_.container(found.container).get().dtype == dtypes::pyint;
    return found.reason + (python ? "; " + std::get<Declined>(reduction).reason : "");
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
    for (const Expr& condition : ir::sizes_of_given(graph_)) lengths.insert(symbolic::to_string(condition));
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
  static void apply(SDFG& graph, const Plan& plan) {
    if (plan.guard) split_by_condition(*plan.loop, plan.guard);
    build_map(graph, plan);
  }
};

}  // namespace

const rewrite::Transformation loop_to_map = rewrite::make_transformation<LoopToMap>();

}  // namespace thalweg::transforms
