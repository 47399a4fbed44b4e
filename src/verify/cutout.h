// A cut-out: a graph, inputs, and the transformation that changes what it computes on them, as a file that can be
// replayed (`thalweg replay FILE`).
#pragma once
#include <string>

#include "base/result.h"
#include "verify/guilty.h"

namespace thalweg::verify {

struct CutOut {
  std::string transformation, place, what;
  Inputs inputs;
  ir::Ref<ir::SDFG> graph;  // before the application
};

std::string to_text(const CutOut& cutout);
base::Result<CutOut> cutout_from_text(const std::string& text);

// Applies the transformation to the graph of the file at each place, one at a time. The guilty application, if there is
// one today; a diagnostic for a file that cannot be read or names a transformation that is unknown.
base::Result<std::optional<Guilty>> replay(const std::string& text);

}  // namespace thalweg::verify
