#include "transforms/tile.h"

#include "analysis/symbols.h"
#include "ir/scopes.h"
#include "transforms/map_nest.h"

namespace thalweg::transforms {

using namespace ir;
using rewrite::Declined;
using rewrite::legal;
using symbolic::Expr;
using symbolic::Range;

symbolic::Facts facts_at(const State& state, const MapEntry& entry) {
  const Scopes scopes(state);
  return analysis::facts_in(state, scopes, scopes.parent(entry));
}

rewrite::Match<Cut> cut_dimension(const CutConditions& conditions, const MapFields& map, const symbolic::Facts& facts,
                                  size_t dimension, int64_t size, bool must_divide) {
  const std::string& param = map.params[dimension];
  const Range& range = map.range.ranges[dimension];
  if (size < 2) return Declined{"a tile of " + std::to_string(size) + " iterations is none"};
  if (!legal(conditions.rectangular, !range_uses(range, map.params)))
    return Declined{"the range of " + param + " depends on another dimension"};
  const auto most = facts.upper_bound(range.size);
  if (most && *most <= size) return Declined{"one tile would hold all iterations of " + param};
  const bool even = facts.proves(symbolic::eq(symbolic::mod(range.size, size), 0));
  if (must_divide && !legal(conditions.divides_evenly, even))
    return Declined{"tiles of " + std::to_string(size) + " may not divide the " + symbolic::to_string(range.size) +
                    " iterations of " + param};
  return Cut{dimension, size, even || must_divide};
}

bool counts_tiles(const MapEntry& entry) {
  const MapEntry* inner = only_child(entry);
  if (!inner) return false;
  for (const Range& range : inner->scope().get().range.ranges)
    for (const std::string& param : entry.scope().get().params)
      if (range.begin == Expr::symbol(param)) return true;
  return false;
}

void apply_tiles(SDFG& graph, const TilePlan& plan) {
  const MapFields whole = plan.entry->scope().get();
  MapFields tiles = whole, inside = whole;
  tiles.params.clear();
  tiles.range.ranges.clear();
  tiles.collapse = inside.collapse = 1;
  inside.schedule = schedules::default_;
  for (const Cut& cut : plan.cuts) {
    const Range& range = whole.range.ranges[cut.dimension];
    std::string name = fresh_parameter(graph, *plan.entry, plan.prefix + "_" + whole.params[cut.dimension]);
    const Expr start = Expr::symbol(name), left = symbolic::floor_div(range.end() - start, range.step);
    tiles.params.push_back(std::move(name));
    tiles.range.ranges.push_back({range.begin, symbolic::ceil_div(range.size, cut.size), range.step * cut.size});
    inside.range.ranges[cut.dimension] = {start, cut.even ? Expr(cut.size) : symbolic::min(cut.size, left), range.step};
  }
  plan.entry->scope().assign(std::move(tiles));
  insert_map(*plan.state, *plan.entry, std::move(inside));
}

}  // namespace thalweg::transforms
