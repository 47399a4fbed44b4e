// Surgery on maps: one map put inside of another, one taken away, symbols replaced inside. All memlet objects of what
// lies inside keep their identity.
#pragma once
#include <string>
#include <vector>

#include "ir/sdfg.h"
#include "rewrite/transformation.h"

namespace thalweg::transforms {

// A map as the place that a transformation looks at; a transformation of maps inherits from OnMaps.
struct MapSite {
  ir::Ref<ir::State> state;
  ir::Ref<ir::MapEntry> entry;
};
struct OnMaps {
  using Site = MapSite;
  static std::vector<Site> sites(ir::SDFG& graph);
  static bool present(const Site& site);
  static std::string describe(const Site& site);  // "map m[i, j] in state s"
  static base::Location location(const Site& site);
};

// The map that is all there is inside of another one; null when there is more, or none.
ir::MapEntry* only_child(const ir::MapEntry& outer);
// The map around a node; null at the top of the state or in a consume scope.
ir::MapEntry* map_around(const ir::Node& node);

// Does anything inside of the map, or at its border, move elements of a stream?
bool touches_stream(const ir::SDFG& graph, const ir::MapEntry& entry);
// Does a target other than the host's processors run the map (a grid of a device, processes)?
bool runs_on_device(const ir::MapFields& map);
// Does a range use one of these names?
bool range_uses(const symbolic::Range& range, const std::vector<std::string>& names);

// Puts a new map directly inside of `outer`, around all that is there.
ir::MapEntry& insert_map(ir::State& state, ir::MapEntry& outer, ir::MapFields inner);
// Takes the map away and leaves what is inside of it: the edges to and from its entry and exit join. What was before
// the map is before its contents, and the like.
void dissolve(ir::State& state, ir::MapEntry& entry);
// Writes the memlets that enter and leave a map anew, from what its inside moves.
void propagate_border(ir::State& state, ir::MapEntry& entry);

// Replaces symbols in these nodes, and in all memlets between them and out of `entry` (if any).
void substitute_in(const std::vector<ir::Node*>& nodes, const ir::MapEntry* entry, const symbolic::Substitution& by);

void substitute_in(const std::vector<ir::Edge*>& edges, const symbolic::Substitution& by);  // in their memlets

// A parameter's name that nothing in the graph has, nor a connector of a node inside of the map.
std::string fresh_parameter(const ir::SDFG& graph, const ir::MapEntry& entry, const std::string& base);

// An order edge, unless there is one, a path, or nothing to wait for.
void order_after(ir::State& state, ir::Node& from, ir::Node& to);

}  // namespace thalweg::transforms
