// Every loop of a graph as a place to look at, with what is known around it.
#pragma once
#include <memory>
#include <vector>

#include "transforms/control_facts.h"

namespace thalweg::transforms {

struct LoopSite {
  ir::Ref<ir::LoopRegion> loop;
  std::shared_ptr<ControlFacts> facts;
};
// Inner loops before the loops around them.
std::vector<LoopSite> loop_sites(ir::SDFG& graph);
inline bool loop_site_present(const LoopSite& site) { return site.loop->log() != nullptr; }

}  // namespace thalweg::transforms
