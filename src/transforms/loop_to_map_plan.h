// What LoopToMap has found out about a loop (loop_to_map.cpp), and the map that is made of it (loop_to_map_build.cpp).
#pragma once
#include <set>
#include <string>
#include <vector>

#include "transforms/reductions.h"

namespace thalweg::transforms {

struct MapPlan {
  ir::LoopRegion* loop = nullptr;
  symbolic::Range range;                  // of the loop, in its order
  std::vector<std::string> shared, own;   // containers of the body, in the graph's order
  std::set<std::string> read, written;    // of the shared ones
  std::vector<LoopReduction> reductions;  // of shared ones
  ir::code::Ptr guard;                    // it becomes a map where that holds
  bool last_value = false;                // the variable is used behind the loop
  std::vector<symbolic::Expr> facts;      // that hold around it, of symbols that it does not change
};

// The map takes the loop's place.
void build_map(ir::SDFG& graph, const MapPlan& plan);

// Symbols that the body assigns; not the loop's variable.
std::set<std::string> symbols_assigned_inside(const ir::LoopRegion& loop);
std::vector<symbolic::Expr> extents(const ir::ContainerFields& fields);
// The range upwards: the order of a map's points is free.
symbolic::Range upwards(const symbolic::Range& range);

}  // namespace thalweg::transforms
