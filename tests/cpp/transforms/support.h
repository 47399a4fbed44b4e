// Transformations under test: graphs as text, runs in the interpreter, and random graphs before and after.
#pragma once
#include <gtest/gtest.h>

#include <functional>

#include "rewrite/journal.h"
#include "support/random_graph.h"
#include "text/text.h"

namespace thalweg::tests {

// The graph of a text, which must be valid.
ir::Ref<ir::SDFG> graph_of(std::string_view text);

// What a run gives: the arguments' memory and the returned values. Run with orders drawn from `order`.
struct Run {
  Buffers memory;
  std::vector<Buffer> returned;
};
base::Result<Run> run_graph(ir::SDFG& graph, const std::map<std::string, int64_t>& symbols, uint64_t data,
                            uint64_t order);
// "" when both are equal, bit by bit.
std::string run_difference(const Run& a, const Run& b);

// The places of the outermost graph that a transformation looks at: "place" or "place: reason why not".
std::vector<std::string> places(ir::SDFG& graph, const rewrite::Transformation& transformation);
// The reason why the transformation does not apply at its only place; "" when it applies, "none" without a place.
std::string declined(std::string_view text, const rewrite::Transformation& transformation);

// Applies wherever it matches; the graph is verified after each application and gives the same bits at the end, in
// three orders. Returns how often it was applied.
int apply_checked(ir::SDFG& graph, const rewrite::Transformation& transformation,
                  const std::map<std::string, int64_t>& symbols);

// Gives every block, node and edge of a graph that was written as text a line of this file.
void locate(ir::SDFG& graph, const std::string& name);

// Random graphs of all kinds, of the size that tests of transformations want.
RandomGraph random_program(uint64_t seed);
// Straight lines of statements on vectors of N elements, some in a loop: maps over shifted neighbours, copies, results
// that nobody reads. Made of what fusion, copy removal and the like look for.
RandomGraph random_chain(uint64_t seed);
// The graph with its states fused.
RandomGraph in_one_state(RandomGraph graph);

// Applies the transformation to 200 random graphs, or (THALWEG_FUZZ=N) to as many as it takes until it has changed N,
// and checks each: valid after each application, the same bits, and the same text and objects after a rollback. A failure
// names the seed and the first application that changed the meaning. Expects at least `least` applications over all.
void fuzz(const rewrite::Transformation& transformation, const std::function<RandomGraph(uint64_t)>& make, int least);

}  // namespace thalweg::tests
