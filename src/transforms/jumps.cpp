#include "transforms/jumps.h"

#include <algorithm>

#include "ir/sdfg.h"

namespace thalweg::transforms {

using namespace ir;

bool leaves_loop(const ControlFlowRegion& region) {
  return std::any_of(region.blocks().begin(), region.blocks().end(), [](const Ref<ControlFlowBlock>& block) {
    return match(
        *block, [](State*) { return false; }, [](ControlFlowRegion* inner) { return leaves_loop(*inner); },
        [](LoopRegion*) { return false; },
        [](ConditionalBlock* conditional) {
          return std::any_of(conditional->branches().begin(), conditional->branches().end(),
                             [](const auto& branch) { return leaves_loop(*branch.body); });
        },
        [](JumpBlock* jump) { return jump->jump() != Jump::return_; });
  });
}

bool returns_inside(const ControlFlowRegion& region) {
  const auto blocks = all_blocks(const_cast<ControlFlowRegion&>(region));
  return std::any_of(blocks.begin(), blocks.end(), [](ControlFlowBlock* block) {
    auto* jump = as<JumpBlock>(block);
    return jump && jump->jump() == Jump::return_;
  });
}

}  // namespace thalweg::transforms
