// Map dimension shuffle: what it makes, where it declines, and that random graphs keep their meaning.
#include "transforms/map_dim_shuffle.h"

#include "support/golden.h"
#include "support/random_maps.h"
#include "transforms/maps.h"
#include "transforms/support.h"

namespace thalweg::map_dim_shuffle_test {
namespace {

using tests::declined;
using tests::one_map;
using transforms::map_dim_shuffle;

rewrite::Transformation order(const std::vector<std::string>& parameters) {
  return *map_dim_shuffle.with({{"parameters", parameters}});
}

TEST(MapDimShuffle, PutsDimensionsInOrder) {
  auto graph = tests::graph_of(one_map("i = 0:N, j = 0:M, k = 1:2]"));
  EXPECT_EQ(tests::apply_checked(*graph, order({"k", "j", "i"}), tests::kSizes), 1);
  tests::expect_golden("transforms/map_dim_shuffle.txt", text::print(*graph));
}

TEST(MapDimShuffle, Declines) {
  EXPECT_EQ(declined(one_map("i = 0:N, j = 0:M]"), map_dim_shuffle), "no order is asked for");
  EXPECT_EQ(declined(one_map("i = 0:N, j = 0:M]"), order({"i", "j"})), "its dimensions are in this order");
  EXPECT_EQ(declined(one_map("i = 0:N, j = 0:M]"), order({"j", "k"})), "its parameters are i, j, not j, k");
  EXPECT_EQ(declined(one_map("i = 0:N, j = 0:min(M, i + 1)]"), order({"j", "i"})),
            "the range of j uses a parameter that would come later");
  EXPECT_EQ(declined(one_map("i = 0:N, j = 0:M]", tests::pushing("n1", "n3"), tests::kStream), order({"j", "i"})),
            "elements of a stream would be moved in another order");
}

// The orders that graphs of both kinds have: what fits of them, in turn.
rewrite::Transformation several() {
  static const std::vector<rewrite::Transformation> all = {order({"j", "i"}), order({"k", "i", "j"}),
                                                           order({"k", "j"})};
  rewrite::Transformation out = all[0];
  out.sweep = [](ir::SDFG& graph, const rewrite::Perform& perform) -> base::Result<int> {
    int count = 0;
    for (const auto& one : all) {
      TW_TRY(int applied, one.sweep(graph, perform));
      count += applied;
    }
    return count;
  };
  out.first = [](ir::SDFG& graph) -> std::optional<rewrite::Candidate> {
    for (const auto& one : all)
      if (auto candidate = one.first(graph)) return candidate;
    return std::nullopt;
  };
  return out;
}

TEST(MapDimShuffle, KeepsTheMeaningOfRandomMaps) { tests::fuzz(several(), tests::random_maps, 60); }

}  // namespace
}  // namespace thalweg::map_dim_shuffle_test
