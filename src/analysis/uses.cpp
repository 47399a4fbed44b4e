#include "analysis/uses.h"

namespace thalweg::analysis {

using namespace ir;

namespace {

void add_code(const code::Ptr& code, ContainerUses& uses) {
  if (!code) return;
  code::collect_inputs(*code, uses.elsewhere);
}

void add_region(const ControlFlowRegion& region, ContainerUses& uses) {
  for (const auto& edge : region.edges()) {
    add_code(edge->get().condition, uses);
    for (const auto& [symbol, value] : edge->get().assignments) add_code(value, uses);
  }
}

}  // namespace

ContainerUses container_uses(SDFG& graph) {
  ContainerUses uses;
  add_region(graph, uses);
  for (ControlFlowBlock* block : all_blocks(graph)) {
    if (auto* region = as<ControlFlowRegion>(block)) add_region(*region, uses);
    if (auto* loop = as<LoopRegion>(block))
      for (const code::Ptr& code : {loop->get().init, loop->get().condition, loop->get().update}) add_code(code, uses);
    if (auto* conditional = as<ConditionalBlock>(block))
      for (const auto& branch : conditional->branches()) add_code(branch.condition, uses);
    if (auto* state = as<State>(block))
      for (const auto& node : state->nodes())
        if (auto* access = as<AccessNode>(node.get())) ++uses.access_nodes[access->get().data];
  }
  for (const ReturnValue& value : graph.get().returns) uses.elsewhere.insert(value.container);
  for (const auto& container : graph.containers())
    uses.elsewhere.insert(container->get().targets.begin(), container->get().targets.end());
  return uses;
}

}  // namespace thalweg::analysis
