// The invariants of a graph. Each is one function of verify_*.cpp and one diagnostic; passes may count on all of them.
//
//  graph           1 TW0310 names_are_distinct: containers, symbols, parameters and connectors have proper names, no
//  two alike
//                  2 TW0311 arguments_exist: arguments are non-transient containers or symbols, each once
//                  3 TW0312 returns_exist: returned values name containers and their dimensions
//                  4 TW0313 containers_are_whole: strides for each dimension, scalars without, targets that exist
//                  5 TW0314 declared_symbols_are_integers: int64 or pyint
//  control flow    6 TW0315 labels_are_unique: in their region
//                  7 TW0316 jumps_have_a_loop: break and continue lie in one; nothing follows a jump
//                  8 TW0317 loops_are_whole: the variable is a symbol, its init and update of its type, the condition a
//                  bool 9 TW0318 branches_are_ordered: bool conditions; only the last branch may have none
//                 10 TW0319 transitions_are_typed: bool conditions; symbols of the right type are assigned, each once
//                 11 TW0320 control_code_reads_containers: by their type and rank, where the host may read them
//  state          12 TW0321 state_is_acyclic
//                 13 TW0322 scopes_are_closed: one exit an entry and one entry an exit
//                 14 TW0323 edges_stay_in_scope: an edge enters or leaves a scope only at its entry or exit
//                 15 TW0324 maps_are_whole, consumes_are_whole: a range a parameter, positive steps, no shadowing
//  edges          16 TW0325 connectors_have_edges: each connector has its edge or edges, each edge its connectors
//                 17 TW0326 scope_connectors_are_paired: IN_x with OUT_x, the same container on both
//                 18 TW0327 memlets_name_their_ends: a memlet's container stands at an end of its path
//                 19 TW0328 memlets_have_the_rank of their container
//                 20 TW0329 copies_match: as many elements on both sides
//                 21 TW0330 memlets_are_in_bounds: none provably outside
//                 22 TW0331 conflicts_are_resolved_on_writes: wcr only there; custom code over old and new
//                 23 TW0332 memlet_symbols_are_known: expressions use declared symbols and parameters around them
//                 24 TW0333 access_nodes_fit_their_container: it exists; `set` is for references, `views` for views
//  code           25 TW0334 tasklets_are_typed: leaves are connectors, of their type and rank; outputs are stored to
//                 26 TW0335 storage_is_reachable: host code touches only what the host may touch
//  nesting        27 TW0336 nested_graphs_fit: connectors and inner containers correspond; inner symbols have values
//  sources        28 TW0337 elements_have_locations (option)
#include "ir/verify.h"

#include <algorithm>

#include "ir/verify_report.h"

namespace thalweg::ir {

namespace verifier {

namespace {

void verify_state(const SDFG& sdfg, const State& state, Report& report) {
  if (!state_is_acyclic(state, report)) return;
  const Scopes scopes(state);
  const StateContext at{sdfg, state, scopes, report};
  // What comes later relies on what comes before: stop where the basis is broken.
  const auto bases = {access_nodes_fit_their_container,
                      scopes_are_closed,
                      edges_stay_in_scope,
                      maps_are_whole,
                      consumes_are_whole,
                      connectors_are_named,
                      connectors_have_edges,
                      scope_connectors_are_paired,
                      memlets_name_their_ends,
                      memlets_have_the_rank};
  for (auto invariant : bases) {
    const size_t before = report.count();
    invariant(at);
    if (report.count() != before) return;
  }
  for (auto invariant : {memlet_symbols_are_known, copies_match, memlets_are_in_bounds,
                         conflicts_are_resolved_on_writes, tasklets_are_typed, storage_is_reachable, nested_graphs_fit})
    invariant(at);
}

void verify_region(const SDFG& sdfg, ControlFlowRegion& region, Report& report) {
  labels_are_unique(region, report);
  transitions_are_typed(sdfg, region, report);
  for (const auto& block : region.blocks()) {
    if (report.full()) return;
    match(
        *block, [&](State* state) { verify_state(sdfg, *state, report); },
        [&](ControlFlowRegion* inner) { verify_region(sdfg, *inner, report); },
        [&](LoopRegion* loop) {
          loops_are_whole(sdfg, *loop, report);
          verify_region(sdfg, *loop, report);
        },
        [&](ConditionalBlock* conditional) {
          branches_are_ordered(sdfg, *conditional, report);
          for (const auto& branch : conditional->branches()) verify_region(sdfg, *branch.body, report);
        },
        [&](JumpBlock* jump) { jumps_have_a_loop(*jump, report); });
  }
}

void verify_graph(SDFG& sdfg, Report& report) {
  const size_t before = report.count();
  names_are_distinct(sdfg, report);
  declared_symbols_are_integers(sdfg, report);
  arguments_exist(sdfg, report);
  containers_are_whole(sdfg, report);
  returns_exist(sdfg, report);
  if (report.count() != before) return;
  verify_region(sdfg, sdfg, report);
  if (report.options().locations) elements_have_locations(sdfg, report);
}

}  // namespace

}  // namespace verifier

std::vector<base::Diagnostic> find_problems(const SDFG& sdfg, VerifyOptions options) {
  verifier::Report report(options);
  for (SDFG* graph : all_sdfgs(const_cast<SDFG&>(sdfg)))
    if (!report.full()) verifier::verify_graph(*graph, report);
  return report.take();
}

base::Status verify(const SDFG& sdfg, VerifyOptions options) {
  std::vector<base::Diagnostic> problems = find_problems(sdfg, options);
  if (problems.empty()) return base::success();
  base::Diagnostic first = std::move(problems.front());
  for (size_t k = 1; k < problems.size(); ++k) first.notes.emplace_back(problems[k].message, problems[k].span);
  return first;
}

}  // namespace thalweg::ir
