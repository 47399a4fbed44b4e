// Cutting dimensions of a map into tiles: what map tiling and strip mining share.
#pragma once
#include <string>
#include <vector>

#include "ir/sdfg.h"
#include "rewrite/transformation.h"
#include "symbolic/facts.h"

namespace thalweg::transforms {

// One dimension cut into tiles of `size` iterations.
struct Cut {
  size_t dimension = 0;
  int64_t size = 0;
  bool even = false;  // the tiles divide the range: each has all its iterations
};

struct TilePlan {
  ir::State* state = nullptr;
  ir::MapEntry* entry = nullptr;
  std::vector<Cut> cuts;
  std::string prefix;  // of the new parameters: "tile" makes tile_i
};

// What is known at the map, inside of the maps around it.
symbolic::Facts facts_at(const ir::State& state, const ir::MapEntry& entry);
// The names of the conditions, as the transformation that asks calls them.
struct CutConditions {
  std::string_view rectangular, divides_evenly;
};
// Why dimension `dimension` cannot be cut so; else the cut.
rewrite::Match<Cut> cut_dimension(const CutConditions& conditions, const ir::MapFields& map,
                                  const symbolic::Facts& facts, size_t dimension, int64_t size, bool must_divide);
// Does the map count tiles already: does the only map inside start at its parameters?
bool counts_tiles(const ir::MapEntry& entry);

void apply_tiles(ir::SDFG& graph, const TilePlan& plan);

}  // namespace thalweg::transforms
