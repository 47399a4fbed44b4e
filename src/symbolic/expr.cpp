// Handles: construction of leaves, access, structural order, rebuilding, substitution, free names.
#include "symbolic/expr.h"

#include "symbolic/node.h"

namespace thalweg::symbolic {

Expr::Expr(int64_t value) : node_(small(value)) {
  if (Node::small_value(node_) == value) return;
  Expr large = intern_integer(value);
  std::swap(node_, large.node_);
}

Expr Expr::symbol(std::string_view name) { return intern_symbol(name); }

Expr Expr::element(std::string_view container, std::vector<Expr> indices) {
  Expr name = intern_symbol(container);
  return intern(Kind::element, indices, Node::of(name), Node::opaque);
}

Expr Expr::call(std::string_view function, std::vector<Expr> arguments) {
  Expr name = intern_symbol(function);
  return intern(Kind::call, arguments, Node::of(name), Node::opaque);
}

Kind Expr::kind() const { return Node::kind_of(node_); }

std::span<const Expr> Expr::operands() const {
  if (is_small()) return {};
  return node_->operands();
}

const std::string& Expr::name() const {
  Kind k = kind();
  if (k == Kind::symbol) return *node_->text;
  TW_CHECK(k == Kind::element || k == Kind::call, "only symbols, elements and calls have a name");
  return *node_->companion->text;
}

int64_t Expr::integer() const {
  TW_CHECK(kind() == Kind::integer, "not an integer constant");
  return is_small() ? Node::small_value(node_) : node_->value;
}

std::optional<int64_t> Expr::as_integer() const {
  if (is_small()) return Node::small_value(node_);
  if (node_->kind == Kind::integer) return node_->value;
  return std::nullopt;
}

int Expr::compare(const Expr& a, const Expr& b) {
  if (a == b) return 0;
  Kind kind = a.kind();
  if (kind != b.kind()) return kind < b.kind() ? -1 : 1;
  if (kind == Kind::integer) return a.integer() < b.integer() ? -1 : 1;
  if (kind == Kind::symbol || kind == Kind::element || kind == Kind::call)
    if (int order = a.name().compare(b.name())) return order < 0 ? -1 : 1;
  std::span<const Expr> x = a.operands(), y = b.operands();
  if (x.size() != y.size()) return x.size() < y.size() ? -1 : 1;
  for (size_t i = 0; i < x.size(); ++i)
    if (int order = compare(x[i], y[i])) return order;
  // Two nodes with the same operands: one is a sum or product kept unfolded.
  return (a.node_->flags & Node::unfolded) < (b.node_->flags & Node::unfolded) ? -1 : 1;
}

namespace {

template <class Operation>
Expr fold(const std::vector<Expr>& operands, Operation&& operation) {
  TW_CHECK(!operands.empty(), "an operation without operands");
  Expr result = operands[0];
  for (size_t i = 1; i < operands.size(); ++i) result = operation(result, operands[i]);
  return result;
}

}  // namespace

Expr rebuild(const Expr& expr, std::vector<Expr> operands) {
  TW_CHECK(operands.size() == expr.operands().size(), "rebuild with another number of operands");
  switch (expr.kind()) {
    case Kind::integer:
    case Kind::symbol: return expr;
    case Kind::add: return fold(operands, [](const Expr& a, const Expr& b) { return a + b; });
    case Kind::mul: return fold(operands, [](const Expr& a, const Expr& b) { return a * b; });
    case Kind::floor_div: return floor_div(operands[0], operands[1]);
    case Kind::mod: return mod(operands[0], operands[1]);
    case Kind::min: return fold(operands, [](const Expr& a, const Expr& b) { return min(a, b); });
    case Kind::max: return fold(operands, [](const Expr& a, const Expr& b) { return max(a, b); });
    case Kind::select: return select(operands[0], operands[1], operands[2]);
    case Kind::lt: return lt(operands[0], operands[1]);
    case Kind::le: return le(operands[0], operands[1]);
    case Kind::eq: return eq(operands[0], operands[1]);
    case Kind::ne: return ne(operands[0], operands[1]);
    case Kind::logical_and: return fold(operands, [](const Expr& a, const Expr& b) { return logical_and(a, b); });
    case Kind::logical_or: return fold(operands, [](const Expr& a, const Expr& b) { return logical_or(a, b); });
    case Kind::logical_not: return logical_not(operands[0]);
    case Kind::element: return Expr::element(expr.name(), std::move(operands));
    case Kind::call: return Expr::call(expr.name(), std::move(operands));
  }
  return expr;
}

namespace {

uint32_t symbol_bits(const Expr& expr) {
  const Node* node = Node::of(expr);
  return Node::is_small(node) ? 0 : node->symbols;
}

Expr substitute_marked(const Expr& expr, const Substitution& by, uint32_t wanted) {
  if ((symbol_bits(expr) & wanted) == 0) return expr;
  if (expr.kind() == Kind::symbol) {
    auto found = by.find(expr.name());
    return found == by.end() ? expr : found->second;
  }
  std::vector<Expr> operands;
  operands.reserve(expr.operands().size());
  bool changed = false;
  for (const Expr& operand : expr.operands()) {
    operands.push_back(substitute_marked(operand, by, wanted));
    changed |= !(operands.back() == operand);
  }
  return changed ? rebuild(expr, std::move(operands)) : expr;
}

template <class Visit>
void walk(const Expr& expr, Visit&& visit) {
  visit(expr);
  for (const Expr& operand : expr.operands()) walk(operand, visit);
}

}  // namespace

Expr substitute(const Expr& expr, const Substitution& by) {
  uint32_t wanted = 0;
  for (const auto& [name, value] : by) wanted |= symbol_bit(name);
  return substitute_marked(expr, by, wanted);
}

void collect_symbols(const Expr& expr, std::set<std::string>& into) {
  walk(expr, [&](const Expr& e) {
    if (e.kind() == Kind::symbol) into.insert(e.name());
  });
}

void collect_containers(const Expr& expr, std::set<std::string>& into) {
  walk(expr, [&](const Expr& e) {
    if (e.kind() == Kind::element) into.insert(e.name());
  });
}

}  // namespace thalweg::symbolic
