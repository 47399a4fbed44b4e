// The pass pipelines: `simplify` and what runs before lowering, as commented lists.
#pragma once
#include <functional>
#include <string>

#include "base/result.h"
#include "ir/sdfg.h"

namespace thalweg::passes {

// Called before the first pass (stage "frontend") and after each pass that changed the graph (its name).
using Observer = std::function<void(const std::string& stage, const ir::SDFG& graph)>;

// Everything that runs between frontend and lower.
base::Status optimise(ir::SDFG& graph, const Observer& observer = {});

}  // namespace thalweg::passes
