// Random graphs, interpreted and compiled: the same bits on every input. THALWEG_FUZZ=N runs N graphs (200 by default)
// on ten inputs each; a failure names its seed, THALWEG_FUZZ_SEEDS=first-last runs those alone. The report at the end
// says how often each kind of node, element type, memlet, schedule and storage was reached.
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

#include "compiled_graph.h"
#include "ir/verify.h"
#include "support/coverage.h"
#include "support/random_wide.h"
#include "text/text.h"

namespace thalweg::tests {
namespace {

constexpr size_t kInputs = 10;
constexpr int64_t kMostSteps = 20'000'000;  // every run ends: an array of M*M*M in a nested graph of a map takes M^4
constexpr uint64_t kRefusedEvery = 8;       // one graph in so many is of the kind that lowering refuses

std::pair<uint64_t, uint64_t> seeds() {
  const char* asked = std::getenv("THALWEG_FUZZ");
  return fuzz_seeds(asked ? std::strtoull(asked, nullptr, 10) : 200);
}

// Memory behind each block that nobody may touch.
void add_guards(std::vector<verify::Inputs>& all) {
  for (verify::Inputs& inputs : all)
    for (auto& block : inputs.blocks) block.resize(block.size() + 64, std::byte{0xA5});
}

std::string guards_touched(const verify::Seen& seen) {
  for (const auto& block : seen.blocks)
    for (size_t k = block.size() - 64; k < block.size(); ++k)
      if (block[k] != std::byte{0xA5}) return "memory behind an array was written";
  return "";
}

struct Tally {
  Coverage compiled, interpreted;
  int graphs = 0, refused = 0, inputs = 0;
  std::map<std::string, int> reasons;
};

// What lowering refuses: any two orders of the interpreter give the same.
std::string differs_by_order(ir::SDFG& graph, const std::vector<verify::Inputs>& all) {
  for (const verify::Inputs& inputs : all) {
    const verify::Seen first = verify::run(graph, inputs, 0, kMostSteps);
    if (first.raised) return first.message;
    for (uint64_t order : {1, 2}) {
      const verify::Seen again = verify::run(graph, inputs, order, kMostSteps);
      std::string found = verify::difference(graph, inputs, first, again, verify::Tolerance::none);
      if (!found.empty()) return found;
    }
  }
  return "";
}

// "" or the first difference; `refusal` says why it was not compiled.
std::string differs_compiled(ir::SDFG& graph, const std::vector<verify::Inputs>& all, bool fuse, int threads,
                             std::string& refusal) {
  lower::Options options;
  options.fuse = fuse;
  options.parallel_threshold = 0;  // every region goes to the pool
  auto compiled = CompiledGraph::make(graph, options);
  if (!compiled) {
    refusal = compiled.error().message;
    return compiled.error().code == "TW0600" ? "" : refusal;
  }
  for (const verify::Inputs& inputs : all) {
    const verify::Seen expected = verify::run(graph, inputs, 0, kMostSteps);
    if (expected.raised) return "the interpreter: " + expected.message;
    const verify::Seen found = (*compiled)->run(inputs, threads);
    std::string what = guards_touched(found);
    if (what.empty()) what = verify::difference(graph, inputs, expected, found, verify::Tolerance::none);
    if (what.empty()) continue;
    std::string sizes;
    for (const auto& [name, value] : inputs.symbols) sizes += " " + name + " = " + std::to_string(value);
    return what + "\nwith" + sizes + (fuse ? "\nfused\n" : "\nunfused\n") + (*compiled)->c_text();
  }
  return "";
}

void one_graph(uint64_t seed, Tally& tally) {
  const bool refused_kind = seed % kRefusedEvery == 0;
  RandomGraph random = refused_kind ? random_refused_graph(seed) : random_wide_graph(seed);
  ir::SDFG& graph = *random.sdfg;
  auto context = [&] {
    return "THALWEG_FUZZ_SEEDS=" + std::to_string(seed) + "-" + std::to_string(seed) + "\n" + text::print(graph);
  };
  const auto valid = ir::verify(graph);
  ASSERT_TRUE(valid.ok()) << valid.error().message << "\n" << context();
  auto inputs = verify::generate_inputs(graph, kInputs);
  ASSERT_FALSE(inputs.empty()) << context();
  add_guards(inputs);
  ++tally.graphs;
  tally.inputs += static_cast<int>(inputs.size());
  std::string refusal, difference;
  if (!refused_kind) difference = differs_compiled(graph, inputs, seed % 4 != 1, 1 + seed % 2, refusal);
  ASSERT_EQ(difference, "") << context();
  if (!refused_kind && refusal.empty()) return tally.compiled.count(graph);
  if (!refused_kind) ++tally.refused, ++tally.reasons[refusal];
  difference = differs_by_order(graph, inputs);
  ASSERT_EQ(difference, "") << context();
  tally.interpreted.count(graph);
}

void report(const Tally& tally) {
  std::cout << tally.graphs << " graphs on " << tally.inputs << " inputs; " << tally.refused
            << " more than meant were refused by lowering\n";
  for (const auto& [reason, count] : tally.reasons) std::cout << "  " << count << " x " << reason << "\n";
  std::cout << "reached                        compiled   interpreted only\n";
  for (const std::string& row : Coverage::rows()) {
    std::string line = row;
    line.resize(30, ' ');
    std::string compiled = std::to_string(tally.compiled.of(row));
    std::cout << line << std::string(9 - std::min<size_t>(9, compiled.size()), ' ') << compiled << "   "
              << tally.interpreted.of(row) << "\n";
  }
}

TEST(Fuzz, CompiledIsInterpreted) {
  const auto [first, last] = seeds();
  Tally tally;
  for (uint64_t seed = first; seed <= last && !HasFatalFailure(); ++seed) one_graph(seed, tally);
  report(tally);
  if (last - first + 1 < 200 || HasFatalFailure()) return;
  EXPECT_LE(tally.refused, tally.graphs / 10);
  // What compiled code does not take yet, by design.
  const std::set<std::string> refused = {"node consume",
                                         "container stream",
                                         "dtype float16",
                                         "memlet stream",
                                         "schedule MPI",
                                         "schedule GPU_Device",
                                         "schedule GPU_ThreadBlock",
                                         "schedule GPU_ThreadBlock_Dynamic",
                                         "schedule GPU_Persistent",
                                         "storage GPU_Global",
                                         "storage GPU_Shared"};
  for (const std::string& row : Coverage::rows())
    EXPECT_GT((refused.count(row) ? tally.interpreted : tally.compiled).of(row), 0) << row << " was not reached";
}

}  // namespace
}  // namespace thalweg::tests
