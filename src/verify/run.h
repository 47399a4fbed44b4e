// One run of a graph in the interpreter on given inputs, and what two runs differ in.
#pragma once
#include <string>
#include <vector>

#include "interpret/interpret.h"
#include "verify/inputs.h"

namespace thalweg::verify {

// What can be seen of a run from outside.
struct Seen {
  bool raised = false;
  base::ErrorKind kind = base::ErrorKind::internal;
  std::string message;    // what was raised, or the interpreter's report
  bool given_up = false;  // it took more than the steps that it had
  std::vector<std::vector<std::byte>> blocks;
  struct Value {
    ir::ReturnValue::Kind kind = ir::ReturnValue::Kind::none;
    ir::DType dtype;
    std::vector<int64_t> shape;
    std::vector<std::byte> bytes;
  };
  std::vector<Value> returned;
  std::vector<std::string> calls;  // calls back into Python: which function, on what

  // The graph itself is at fault, or the run took too long: says nothing about a transformation.
  bool broken() const { return raised && kind == base::ErrorKind::internal; }
};

inline constexpr int64_t kMostSteps = 400'000;

// `order` as in interpret::Options::seed. A run that takes more than `most_steps` is given up (Seen::broken).
Seen run(ir::SDFG& graph, const Inputs& inputs, uint64_t order, int64_t most_steps = kMostSteps);

// Stands in for Python in a run: notes the call, and fills the outputs with what follows from function and inputs alone
// (small whole numbers, so that they can be indices).
base::Status stand_in(std::vector<std::string>& calls, int64_t function, const std::vector<interpret::ArrayRef>& inputs,
                      const std::vector<interpret::ArrayRef>& outputs);

// How results may differ: not at all, or by the order in which concurrent floating-point writes were combined.
enum class Tolerance { none, order_of_conflicts };
Tolerance tolerance_of(ir::SDFG& graph);

// "" when both show the same (any NaN is every NaN); else the first difference. What stands in memory after a raise
// is unspecified, and so is which of several failing statements is reported.
std::string difference(const ir::SDFG& graph, const Inputs& inputs, const Seen& before, const Seen& after,
                       Tolerance tolerance);

}  // namespace thalweg::verify
