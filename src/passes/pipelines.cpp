#include "passes/pipelines.h"

#include "transforms/constant_propagation.h"
#include "transforms/dead_dataflow.h"
#include "transforms/dead_state.h"
#include "transforms/empty_loop.h"
#include "transforms/inline_sdfg.h"
#include "transforms/loop_invariant.h"
#include "transforms/loop_to_map.h"
#include "transforms/map_fusion.h"
#include "transforms/redundant_copy.h"
#include "transforms/remove_unused_symbols.h"
#include "transforms/scalar_to_symbol.h"
#include "transforms/state_fusion.h"
#include "transforms/symbol_propagation.h"
#include "transforms/trivial_loop.h"

namespace thalweg::passes {

namespace {

// In this order, as often as anything changes. Each makes the graph smaller, or its states or loops fewer, so the rounds
// end by themselves; the bound is for the compile time of odd graphs.
const rewrite::Transformation* const kSimplify[] = {
    &transforms::inline_sdfg,            // first: the others do not look into nested graphs from outside
    &transforms::scalar_to_symbol,       // what counts is a symbol, which the others can reason about
    &transforms::symbol_propagation,     // one name for one value
    &transforms::constant_propagation,   // conditions and numbers of iterations become known
    &transforms::trivial_loop,           // loops that run once or never
    &transforms::empty_loop,             // and those without a body
    &transforms::dead_state,             // ways that are never taken
    &transforms::remove_unused_symbols,  // assignments between states keep these from being fused
    &transforms::state_fusion,           // statements become one dataflow: everything below works inside a state
    &transforms::redundant_copy,  // before map fusion, which wants maps joined by a temporary, not by a copy of it
    &transforms::map_fusion,      // temporaries between maps become scalars
    &transforms::loop_invariant,  // what fusion left by itself in a loop and is the same in every iteration
    &transforms::dead_dataflow,   // what the others left without a reader
    &transforms::loop_to_map,     // of bodies in their simplest form; the next round inlines and fuses what it made
};
constexpr int kMostRounds = 4;

}  // namespace

base::Status optimise(ir::SDFG& graph, rewrite::Journal& journal, const Observer& observer) {
  if (observer) observer("frontend", graph);
  bool changed = true;
  for (int round = 0; changed && round < kMostRounds; ++round) {
    changed = false;
    for (const rewrite::Transformation* transformation : kSimplify) {
      TW_TRY(int count, journal.apply_repeated(graph, *transformation));
      if (count > 0 && observer) observer(transformation->name, graph);
      changed = changed || count > 0;
    }
  }
  return base::success();
}

}  // namespace thalweg::passes
