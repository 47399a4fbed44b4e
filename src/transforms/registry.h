// All transformations by name: for users, for the pipelines' texts and for the tests. A new one adds its line in
// registry.cpp.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "rewrite/transformation.h"

namespace thalweg::transforms {

// In the order of their names.
const std::vector<const rewrite::Transformation*>& all_transformations();
// By name, "MapTiling" or "map_tiling"; null if there is none. "MapFusionVertical" is MapFusion.
const rewrite::Transformation* find_transformation(std::string_view name);

// "MapCollapse" or "MapTiling(tile_sizes=[32, 8])", with the options given.
base::Result<rewrite::Transformation> parse_transformation(std::string_view text);
// Several, between commas.
base::Result<std::vector<rewrite::Transformation>> parse_transformations(std::string_view text);
// The texts between the commas of a text that parses.
std::vector<std::string> split_transformations(std::string_view text);

}  // namespace thalweg::transforms
