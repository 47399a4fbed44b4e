// The registry: every transformation has a name of its own, and texts with options are understood or refused.
#include "transforms/registry.h"

#include <filesystem>
#include <fstream>
#include <regex>

#include "transforms/maps.h"
#include "transforms/support.h"

namespace thalweg::registry_test {
namespace {

using transforms::parse_transformation;
using transforms::parse_transformations;

std::string refused(const std::string& text) {
  auto parsed = parse_transformations(text);
  return parsed.ok() ? "" : parsed.error().code + ": " + parsed.error().message;
}

// Each exported value of src/transforms is listed.
TEST(Registry, ListsEveryTransformation) {
  size_t exported = 0;
  for (const auto& file : std::filesystem::directory_iterator(std::string(THALWEG_TESTS_DIR) + "/../src/transforms")) {
    if (file.path().extension() != ".cpp") continue;
    std::ifstream stream(file.path());
    const std::string text((std::istreambuf_iterator<char>(stream)), {});
    static const std::regex value("const rewrite::Transformation \\w+ = rewrite::make_transformation<(\\w+)>");
    for (std::sregex_iterator at(text.begin(), text.end(), value), end; at != end; ++at) ++exported;
  }
  EXPECT_GT(exported, 15u);
  EXPECT_EQ(transforms::all_transformations().size(), exported);
  std::set<std::string> names;
  for (const auto* one : transforms::all_transformations()) {
    EXPECT_TRUE(names.insert(one->name).second) << one->name;
    EXPECT_EQ(transforms::find_transformation(one->name), one);
    EXPECT_FALSE(one->help.empty());
    for (const auto& option : one->options) EXPECT_FALSE(option.help.empty()) << one->name << "." << option.name;
  }
}

TEST(Registry, FindsNamesInBothSpellings) {
  EXPECT_EQ(transforms::find_transformation("map_tiling"), transforms::find_transformation("MapTiling"));
  EXPECT_EQ(transforms::find_transformation("inline_sdfg")->name, "InlineSDFG");
  EXPECT_EQ(transforms::find_transformation("MapFusionVertical")->name, "MapFusion");
  EXPECT_EQ(transforms::find_transformation("MapTilling"), nullptr);
}

TEST(Registry, TextsCarryOptions) {
  auto parsed = parse_transformations("MapCollapse, MapTiling(tile_sizes=[2, 3], prefix='t'), map_unroll(limit=2)");
  ASSERT_TRUE(parsed.ok());
  ASSERT_EQ(parsed->size(), 3u);
  auto graph = tests::graph_of(tests::one_map("i = 0:N, j = 0:M]"));
  EXPECT_EQ(tests::apply_checked(*graph, (*parsed)[1], tests::kSizes), 1);
  EXPECT_NE(text::print(*graph).find("map one[t_i = 0:2*((N + 1)//2):2, t_j = 0:3*((M + 2)//3):3]"), std::string::npos)
      << text::print(*graph);
  EXPECT_EQ(tests::declined(tests::one_map("i = 0:3, j = 0:1]"), (*parsed)[2]), "it has more than 2 iterations");
  auto one = parse_transformation("MapDimShuffle(parameters=(j, i))");
  ASSERT_TRUE(one.ok());
  EXPECT_EQ(tests::declined(tests::one_map("i = 0:N, j = 0:M]"), *one), "");
  ASSERT_TRUE(parse_transformation("StripMining(dim_idx=-1)").ok());
}

TEST(Registry, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(refused("MapTilling"), "TW0643: no transformation is called 'MapTilling'");
  EXPECT_EQ(refused("MapTiling(32)"),
            "TW0644: a transformation is written Name or Name(option=value), not MapTiling(32)");
  EXPECT_EQ(refused("MapTiling(tile_sizes=1.5)"),
            "TW0644: a transformation is written Name or Name(option=value), not MapTiling(tile_sizes=1.5)");
  EXPECT_EQ(refused("MapTiling(divides_evenly=3)"), "TW0642: option 'divides_evenly' is True or False, but 3 is given");
  EXPECT_EQ(refused("MapCollapse(x=3)"), "TW0641: MapCollapse has no option 'x'");
}

}  // namespace
}  // namespace thalweg::registry_test
