#include "verify/guilty.h"

#include "ir/verify.h"
#include "rewrite/reduce_graph.h"

namespace thalweg::verify {

namespace {

constexpr int kMostAttempts = 400;  // at making a cut-out smaller

struct Spot {
  size_t graph, candidate;
};

// Where it applies now, as positions that a copy of the graph has too.
std::vector<Spot> spots(ir::SDFG& graph, const rewrite::Transformation& transformation) {
  std::vector<Spot> found;
  const auto graphs = ir::all_sdfgs(graph);
  for (size_t g = 0; g < graphs.size(); ++g) {
    const auto candidates = transformation.candidates(*graphs[g]);
    for (size_t k = 0; k < candidates.size(); ++k)
      if (candidates[k].declined.empty()) found.push_back({g, k});
  }
  return found;
}

}  // namespace

std::string changed(ir::SDFG& after, const Inputs& inputs, const Seen& before, Tolerance tolerance) {
  if (auto status = ir::verify(after); !status) return status.error().message;
  for (uint64_t order : {0, 1, 2}) {
    std::string found = difference(after, inputs, before, run(after, inputs, order), tolerance);
    if (!found.empty()) return found;
  }
  return "";
}

std::optional<Guilty> first_guilty(const ir::SDFG& graph, const rewrite::Transformation& transformation,
                                   const Inputs& inputs) {
  const ir::Ref<ir::SDFG> original = ir::clone(graph);
  const Tolerance tolerance = tolerance_of(*original);
  const Seen before = run(*original, inputs, 0);
  if (before.broken()) return std::nullopt;
  for (const Spot& spot : spots(*original, transformation)) {
    const ir::Ref<ir::SDFG> copy = ir::clone(graph);
    const auto candidates = transformation.candidates(*ir::all_sdfgs(*copy)[spot.graph]);
    const rewrite::Candidate& candidate = candidates[spot.candidate];
    candidate.apply();
    if (std::string what = changed(*copy, inputs, before, tolerance); !what.empty())
      return Guilty{candidate.place, candidate.location, std::move(what)};
  }
  return std::nullopt;
}

ir::Ref<ir::SDFG> cut_out(const ir::SDFG& graph, const rewrite::Transformation& transformation, const Inputs& inputs) {
  int attempts = 0;
  return rewrite::reduce_graph(graph, [&](ir::SDFG& smaller) {
    return ++attempts <= kMostAttempts && first_guilty(smaller, transformation, inputs).has_value();
  });
}

}  // namespace thalweg::verify
