// While to for: a while loop whose body ends by stepping a symbol becomes a loop with that variable.
//
//   while i < n:                        i_begin := i
//     A[i] = ...             ==>        for i = i_begin; i < n; i := i + 2:
//     i := i + 2                          A[i] = ...
//
// Always the same, whatever condition and step are: what raises in the step raises there, too. Such a loop counts, so
// that the others can say how often it runs.
//
// Legal when: the step is the last thing that an iteration does and the only place that changes the symbol; nothing
// leaves the loop or skips the step.
#include "transforms/while_to_for.h"

#include <algorithm>

#include "analysis/effects.h"
#include "analysis/loop_range.h"
#include "analysis/symbols.h"
#include "transforms/control_edit.h"
#include "transforms/control_facts.h"
#include "transforms/fresh_names.h"
#include "transforms/jumps.h"

namespace thalweg::transforms {

using namespace ir;
using rewrite::Declined;
using rewrite::legal;
using symbolic::Expr;

namespace {

bool uses(const analysis::Names& used, const std::string& name) { return used.count(name) > 0; }

bool is_empty_state(const ControlFlowBlock& block) {
  auto* state = dynamic_cast<const State*>(&block);
  return state && state->nodes().empty();
}

// Symbols that the condition reads, and the body assigns on its own level.
std::optional<std::string> stepped(const LoopRegion& loop, const InterstateEdge& edge) {
  analysis::Names read;
  if (loop.get().condition) code::collect_symbols(*loop.get().condition, read);
  for (const auto& [name, value] : edge.get().assignments) {
    auto next = analysis::index_of(value);
    auto step = next ? (*next - Expr::symbol(name)).as_integer() : std::nullopt;
    if (uses(read, name) && step && *step != 0) return name;
  }
  return std::nullopt;
}

struct WhilePlan {
  Ref<LoopRegion> loop;
  Ref<InterstateEdge> edge;
  std::string variable;
};

class WhileQuestion {
 public:
  explicit WhileQuestion(LoopRegion& loop) : loop_(loop) {}

  rewrite::Match<WhilePlan> ask() {
    const LoopFields& fields = loop_.get();
    if (!fields.variable.empty()) return Declined{"it has a variable"};
    if (fields.inverted) return Declined{"it tests its condition after the body"};
    const auto chain = loop_.chain();
    if (!chain) return Declined{"its blocks do not follow one another"};
    const bool leaves = leaves_loop(loop_) || returns_inside(loop_);
    if (!legal("WhileToFor.no_jumps", !leaves)) return Declined{"an iteration may end early"};
    if (!find(*chain)) return Declined{"its body does not end by stepping what the condition reads"};
    if (!legal("WhileToFor.only_step", times_assigned(loop_, plan_.variable) == 1))
      return Declined{plan_.variable + " is assigned elsewhere in its body"};
    return plan_;
  }

 private:
  // The last edge that steps a symbol; behind it nothing happens that looks at the symbol.
  bool find(const std::vector<ControlFlowBlock*>& chain) {
    std::vector<InterstateEdge*> edges;
    for (ControlFlowBlock* block : chain)
      for (InterstateEdge* edge : loop_.out_edges(*block)) edges.push_back(edge);
    for (size_t k = edges.size(); k-- > 0;) {
      if (!legal("WhileToFor.nothing_behind", is_empty_state(edges[k]->target()))) return false;
      auto name = edges[k]->get().condition ? std::nullopt : stepped(loop_, *edges[k]);
      if (name) {
        for (size_t later = k + 1; later < edges.size(); ++later)
          if (uses(analysis::used_symbols(edges[later]->get()), *name)) return false;
        plan_ = {Ref<LoopRegion>(&loop_), Ref<InterstateEdge>(edges[k]), *name};
        return true;
      }
    }
    return false;
  }

  LoopRegion& loop_;
  WhilePlan plan_;
};

struct WhileToFor {
  static constexpr std::string_view name = "WhileToFor";
  static constexpr std::string_view help = "A while loop that steps a symbol becomes a loop with a variable.";
  struct Site {
    Ref<LoopRegion> loop;
  };
  using Plan = WhilePlan;

  static std::vector<Site> sites(SDFG& graph) {
    std::vector<Site> found;
    for (ControlFlowBlock* block : all_blocks(graph))
      if (auto* loop = as<LoopRegion>(block); loop && loop->get().variable.empty())
        found.push_back({Ref<LoopRegion>(loop)});
    return found;
  }
  static bool present(const Site& site) { return site.loop->log() != nullptr; }
  static std::string describe(const Site& site) { return "loop " + site.loop->label(); }
  static base::Location location(const Site& site) { return site.loop->location(); }

  static rewrite::Match<Plan> match(SDFG&, const Site& site) { return WhileQuestion(*site.loop).ask(); }

  static void apply(SDFG& graph, const Plan& plan) {
    LoopRegion& loop = *plan.loop;
    const DType type = graph.get().symbols.at(plan.variable);
    InterstateEdgeFields edge = plan.edge->get();
    LoopFields fields = loop.get();
    fields.variable = plan.variable;
    std::erase_if(edge.assignments, [&](const auto& one) {
      if (one.first != plan.variable) return false;
      fields.update = one.second;
      return true;
    });
    plan.edge->assign(std::move(edge));
    const std::string begin = FreshNames(graph).fresh(plan.variable + "_begin");
    graph.add_symbol(begin, type);
    fields.init = code::symbol(Expr::symbol(begin), type);
    loop.assign(std::move(fields));
    State& before = insert_before(loop, loop.label() + "_begin");
    InterstateEdge& in = *loop.parent()->out_edges(before)[0];
    in.set<&InterstateEdgeFields::assignments>(Assignments{{begin, code::symbol(Expr::symbol(plan.variable), type)}});
  }
};

}  // namespace

const rewrite::Transformation while_to_for = rewrite::make_transformation<WhileToFor>();

}  // namespace thalweg::transforms
