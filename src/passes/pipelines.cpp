#include "passes/pipelines.h"

#include "rewrite/journal.h"
#include "transforms/map_fusion.h"
#include "transforms/state_fusion.h"

namespace thalweg::passes {

base::Status optimise(ir::SDFG& graph, const Observer& observer) {
  if (observer) observer("frontend", graph);
  rewrite::Journal journal;
  const rewrite::Transformation* const pipeline[] = {
      &transforms::state_fusion,  // statements become one dataflow: everything below works inside a state
      &transforms::map_fusion,    // temporaries between maps become scalars
  };
  for (const rewrite::Transformation* transformation : pipeline) {
    TW_TRY(int count, journal.apply_repeated(graph, *transformation));
    if (count > 0 && observer) observer(transformation->name, graph);
  }
  return base::success();
}

}  // namespace thalweg::passes
