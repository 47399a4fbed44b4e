// ArgReduce: the first position of the largest or smallest element along one axis; of the first NaN if there is one.
#include "library/expansion.h"
#include "library/operations.h"

namespace thalweg::library {

namespace {

using ir::code::Op;

struct ArgLayout {
  Operand in, out;
  size_t axis = 0;
  std::vector<std::pair<size_t, size_t>> kept;  // dimensions of _in and of _out
};

base::Result<ArgLayout> arg_layout_of(const ir::LibraryNode& node) {
  ArgLayout layout;
  TW_TRY(layout.in, operand(node, "_in"));
  TW_TRY(layout.out, operand(node, "_out"));
  const int64_t axis = *attribute<int64_t>(node, "axis");
  if (axis < 0 || axis >= static_cast<int64_t>(layout.in.rank()))
    return error(node, "_in has no axis " + std::to_string(axis));
  layout.axis = static_cast<size_t>(axis);
  std::vector<size_t> kept;
  for (size_t d = 0; d < layout.in.rank(); ++d)
    if (d != layout.axis) kept.push_back(d);
  auto pairs = match_dims(layout.in, kept, layout.out);
  if (!pairs) return error(node, "_out does not have the sizes that remain");
  layout.kept = *pairs;
  return layout;
}

base::Status check_arg_reduce(const ir::LibraryNode& node) {
  TW_TRY(ArgLayout layout, arg_layout_of(node));
  if (layout.out.dtype() != ir::dtypes::int64) return error(node, "_out must hold int64");
  return base::success();
}

base::Result<ir::Ref<ir::SDFG>> expand_arg_reduce(const ir::LibraryNode& node) {
  TW_TRY(ArgLayout layout, arg_layout_of(node));
  Expansion expansion(node);
  TW_TRY_VOID(expansion.add_port("_in"));
  TW_TRY_VOID(expansion.add_port("_out"));
  const ir::DType type = layout.in.dtype();
  expansion.add_scalar("best", type);
  expansion.add_scalar("position", ir::dtypes::int64);
  std::vector<Expr> here(layout.in.rank(), 0), target(layout.out.rank(), 0);
  ir::ControlFlowRegion* region = &expansion.graph();
  for (auto [from, to] : layout.kept) {
    const std::string name = expansion.counter("_i" + std::to_string(from));
    here[from] = target[to] = Expr::symbol(name);
    region = &add_loop(*region, name, layout.in.size(from));
  }
  auto first = here;
  first[layout.axis] = 0;
  add_assignment(*region, "first", {{"x", at("_in", first)}}, at("best", {}), ir::code::input("x", type));
  add_assignment(*region, "at_first", {}, at("position", {}), index_of(0));
  const std::string k = expansion.counter("_k");
  here[layout.axis] = Expr::symbol(k);
  auto& loop = add_loop(*region, k, layout.in.size(layout.axis));
  auto x = ir::code::input("x", type), best = ir::code::input("b", type);
  auto better = ir::code::make(*attribute<bool>(node, "max") ? Op::gt : Op::lt, x, best);
  if (type.is_float() || type.is_complex()) {
    auto nan = ir::code::make(Op::logical_and, ir::code::make(Op::isnan, x),
                              ir::code::make(Op::logical_not, ir::code::make(Op::isnan, best)));
    better = ir::code::make(Op::logical_or, better, nan);
  }
  const std::vector<Read> both{{"x", at("_in", here)}, {"b", at("best", {})}};
  auto with_position = both;
  with_position.push_back({"p", at("position", {})});
  add_assignment(
      loop, "move", with_position, at("position", {}),
      ir::code::make(Op::select, {better, index_of(here[layout.axis]), ir::code::input("p", ir::dtypes::int64)}));
  add_assignment(loop, "take", both, at("best", {}), ir::code::make(Op::select, {better, x, best}));
  add_assignment(*region, "store", {{"p", at("position", {})}}, at("_out", target),
                 ir::code::input("p", ir::dtypes::int64));
  return expansion.finish();
}

}  // namespace

Operation arg_reduce_operation() {
  return {"ArgReduce",
          "the first position of the largest or smallest element along an axis",
          {{"_in"}, {"_out", true}},
          {{"max", AttributeType::boolean, true, "largest, else smallest"},
           {"axis", AttributeType::integer, true, "a dimension of the input subset"}},
          check_arg_reduce,
          expand_arg_reduce,
          {"loops"},
          false};
}

}  // namespace thalweg::library
