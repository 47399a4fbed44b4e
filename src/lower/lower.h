// SDFG to loop IR: loop order, parallel regions, memory, copies and checks are decided here and only here.
#pragma once
#include "base/result.h"
#include "lower/loop_ir.h"

namespace thalweg::lower {

struct Options {
  bool parallel = true;                // top-level maps may become parallel regions
  bool no_alias = true;                // arguments do not overlap (else no pointer to an argument is `restrict`)
  bool fuse = true;                    // fuse neighbouring loop nests and contract what lives only between them
  bool kernels = false;                // parallel nests become device kernels: their loops run over the grid
  bool half = false;                   // the compiler behind has float16 (half precision)
  int64_t parallel_threshold = 32768;  // simple operations below which a region stays on the calling thread
};

// Everything that cannot be lowered is refused with a located diagnostic. The graph must be valid.
base::Result<Program> lower(const ir::SDFG& sdfg, const Options& options = {});

}  // namespace thalweg::lower
