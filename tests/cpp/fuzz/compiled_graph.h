// A graph as machine code, made in this process, run on the inputs that the interpreter gets.
#pragma once
#include <memory>
#include <string>

#include "jit/jit.h"
#include "lower/lower.h"
#include "thalweg/runtime.h"
#include "verify/run.h"

namespace thalweg::tests {

class CompiledGraph {
 public:
  // A diagnostic where lowering refuses the graph.
  static base::Result<std::unique_ptr<CompiledGraph>> make(const ir::SDFG& graph, const lower::Options& options);

  // What can be seen from outside, as of a run in the interpreter; regions go to this many threads.
  verify::Seen run(const verify::Inputs& inputs, int threads);
  const std::string& c_text() const { return c_text_; }

 private:
  lower::Program program_;
  std::string c_text_;
  jit::Loaded code_;
  int32_t (*entry_)(thw_context*, const thw_call*) = nullptr;
};

}  // namespace thalweg::tests
