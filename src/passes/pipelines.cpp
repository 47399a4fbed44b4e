#include "passes/pipelines.h"

#include "transforms/dead_dataflow.h"
#include "transforms/inline_sdfg.h"
#include "transforms/loop_to_map.h"
#include "transforms/map_fusion.h"
#include "transforms/redundant_copy.h"
#include "transforms/state_fusion.h"

namespace thalweg::passes {

namespace {

// In this order, as often as anything changes. Each makes the graph smaller, or its states or loops fewer, so the rounds
// end by themselves; the bound is for the compile time of odd graphs.
const rewrite::Transformation* const kSimplify[] = {
    &transforms::inline_sdfg,     // first: the others do not look into nested graphs from outside
    &transforms::state_fusion,    // statements become one dataflow: everything below works inside a state
    &transforms::redundant_copy,  // before map fusion, which wants maps joined by a temporary, not by a copy of it
    &transforms::map_fusion,      // temporaries between maps become scalars
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
