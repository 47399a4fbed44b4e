#include "passes/pipelines.h"

#include <initializer_list>
#include <span>

#include "transforms/constant_propagation.h"
#include "transforms/continue_to_branch.h"
#include "transforms/dead_dataflow.h"
#include "transforms/dead_state.h"
#include "transforms/empty_loop.h"
#include "transforms/induction_variable.h"
#include "transforms/inline_sdfg.h"
#include "transforms/loop_invariant.h"
#include "transforms/loop_step.h"
#include "transforms/loop_to_map.h"
#include "transforms/map_fusion.h"
#include "transforms/redundant_copy.h"
#include "transforms/remove_unused_symbols.h"
#include "transforms/scalar_to_symbol.h"
#include "transforms/state_fusion.h"
#include "transforms/symbol_propagation.h"
#include "transforms/trivial_loop.h"
#include "transforms/while_to_for.h"

namespace thalweg::passes {

namespace {

using List = std::span<const rewrite::Transformation* const>;

// What makes a graph smaller and plainer and costs nothing: its states, copies, symbols and loops become fewer. The other
// transformations match what this leaves.
const rewrite::Transformation* const kSimplify[] = {
    &transforms::inline_sdfg,            // first: the others do not look into nested graphs from outside
    &transforms::scalar_to_symbol,       // what counts is a symbol, which the others can reason about
    &transforms::symbol_propagation,     // one name for one value
    &transforms::constant_propagation,   // conditions and numbers of iterations become known
    &transforms::continue_to_branch,     // every iteration comes to its end
    &transforms::while_to_for,           // what counts in a while loop is a loop's variable
    &transforms::trivial_loop,           // loops that run once or never
    &transforms::empty_loop,             // and those without a body
    &transforms::dead_state,             // ways that are never taken
    &transforms::remove_unused_symbols,  // assignments between states keep these from being fused
    &transforms::state_fusion,           // statements become one dataflow: everything below works inside a state
    &transforms::redundant_copy,         // maps are then joined by a temporary, not by a copy of it
    &transforms::dead_dataflow,          // what the others left without a reader
};

// What makes it faster, in this order; between two of these lists `simplify` clears up.
const rewrite::Transformation* const kAutoOptimize[] = {
    &transforms::map_fusion,          // temporaries between maps become scalars, where that moves fewer bytes
    &transforms::loop_invariant,      // what fusion left by itself in a loop and is the same in every iteration
    &transforms::loop_step,           // loops with the step of a symbol count their turns
    &transforms::induction_variable,  // what counts beside a loop's variable is an expression of it
    &transforms::loop_to_map,         // bodies in their simplest form; the next round inlines and fuses what it made
};

// Every list ends by itself; the bound is for the compile time of odd graphs.
constexpr int kMostRounds = 4;

// How many applied; each list once, each transformation until it matches nowhere.
base::Result<int> run(List list, ir::SDFG& graph, rewrite::Journal& journal, const Observer& observer) {
  int all = 0;
  for (const rewrite::Transformation* transformation : list) {
    TW_TRY(int count, journal.apply_repeated(graph, *transformation));
    if (count > 0 && observer) observer(transformation->name, graph);
    all += count;
  }
  return all;
}

base::Result<int> run_rounds(std::initializer_list<List> lists, ir::SDFG& graph, rewrite::Journal& journal,
                             const Observer& observer) {
  int all = 0;
  for (int round = 0; round < kMostRounds; ++round) {
    int count = 0;
    for (List list : lists) {
      TW_TRY(int applied, run(list, graph, journal, observer));
      count += applied;
    }
    if (count == 0) break;
    all += count;
  }
  return all;
}

}  // namespace

base::Result<int> simplify(ir::SDFG& graph, rewrite::Journal& journal, const Observer& observer) {
  return run_rounds({kSimplify}, graph, journal, observer);
}

base::Result<int> auto_optimize(ir::SDFG& graph, rewrite::Journal& journal, const Observer& observer) {
  return run_rounds({kSimplify, kAutoOptimize}, graph, journal, observer);
}

base::Status optimise(ir::SDFG& graph, rewrite::Journal& journal, const Observer& observer) {
  if (observer) observer("frontend", graph);
  TW_TRY_VOID(auto_optimize(graph, journal, observer));
  return base::success();
}

}  // namespace thalweg::passes
