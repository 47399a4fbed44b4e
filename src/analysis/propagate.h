// Memlet propagation: what moves over the border of a scope, from what moves inside it.
#pragma once
#include "analysis/scopes.h"
#include "ir/sdfg.h"
#include "symbolic/facts.h"

namespace thalweg::analysis {

// One memlet seen from outside of a map: the hull over the parameters. Where that is no box, the whole container,
// dynamic. `facts` hold inside the map.
ir::MemletFields propagate_through(const ir::MapFields& map, const ir::MemletFields& inner, const ir::SDFG& sdfg,
                                   const symbolic::Facts& facts);
// Several memlets of one container as one; volumes are added.
ir::MemletFields unite(const ir::MemletFields& a, const ir::MemletFields& b, const ir::SDFG& sdfg,
                       const symbolic::Facts& facts);
// A subset seen from outside of the scopes from `entry` outwards to the top of the state; nothing when it is no box.
std::optional<symbolic::Subset> project_to_top(const ir::State& state, const ScopeTree& scopes, const ir::Node* entry,
                                               symbolic::Subset subset);

// Writes the memlets of all edges into entries and out of exits anew, inner scopes first. A nested graph's memlets say
// which elements its containers are, so they are not changed.
void propagate_memlets(ir::State& state);
void propagate_memlets(ir::State& state, const ScopeTree& scopes, ir::Node& border);  // of one entry or exit
void propagate_memlets(ir::SDFG& sdfg);                                               // every state, nested graphs too

}  // namespace thalweg::analysis
