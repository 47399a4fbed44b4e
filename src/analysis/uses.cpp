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

void add_loop(const LoopRegion& loop, ContainerUses& uses) {
  for (const code::Ptr& code : {loop.get().init, loop.get().condition, loop.get().update}) add_code(code, uses);
}

// What the blocks of a region use, and the transitions between them.
void add_inside(ControlFlowRegion& region, ContainerUses& uses) {
  add_region(region, uses);
  for (ControlFlowBlock* block : all_blocks(region)) {
    if (auto* inner = as<ControlFlowRegion>(block)) add_region(*inner, uses);
    if (auto* loop = as<LoopRegion>(block)) add_loop(*loop, uses);
    if (auto* conditional = as<ConditionalBlock>(block))
      for (const auto& branch : conditional->branches()) add_code(branch.condition, uses);
    if (auto* state = as<State>(block))
      for (const auto& node : state->nodes())
        if (auto* access = as<AccessNode>(node.get())) ++uses.access_nodes[access->get().data];
  }
}

}  // namespace

ContainerUses container_uses(SDFG& graph) {
  ContainerUses uses;
  add_inside(graph, uses);
  for (const ReturnValue& value : graph.get().returns) uses.elsewhere.insert(value.container);
  for (const auto& container : graph.containers())
    uses.elsewhere.insert(container->get().targets.begin(), container->get().targets.end());
  return uses;
}

bool control_reads(const LoopRegion& loop, const std::string& container) {
  ContainerUses uses;
  add_loop(loop, uses);
  add_inside(const_cast<LoopRegion&>(loop), uses);
  return !uses.only_in_states(container);
}

}  // namespace thalweg::analysis
