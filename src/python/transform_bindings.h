// Transformations on graphs from Python: applied by name, or asked where and why not.
#pragma once
#include "python/graph.h"

namespace thalweg::python {

void bind_transformations(nb::module_& module, nb::class_<ir::SDFG, ir::ControlFlowRegion>& sdfg);

}  // namespace thalweg::python
