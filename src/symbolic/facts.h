// Assumptions about symbols, and what follows from them. Three answers: yes, no, unknown; never a guess.
//
// Every answer holds for all integer values that meet the conditions (so anything follows from conditions that
// contradict each other). Values for which an expression is undefined (a zero divisor) are not considered.
// A Facts that nobody changes may be asked by several threads at once.
#pragma once
#include <vector>

#include "symbolic/expr.h"

namespace thalweg::symbolic {

enum class Truth : uint8_t { no, yes, unknown };

class Facts {
 public:
  // Assumes a condition (a boolean expression): N >= 0, i < N, N % 4 == 0, N == M ...
  void assume(const Expr& condition);
  void assume_not(const Expr& condition) { assume(logical_not(condition)); }
  // Scoped assumption: undone when the guard goes.
  class Scope {
   public:
    explicit Scope(Facts& facts) : facts_(facts), mark_(facts.size()) {}
    ~Scope() { facts_.truncate(mark_); }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    Facts& facts_;
    size_t mark_;
  };
  [[nodiscard]] Scope scope() { return Scope(*this); }

  Truth prove(const Expr& condition) const;
  bool proves(const Expr& condition) const { return prove(condition) == Truth::yes; }
  // Constant bounds, when known.
  std::optional<int64_t> lower_bound(const Expr& expr) const;
  std::optional<int64_t> upper_bound(const Expr& expr) const;
  // An equal expression, never larger: min/max/select/floor_div/mod resolved by what is known.
  Expr simplify(const Expr& expr) const;

  const std::vector<Expr>& conditions() const { return conditions_; }
  size_t size() const { return conditions_.size(); }
  void truncate(size_t size);

 private:
  friend class Prover;  // reads the facts
  enum class Relation : uint8_t { non_negative, zero, nonzero };
  struct Term {
    const Node* monomial;
    int64_t coefficient;
  };
  // constant + terms is non-negative (zero, nonzero): what a condition says about one linear form.
  struct Fact {
    Expr form;
    Relation relation;
    uint32_t condition;  // the one it came from
    uint32_t first_term, term_count;
    int64_t constant;
    bool functions_so_far;  // this fact or an earlier one holds a product or a function of symbols
  };
  bool has_functions() const { return !facts_.empty() && facts_.back().functions_so_far; }
  std::span<const Term> terms(const Fact& fact) const { return {terms_.data() + fact.first_term, fact.term_count}; }
  void derive(const Expr& condition);
  void add(const Expr& form, Relation relation);
  void tighten(const Expr& form, Relation relation);
  Truth prove_directly(const Expr& condition) const;
  Truth prove_connective(const Expr& condition) const;
  Truth prove_by_cases(const Expr& condition, size_t first, int depth) const;
  Truth prove_zero(const Expr& difference) const;
  Expr with_equalities(const Expr& expr, bool only_simple) const;
  std::optional<Expr> solved_symbol(const Fact& fact) const;
  Expr simplify_below(const Expr& expr) const;
  Expr simplify_node(const Expr& expr) const;
  Expr simplify_here(const Expr& expr) const;
  Expr simplify_extreme(const Expr& expr) const;
  Expr simplify_select(const Expr& expr) const;
  Expr simplify_division(const Expr& expr) const;
  std::optional<Expr> with_known_residue(const Expr& x, int64_t c) const;
  std::optional<int64_t> known_residue(const Expr& x, int64_t c) const;  // x % c

  std::vector<Expr> conditions_;
  std::vector<Fact> facts_;
  std::vector<Term> terms_;
};

}  // namespace thalweg::symbolic
