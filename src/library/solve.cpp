// Solve: the solution x of _a x = _b for square _a, and below it a row that is 0, or 1 where _a is singular. Reference:
// elimination in the columns' order, a row with a larger pivot taking the place of the one before, above and below it.
#include "library/expansion.h"
#include "library/operations.h"

namespace thalweg::library {

namespace {

using ir::code::Op;
using ir::code::Ptr;

struct Matrices {
  std::vector<size_t> a, b, c;
};

base::Result<Matrices> matrices_of(const ir::LibraryNode& node) {
  TW_TRY(Operand a, operand(node, "_a"));
  TW_TRY(Operand b, operand(node, "_b"));
  TW_TRY(Operand c, operand(node, "_c"));
  Matrices shapes{operand_dims(a.subset, 2), operand_dims(b.subset, 2), operand_dims(c.subset, 2)};
  if (shapes.a.size() != 2 || shapes.b.size() != 2 || shapes.c.size() != 2)
    return error(node, "the operands must have two dimensions");
  return shapes;
}

base::Status check_solve(const ir::LibraryNode& node) {
  TW_TRY(Matrices shapes, matrices_of(node));
  (void)shapes;
  TW_TRY(Operand a, operand(node, "_a"));
  for (const char* port : {"_a", "_b", "_c"}) {
    TW_TRY(Operand each, operand(node, port));
    if (each.dtype() != a.dtype() || (each.dtype() != ir::dtypes::float64 && each.dtype() != ir::dtypes::complex128))
      return error(node, "the operands must hold float64, or all complex128");
  }
  return base::success();
}

base::Result<ir::Ref<ir::SDFG>> expand_solve(const ir::LibraryNode& node) {
  TW_TRY(Matrices shapes, matrices_of(node));
  Expansion expansion(node);
  TW_TRY(Operand a, expansion.add_port("_a", shapes.a));
  TW_TRY(Operand b, expansion.add_port("_b", shapes.b));
  TW_TRY(Operand c, expansion.add_port("_c", shapes.c));
  const ir::DType type = a.dtype();
  const Expr n = a.size(0), sides = b.size(1);
  expansion.add_array("_left", type, {n, n});
  expansion.add_scalar("_held", type);
  expansion.add_scalar("_factor", type);
  const std::string counters[] = {expansion.counter("_k"), expansion.counter("_i"), expansion.counter("_j")};
  const Expr k = Expr::symbol(counters[0]), i = Expr::symbol(counters[1]), j = Expr::symbol(counters[2]);
  auto read = [&](const char* name) { return ir::code::input(name, type); };
  auto element = [&](const Expr& row, const Expr& column) {
    return ir::code::element("_left", type, {index_of(row), index_of(column)});
  };
  auto number = [&](bool one) { return ir::code::cast(ir::code::constant(one, ir::dtypes::bool_), type); };
  auto size = [&](const Ptr& x) {
    if (!type.is_complex()) return ir::code::make(Op::abs, x);
    return ir::code::make(Op::add, ir::code::make(Op::abs, ir::code::make(Op::real, x)),
                          ir::code::make(Op::abs, ir::code::make(Op::imag, x)));
  };
  auto move = [&](ir::ControlFlowRegion& into, const ir::MemletFields& from, const ir::MemletFields& to) {
    add_assignment(into, "move", {{"x", from}}, to, read("x"));
  };
  // What is done to the rows of _left and of the right sides alike, for each of their columns.
  auto both = [&](ir::ControlFlowRegion& into, const auto& what) {
    what(add_loop(into, counters[2], n), "_left");
    what(add_loop(into, counters[2], sides), "_c");
  };

  ir::SDFG& graph = expansion.graph();
  auto& rows = add_loop(graph, counters[1], n);
  move(add_loop(rows, counters[2], n), at("_a", {i, j}), at("_left", {i, j}));
  move(add_loop(rows, counters[2], sides), at("_b", {i, j}), at("_c", {i, j}));
  add_assignment(add_loop(graph, counters[2], sides), "regular", {}, at("_c", {n, j}), number(false));

  auto& steps = add_loop(graph, counters[0], n);
  auto& candidates = add_loop(steps, counters[1], n);
  auto larger = ir::code::make(Op::gt, size(element(i, k)), size(element(k, k)));
  auto& exchange = add_if(add_if(candidates, "below", index_of(symbolic::gt(i, k))), "larger", larger);
  both(exchange, [&](ir::ControlFlowRegion& column, const char* name) {
    move(column, at(name, {i, j}), at("_held", {}));
    move(column, at(name, {k, j}), at(name, {i, j}));
    move(column, at("_held", {}), at(name, {k, j}));
  });
  auto& singular = add_if(steps, "singular", ir::code::make(Op::eq, element(k, k), number(false)));
  add_assignment(add_loop(singular, counters[2], sides), "mark", {}, at("_c", {n, j}), number(true));
  auto& others = add_if(add_loop(steps, counters[1], n), "other", index_of(symbolic::ne(i, k)));
  add_assignment(others, "factor", {{"x", at("_left", {i, k})}, {"pivot", at("_left", {k, k})}}, at("_factor", {}),
                 ir::code::make(Op::div, read("x"), read("pivot")));
  both(others, [&](ir::ControlFlowRegion& column, const char* name) {
    add_assignment(
        column, "eliminate", {{"x", at(name, {i, j})}, {"factor", at("_factor", {})}, {"above", at(name, {k, j})}},
        at(name, {i, j}), ir::code::make(Op::sub, read("x"), ir::code::make(Op::mul, read("factor"), read("above"))));
  });
  auto& results = add_loop(graph, counters[1], n);
  add_assignment(add_loop(results, counters[2], sides), "divide",
                 {{"x", at("_c", {i, j})}, {"pivot", at("_left", {i, i})}}, at("_c", {i, j}),
                 ir::code::make(Op::div, read("x"), read("pivot")));
  return expansion.finish();
}

}  // namespace

Operation solve_operation() {
  return {"Solve",
          "_c = the solution x of _a x = _b, with one row more: 0, or 1 where _a is singular",
          {{"_a"}, {"_b"}, {"_c", true}},
          {},
          check_solve,
          expand_solve,
          {"LAPACK"},
          false};
}

}  // namespace thalweg::library
