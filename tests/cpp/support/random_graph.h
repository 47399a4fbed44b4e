// Random graphs for fuzzing: valid, free of races and of undefined reads, and never raising, so that every correct way
// to run one gives the same bits. The same seed and features give the same graph, everywhere.
//
// The shapes are those that transformations look for: adjacent states, producers and consumers of a map joined by a
// transient, redundant copies, writes that nothing reads, nested maps and nested graphs, loops whose iterations are
// independent and loops whose are not, branches, references that swap in a time loop.
//
// Bits may differ in one way only: which NaN a NaN is. Compare with equal_results().
#pragma once
#include <cstddef>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "ir/sdfg.h"

namespace thalweg::tests {

struct GraphFeatures {
  int statements = 8;  // at the top level; blocks inside hold some more
  int nesting = 2;     // loops, branches and nested graphs within one another
  bool maps = true;    // else: single tasklets, copies and library nodes
  bool nested_maps = true;
  bool triangles = true;         // a range that depends on an earlier parameter
  bool scope_transients = true;  // transients inside of a map, private to an iteration
  bool copies = true;
  bool conflicts = true;   // write-conflict resolution, on integers and booleans (any order gives the same bits)
  bool reductions = true;  // Reduce library nodes
  bool matmul = false;     // MatMul library nodes, on integers; the interpreter needs an expansion for them
  bool loops = true;
  bool jumps = true;  // break and continue
  bool conditionals = true;
  bool nested_graphs = true;
  bool assignments = true;  // symbols assigned from data, used as indices
  bool references = true;
  bool views = true;
  bool checks = true;       // code::Check that always holds
  bool strides = true;      // arguments that are not C-contiguous
  bool empty_sizes = true;  // now and then sizes of 0
  bool complex = true;
  bool functions = false;  // exp, sin, pow ...: right within ulps
};

struct RandomGraph {
  ir::Ref<ir::SDFG> sdfg;
  std::map<std::string, int64_t> symbols;  // values of the free symbols
};
// Seeds for a fuzz test: 1 to `usual`, or THALWEG_FUZZ_SEEDS="first-last" (or "last") from the environment.
std::pair<uint64_t, uint64_t> fuzz_seeds(uint64_t usual);
RandomGraph random_graph(uint64_t seed, const GraphFeatures& features = {});

// Memory for the non-transient containers of a graph (arguments; not results), filled from the seed.
struct Buffer {
  ir::DType dtype;
  std::vector<int64_t> shape, strides;  // strides and offset in elements
  int64_t offset = 0;
  std::vector<std::byte> bytes;  // padding and all
};
using Buffers = std::map<std::string, Buffer>;
Buffers random_buffers(const ir::SDFG& sdfg, const std::map<std::string, int64_t>& symbols, uint64_t seed);

// "" when all elements are equal (all NaN are one); else the first difference, as text. Padding counts too.
std::string first_difference(const Buffers& a, const Buffers& b);
bool same_element(ir::DType dtype, const std::byte* a, const std::byte* b);

}  // namespace thalweg::tests
