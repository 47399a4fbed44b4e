// Random graphs run to their end, and give the same bits in whatever order their free choices are taken.
#include <gtest/gtest.h>

#include "interpret/interpret.h"
#include "support/random_graph.h"
#include "text/text.h"

namespace thalweg {
namespace {

base::Status run(ir::SDFG& sdfg, const std::map<std::string, int64_t>& symbols, tests::Buffers& buffers, uint64_t order,
                 std::vector<std::byte>& result) {
  interpret::Arguments arguments;
  arguments.symbols = symbols;
  for (auto& [name, buffer] : buffers) arguments.containers[name] = {buffer.bytes.data(), buffer.shape, buffer.strides};
  interpret::Options options;
  options.seed = order;
  TW_TRY(interpret::Outcome outcome, interpret::run(sdfg, arguments, options));
  for (const auto& value : outcome.returns) {
    size_t bytes = static_cast<size_t>(value.dtype.bytes());
    for (int64_t extent : value.shape) bytes *= static_cast<size_t>(extent);
    result.assign(value.data, value.data + bytes);
  }
  return base::success();
}

TEST(RandomGraph, EveryOrderGivesTheSameBits) {
  const auto [first_seed, last_seed] = tests::fuzz_seeds(60);
  for (uint64_t seed = first_seed; seed <= last_seed; ++seed) {
    const tests::RandomGraph graph = tests::random_graph(seed);
    const std::string text = text::print(*graph.sdfg);
    tests::Buffers first = tests::random_buffers(*graph.sdfg, graph.symbols, seed);
    std::vector<std::byte> first_result;
    auto status = run(*graph.sdfg, graph.symbols, first, 0, first_result);
    ASSERT_TRUE(status.ok()) << "seed " << seed << ": " << status.error().message << "\n" << text;
    for (uint64_t order = 1; order <= 2; ++order) {
      tests::Buffers again = tests::random_buffers(*graph.sdfg, graph.symbols, seed);
      std::vector<std::byte> result;
      status = run(*graph.sdfg, graph.symbols, again, order, result);
      ASSERT_TRUE(status.ok()) << "seed " << seed << ": " << status.error().message << "\n" << text;
      ASSERT_EQ(tests::first_difference(first, again), "") << "seed " << seed << ", order " << order << "\n" << text;
      ASSERT_EQ(result, first_result) << "seed " << seed << ", order " << order << "\n" << text;
    }
  }
}

}  // namespace
}  // namespace thalweg
