// Library nodes: matrix products and equations as calls, callbacks; reductions and compression have their own files.
#include <algorithm>

#include "lower/lowering.h"

namespace thalweg::lower {

using ir::code::Op;

Status Lowering::lower_library(Graph& graph, ir::LibraryNode& node) {
  const std::string& operation = node->operation;
  if (operation == "Reduce") return lower_reduce(graph, node);
  if (operation == "ArgReduce") return lower_arg_reduce(graph, node);
  if (operation == "MatMul") return lower_matmul(graph, node);
  if (operation == "Solve") return lower_solve(graph, node);
  if (operation == "Compress") return lower_compress(graph, node);
  if (operation == "Callback") return lower_callback(graph, node);
  return refuse(node.location(), "the library node '" + operation + "' cannot be compiled: expand it first");
}

Result<Port> Lowering::port(Graph& graph, ir::LibraryNode& node, const std::string& connector, bool output) {
  const ir::Edge* edge = output ? node.out_edge(connector) : node.in_edge(connector);
  if (!edge || edge->memlet().is_empty())
    return refuse(node.location(), "the library node '" + node->operation + "' has nothing at '" + connector + "'");
  const ir::MemletFields& memlet = edge->memlet().get();
  TW_TRY(const Binding* bound, binding(graph, memlet.data, node.location()));
  if (bound->fields->dtype == ir::dtypes::float16 && node->operation != "Compress")
    return refuse(node.location(), "the library node '" + node->operation + "' of float16 cannot be compiled yet");
  return Port{bound, in(graph, memlet.subset), &memlet};
}

std::vector<Ptr> first_index(const symbolic::Subset& subset) {
  std::vector<Ptr> index;
  for (const auto& range : subset.ranges) index.push_back(index_of(range.begin));
  return index;
}

namespace {

constexpr int64_t kShortDot = 512;            // one block of the lane tree
constexpr int64_t kSmallComplex = 8 * 8 * 8;  // multiplications that take no longer than a call to BLAS

// The dimensions of a subset that an operand of this rank means.
std::vector<size_t> operand_dims(const symbolic::Subset& subset, size_t rank) {
  std::vector<size_t> wide, all;
  for (size_t d = 0; d < subset.rank(); ++d) {
    all.push_back(d);
    if (!subset.ranges[d].size.is(1)) wide.push_back(d);
  }
  if (subset.rank() == rank || wide.size() > rank) return all;
  // Sizes of 1 fill up from the end: they are the marked dimensions nearest to the data.
  for (size_t d = subset.rank(); d-- > 0 && wide.size() < rank;)
    if (std::find(wide.begin(), wide.end(), d) == wide.end()) wide.push_back(d);
  std::sort(wide.begin(), wide.end());
  return wide;
}

}  // namespace

// Elements from one to the next along each dimension of the port's subset.
std::vector<Expr> Lowering::port_strides(const Port& port) const {
  std::vector<Expr> strides(port.subset.rank(), 0);
  if (port.binding->variable) return strides;
  const Buffer& buffer = program_.buffers.at(port.binding->name);
  for (size_t d = 0; d < port.binding->dims.size(); ++d) {
    const Dim& dim = port.binding->dims[d];
    if (dim.inner >= 0) strides[dim.inner] = port.subset.ranges[dim.inner].step * dim.step * buffer.strides[d];
  }
  return strides;
}

// The operand with the port's dimensions `row` and `column`.
MatMul::Operand Lowering::matrix(const Port& port, std::optional<size_t> row, std::optional<size_t> column) const {
  std::vector<Expr> strides = port_strides(port);
  std::vector<Ptr> first;
  if (!port.binding->variable) first = element_index(*port.binding, first_index(port.subset));
  return {port.binding->name, first, row ? strides[*row] : Expr(0), column ? strides[*column] : Expr(0)};
}

Status Lowering::lower_solve(Graph& graph, ir::LibraryNode& node) {
  TW_TRY(Port a, port(graph, node, "_a", false));
  TW_TRY(Port b, port(graph, node, "_b", false));
  TW_TRY(Port c, port(graph, node, "_c", true));
  auto a_dims = operand_dims(a.subset, 2), b_dims = operand_dims(b.subset, 2), c_dims = operand_dims(c.subset, 2);
  if (a_dims.size() != 2 || b_dims.size() != 2 || c_dims.size() != 2 || c.memlet->wcr != ir::Wcr::none ||
      a.binding->variable || b.binding->variable || c.binding->variable)
    return refuse(node.location(), "linear equations of other than matrices");
  MatMul out;
  out.solves = true;
  out.dtype = c.binding->fields->dtype;
  out.a = matrix(a, a_dims[0], a_dims[1]);
  out.b = matrix(b, b_dims[0], b_dims[1]);
  out.c = matrix(c, c_dims[0], c_dims[1]);
  out.m = out.k = a.subset.ranges[a_dims[0]].size;
  out.n = b.subset.ranges[b_dims[1]].size;
  add(std::move(out));
  return base::success();
}

Status Lowering::lower_matmul(Graph& graph, ir::LibraryNode& node) {
  TW_TRY(Port a, port(graph, node, "_a", false));
  TW_TRY(Port b, port(graph, node, "_b", false));
  TW_TRY(Port c, port(graph, node, "_c", true));
  auto rank_of = [&](const char* name, const Port& operand) -> size_t {
    auto at = node->attributes.find(name);
    if (at != node->attributes.end())
      if (auto* rank = std::get_if<int64_t>(&at->second)) return static_cast<size_t>(*rank);
    return operand.subset.rank();
  };
  size_t a_rank = rank_of("a_rank", a), b_rank = rank_of("b_rank", b);
  if (a_rank < 1 || a_rank > 2 || b_rank < 1 || b_rank > 2)
    return refuse(node.location(), "a matrix product of operands with more than two dimensions");
  auto a_dims = operand_dims(a.subset, a_rank), b_dims = operand_dims(b.subset, b_rank);
  auto c_dims = operand_dims(c.subset, a_rank + b_rank - 2);
  if (a_dims.size() != a_rank || b_dims.size() != b_rank || c_dims.size() != a_rank + b_rank - 2)
    return refuse(node.location(), "a matrix product whose operands do not have the ranks it says");
  auto size = [](const Port& p, size_t d) { return p.subset.ranges[d].size; };
  Expr m = a_rank == 2 ? size(a, a_dims[0]) : 1, k = size(a, a_dims.back()), n = b_rank == 2 ? size(b, b_dims[1]) : 1;
  ir::DType dtype = c.binding->fields->dtype;
  bool dot = a_rank == 1 && b_rank == 1;
  // A dot product inside a map runs through the lane tree: the same bits on any number of threads.
  const bool real = dtype == ir::dtypes::float64 || dtype == ir::dtypes::float32;
  const bool complex = dtype == ir::dtypes::complex128 || dtype == ir::dtypes::complex64;
  bool blas = (real || complex) && a.binding->fields->dtype == dtype && b.binding->fields->dtype == dtype &&
              c.memlet->wcr == ir::Wcr::none && !a.binding->variable && !b.binding->variable &&
              (dot ? !in_map() : !c.binding->variable);
  if (!blas) return lower_matmul_loops(graph, node, a, b, c, {a_dims, b_dims, c_dims}, m, n, k);
  using Dim_ = std::optional<size_t>;
  MatMul out;
  out.a = matrix(a, a_rank == 2 ? Dim_(a_dims[0]) : Dim_(), a_dims.back());
  out.b = matrix(b, b_dims[0], b_rank == 2 ? Dim_(b_dims[1]) : Dim_());
  out.c = matrix(c, a_rank == 2 ? Dim_(c_dims[0]) : Dim_(), b_rank == 2 ? Dim_(c_dims.back()) : Dim_());
  out.m = m;
  out.n = n;
  out.k = k;
  out.dtype = dtype;
  // A short one is done before a call to BLAS has begun; a long one BLAS reads with several threads.
  const int64_t few = dot ? kShortDot : complex ? kSmallComplex : 0;
  const Expr work = dot ? k : m * n * k;
  const auto known = work.as_integer();
  if (few == 0 || (known && *known > few)) {
    add(std::move(out));
    return base::success();
  }
  if (known) return lower_matmul_loops(graph, node, a, b, c, {a_dims, b_dims, c_dims}, m, n, k);
  Ptr is_short = ir::code::make(Op::le, index_of(work), ir::code::constant(few, ir::dtypes::int64));
  If choice{is_short, {}, {{std::move(out)}}};
  TW_TRY_VOID(
      into(choice.then, [&] { return lower_matmul_loops(graph, node, a, b, c, {a_dims, b_dims, c_dims}, m, n, k); }));
  add(std::move(choice));
  return base::success();
}

// c[i, j] = sum over k in order, in c's element type; a floating-point dot product by the lane tree.
Status Lowering::lower_matmul_loops(Graph& graph, ir::LibraryNode& node, const Port& a, const Port& b, const Port& c,
                                    const std::array<std::vector<size_t>, 3>& dims, const Expr& m, const Expr& n,
                                    const Expr& k) {
  ir::DType dtype = c.binding->fields->dtype;
  std::string i = names_.fresh("i"), j = names_.fresh("j"), l = names_.fresh("k");
  std::string sum = new_variable("sum", dtype);
  auto at = [&](const Port& p, const std::vector<size_t>& which, const std::vector<std::string>& counters) {
    std::vector<Ptr> index = first_index(p.subset);
    for (size_t d = 0; d < which.size(); ++d)
      index[which[d]] = index_of(p.subset.ranges[which[d]].at(Expr::symbol(counters[d])));
    return index;
  };
  bool a2 = dims[0].size() == 2, b2 = dims[1].size() == 2;
  std::vector<std::string> c_counters;
  if (a2) c_counters.push_back(i);
  if (b2) c_counters.push_back(j);
  TW_TRY(Ptr x,
         load(graph, *a.binding, at(a, dims[0], a2 ? std::vector{i, l} : std::vector{l}), a.binding->fields->dtype));
  TW_TRY(Ptr y,
         load(graph, *b.binding, at(b, dims[1], b2 ? std::vector{l, j} : std::vector{l}), b.binding->fields->dtype));
  Ptr product = ir::code::make(Op::mul, ir::code::cast(x, dtype), ir::code::cast(y, dtype));
  if (!a2 && !b2 && dtype.is_float()) {  // a dot product: its order is free, the lane tree is the fast one
    Reduce dot;
    dot.dtype = dtype;
    dot.axes.push_back({l, k});
    dot.value = product;
    dot.target = sum;
    add(Declare{sum});
    add(std::move(dot));
    store(*c.binding, at(c, dims[2], c_counters), ir::code::input(sum, dtype), *c.memlet, node.location());
    for (const std::string& name : {i, j, l}) names_.give_back(name);
    return base::success();
  }
  Loop inner{l, 0, k};
  Body body;
  TW_TRY_VOID(into(inner.body, [&]() -> Status {
    Ptr value = ir::code::make(Op::add, ir::code::input(sum, dtype), product);
    add(Assign{sum, value, flag_sites(value, node.location())});
    return base::success();
  }));
  inner.id = next_id_++;
  TW_TRY_VOID(into(body, [&]() -> Status {
    add(Declare{sum});
    add(Assign{sum, ir::code::cast(ir::code::constant(false, ir::dtypes::bool_), dtype), {}});
    add(std::move(inner));
    store(*c.binding, at(c, dims[2], c_counters), ir::code::input(sum, dtype), *c.memlet, node.location());
    return base::success();
  }));
  std::vector<std::pair<std::string, Expr>> outer{{i, m}, {j, n}};
  for (auto it = outer.rbegin(); it != outer.rend(); ++it) {
    Loop loop{it->first, 0, it->second};
    loop.level = map_depth_ == 0 ? Level::parallel : Level::serial;
    loop.simd_safe = true;
    loop.id = next_id_++;
    loop.body = std::move(body);
    body = {};
    body.push_back({std::move(loop)});
  }
  for (Statement& s : body) out_->push_back(std::move(s));
  for (const std::string& name : {i, j, l}) names_.give_back(name);
  return base::success();
}

Status Lowering::lower_callback(Graph& graph, ir::LibraryNode& node) {
  auto function = node->attributes.find("function");
  auto* index = function == node->attributes.end() ? nullptr : std::get_if<int64_t>(&function->second);
  if (!index) return refuse(node.location(), "a callback without the attribute 'function'");
  Callback out;
  out.function = static_cast<int>(*index);
  auto operand = [&](const Port& p) {
    Callback::Operand operand{p.binding->name, {}, p.subset.sizes(), port_strides(p), p.binding->fields->dtype};
    if (!p.binding->variable) operand.index = element_index(*p.binding, first_index(p.subset));
    if (p.binding->fields->shape.empty()) {
      operand.shape.clear();
      operand.strides.clear();
    }
    return operand;
  };
  for (size_t k = 0; node.in_edge("_in" + std::to_string(k)); ++k) {
    TW_TRY(Port p, port(graph, node, "_in" + std::to_string(k), false));
    out.inputs.push_back(operand(p));
  }
  for (size_t k = 0; node.out_edge("_out" + std::to_string(k)); ++k) {
    TW_TRY(Port p, port(graph, node, "_out" + std::to_string(k), true));
    if (p.memlet->wcr != ir::Wcr::none)
      return refuse(node.location(), "a callback's output with a conflict resolution");
    out.outputs.push_back(operand(p));
  }
  add(std::move(out));
  return base::success();
}

}  // namespace thalweg::lower
