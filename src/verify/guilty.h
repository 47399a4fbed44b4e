// Which application of a transformation changes what a graph computes.
#pragma once
#include <optional>
#include <string>

#include "rewrite/transformation.h"
#include "verify/run.h"

namespace thalweg::verify {

struct Guilty {
  std::string place;
  base::Location location;
  std::string what;  // the first difference, or what the structural verifier says
};

// What the graph does before is what it does after: structure, and a run in order and two in drawn orders. "" if so.
std::string changed(ir::SDFG& after, const Inputs& inputs, const Seen& before, Tolerance tolerance);

// Tries each place where the transformation applies, one at a time, on a copy of the graph.
std::optional<Guilty> first_guilty(const ir::SDFG& graph, const rewrite::Transformation& transformation,
                                   const Inputs& inputs);

// The same guilt with less around it: blocks, nodes and containers that are not needed are left out.
ir::Ref<ir::SDFG> cut_out(const ir::SDFG& graph, const rewrite::Transformation& transformation, const Inputs& inputs);

}  // namespace thalweg::verify
