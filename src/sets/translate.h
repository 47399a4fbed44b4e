// From symbolic expressions to isl: exact or not at all.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "sets/isl.h"
#include "symbolic/expr.h"

namespace thalweg::sets {

class Translator {
 public:
  explicit Translator(const std::vector<std::string>& dims) : dims_(dims) {}

  // Notes the parameters of the expression; false if it is not affine in the dimensions. All expressions are collected
  // before the first is translated.
  bool collect(const symbolic::Expr& expr);
  // The set of points where every condition holds. Each has been collected.
  Owned<isl_set> points(const std::vector<symbolic::Expr>& conditions);

  std::map<std::string, symbolic::Expr> take_atoms() { return std::move(atoms_); }

 private:
  bool uses_dims(const symbolic::Expr& expr) const;
  bool collect_opaque(const symbolic::Expr& expr);
  void make_space();
  Owned<isl_aff> zero() const;
  bool add_linear(const symbolic::Expr& expr, int64_t by, Owned<isl_aff>& into) const;
  bool add_variable(const std::string& name, int64_t by, Owned<isl_aff>& into) const;
  Owned<isl_pw_aff> value(const symbolic::Expr& expr) const;
  Owned<isl_pw_aff> constant(int64_t value) const;
  Owned<isl_pw_aff> quotient(const symbolic::Expr& expr) const;
  Owned<isl_pw_aff> choose(const symbolic::Expr& expr) const;
  // Affine conditions become constraints of one basic set, which is cheap.
  bool constrain(const symbolic::Expr& condition, Owned<isl_basic_set>& into) const;
  Owned<isl_set> holds(const symbolic::Expr& condition) const;

  const std::vector<std::string>& dims_;
  std::map<std::string, symbolic::Expr> atoms_;
  std::map<std::string, int> places_;  // of parameters
  Owned<isl_space> space_;
};

// Back: an affine expression of a set with these dimensions and atoms; nothing where it has unknown divisions.
std::optional<symbolic::Expr> to_expr(isl_aff* aff, const std::vector<std::string>& dims,
                                      const std::map<std::string, symbolic::Expr>& atoms);
// All points, as a condition.
std::optional<symbolic::Expr> to_condition(isl_set* set, const std::vector<std::string>& dims,
                                           const std::map<std::string, symbolic::Expr>& atoms);

}  // namespace thalweg::sets
