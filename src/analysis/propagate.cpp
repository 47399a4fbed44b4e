#include "analysis/propagate.h"

#include <algorithm>

#include "analysis/symbols.h"

namespace thalweg::analysis {

using namespace ir;
using symbolic::Expr;
using symbolic::Subset;

namespace {

bool uses(const Expr& expr, const std::vector<std::string>& names) {
  Names used;
  symbolic::collect_symbols(expr, used);
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) { return used.count(name) > 0; });
}

// The hull over all parameters, the innermost first.
std::optional<Subset> hull(const MapFields& map, Subset subset, const symbolic::Facts& facts) {
  for (size_t d = map.params.size(); d-- > 0;) {
    auto wider = symbolic::project(subset, map.params[d], map.range.ranges[d], facts);
    if (!wider) return std::nullopt;
    subset = std::move(*wider);
  }
  Names used;
  symbolic::collect_symbols(subset, used);
  for (const auto& param : map.params)
    if (used.count(param)) return std::nullopt;
  return subset;
}

void make_whole(MemletFields& memlet, const SDFG& sdfg) {
  memlet.subset = Subset::whole(sdfg.container(memlet.data).get().shape);
  memlet.dynamic = true;
}

// How often the map runs; 0 (unbounded) where later ranges depend on earlier parameters in a way that is no product.
Expr iterations(const MapFields& map) {
  const Expr count = map.range.num_elements();
  return uses(count, map.params) ? Expr(0) : count;
}

}  // namespace

MemletFields propagate_through(const MapFields& map, const MemletFields& inner, const SDFG& sdfg,
                               const symbolic::Facts& facts) {
  MemletFields outer = inner;
  outer.other_subset.reset();
  if (auto wider = hull(map, inner.subset, facts))
    outer.subset = std::move(*wider);
  else
    make_whole(outer, sdfg);
  const Expr count = iterations(map);
  const bool countable = !count.is(0) && !uses(inner.volume, map.params);
  outer.volume = countable ? count * inner.volume : Expr(0);
  if (!countable) outer.dynamic = true;
  return outer;
}

MemletFields unite(const MemletFields& a, const MemletFields& b, const SDFG& sdfg, const symbolic::Facts& facts) {
  MemletFields out = a;
  if (auto box = symbolic::bounding_box(a.subset, b.subset, facts))
    out.subset = std::move(*box);
  else
    make_whole(out, sdfg);
  out.dynamic = out.dynamic || b.dynamic;
  const bool unbounded = (a.dynamic && a.volume.is(0)) || (b.dynamic && b.volume.is(0));
  out.volume = unbounded ? Expr(0) : a.volume + b.volume;
  if (a.wcr != b.wcr) out.wcr = Wcr::none, out.wcr_code = nullptr;
  out.wcr_nonatomic = a.wcr_nonatomic && b.wcr_nonatomic;
  out.allow_oob = a.allow_oob || b.allow_oob;
  return out;
}

std::optional<Subset> project_to_top(const State& state, const ScopeTree& scopes, const Node* entry, Subset subset) {
  for (; entry; entry = scopes.parent(*entry)) {
    const symbolic::Facts facts = facts_in(state, scopes, entry);
    if (const MapFields* map = map_of(*entry)) {
      auto wider = hull(*map, std::move(subset), facts);
      if (!wider) return std::nullopt;
      subset = std::move(*wider);
    }
    if (const ConsumeFields* consume = consume_of(*entry)) {
      auto wider = symbolic::project(subset, consume->pe_index, symbolic::Range::whole(consume->num_pes), facts);
      if (!wider) return std::nullopt;
      subset = std::move(*wider);
    }
  }
  return subset;
}

namespace {

std::string partner(const std::string& connector) {
  return connector.rfind("IN_", 0) == 0 ? "OUT_" + connector.substr(3) : "IN_" + connector.substr(4);
}

// The memlet on the outer edge of one connector pair, from the inner edges; nothing when there are none.
std::optional<MemletFields> outer_memlet(const Node& node, const Edge& outer, bool entry, const symbolic::Facts& facts,
                                         const SDFG& sdfg) {
  std::optional<MemletFields> all;
  for (const Edge* inner : entry ? node.out_edges() : node.in_edges()) {
    const std::string& name = entry ? inner->source_connector() : inner->target_connector();
    if (name != partner(entry ? outer.target_connector() : outer.source_connector())) continue;
    MemletFields fields = inner->memlet().get();
    if (fields.data != outer.memlet().get().data) {  // a copy named by its inner end
      if (!fields.other_subset) return std::nullopt;
      fields.data = outer.memlet().get().data;
      fields.subset = *fields.other_subset;
    }
    if (const MapFields* map = map_of(node)) {
      fields = propagate_through(*map, fields, sdfg, facts);
    } else {
      make_whole(fields, sdfg);
      fields.volume = 0;
    }
    all = all ? unite(*all, fields, sdfg, facts) : std::move(fields);
  }
  return all;
}

}  // namespace

void propagate_memlets(State& state) {
  const ScopeTree scopes(state);
  std::vector<std::pair<size_t, Node*>> borders;  // by depth, inner ones first
  for (Node* node : state.topological_order())
    if (is_entry(*node) || is_exit(*node))
      borders.emplace_back(scopes.enclosing(is_exit(*node) ? *scopes.entry(*node) : *node).size(), node);
  std::stable_sort(borders.begin(), borders.end(), [](auto& a, auto& b) { return a.first > b.first; });
  for (auto [depth, node] : borders) propagate_memlets(state, scopes, *node);
}

void propagate_memlets(State& state, const ScopeTree& scopes, Node& border) {
  const SDFG* sdfg = state.sdfg();
  TW_CHECK(sdfg, "a state outside of any graph has no containers");
  const bool entry = is_entry(border);
  const symbolic::Facts facts = facts_in(state, scopes, entry ? &border : scopes.entry(border));
  for (Edge* outer : entry ? border.in_edges() : border.out_edges()) {
    if (outer->memlet().is_empty()) continue;
    auto fields = outer_memlet(border, *outer, entry, facts, *sdfg);
    if (!fields) continue;
    fields->other_subset = outer->memlet().get().other_subset;
    outer->memlet().assign(std::move(*fields));
  }
}

void propagate_memlets(SDFG& sdfg) {
  for (SDFG* graph : all_sdfgs(sdfg))
    for (State* state : all_states(*graph)) propagate_memlets(*state);
}

}  // namespace thalweg::analysis
