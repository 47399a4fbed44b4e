// Rows that may be one element, repeated: the program asks once, not at every element.
//
//   for i in 0:n: z[i] = x[0 if m == 1 else i]     if m == 1: for i in 0:n: z[i] = x[0 if m == 1 else i]
//                                                  else: for i in 0:n: z[i] = x[i]
//
// The second loop has unit stride, which the compiler of the text cannot see in the first. Only innermost loops, whose
// text is short.
#include <algorithm>

#include "lower/lowering.h"

namespace thalweg::lower {

using ir::code::Op;
using symbolic::Kind;

namespace {

bool mentions_any(const Expr& expr, const std::set<std::string>& names) {
  std::set<std::string> symbols;
  symbolic::collect_symbols(expr, symbols);
  return std::any_of(symbols.begin(), symbols.end(), [&](const std::string& name) { return names.contains(name); });
}

class Row {
 public:
  Row(const Program& program, Loop& loop) : loop_(loop) {
    const Uses touched = uses(loop.body, program);
    changing_ = touched.written;
    changing_.insert(touched.declared.begin(), touched.declared.end());
    changing_.insert(loop.variable);
  }

  // The extents of what may be repeated along this loop.
  std::vector<Expr> extents() {
    each_symbol([&](const Expr& index) { find(index); });
    return extents_;
  }

  Loop plain() const {
    Loop out = loop_;
    each_statement(out.body, [&](Statement& s) {
      each_expression(s, [&](Ptr& value) {
        value = rewrite(value, [&](const Ptr& node) -> Ptr {
          if (node->op != Op::symbol) return nullptr;
          const Expr changed = not_repeated(node->symbol);
          return changed == node->symbol ? nullptr : ir::code::symbol(changed, node->type);
        });
      });
    });
    return out;
  }

 private:
  void each_symbol(const std::function<void(const Expr&)>& visit) {
    each_statement(loop_.body, [&](Statement& s) {
      each_expression(s, [&](Ptr& value) {
        each_leaf(value, [&](const ir::code::Expr& leaf) {
          if (leaf.op == Op::symbol) visit(leaf.symbol);
        });
      });
    });
  }

  // 0 if extent == 1 else a place that moves with the loop.
  std::optional<Expr> repeated_extent(const Expr& expr) const {
    if (expr.kind() != Kind::select) return std::nullopt;
    const Expr &condition = expr.operands()[0], &place = expr.operands()[2];
    if (condition.kind() != Kind::eq || !expr.operands()[1].is(0)) return std::nullopt;
    const Expr &left = condition.operands()[0], &right = condition.operands()[1];
    if (!left.is(1) && !right.is(1)) return std::nullopt;
    const Expr extent = right.is(1) ? left : right;
    std::set<std::string> places;
    symbolic::collect_symbols(place, places);
    if (!places.contains(loop_.variable) || mentions_any(extent, changing_)) return std::nullopt;
    return extent;
  }
  void find(const Expr& expr) {
    if (const auto extent = repeated_extent(expr);
        extent && std::find(extents_.begin(), extents_.end(), *extent) == extents_.end())
      extents_.push_back(*extent);
    if (expr.kind() == Kind::integer || expr.kind() == Kind::symbol) return;
    for (const Expr& operand : expr.operands()) find(operand);
  }
  Expr not_repeated(const Expr& expr) const {
    if (repeated_extent(expr)) return not_repeated(expr.operands()[2]);
    if (expr.kind() == Kind::integer || expr.kind() == Kind::symbol || expr.operands().empty()) return expr;
    std::vector<Expr> operands;
    for (const Expr& operand : expr.operands()) operands.push_back(not_repeated(operand));
    return symbolic::rebuild(expr, std::move(operands));
  }

  Loop& loop_;
  std::set<std::string> changing_;
  std::vector<Expr> extents_;
};

bool only_stores(Loop& loop) {
  bool row = true;
  each_statement(loop.body, [&](Statement& s) {
    row &= std::holds_alternative<Assign>(s.node) || std::holds_alternative<Store>(s.node) ||
           std::holds_alternative<Declare>(s.node) || std::holds_alternative<Source>(s.node);
  });
  return row;
}

}  // namespace

void ask_for_repeats(const Program& program, Body& body) {
  for (Statement& statement : body) {
    auto* loop = std::get_if<Loop>(&statement.node);
    if (!loop || loop->keep || !only_stores(*loop)) {
      each_body(statement, [&](Body& inner) { ask_for_repeats(program, inner); });
      continue;
    }
    Row row(program, *loop);
    Ptr repeats;
    for (const Expr& extent : row.extents()) {
      Ptr one = ir::code::make(Op::eq, index_of(extent), index_of(1));
      repeats = repeats ? ir::code::make(Op::bit_or, repeats, one) : one;
    }
    if (!repeats) continue;
    Loop plain = row.plain();
    If choice{repeats, {{std::move(*loop)}}, {{std::move(plain)}}};
    statement.node = std::move(choice);
  }
}

}  // namespace thalweg::lower
