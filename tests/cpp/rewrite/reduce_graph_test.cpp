// The reducer finds the few lines that matter.
#include "rewrite/reduce_graph.h"

#include <gtest/gtest.h>

#include "ir/verify.h"
#include "support/random_graph.h"
#include "text/text.h"

namespace thalweg {
namespace {

TEST(ReduceGraph, KeepsTheFailureAndLittleElse) {
  size_t reduced = 0;
  for (uint64_t seed = 1; seed <= 40 && reduced < 5; ++seed) {
    const tests::RandomGraph graph = tests::random_graph(seed);
    // "Fails" where a Reduce node of a product stands.
    auto fails = [](ir::SDFG& sdfg) { return text::print(sdfg).find("wcr = wcr(product)") != std::string::npos; };
    if (!fails(*graph.sdfg)) continue;
    ++reduced;
    const ir::Ref<ir::SDFG> small = rewrite::reduce_graph(*graph.sdfg, fails);
    EXPECT_TRUE(fails(*small)) << "seed " << seed;
    EXPECT_TRUE(ir::verify(*small).ok()) << "seed " << seed;
    EXPECT_LT(text::print(*small).size(), text::print(*graph.sdfg).size() / 2) << "seed " << seed << "\n"
                                                                               << text::print(*small);
  }
  EXPECT_EQ(reduced, 5u);
}

}  // namespace
}  // namespace thalweg
