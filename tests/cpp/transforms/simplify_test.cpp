// The transformations together, in the order of the pipeline: random graphs keep their meaning.
#include "transforms/dead_dataflow.h"
#include "transforms/inline_sdfg.h"
#include "transforms/loop_to_map.h"
#include "transforms/map_fusion.h"
#include "transforms/random_loops.h"
#include "transforms/redundant_copy.h"
#include "transforms/state_fusion.h"
#include "transforms/support.h"

namespace thalweg {
namespace {

rewrite::Transformation together() {
  static const rewrite::Transformation* const all[] = {&transforms::inline_sdfg,    &transforms::state_fusion,
                                                       &transforms::redundant_copy, &transforms::map_fusion,
                                                       &transforms::dead_dataflow,  &transforms::loop_to_map};
  rewrite::Transformation out = transforms::state_fusion;
  out.sweep = [](ir::SDFG& graph, const rewrite::Perform& perform) -> base::Result<int> {
    int count = 0;
    for (const auto* one : all) {
      TW_TRY(int applied, one->sweep(graph, perform));
      count += applied;
    }
    return count;
  };
  out.first = [](ir::SDFG& graph) -> std::optional<rewrite::Candidate> {
    for (const auto* one : all)
      if (auto candidate = one->first(graph)) return candidate;
    return std::nullopt;
  };
  return out;
}

TEST(Simplify, KeepsTheMeaningOfRandomGraphs) { tests::fuzz(together(), tests::random_program, 200); }

TEST(Simplify, KeepsTheMeaningOfRandomChains) { tests::fuzz(together(), tests::random_chain, 200); }

TEST(Simplify, KeepsTheMeaningOfRandomLoops) { tests::fuzz(together(), tests::random_loops, 200); }

}  // namespace
}  // namespace thalweg
