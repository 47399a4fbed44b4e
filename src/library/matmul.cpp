// MatMul: _c = _a @ _b for one or two dimensions each. Reference: a map over rows and columns, around a loop over k in
// order that accumulates in _c's element type.
#include <algorithm>

#include "library/expansion.h"
#include "library/operations.h"

namespace thalweg::library {

namespace {

using ir::code::Op;

// Which dimensions of each operand's subset are meant.
struct Shapes {
  std::vector<size_t> a, b, c;
};

base::Result<Shapes> shapes_of(const ir::LibraryNode& node) {
  TW_TRY(Operand a, operand(node, "_a"));
  TW_TRY(Operand b, operand(node, "_b"));
  TW_TRY(Operand c, operand(node, "_c"));
  const int64_t* a_given = attribute<int64_t>(node, "a_rank");
  const int64_t* b_given = attribute<int64_t>(node, "b_rank");
  const size_t a_rank = a_given ? static_cast<size_t>(*a_given) : a.rank();
  const size_t b_rank = b_given ? static_cast<size_t>(*b_given) : b.rank();
  if (a_rank < 1 || a_rank > 2 || b_rank < 1 || b_rank > 2)
    return error(node, "the operands must have one or two dimensions");
  Shapes shapes{operand_dims(a.subset, a_rank), operand_dims(b.subset, b_rank),
                operand_dims(c.subset, a_rank + b_rank - 2)};
  if (shapes.a.size() != a_rank || shapes.b.size() != b_rank || shapes.c.size() != a_rank + b_rank - 2)
    return error(node, "the memlets do not have the ranks that the node says");
  return shapes;
}

// Only what is known to differ is an error: N and M may be equal when the program runs.
bool differ(const Expr& a, const Expr& b) { return a.as_integer() && b.as_integer() && a != b; }

base::Status check_matmul(const ir::LibraryNode& node) {
  TW_TRY(Shapes shapes, shapes_of(node));
  TW_TRY(Operand a, operand(node, "_a"));
  TW_TRY(Operand b, operand(node, "_b"));
  if (differ(a.size(shapes.a.back()), b.size(shapes.b.front())))
    return error(node, "the inner sizes " + symbolic::to_string(a.size(shapes.a.back())) + " and " +
                           symbolic::to_string(b.size(shapes.b.front())) + " differ");
  return base::success();
}

// sum = 0; for k: sum = sum + a[k] * b[k]; c = sum, on one row and one column.
ir::Ref<ir::SDFG> dot_product(const Operand& a, const Operand& b, const Operand& c, const Expr& count,
                              const Expr& a_stride, const Expr& b_stride) {
  auto held = base::make_ref<ir::SDFG>("dot");
  ir::SDFG& graph = *held;
  ir::ContainerFields vector;
  vector.shape = {count};
  for (auto [name, stride, dtype] : {std::tuple{"_a", a_stride, a.dtype()}, {"_b", b_stride, b.dtype()}}) {
    vector.name = name;
    vector.strides = {stride};
    vector.dtype = dtype;
    graph.add_container(vector);
  }
  graph.add_scalar("_c", c.dtype());
  graph.add_scalar("sum", c.dtype(), true);
  const ir::DType type = c.dtype();
  auto zero = ir::code::cast(ir::code::constant(false, ir::dtypes::bool_), type);
  add_assignment(graph, "start", {}, at("sum", {}), zero);
  auto& loop = add_loop(graph, "_k", count);
  const Expr k = Expr::symbol("_k");
  auto product = ir::code::make(Op::mul, ir::code::cast(ir::code::input("a", a.dtype()), type),
                                ir::code::cast(ir::code::input("b", b.dtype()), type));
  add_assignment(loop, "accumulate", {{"s", at("sum", {})}, {"a", at("_a", {k})}, {"b", at("_b", {k})}}, at("sum", {}),
                 ir::code::make(Op::add, ir::code::input("s", type), product));
  add_assignment(graph, "store", {{"s", at("sum", {})}}, at("_c", {}), ir::code::input("s", type));
  std::set<std::string> symbols;
  for (const Expr& part : {count, a_stride, b_stride}) symbolic::collect_symbols(part, symbols);
  for (const std::string& symbol : symbols) graph.add_symbol(symbol);
  return held;
}

base::Result<ir::Ref<ir::SDFG>> expand_matmul(const ir::LibraryNode& node) {
  TW_TRY(Shapes shapes, shapes_of(node));
  Expansion expansion(node);
  TW_TRY(Operand a, expansion.add_port("_a", shapes.a));
  TW_TRY(Operand b, expansion.add_port("_b", shapes.b));
  TW_TRY(Operand c, expansion.add_port("_c", shapes.c));
  ir::SDFG& graph = expansion.graph();
  auto strides = [&](const char* name) { return graph.container(name).get().strides; };
  const Expr inner = a.size(a.rank() - 1);
  auto dot = dot_product(a, b, c, inner, strides("_a").back(), strides("_b").front());
  ir::State& state = graph.append_state("product");
  symbolic::Substitution mapping;
  for (const auto& [name, dtype] : dot->get().symbols) mapping[name] = Expr::symbol(name);
  auto& body = state.add_nested_sdfg(dot, {"_a", "_b"}, {"_c"}, mapping);
  ir::MapFields map;
  map.label = "rows_and_columns";
  const symbolic::Range all = symbolic::Range::whole(inner);
  symbolic::Subset row{{all}}, column{{all}}, place;
  auto add_parameter = [&](const char* base, const Expr& extent) {
    map.params.push_back(expansion.counter(base));
    map.range.ranges.push_back(symbolic::Range::whole(extent));
    const auto index = symbolic::Range::index(Expr::symbol(map.params.back()));
    place.ranges.push_back(index);
    return index;
  };
  if (a.rank() == 2) row.ranges.insert(row.ranges.begin(), add_parameter("_i", a.size(0)));
  if (b.rank() == 2) column.ranges.push_back(add_parameter("_j", b.size(1)));
  ir::AccessNode &a_node = state.add_access("_a"), &b_node = state.add_access("_b"), &c_node = state.add_access("_c");
  std::vector<ir::Node*> to_a{&a_node}, to_b{&b_node}, from{&body};
  if (!map.params.empty()) {
    auto [entry, exit] = state.add_map(map);
    to_a.push_back(entry);
    to_b.push_back(entry);
    from.push_back(exit);
  }
  to_a.push_back(&body);
  to_b.push_back(&body);
  from.push_back(&c_node);
  state.add_memlet_path(to_a, "", "_a", ir::memlet("_a", row));
  state.add_memlet_path(to_b, "", "_b", ir::memlet("_b", column));
  state.add_memlet_path(from, "_c", "", ir::memlet("_c", place));
  return expansion.finish();
}

}  // namespace

Operation matmul_operation() {
  return {"MatMul",
          "_c = _a @ _b",
          {{"_a"}, {"_b"}, {"_c", true}},
          {{"a_rank", AttributeType::integer, false, "how many dimensions _a means"},
           {"b_rank", AttributeType::integer, false, "how many dimensions _b means"}},
          check_matmul,
          expand_matmul,
          {"BLAS"},
          false};
}

}  // namespace thalweg::library
