// Symbols: where they are used, assigned and defined, and what is known about them.
#pragma once
#include <set>
#include <string>

#include "analysis/scopes.h"
#include "ir/sdfg.h"
#include "symbolic/facts.h"

namespace thalweg::analysis {

using Names = std::set<std::string>;

// Symbols that occur in expressions of the element: code, memlets, ranges, conditions, shapes of its containers ...
// Parameters of maps inside are not counted where they are bound.
Names used_symbols(const ir::MemletFields& memlet);
Names used_symbols(const ir::Node& node);  // itself, not its edges; a nested graph: the values given to its symbols
Names used_symbols(const ir::State& state);
Names used_symbols(const ir::ControlFlowBlock& block);
Names used_symbols(const ir::InterstateEdgeFields& edge);  // right-hand sides and condition

// Symbols that transitions and loops in the block assign.
Names assigned_symbols(const ir::ControlFlowBlock& block);
// Symbols whose values come from outside: declared or used, and not assigned before every use is certain to see them;
// here: used symbols that nothing in the graph assigns.
Names free_symbols(const ir::SDFG& sdfg);

// Names that expressions at the node may use: declared symbols and the parameters around it. An entry's own
// parameters are not defined at the entry.
Names defined_symbols(const ir::State& state, const ScopeTree& scopes, const ir::Node& node);
// Facts inside the scope that this entry opens (null: at the top of the state): the graph's assumptions, no extent of
// what is handed in or touched here is negative, parameters lie in their ranges, and the scope runs at least once.
symbolic::Facts facts_in(const ir::State& state, const ScopeTree& scopes, const ir::Node* entry);

}  // namespace thalweg::analysis
