// Lower bounds of linear forms from facts: the one engine behind every answer of Facts.
//
// A bound of p is found by writing s*p as a sum of known non-negative forms plus a constant: one term of p after the
// other is cancelled by a fact that holds the same monomial with the same sign. Where p holds a min, max, select,
// division, modulo or product, facts about it are made on the spot. Steps are counted, so the answer does not depend on
// the machine; running out of them means "unknown".
#pragma once
#include "symbolic/facts.h"
#include "symbolic/terms.h"

namespace thalweg::symbolic {

// A linear form with terms in order of first use; pointers are kept alive by the facts, the question and the prover.
struct Form {
  struct Item {
    const Node* monomial = nullptr;
    int64_t coefficient = 0;
  };
  InlineVector<Item, 8> list;
  int64_t constant = 0;

  // this += expr * by; false on overflow (the form is then useless).
  bool add(const Expr& expr, int64_t by = 1) { return add(Node::of(expr), by); }
  bool add(const Node* node, int64_t by);
  bool add_term(const Node* monomial, int64_t coefficient);
  bool scale(int64_t by);
};

class Prover {
 public:
  explicit Prover(const Facts& facts) : facts_(facts) {}

  // The best lower bound found; the search ends early once it reaches `target`.
  std::optional<int64_t> lower_bound(const Form& form, int64_t target);
  std::optional<int64_t> lower_bound(const Expr& expr, int64_t target);
  bool at_least(const Expr& expr, int64_t bound);

 private:
  using Bound = std::optional<int64_t>;
  struct Goal {
    const Form* form;
    int64_t scale;  // the form is scale times what was asked
    int64_t target;
    int depth;
  };

  Bound search(const Goal& goal);
  // Index of the term to cancel next, or nothing if some term cannot be cancelled at all.
  std::optional<size_t> choose(const Form& form) const;
  size_t count_facts(const Form::Item& term) const;
  size_t count_multiples(const Form::Item& term) const;
  void use_facts(const Goal& goal, size_t term, Bound& best);
  void use_products(const Goal& goal, size_t term, Bound& best);
  void use_multiple(const Goal& goal, size_t term, const Facts::Fact& fact, const Expr& cofactor, int sign,
                    Bound& best);
  void use_product_lemmas(const Goal& goal, size_t term, Bound& best);
  void use_lemmas(const Goal& goal, size_t term, Bound& best);
  void use_division(const Goal& goal, size_t term, Bound& best);
  void turn_division(const Goal& goal, size_t term, Bound& best);
  void use_monotone_division(const Goal& goal, size_t term, Bound& best);
  void use_modulo(const Goal& goal, size_t term, Bound& best);
  void split_cases(const Goal& goal, size_t term, Bound& best);
  // Cancels the term with `known` >= 0, which must hold its monomial with the same sign, and searches on.
  void cancel(const Goal& goal, size_t term, const Form& known, Bound& best);
  void cancel(const Goal& goal, size_t term, const Expr& known, Bound& best);
  int sign_of(const Expr& expr, int depth);  // +1: >= 0, -1: <= 0, 0: unknown
  Bound bound(const Expr& expr, int64_t target, int depth);
  Expr keep(Expr expr) {
    kept_.push_back(expr);
    return expr;
  }
  static bool reached(const Goal& goal, const Bound& best) { return best && *best >= goal.target; }

  const Facts& facts_;
  std::vector<Expr> kept_;  // owners of nodes that forms point to
  int steps_ = 0;           // left
  bool cut_short_ = false;  // depth or steps ran out somewhere
};

}  // namespace thalweg::symbolic
