// Building, comparing, walking and rewriting code trees.
#include "ir/code.h"

#include <algorithm>

#include "base/match.h"
#include "ir/code_values.h"

namespace thalweg::ir::code {

namespace {

Expr leaf(Op op, DType type) {
  Expr expr;
  expr.op = op;
  expr.type = type;
  return expr;
}

}  // namespace

Ptr constant(Value value, DType type) {
  Expr expr = leaf(Op::constant, type);
  auto fitting = rounded_value(value, type);
  TW_CHECK(fitting, "the constant does not fit its type " + type.name());
  expr.value = *fitting;
  return std::make_shared<const Expr>(std::move(expr));
}

Ptr symbol(symbolic::Expr value, DType type) {
  TW_CHECK(type == dtypes::int64 || type == dtypes::pyint, "a symbol is int64 or pyint, not " + type.name());
  Expr expr = leaf(Op::symbol, type);
  expr.symbol = std::move(value);
  return std::make_shared<const Expr>(std::move(expr));
}

Ptr input(std::string name, DType type) {
  Expr expr = leaf(Op::input, type);
  expr.name = std::move(name);
  return std::make_shared<const Expr>(std::move(expr));
}

Ptr element(std::string name, DType type, std::vector<Ptr> indices) {
  TW_CHECK(!indices.empty(), "an element of '" + name + "' needs indices; a scalar is an input");
  for (const Ptr& index : indices)
    TW_CHECK(index->type == dtypes::int64, "an index of '" + name + "' is " + index->type.name() + ", not int64");
  Expr expr = leaf(Op::element, type);
  expr.name = std::move(name);
  expr.args = std::move(indices);
  return std::make_shared<const Expr>(std::move(expr));
}

Ptr cast(Ptr value, DType to) {
  if (value->type == to) return value;
  Expr expr = leaf(Op::cast, to);
  expr.span = value->span;
  expr.args.push_back(std::move(value));
  return std::make_shared<const Expr>(std::move(expr));
}

Ptr make(Op op, std::vector<Ptr> args, base::Span span) {
  std::vector<DType> types;
  std::string shown;
  for (const Ptr& argument : args) {
    types.push_back(argument->type);
    shown += (shown.empty() ? "" : ", ") + argument->type.name();
  }
  auto type = result_type(op, types);
  TW_CHECK(type, "operation " + std::to_string(static_cast<int>(op)) + " does not take (" + shown + ")");
  Expr expr = leaf(op, *type);
  expr.args = std::move(args);
  expr.span = std::move(span);
  return std::make_shared<const Expr>(std::move(expr));
}

bool equal(const Expr& a, const Expr& b) {
  if (&a == &b) return true;
  if (a.op != b.op || a.type != b.type || a.args.size() != b.args.size() || a.name != b.name) return false;
  if (a.op == Op::constant && !same_value(a.value, b.value)) return false;
  if (a.op == Op::symbol && !(a.symbol == b.symbol)) return false;
  return std::equal(a.args.begin(), a.args.end(), b.args.begin(), [](auto& x, auto& y) { return equal(*x, *y); });
}

namespace {

bool equal(const std::vector<Ptr>& a, const std::vector<Ptr>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](auto& x, auto& y) { return code::equal(*x, *y); });
}
bool equal(const Statement& a, const Statement& b) {
  if (a.index() != b.index()) return false;
  if (auto* store = std::get_if<Store>(&a)) {
    const auto& other = std::get<Store>(b);
    return store->connector == other.connector && equal(store->indices, other.indices) &&
           code::equal(*store->value, *other.value);
  }
  const auto& check = std::get<Check>(a);
  const auto& other = std::get<Check>(b);
  return check.kind == other.kind && check.message == other.message && equal(check.values, other.values) &&
         code::equal(*check.condition, *other.condition);
}

}  // namespace

bool equal(const Block& a, const Block& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](auto& x, auto& y) { return equal(x, y); });
}

namespace {

std::string renamed(const std::string& name, const Replacement& by) {
  auto found = by.names.find(name);
  return found == by.names.end() ? name : found->second;
}

std::vector<Ptr> replace_all(const std::vector<Ptr>& trees, const Replacement& by) {
  std::vector<Ptr> out;
  out.reserve(trees.size());
  for (const Ptr& tree : trees) out.push_back(replace(tree, by));
  return out;
}

}  // namespace

Ptr replace(const Ptr& expr, const Replacement& by) {
  if (!expr) return expr;
  if (expr->op == Op::input)
    if (auto found = by.inputs.find(expr->name); found != by.inputs.end()) {
      TW_CHECK(found->second->type == expr->type, "'" + expr->name + "' is replaced by a tree of another type");
      return found->second;
    }
  Expr changed = *expr;
  changed.args = replace_all(expr->args, by);
  if (expr->op == Op::symbol) changed.symbol = symbolic::substitute(expr->symbol, by.symbols);
  changed.name = renamed(expr->name, by);
  const bool same = changed.args == expr->args && changed.symbol == expr->symbol && changed.name == expr->name;
  return same ? expr : std::make_shared<const Expr>(std::move(changed));
}

Block replace(const Block& block, const Replacement& by) {
  Block out;
  for (const Statement& statement : block)
    base::match(
        statement,
        [&](const Store& store) {
          out.push_back(Store{renamed(store.connector, by), replace_all(store.indices, by), replace(store.value, by)});
        },
        [&](const Check& check) {
          out.push_back(Check{replace(check.condition, by), check.kind, check.message, replace_all(check.values, by),
                              check.span});
        });
  return out;
}

namespace {

template <class Visit>
void for_each_tree(const Block& block, Visit visit) {
  for (const Statement& statement : block)
    base::match(
        statement,
        [&](const Store& store) {
          for (const Ptr& index : store.indices) visit(*index);
          visit(*store.value);
        },
        [&](const Check& check) {
          visit(*check.condition);
          for (const Ptr& value : check.values) visit(*value);
        });
}

}  // namespace

void collect_inputs(const Expr& expr, std::set<std::string>& into) {
  if (expr.op == Op::input || expr.op == Op::element) into.insert(expr.name);
  for (const Ptr& argument : expr.args) collect_inputs(*argument, into);
}
void collect_symbols(const Expr& expr, std::set<std::string>& into) {
  if (expr.op == Op::symbol) symbolic::collect_symbols(expr.symbol, into);
  for (const Ptr& argument : expr.args) collect_symbols(*argument, into);
}
void collect_inputs(const Block& block, std::set<std::string>& into) {
  for_each_tree(block, [&](const Expr& expr) { collect_inputs(expr, into); });
}
void collect_symbols(const Block& block, std::set<std::string>& into) {
  for_each_tree(block, [&](const Expr& expr) { collect_symbols(expr, into); });
}

}  // namespace thalweg::ir::code
