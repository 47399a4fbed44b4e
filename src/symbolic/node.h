// The node behind a handle, and the process-wide table that makes equal nodes one node.
#pragma once
#include <atomic>

#include "symbolic/expr.h"

namespace thalweg::symbolic {

// Operands follow the node in memory. Immutable once published, except for the count and the bucket chain.
struct Node {
  enum Flag : uint8_t {
    boolean = 1,   // the value is 0 or 1
    unfolded = 2,  // a sum or product kept as written because folding it would overflow; an atom to everyone else
    opaque = 4,    // an element or a call occurs inside
  };

  mutable std::atomic<uint32_t> count{1};
  uint32_t hash = 0;
  uint32_t arity = 0;
  Kind kind = Kind::integer;
  uint8_t flags = 0;
  uint16_t degree = 1;   // number of factors of a monomial
  uint32_t symbols = 0;  // one bit per symbol name, hashed: a superset test for substitution
  Node* next = nullptr;  // in the table's bucket
  union {
    int64_t value;            // integer (beyond 63 bits)
    const std::string* text;  // symbol: owned
    const Node* companion;    // element, call: the symbol that holds the name. mul with an integer factor and
                              // degree >= 2: the same product without it. Counted.
  };

  std::span<const Expr> operands() const { return {reinterpret_cast<const Expr*>(this + 1), arity}; }

  // Handles and nodes.
  static const Node* of(const Expr& expr) { return expr.node_; }
  static Expr adopt(const Node* node) { return Expr(node); }
  static Expr share(const Node* node) {
    if ((reinterpret_cast<uintptr_t>(node) & 1) == 0) node->count.fetch_add(1, std::memory_order_relaxed);
    return Expr(node);
  }
  static bool is_small(const Node* node) { return (reinterpret_cast<uintptr_t>(node) & 1) != 0; }
  static int64_t small_value(const Node* node) { return static_cast<int64_t>(reinterpret_cast<intptr_t>(node) >> 1); }
  static Kind kind_of(const Node* node) { return is_small(node) ? Kind::integer : node->kind; }
};

static_assert(sizeof(Node) % alignof(Expr) == 0);

// The node of (kind, operands, companion), found or made. Operands must already be canonical.
Expr intern(Kind kind, std::span<const Expr> operands, const Node* companion = nullptr, uint8_t flags = 0);
Expr intern_symbol(std::string_view name);
Expr intern_integer(int64_t value);
uint32_t symbol_bit(std::string_view name);
// Number of nodes alive (tests: nothing leaks).
size_t live_nodes();

inline bool is_boolean(const Expr& expr) {
  const Node* node = Node::of(expr);
  if (Node::is_small(node)) return Node::small_value(node) == 0 || Node::small_value(node) == 1;
  return (node->flags & Node::boolean) != 0;
}

}  // namespace thalweg::symbolic
