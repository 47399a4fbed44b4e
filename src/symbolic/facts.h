// Assumptions about symbols, and what follows from them. Three answers: yes, no, unknown; never a guess.
#pragma once
#include <vector>

#include "symbolic/expr.h"

namespace thalweg::symbolic {

enum class Truth : uint8_t { no, yes, unknown };

class Facts {
 public:
  // Assumes a condition (a boolean expression): N >= 0, i < N, N % 4 == 0, N == M ...
  void assume(const Expr& condition);
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
  void truncate(size_t size) { conditions_.resize(size); }

 private:
  std::vector<Expr> conditions_;
};

}  // namespace thalweg::symbolic
