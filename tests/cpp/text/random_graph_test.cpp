// Random graphs are valid, and their text is all of them.
#include <gtest/gtest.h>

#include "ir/verify.h"
#include "support/random_graph.h"
#include "text/text.h"

namespace thalweg {
namespace {

const auto [first_seed, last_seed] = tests::fuzz_seeds(60);

TEST(RandomGraph, PassesTheVerifier) {
  for (uint64_t seed = first_seed; seed <= last_seed; ++seed) {
    const tests::RandomGraph graph = tests::random_graph(seed);
    const auto problems = ir::find_problems(*graph.sdfg, {.locations = true});
    ASSERT_TRUE(problems.empty()) << "seed " << seed << ": " << problems[0].message << "\n" << text::print(*graph.sdfg);
  }
}

TEST(RandomGraph, TheSameSeedGivesTheSameGraph) {
  for (uint64_t seed = 1; seed <= 10; ++seed)
    EXPECT_EQ(text::print(*tests::random_graph(seed).sdfg), text::print(*tests::random_graph(seed).sdfg));
}

TEST(RandomGraph, TextReadsBackAsTheSameGraph) {
  for (uint64_t seed = first_seed; seed <= last_seed; ++seed) {
    const tests::RandomGraph graph = tests::random_graph(seed, {.statements = 12, .matmul = true, .functions = true});
    const std::string text = text::print(*graph.sdfg, {.locations = true});
    auto again = text::parse(text);
    ASSERT_TRUE(again.ok()) << "seed " << seed << ": " << base::render(again.error(), text) << "\n" << text;
    ASSERT_EQ(text::print(**again, {.locations = true}), text) << "seed " << seed;
    EXPECT_EQ(text::print(*ir::clone(**again), {.locations = true}), text) << "seed " << seed;
  }
}

TEST(RandomGraph, FeaturesCanBeLeftOut) {
  tests::GraphFeatures none{.statements = 10,
                            .maps = false,
                            .copies = false,
                            .reductions = false,
                            .loops = false,
                            .conditionals = false,
                            .nested_graphs = false,
                            .assignments = false,
                            .references = false,
                            .views = false};
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    const std::string text = text::print(*tests::random_graph(seed, none).sdfg);
    for (const char* word : {" loop ", " conditional ", " nested ", " library ", " reference ", " view "})
      EXPECT_EQ(text.find(word), std::string::npos) << "seed " << seed << word;
  }
}

}  // namespace
}  // namespace thalweg
