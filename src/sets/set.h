// Sets of integer points under parameters, by isl.
//
// A set has named dimensions; every other symbol in its conditions is a parameter. A term that is not affine but holds
// no dimension (N*M, N // M, A[3], f(N)) is one opaque parameter, the same wherever the same term stands: sound, because
// a parameter may have any value. A condition that is not affine in the dimensions is left out, and the set is no
// longer exact: it holds all points that were meant, and perhaps more. What needs exact sets says "unknown" then.
//
// A relation between points is a set over both their dimensions. Sets belong to the thread that made them.
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "symbolic/subset.h"

struct isl_set;

namespace thalweg::sets {

using symbolic::Expr;
using symbolic::Facts;
using symbolic::Truth;
using Dims = std::vector<std::string>;

class Set {
 public:
  // The points of `dims` for which all conditions hold.
  Set(Dims dims, const std::vector<Expr>& conditions);
  // The elements of a subset, with dimensions of these names (one for each of its ranges). Sizes are >= 0.
  static Set of(const symbolic::Subset& subset, const Dims& names);
  Set(const Set& other);
  Set(Set&& other) noexcept = default;
  Set& operator=(Set other) noexcept;
  ~Set();

  const Dims& dims() const { return dims_; }
  bool exact() const { return exact_; }
  // False where an operation ran out of its budget: every question is then answered with unknown.
  bool known() const { return set_ != nullptr; }

  // The sets of an operation have the same dimensions.
  Set intersect(const Set& other) const;
  Set unite(const Set& other) const;
  Set subtract(const Set& other) const;
  Set without(const Dims& dims) const;  // projects these dimensions out
  Set parameters() const;               // the parameter values for which there is a point; no dimensions
  Set add_dims(const Dims& more) const;

  // yes: no point for any parameters; no: a point for all parameters that meet the context; else unknown.
  Truth empty(const Set& context) const;
  bool surely_empty() const;
  Truth subset_of(const Set& other) const;  // yes only: for all parameters; else unknown

  // Constant bounds of one dimension over all parameters.
  std::optional<int64_t> lowest(const std::string& dim) const;
  std::optional<int64_t> highest(const std::string& dim) const;
  // The bounds as expressions of the parameters; nothing where they are no simple ones.
  std::optional<Expr> lowest_expr(const std::string& dim) const;
  std::optional<Expr> highest_expr(const std::string& dim) const;
  // The conditions on dimensions and parameters; nothing where they need existence ("some k with ...").
  std::optional<Expr> condition() const;
  // Some point with values for parameters: by name; opaque parameters by their text.
  std::optional<std::map<std::string, int64_t>> sample() const;

 private:
  struct Free {
    void operator()(isl_set* set) const;
  };
  struct Raw {};
  Set(Raw, isl_set* set, Dims dims, const Set& a, const Set* b = nullptr);
  int position(const std::string& dim) const;
  std::optional<int64_t> bound(const std::string& dim, bool low) const;
  std::optional<Expr> bound_expr(const std::string& dim, bool low) const;

  std::unique_ptr<isl_set, Free> set_;
  Dims dims_;
  bool exact_ = true;
  std::map<std::string, Expr> atoms_;  // parameters by their isl name
};

// What is assumed, as a set without dimensions: conditions that cannot be said are left out.
Set context_of(const Facts& facts);

}  // namespace thalweg::sets
