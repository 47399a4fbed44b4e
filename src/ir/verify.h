// The verifier: is this graph well-formed? The invariants are listed at the head of verify.cpp.
#pragma once
#include <vector>

#include "base/result.h"
#include "ir/sdfg.h"

namespace thalweg::ir {

struct VerifyOptions {
  bool locations = false;  // executable elements must say where they come from (on in the frontend's tests)
  size_t limit = 20;       // stop after so many problems
};

// Every problem found in the graph and the graphs nested in it, in a fixed order.
std::vector<base::Diagnostic> find_problems(const SDFG& sdfg, VerifyOptions options = {});
// The first problem, with the others as notes.
base::Status verify(const SDFG& sdfg, VerifyOptions options = {});

}  // namespace thalweg::ir
