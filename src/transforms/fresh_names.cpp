#include "transforms/fresh_names.h"

namespace thalweg::transforms {

using namespace ir;

FreshNames::FreshNames(const SDFG& graph) {
  for (const auto& container : graph.containers()) taken_.insert(container->get().name);
  for (const auto& [name, dtype] : graph.get().symbols) taken_.insert(name);
  for (ControlFlowBlock* block : all_blocks(const_cast<SDFG&>(graph))) {
    if (auto* loop = as<LoopRegion>(block)) taken_.insert(loop->get().variable);
    auto* state = as<State>(block);
    if (!state) continue;
    for (const auto& node : state->nodes()) {
      if (auto* entry = as<MapEntry>(node.get()))
        taken_.insert(entry->scope().get().params.begin(), entry->scope().get().params.end());
      if (auto* entry = as<ConsumeEntry>(node.get())) taken_.insert(entry->scope().get().pe_index);
    }
  }
}

std::string FreshNames::fresh(const std::string& base) {
  std::string name = base;
  for (int& next = next_[base]; !taken_.insert(name).second; ++next) name = base + "_" + std::to_string(next);
  return name;
}

}  // namespace thalweg::transforms
