// The pass pipelines: `simplify` and what runs before lowering, as commented lists.
#pragma once
#include <functional>
#include <string>

#include "base/result.h"
#include "ir/sdfg.h"
#include "rewrite/journal.h"

namespace thalweg::passes {

// Called before the first pass (stage "frontend") and after each pass that changed the graph (its name).
using Observer = std::function<void(const std::string& stage, const ir::SDFG& graph)>;

// The two lists, repeated while anything changes; how many transformations applied. `auto_optimize` simplifies, too.
base::Result<int> simplify(ir::SDFG& graph, rewrite::Journal& journal, const Observer& observer = {});
base::Result<int> auto_optimize(ir::SDFG& graph, rewrite::Journal& journal, const Observer& observer = {});

// Everything that runs between frontend and lower. What was applied stands in the journal, whose oracle looks on.
base::Status optimise(ir::SDFG& graph, rewrite::Journal& journal, const Observer& observer = {});
inline base::Status optimise(ir::SDFG& graph, const Observer& observer = {}) {
  rewrite::Journal journal;
  return optimise(graph, journal, observer);
}

}  // namespace thalweg::passes
