#include "passes/catalogue.h"

#include "transforms/constant_propagation.h"
#include "transforms/continue_to_branch.h"
#include "transforms/dead_dataflow.h"
#include "transforms/dead_state.h"
#include "transforms/empty_loop.h"
#include "transforms/if_conversion.h"
#include "transforms/induction_variable.h"
#include "transforms/inline_sdfg.h"
#include "transforms/loop_distribution.h"
#include "transforms/loop_fusion.h"
#include "transforms/loop_invariant.h"
#include "transforms/loop_step.h"
#include "transforms/loop_to_map.h"
#include "transforms/loop_unroll.h"
#include "transforms/map_fusion.h"
#include "transforms/redundant_copy.h"
#include "transforms/remove_unused_symbols.h"
#include "transforms/scalar_to_symbol.h"
#include "transforms/state_fusion.h"
#include "transforms/symbol_propagation.h"
#include "transforms/transient_contraction.h"
#include "transforms/trivial_loop.h"
#include "transforms/while_to_for.h"

namespace thalweg::passes {

const std::vector<const rewrite::Transformation*>& transformations() {
  static const std::vector<const rewrite::Transformation*> all = {
      &transforms::constant_propagation,
      &transforms::continue_to_branch,
      &transforms::dead_dataflow,
      &transforms::dead_state,
      &transforms::empty_loop,
      &transforms::if_conversion,
      &transforms::induction_variable,
      &transforms::inline_sdfg,
      &transforms::loop_distribution,
      &transforms::loop_fusion,
      &transforms::loop_invariant,
      &transforms::loop_step,
      &transforms::loop_to_map,
      &transforms::loop_unroll,
      &transforms::map_fusion,
      &transforms::redundant_copy,
      &transforms::remove_unused_symbols,
      &transforms::scalar_to_symbol,
      &transforms::state_fusion,
      &transforms::symbol_propagation,
      &transforms::transient_contraction,
      &transforms::trivial_loop,
      &transforms::while_to_for,
  };
  return all;
}

const rewrite::Transformation* find_transformation(std::string_view name) {
  for (const rewrite::Transformation* one : transformations())
    if (one->name == name) return one;
  return nullptr;
}

}  // namespace thalweg::passes
