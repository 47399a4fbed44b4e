#include "passes/pipelines.h"

namespace thalweg::passes {

base::Status optimise(ir::SDFG& graph, const Observer& observer) {
  if (observer) observer("frontend", graph);
  return base::success();
}

}  // namespace thalweg::passes
