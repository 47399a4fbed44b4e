#include "passes/catalogue.h"

#include "transforms/dead_dataflow.h"
#include "transforms/inline_sdfg.h"
#include "transforms/map_fusion.h"
#include "transforms/redundant_copy.h"
#include "transforms/state_fusion.h"

namespace thalweg::passes {

const std::vector<const rewrite::Transformation*>& transformations() {
  static const std::vector<const rewrite::Transformation*> all = {
      &transforms::dead_dataflow,  &transforms::inline_sdfg,  &transforms::map_fusion,
      &transforms::redundant_copy, &transforms::state_fusion,
  };
  return all;
}

const rewrite::Transformation* find_transformation(std::string_view name) {
  for (const rewrite::Transformation* one : transformations())
    if (one->name == name) return one;
  return nullptr;
}

}  // namespace thalweg::passes
