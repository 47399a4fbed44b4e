// What the parts of the verifier share: the report, the walk's context, and one function an invariant.
#pragma once
#include <set>

#include "ir/scopes.h"
#include "ir/sdfg.h"
#include "ir/verify.h"

namespace thalweg::ir::verifier {

class Report {
 public:
  explicit Report(VerifyOptions options) : options_(options) {}
  // "tasklet 'add' in state 's' of 'f': what".
  void add(const char* code, const Element& where, const std::string& what);
  size_t count() const { return problems_.size(); }
  bool full() const { return problems_.size() >= options_.limit; }
  const VerifyOptions& options() const { return options_; }
  std::vector<base::Diagnostic> take() { return std::move(problems_); }

 private:
  VerifyOptions options_;
  std::vector<base::Diagnostic> problems_;
};

std::string describe(const Element& element);
bool has(const std::vector<Connector>& list, const std::string& name);
bool is_name(std::string_view text);         // an identifier that is no reserved word
bool is_dotted_name(std::string_view text);  // structure.member

struct StateContext {
  const SDFG& sdfg;
  const State& state;
  const Scopes& scopes;
  Report& report;
};

// Names that expressions at the node may use: the graph's symbols and the parameters of the scopes around it.
std::set<std::string> symbols_at(const StateContext& at, const Node* innermost_entry);
// What is known there: assumptions, sizes of what is handed in or touched are not negative, parameters lie in their ranges and the scope is not empty.
symbolic::Facts facts_at(const StateContext& at, const Node* innermost_entry);
void require_symbols(const std::set<std::string>& used, const std::set<std::string>& known, const char* what,
                     const Element& where, Report& report);

// verify_graph.cpp
void names_are_distinct(const SDFG& sdfg, Report& report);
void arguments_exist(const SDFG& sdfg, Report& report);
void returns_exist(const SDFG& sdfg, Report& report);
void containers_are_whole(const SDFG& sdfg, Report& report);
void declared_symbols_are_integers(const SDFG& sdfg, Report& report);

// verify_control_flow.cpp
void labels_are_unique(const ControlFlowRegion& region, Report& report);
void jumps_have_a_loop(const JumpBlock& jump, Report& report);
void loops_are_whole(const SDFG& sdfg, const LoopRegion& loop, Report& report);
void branches_are_ordered(const SDFG& sdfg, const ConditionalBlock& block, Report& report);
void transitions_are_typed(const SDFG& sdfg, const ControlFlowRegion& region, Report& report);
// Leaves are containers that the host may read, with their own types, or declared symbols.
void control_code_reads_containers(const SDFG& sdfg, const code::Expr& expr, const Element& where, Report& report);

// verify_scopes.cpp
bool state_is_acyclic(const State& state, Report& report);
void scopes_are_closed(const StateContext& at);
void edges_stay_in_scope(const StateContext& at);
void maps_are_whole(const StateContext& at);
void consumes_are_whole(const StateContext& at);

// verify_edges.cpp
void connectors_are_named(const StateContext& at);
void connectors_have_edges(const StateContext& at);
void scope_connectors_are_paired(const StateContext& at);
void memlets_name_their_ends(const StateContext& at);
void memlets_have_the_rank(const StateContext& at);
void copies_match(const StateContext& at);
void memlets_are_in_bounds(const StateContext& at);
void conflicts_are_resolved_on_writes(const StateContext& at);
void memlet_symbols_are_known(const StateContext& at);
void access_nodes_fit_their_container(const StateContext& at);

// verify_code.cpp
void tasklets_are_typed(const StateContext& at);
void storage_is_reachable(const StateContext& at);

// verify_nested.cpp
void nested_graphs_fit(const StateContext& at);
void elements_have_locations(const SDFG& sdfg, Report& report);

}  // namespace thalweg::ir::verifier
