// A sum seen as terms: coefficient times monomial, plus a constant. Borrowed from the expressions it was read from.
#pragma once
#include <optional>

#include "symbolic/inline_vector.h"
#include "symbolic/node.h"

namespace thalweg::symbolic {

// A monomial is an atom (any node that is neither an integer, nor a sum, nor a product) or a product of atoms
// without an integer factor.
struct Term {
  const Node* monomial = nullptr;
  int64_t coefficient = 0;
  const Node* whole = nullptr;  // the node of coefficient * monomial, if it was at hand
};

inline bool is_atom(const Node* node) {
  return (node->kind != Kind::add && node->kind != Kind::mul) || (node->flags & Node::unfolded);
}

// coefficient * monomial of a node that is no sum and no integer.
inline Term split(const Node* node) {
  if (node->kind != Kind::mul || (node->flags & Node::unfolded)) return {node, 1, node};
  std::span<const Expr> factors = node->operands();
  const Node* first = Node::of(factors[0]);
  if (Node::kind_of(first) != Kind::integer) return {node, 1, node};
  int64_t coefficient = Node::is_small(first) ? Node::small_value(first) : first->value;
  return {factors.size() == 2 ? Node::of(factors[1]) : node->companion, coefficient, node};
}

inline std::optional<int64_t> integer_of(const Node* node) {
  if (Node::is_small(node)) return Node::small_value(node);
  if (node->kind == Kind::integer) return node->value;
  return std::nullopt;
}

// Calls use(term) for every term of `node` and returns the constant part.
template <class Use>
int64_t for_each_term(const Node* node, Use&& use) {
  if (auto value = integer_of(node)) return *value;
  if (node->kind != Kind::add || (node->flags & Node::unfolded)) {
    use(split(node));
    return 0;
  }
  int64_t constant = 0;
  for (const Expr& operand : node->operands()) {
    const Node* inner = Node::of(operand);
    if (auto value = integer_of(inner))
      constant = *value;
    else
      use(split(inner));
  }
  return constant;
}

// Terms in canonical order (by monomial), no zero coefficients. Arithmetic reports overflow instead of wrapping.
struct Terms {
  InlineVector<Term, 8> list;
  int64_t constant = 0;

  static Terms of(const Expr& expr);
  bool is_constant() const { return list.empty(); }
};

// a*x + b*y; nothing on overflow.
std::optional<Terms> combine(const Terms& x, int64_t a, const Terms& y, int64_t b);
int compare_monomials(const Node* a, const Node* b);
// The factors of a monomial: the atom itself, or the operands of the product.
std::span<const Expr> factors_of(const Node* const& monomial);
Expr scaled(const Node* monomial, int64_t coefficient);
Expr to_expr(const Terms& terms);
// The product of two monomials.
Expr multiply_monomials(const Node* a, const Node* b);
// monomial / divisor if the divisor's factors all occur in it (1 when equal); nothing otherwise.
std::optional<Expr> divide_monomial(const Node* monomial, const Node* divisor);
int64_t gcd_of_coefficients(const Terms& terms, int64_t start = 0);

// Rewrites k*(x % m) + k*m*(x // m) to k*x where it occurs (canonical sums never hold both).
std::optional<Expr> recombine_mod(const Terms& terms);

inline bool multiply_overflows(int64_t a, int64_t b, int64_t& out) { return __builtin_mul_overflow(a, b, &out); }
inline bool add_overflows(int64_t a, int64_t b, int64_t& out) { return __builtin_add_overflow(a, b, &out); }
// Toward minus infinity; the divisor is not 0 and the quotient fits.
inline int64_t floor_quotient(int64_t a, int64_t b) { return a / b - (a % b != 0 && (a < 0) != (b < 0)); }
inline int64_t ceil_quotient(int64_t a, int64_t b) { return -floor_quotient(-a, b); }
inline int64_t floor_remainder(int64_t a, int64_t b) {
  int64_t r = b == -1 ? 0 : a % b;
  return r != 0 && (r < 0) != (b < 0) ? r + b : r;
}

}  // namespace thalweg::symbolic
