// How accesses.h is computed; nobody else needs this.
#pragma once
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/accesses.h"
#include "analysis/scopes.h"
#include "analysis/symbols.h"

namespace thalweg::analysis {

// Is it the name of a value that an earlier iteration may have left?
bool is_carried_name(const std::string& name);
// The values of a range, as conditions on `at`.
void add_range(const symbolic::Range& range, const symbolic::Expr& at, std::vector<symbolic::Expr>& conditions);

class Collector {
 public:
  explicit Collector(Body& body) : body_(body) {}
  void begin(const Names& assigned);
  void region(const ir::ControlFlowRegion& region);
  void chain(const ir::ControlFlowRegion& region, std::span<ir::ControlFlowBlock* const> blocks);
  // What lies in this scope of a state (null: all of it).
  void scope(const ir::State& state, const ScopeTree& scopes, const ir::Node* entry);

 private:
  // What holds where the walk is now.
  struct Now {
    std::vector<const Frame*> frames;
    std::vector<symbolic::Expr> conditions;
    bool exact = true, exact_in_turn = true, ordered = true;
  };
  // Where a container of a nested graph lies in the outermost one.
  struct Placed {
    std::string container;  // empty: private to the nested graph
    symbolic::Subset base;
    bool aligned = true;
  };
  using Placement = std::map<std::string, Placed>;

  void unordered_region(const ir::ControlFlowRegion& region);
  void block(const ir::ControlFlowBlock& block);
  void state(const ir::State& state);
  void loop(const ir::LoopRegion& loop);
  void conditional(const ir::ConditionalBlock& conditional);
  void jump(const ir::JumpBlock& jump);
  void assignments(const ir::InterstateEdge& edge);
  std::optional<symbolic::Expr> assigned(const ir::code::Ptr& code);
  void note_scalars(const ir::State& state);
  void join(const symbolic::Substitution& before, const std::vector<symbolic::Substitution>& ends);

  void node(const ir::State& state, const ScopeTree& scopes, ir::Node& node);
  void map(const ir::State& state, const ScopeTree& scopes, ir::MapEntry& entry);
  void nested(ir::NestedSDFG& nested);
  void conservative(const ir::Node& node);
  void code_edges(const ir::Node& node);
  void copies_into(const ir::State& state, const ir::AccessNode& node);
  void copies_out(const ir::State& state, const ir::AccessNode& node);
  void copy(const ir::Edge& edge, const std::string& from, const std::optional<symbolic::Subset>& source,
            const std::string& to, const std::optional<symbolic::Subset>& target);
  void code_reads(const ir::code::Ptr& code, const base::Location& where);
  void add(const std::string& container, const std::optional<symbolic::Subset>& subset, bool write, bool exact,
           const ir::Edge* edge, const base::Location& where, ir::Wcr wcr = ir::Wcr::none);
  void place(BodyAccess& access, const std::optional<symbolic::Subset>& subset);

  void enter(const std::string& variable, const std::optional<symbolic::Range>& range);
  void leave();
  void forget(const Names& names);
  void note_names(const Names& used);
  symbolic::Expr value_of(const symbolic::Expr& expr);
  symbolic::Expr unknown(const std::string& name, bool carried);
  bool may_be_carried(const std::string& name) const;
  void obstacle(const std::string& what, const base::Location& where);

  Body& body_;
  Now now_;
  symbolic::Substitution values_;         // of symbols, here
  symbolic::Substitution scalars_;        // scalar containers that hold an index expression, here
  std::map<std::string, bool> joined_;    // symbols whose value differs between branches: may it be carried?
  const Placement* placement_ = nullptr;  // null: the graph of the loop itself
  int order_ = 0, names_ = 0, loop_depth_ = 0;
  bool left_ = false, broken_ = false;
};

}  // namespace thalweg::analysis
