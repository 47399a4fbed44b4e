// The reference interpreter: runs any valid graph, slowly and obviously. It is the oracle that passes and compiled
// code are held against, so it shares the runtime's arithmetic and reduction trees and nothing else with them.
// What a graph means is docs/ir.md; what the interpreter adds (checks, orders, limits) is docs/interpret.md.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "ir/sdfg.h"

namespace thalweg::interpret {

// Memory of the caller for one non-transient container. Arguments may overlap one another.
struct Argument {
  void* data = nullptr;          // as compiled code gets it: element (0, 0 ...) is at data + the container's offset
  std::vector<int64_t> shape;    // both empty: as the container says under the symbol values
  std::vector<int64_t> strides;  // in elements
};

// Symbols that stand alone in a shape or stride of a given argument need not be listed: they are read off.
struct Arguments {
  std::map<std::string, Argument> containers;
  std::map<std::string, int64_t> symbols;
};

// An array as callbacks see it. Strides in elements.
struct ArrayRef {
  ir::DType dtype;
  void* data = nullptr;
  std::vector<int64_t> shape, strides;
};

enum class Uninitialised {
  report,  // reading an element of a transient that was never written is reported as a bug of the graph
  poison,  // it gives the bytes 0xCB
};

struct Options {
  // 0: map iterations and independent nodes run in order. Else they run in an order drawn from this seed.
  uint64_t seed = 0;
  Uninitialised uninitialised = Uninitialised::report;
  bool symbols_start_at_zero = false;  // as in generated programs; else one without a value is a bug of the graph
  // Streams hold exactly buffer_size elements, as on an FPGA; otherwise they are unbounded.
  bool exact_stream_depths = false;
  int64_t max_steps = 0;                 // 0: no limit. A step is one node, one map iteration or one block
  int64_t max_bytes = int64_t{1} << 32;  // of memory for containers
  std::function<bool()> interrupted;     // asked every thousand steps; true stops the run

  // The reference expansion of a library node: a graph whose non-transient containers are named like the node's
  // connectors and whose free symbols are those in scope at the node. Reduce and Callback are never asked for.
  std::function<base::Result<ir::Ref<ir::SDFG>>(const ir::LibraryNode&)> expand;
  // Calls function `index` of SDFG::callbacks; fills the outputs.
  std::function<base::Status(int64_t index, const std::vector<ArrayRef>& inputs, const std::vector<ArrayRef>& outputs)>
      callback;
};

// One value of the program's `return`.
struct Returned {
  ir::ReturnValue::Kind kind = ir::ReturnValue::Kind::none;
  std::string container;  // whose memory it lies in
  ir::DType dtype;
  const std::byte* data = nullptr;      // element (0, 0 ...)
  std::vector<int64_t> shape, strides;  // in elements
  int64_t symbol = 0;
  std::shared_ptr<void> keeps;       // the memory, when the program made it
  const std::byte* block = nullptr;  // and where it begins
  int64_t block_bytes = 0;           // and its length
};

struct Outcome {
  std::vector<Returned> returns;
  std::map<std::string, int64_t> symbols;  // values of all symbols at the end
  int64_t steps = 0;
};

// The code of the error of a run that reached `max_steps`.
constexpr const char* given_up = "TW0504";

// Runs the graph. What it raises is the error, with the kind of the Python exception and the span of the statement;
// errors of kind `internal` are bugs in the graph: out of bounds, uninitialised reads, deadlock, a limit reached.
base::Result<Outcome> run(ir::SDFG& sdfg, const Arguments& arguments, const Options& options = {});

}  // namespace thalweg::interpret
