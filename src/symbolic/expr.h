// Integer and boolean expressions over symbols: hash-consed, immutable, 8 bytes a handle, equality is identity.
//
// Meaning: unbounded integers; booleans are the integers 0 and 1. floor_div and mod round toward minus infinity
// (Python's // and %) and are undefined for a zero divisor. Every constructor returns the canonical form: sums and
// products are n-ary, flattened, with like terms collected and operands ordered by structure (kind, name, operands),
// never by address; so two texts that mean the same polynomial are the same handle. Nodes are counted and shared by
// the whole process behind sharded locks; a node dies with its last handle.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "syntax/ast.h"

namespace thalweg::symbolic {

enum class Kind : uint8_t {
  integer,
  symbol,
  add,        // n-ary
  mul,        // n-ary; an integer factor comes first
  floor_div,  // a // b
  mod,        // a % b
  min,        // n-ary
  max,        // n-ary
  select,     // select(condition, a, b)
  lt,         // a < b; > and >= are written with lt and le
  le,
  eq,
  ne,
  logical_and,  // n-ary
  logical_or,   // n-ary
  logical_not,
  element,  // container element A[i, j]: name + indices; opaque to the simplifier
  call,     // any other named function; opaque
};

struct Node;

class Expr {
 public:
  Expr() noexcept : node_(small(0)) {}  // the integer 0
  Expr(int64_t value);
  Expr(int value) : Expr(static_cast<int64_t>(value)) {}
  static Expr symbol(std::string_view name);
  static Expr element(std::string_view container, std::vector<Expr> indices);
  static Expr call(std::string_view function, std::vector<Expr> arguments);

  Expr(const Expr& other) noexcept : node_(other.node_) {
    if (!is_small()) retain();
  }
  Expr(Expr&& other) noexcept : node_(std::exchange(other.node_, small(0))) {}
  Expr& operator=(Expr other) noexcept {
    std::swap(node_, other.node_);
    return *this;
  }
  ~Expr() {
    if (!is_small()) release();
  }

  Kind kind() const;
  std::span<const Expr> operands() const;
  const std::string& name() const;  // symbol, element, call
  int64_t integer() const;          // kind() == integer
  std::optional<int64_t> as_integer() const;
  bool is(int64_t value) const { return as_integer() == value; }
  bool is_symbol() const { return kind() == Kind::symbol; }

  friend bool operator==(const Expr& a, const Expr& b) { return a.node_ == b.node_; }
  // Structural order: the same in every process. Not by value.
  friend bool operator<(const Expr& a, const Expr& b) { return compare(a, b) < 0; }
  static int compare(const Expr& a, const Expr& b);
  // By identity: differs between runs, so never let it decide an order.
  size_t hash() const { return (reinterpret_cast<uintptr_t>(node_) * 0x9E3779B97F4A7C15u) >> 20; }

 private:
  friend struct Node;
  friend class Table;
  explicit Expr(const Node* node) : node_(node) {}
  // Integers of 63 bits live in the handle itself: 2*value + 1, never a valid address.
  static const Node* small(int64_t value) {
    return reinterpret_cast<const Node*>((static_cast<uintptr_t>(value) << 1) | 1);
  }
  bool is_small() const { return (reinterpret_cast<uintptr_t>(node_) & 1) != 0; }
  void retain() const noexcept;
  void release() noexcept;
  const Node* node_;
};

Expr operator+(const Expr& a, const Expr& b);
Expr operator-(const Expr& a, const Expr& b);
Expr operator-(const Expr& a);
Expr operator*(const Expr& a, const Expr& b);
Expr floor_div(const Expr& a, const Expr& b);
Expr ceil_div(const Expr& a, const Expr& b);  // -((-a) // b)
Expr mod(const Expr& a, const Expr& b);
Expr min(const Expr& a, const Expr& b);
Expr max(const Expr& a, const Expr& b);
Expr select(const Expr& condition, const Expr& a, const Expr& b);
Expr lt(const Expr& a, const Expr& b);
Expr le(const Expr& a, const Expr& b);
Expr gt(const Expr& a, const Expr& b);
Expr ge(const Expr& a, const Expr& b);
Expr eq(const Expr& a, const Expr& b);
Expr ne(const Expr& a, const Expr& b);
Expr logical_and(const Expr& a, const Expr& b);
Expr logical_or(const Expr& a, const Expr& b);
Expr logical_not(const Expr& a);

using Substitution = std::map<std::string, Expr>;
Expr substitute(const Expr& expr, const Substitution& by);  // symbols by name, all at once
// Rebuilds from the leaves with new operands (the mapping for kinds other than leaves).
Expr rebuild(const Expr& expr, std::vector<Expr> operands);
void collect_symbols(const Expr& expr, std::set<std::string>& into);     // free symbols, also inside element indices
void collect_containers(const Expr& expr, std::set<std::string>& into);  // names of element nodes
// Value under an assignment; nullopt when a symbol is missing, a divisor is zero, or 64 bits overflow.
std::optional<int64_t> evaluate(const Expr& expr, const std::map<std::string, int64_t>& values);

// Python text: "2*N + min(i, 4)//3"; select prints as "(a if c else b)". parse(to_string(e)) == e.
std::string to_string(const Expr& expr);
base::Result<Expr> parse(std::string_view text);
base::Result<Expr> from_syntax(
    const syntax::Expr& tree);  // accepts also int_floor, int_ceil, Min, Max, Mod, IfExpr ...

}  // namespace thalweg::symbolic

template <>
struct std::hash<thalweg::symbolic::Expr> {
  size_t operator()(const thalweg::symbolic::Expr& expr) const { return expr.hash(); }
};
