#include "transforms/loop_sites.h"

#include <algorithm>

namespace thalweg::transforms {

std::vector<LoopSite> loop_sites(ir::SDFG& graph) {
  std::vector<LoopSite> found;
  std::shared_ptr<ControlFacts> facts;
  for (ir::ControlFlowBlock* block : ir::all_blocks(graph)) {
    auto* loop = ir::as<ir::LoopRegion>(block);
    if (!loop) continue;
    if (!facts) facts = std::make_shared<ControlFacts>(graph);
    found.push_back({ir::Ref<ir::LoopRegion>(loop), facts});
  }
  std::reverse(found.begin(), found.end());
  return found;
}

}  // namespace thalweg::transforms
