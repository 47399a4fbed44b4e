// Reductions. Floating point over the last axes goes through the lane tree (over parallel chunks when the whole array
// is reduced at the top of the program: the tree depends on the length only); everything else runs in row-major order.
#include <algorithm>

#include "lower/lowering.h"

namespace thalweg::lower {

using ir::Wcr;
using ir::code::Op;

namespace {

// Elements of a chunk of a parallel reduction: a whole node of the tree (512 << 7).
constexpr int64_t chunk_elements = 65536;

struct Reduction {
  Wcr wcr = Wcr::none;
  std::vector<int64_t> axes;
};

bool has_lane_tree(Wcr wcr, ir::DType type) {
  bool real = type == ir::dtypes::float64 || type == ir::dtypes::float32 || type == ir::dtypes::pyfloat;
  bool four = wcr == Wcr::sum || wcr == Wcr::product || wcr == Wcr::min || wcr == Wcr::max;
  return (real && four) || (type.is_complex() && wcr == Wcr::sum);
}

}  // namespace

std::optional<Ptr> neutral(Wcr wcr, ir::DType type) {
  int64_t value = 0;
  switch (wcr) {
    case Wcr::sum:
    case Wcr::logical_or:
    case Wcr::bitwise_or:
    case Wcr::bitwise_xor: break;
    case Wcr::product:
    case Wcr::logical_and: value = 1; break;
    case Wcr::bitwise_and: value = type.is_bool() ? 1 : -1; break;
    default: return std::nullopt;
  }
  return ir::code::cast(ir::code::constant(value, ir::dtypes::int64), type);
}

Status Lowering::lower_reduce(Graph& graph, ir::LibraryNode& node) {
  auto wcr_at = node->attributes.find("wcr"), axes_at = node->attributes.find("axes");
  auto* wcr = wcr_at == node->attributes.end() ? nullptr : std::get_if<Wcr>(&wcr_at->second);
  auto* axes = axes_at == node->attributes.end() ? nullptr : std::get_if<std::vector<int64_t>>(&axes_at->second);
  if (!wcr || !axes || *wcr == Wcr::custom || *wcr == Wcr::none)
    return refuse(node.location(), "a reduction needs the attributes 'wcr' and 'axes'");
  TW_TRY(Port source, port(graph, node, "_in", false));
  TW_TRY(Port target, port(graph, node, "_out", true));
  ReduceParts parts{&node, *wcr, source, target};
  size_t rank = source.subset.rank();
  std::vector<bool> reduced(rank, false);
  for (int64_t axis : *axes) {
    if (axis < 0 || axis >= static_cast<int64_t>(rank))
      return refuse(node.location(), "a reduction over a missing axis");
    reduced[axis] = true;
  }
  for (size_t d = 0; d < rank; ++d) (reduced[d] ? parts.reduced : parts.kept).push_back(d);
  parts.last = std::is_sorted(reduced.begin(), reduced.end());
  // Which dimension of the output each kept one is.
  std::vector<size_t> wide_kept, wide_out;
  for (size_t d : parts.kept)
    if (!source.subset.ranges[d].size.is(1)) wide_kept.push_back(d);
  for (size_t d = 0; d < target.subset.rank(); ++d)
    if (!target.subset.ranges[d].size.is(1)) wide_out.push_back(d);
  if (wide_kept.size() == wide_out.size()) {
    parts.kept = wide_kept;
    parts.out_dims = wide_out;
  } else if (parts.kept.size() == target.subset.rank()) {
    for (size_t d = 0; d < target.subset.rank(); ++d) parts.out_dims.push_back(d);
  } else {
    return refuse(node.location(), "a reduction whose output does not have the remaining sizes");
  }
  ir::DType type = target.binding->fields->dtype;
  if (parts.last && has_lane_tree(*wcr, type)) return lower_tree_reduce(graph, parts);
  return lower_ordered_reduce(graph, parts);
}

// A counter for every dimension of the input; one of size 1 that the output does not have is at 0.
std::map<size_t, Expr> Lowering::reduce_counters(const ReduceParts& parts, std::vector<std::string>& taken) {
  std::map<size_t, Expr> counters;
  for (size_t d = 0; d < parts.source.subset.rank(); ++d) {
    taken.push_back(names_.fresh("r" + std::to_string(d)));
    counters[d] = 0;
  }
  for (const auto* dims : {&parts.kept, &parts.reduced})
    for (size_t d : *dims) counters[d] = Expr::symbol(taken[d]);
  return counters;
}

// Index of the input for counters of the kept and reduced dimensions (by dimension), and of the output.
std::vector<Ptr> Lowering::reduce_index(const ReduceParts& parts, const std::map<size_t, Expr>& counters) const {
  std::vector<Ptr> index;
  for (size_t d = 0; d < parts.source.subset.rank(); ++d) {
    const auto& range = parts.source.subset.ranges[d];
    auto at = counters.find(d);
    index.push_back(index_of(at == counters.end() ? range.begin : range.at(at->second)));
  }
  return index;
}
std::vector<Ptr> Lowering::reduce_target(const ReduceParts& parts, const std::map<size_t, Expr>& counters) const {
  std::vector<Ptr> index;
  for (const auto& range : parts.target.subset.ranges) index.push_back(index_of(range.begin));
  for (size_t k = 0; k < parts.out_dims.size(); ++k)
    index[parts.out_dims[k]] = index_of(parts.target.subset.ranges[parts.out_dims[k]].at(counters.at(parts.kept[k])));
  return index;
}

// Puts loops over the given dimensions around a body; map loops where `independent`.
void Lowering::wrap_loops(const ReduceParts& parts, const std::vector<size_t>& dims,
                          const std::map<size_t, Expr>& counters, bool independent, Body body) {
  for (size_t k = dims.size(); k-- > 0;) {
    Loop loop{counters.at(dims[k]).name(), 0, parts.source.subset.ranges[dims[k]].size};
    loop.level = independent && map_depth_ == 0 ? Level::parallel : Level::serial;
    loop.simd_safe = independent;
    loop.id = next_id_++;
    loop.body = std::move(body);
    body = {};
    body.push_back({std::move(loop)});
  }
  for (Statement& s : body) out_->push_back(std::move(s));
}

Status Lowering::lower_tree_reduce(Graph& graph, const ReduceParts& parts) {
  ir::DType type = parts.target.binding->fields->dtype;
  std::vector<std::string> taken;
  std::map<size_t, Expr> counters = reduce_counters(parts, taken);
  Reduce reduce;
  reduce.operation = parts.wcr;
  reduce.dtype = type;
  for (size_t d : parts.reduced)
    if (!parts.source.subset.ranges[d].size.is(1))
      reduce.axes.push_back({taken[d], parts.source.subset.ranges[d].size});
    else
      counters[d] = 0;
  if (reduce.axes.empty()) reduce.axes.push_back({names_.peek("r"), 1});
  TW_TRY(Ptr value, load(graph, *parts.source.binding, reduce_index(parts, counters), type));
  reduce.value = value;
  merge_axes(reduce);
  const Binding& out = *parts.target.binding;
  bool direct = parts.target.memlet->wcr == Wcr::none;
  Body body;
  TW_TRY_VOID(into(body, [&]() -> Status {
    std::string result = direct && out.variable ? out.name : "";
    if (!direct) {
      result = new_variable("reduced", type);
      add(Declare{result});
    }
    reduce.target = result.empty() ? out.name : result;
    if (result.empty()) reduce.index = element_index(out, reduce_target(parts, counters));
    if (parts.kept.empty() && map_depth_ == 0 && reduce.axes.size() == 1 && !type.is_complex())
      add_chunked(std::move(reduce));
    else
      add(std::move(reduce));
    if (!direct)
      store(out, reduce_target(parts, counters), ir::code::input(result, type), *parts.target.memlet,
            parts.node->location());
    return base::success();
  }));
  wrap_loops(parts, parts.kept, counters, true, std::move(body));
  for (const std::string& name : taken) names_.give_back(name);
  return base::success();
}

// Neighbouring axes that lie one behind the other in every array become one.
void Lowering::merge_axes(Reduce& reduce) const {
  while (reduce.axes.size() >= 2) {
    auto &inner = reduce.axes.back(), &outer = reduce.axes[reduce.axes.size() - 2];
    bool fits = true;
    auto check = [&](const ir::code::Expr& leaf) {
      if (leaf.op == Op::symbol || leaf.op == Op::input) return;
      auto buffer = program_.buffers.find(leaf.name);
      Ptr at = buffer == program_.buffers.end() ? nullptr : linear_index(buffer->second, leaf.args);
      const Expr* plain = at ? plain_index(at) : nullptr;
      if (!plain) {
        fits = false;
        return;
      }
      auto step = [&](const std::string& name) {
        return symbolic::substitute(*plain, {{name, Expr::symbol(name) + 1}}) - *plain;
      };
      fits &= step(outer.variable) == step(inner.variable) * inner.extent;
    };
    // Index symbols inside element arguments are covered by the elements themselves.
    auto visit = [&](auto&& self, const Ptr& value) -> void {
      if (value->op == Op::element) return check(*value);
      if (value->op == Op::symbol) {
        std::set<std::string> symbols;
        symbolic::collect_symbols(value->symbol, symbols);
        fits &= !symbols.contains(inner.variable) && !symbols.contains(outer.variable);
      }
      for (const Ptr& argument : value->args) self(self, argument);
    };
    visit(visit, reduce.value);
    if (!fits) return;
    Body one{{Store{"", {}, reduce.value}}};
    substitute(one, {{outer.variable, Expr(0)}});
    reduce.value = std::get<Store>(one[0].node).value;
    outer = {inner.variable, outer.extent * inner.extent};
    reduce.axes.pop_back();
  }
}

// partial[c] = reduction of chunk c, in parallel; then the chunks' results in order.
void Lowering::add_chunked(Reduce reduce) {
  Expr count = reduce.axes[0].extent;
  std::string counter = names_.fresh("chunk"), partial = names_.fresh("partial");
  Buffer buffer{partial, reduce.dtype, Home::heap, {symbolic::ceil_div(count, chunk_elements)}, {1}};
  program_.buffers[partial] = buffer;
  add(Allocate{partial});
  Expr c = Expr::symbol(counter), at = Expr::symbol(reduce.axes[0].variable);
  Body chunk{{reduce}};
  substitute(chunk, {{reduce.axes[0].variable, c * chunk_elements + at}});
  Reduce& part = std::get<Reduce>(chunk[0].node);
  part.target = partial;
  part.index = {index_of(c)};
  part.axes[0].extent = symbolic::min(count - c * chunk_elements, chunk_elements);
  Loop loop{counter, 0, buffer.shape[0]};
  loop.level = Level::parallel;
  loop.simd_safe = true;
  loop.id = next_id_++;
  loop.body = std::move(chunk);
  add(std::move(loop));
  Reduce last = std::move(reduce);
  last.chunks = true;
  last.axes[0].extent = buffer.shape[0];
  last.value = ir::code::element(partial, last.dtype, {index_of(Expr::symbol(last.axes[0].variable))});
  add(std::move(last));
  names_.give_back(counter);
}

// The whole of an integer or boolean array at the top of the program: any order gives the same bits, so chunks run in
// parallel, each into a variable of its own, and their results are combined in order.
Status Lowering::lower_chunked_integers(const ReduceParts& parts, const Reduce::Axis& axis, const Ptr& value,
                                        const Ptr& unit) {
  ir::DType type = parts.target.binding->fields->dtype;
  ir::MemletFields combine_with;
  combine_with.wcr = parts.wcr;
  std::string counter = names_.fresh("chunk"), partial = names_.fresh("partial");
  std::string part = new_variable("reduced", type), total = new_variable("reduced", type);
  Expr c = Expr::symbol(counter), i = Expr::symbol(axis.variable);
  Buffer buffer{partial, type, Home::heap, {symbolic::ceil_div(axis.extent, chunk_elements)}, {1}};
  program_.buffers[partial] = buffer;
  add(Allocate{partial});
  Loop inner{axis.variable, c * chunk_elements, symbolic::min(axis.extent, (c + 1) * chunk_elements)};
  inner.id = next_id_++;
  inner.body.push_back({Assign{part, combine(ir::code::input(part, type), value, combine_with), {}}});
  Loop loop{counter, 0, buffer.shape[0]};
  loop.level = Level::parallel;
  loop.simd_safe = true;
  loop.id = next_id_++;
  loop.body = {{Declare{part}},
               {Assign{part, unit, {}}},
               {std::move(inner)},
               {Store{partial, {index_of(c)}, ir::code::input(part, type)}}};
  add(std::move(loop));
  add(Declare{total});
  add(Assign{total, unit, {}});
  Loop last{counter, 0, buffer.shape[0]};
  last.id = next_id_++;
  Ptr next = combine(ir::code::input(total, type), ir::code::element(partial, type, {index_of(c)}), combine_with);
  last.body.push_back({Assign{total, next, {}}});
  add(std::move(last));
  store(*parts.target.binding, reduce_target(parts, {}), ir::code::input(total, type), *parts.target.memlet,
        parts.node->location());
  names_.give_back(counter);
  return base::success();
}

// One after the other in row-major order of the reduced axes.
Status Lowering::lower_ordered_reduce(Graph& graph, const ReduceParts& parts) {
  ir::DType type = parts.target.binding->fields->dtype;
  const base::Location& location = parts.node->location();
  std::vector<std::string> taken;
  std::map<size_t, Expr> counters = reduce_counters(parts, taken);
  ir::MemletFields combine_with;
  combine_with.wcr = parts.wcr;
  auto first = counters;
  for (size_t d : parts.reduced) first[d] = 0;
  TW_TRY(Ptr start, load(graph, *parts.source.binding, reduce_index(parts, first), type));
  if (auto value = neutral(parts.wcr, type)) start = *value;
  TW_TRY(Ptr value, load(graph, *parts.source.binding, reduce_index(parts, counters), type));
  const Binding& out = *parts.target.binding;
  if (is_whole(type) && parts.kept.empty() && map_depth_ == 0 && neutral(parts.wcr, type)) {
    Reduce whole{parts.wcr, type, {}, value, "", {}};
    for (size_t d : parts.reduced) whole.axes.push_back({taken[d], parts.source.subset.ranges[d].size});
    merge_axes(whole);
    if (whole.axes.size() == 1) {
      for (const std::string& name : taken) names_.give_back(name);
      return lower_chunked_integers(parts, whole.axes[0], whole.value, start);
    }
  }
  // The innermost kept dimension runs inside the reduced ones where it comes after them: rows are read in order.
  bool rows = !parts.last && !parts.kept.empty() && parts.kept.back() > parts.reduced.front() && !out.variable &&
              parts.target.memlet->wcr == Wcr::none;
  std::vector<size_t> outer = parts.kept;
  Body body;
  if (rows) {
    outer.pop_back();
    TW_TRY_VOID(into(body, [&] { return lower_reduce_rows(parts, counters, start, value, outer.empty()); }));
  } else {
    std::string total = new_variable("reduced", type);
    TW_TRY_VOID(into(body, [&]() -> Status {
      add(Declare{total});
      add(Assign{total, start, {}});
      Body step;
      Ptr next = combine(ir::code::input(total, type), value, combine_with);
      TW_TRY_VOID(into(step, [&] {
        add(Assign{total, next, flag_sites(next, location)});
        return base::success();
      }));
      wrap_loops(parts, parts.reduced, counters, false, std::move(step));
      store(out, reduce_target(parts, counters), ir::code::input(total, type), *parts.target.memlet, location);
      return base::success();
    }));
  }
  wrap_loops(parts, outer, counters, true, std::move(body));
  for (const std::string& name : taken) names_.give_back(name);
  return base::success();
}

// for j: out[j] = start; for reduced: for j: out[j] = out[j] op in[reduced, j]; over blocks of j where nothing else
// can run in parallel.
Status Lowering::lower_reduce_rows(const ReduceParts& parts, const std::map<size_t, Expr>& counters, const Ptr& start,
                                   const Ptr& value, bool blocked) {
  constexpr int64_t block = 512;
  ir::DType type = parts.target.binding->fields->dtype;
  const Binding& out = *parts.target.binding;
  size_t row = parts.kept.back();
  std::string j = counters.at(row).name(), blocks = names_.fresh(j + "_block");
  Expr extent = parts.source.subset.ranges[row].size, from = Expr::symbol(blocks) * block;
  auto row_loop = [&](Body body) {
    Loop loop{j, 0, extent};
    if (blocked) {
      loop.begin = from;
      loop.end = symbolic::min(from + block, extent);
    }
    loop.simd_safe = true;
    loop.id = next_id_++;
    loop.body = std::move(body);
    return loop;
  };
  std::vector<Ptr> at = element_index(out, reduce_target(parts, counters));
  ir::MemletFields combine_with;
  combine_with.wcr = parts.wcr;
  Ptr next = combine(ir::code::element(out.name, type, at), value, combine_with);
  Body body{{row_loop({{Store{out.name, at, start}}})}};
  Store step{out.name, at, next};
  step.flags = flag_sites(next, parts.node->location());
  TW_TRY_VOID(into(body, [&] {
    wrap_loops(parts, parts.reduced, counters, false, {{row_loop({{step}})}});
    return base::success();
  }));
  names_.give_back(blocks);
  if (!blocked) {
    for (Statement& s : body) out_->push_back(std::move(s));
    return base::success();
  }
  Loop loop{blocks, 0, symbolic::ceil_div(extent, block)};
  loop.level = map_depth_ == 0 ? Level::parallel : Level::serial;
  loop.simd_safe = true;
  loop.id = next_id_++;
  loop.body = std::move(body);
  add(std::move(loop));
  return base::success();
}

// The first position of the largest (smallest) element along one axis; of the first NaN if there is one.
Status Lowering::lower_arg_reduce(Graph& graph, ir::LibraryNode& node) {
  auto axis_at = node->attributes.find("axis"), max_at = node->attributes.find("max");
  auto* axis = axis_at == node->attributes.end() ? nullptr : std::get_if<int64_t>(&axis_at->second);
  auto* max = max_at == node->attributes.end() ? nullptr : std::get_if<bool>(&max_at->second);
  if (!axis || !max) return refuse(node.location(), "an ArgReduce needs the attributes 'max' and 'axis'");
  TW_TRY(Port source, port(graph, node, "_in", false));
  TW_TRY(Port target, port(graph, node, "_out", true));
  ReduceParts parts{&node, Wcr::max, source, target};
  size_t rank = source.subset.rank();
  if (*axis < 0 || *axis >= static_cast<int64_t>(rank))
    return refuse(node.location(), "an ArgReduce over a missing axis");
  for (size_t d = 0; d < rank; ++d) {
    if (d == static_cast<size_t>(*axis))
      parts.reduced.push_back(d);
    else if (!source.subset.ranges[d].size.is(1))
      parts.kept.push_back(d);
  }
  for (size_t d = 0; d < target.subset.rank(); ++d)
    if (!target.subset.ranges[d].size.is(1)) parts.out_dims.push_back(d);
  if (parts.out_dims.size() != parts.kept.size())
    return refuse(node.location(), "an ArgReduce whose output does not have the remaining sizes");
  std::vector<std::string> taken;
  std::map<size_t, Expr> counters = reduce_counters(parts, taken);
  auto first = counters;
  first[*axis] = 0;
  ir::DType type = source.binding->fields->dtype;
  std::string best = new_variable("best", type), position = new_variable("position", ir::dtypes::int64);
  std::string value = new_variable("value", type);
  auto input = [&](const std::string& name) { return ir::code::input(name, type); };
  Body body;
  TW_TRY_VOID(into(body, [&]() -> Status {
    TW_TRY(Ptr start, load(graph, *source.binding, reduce_index(parts, first), type));
    TW_TRY(Ptr here, load(graph, *source.binding, reduce_index(parts, counters), type));
    for (const std::string& name : {best, position, value}) add(Declare{name});
    add(Assign{best, start, {}});
    add(Assign{position, index_of(0), {}});
    Ptr better = ir::code::make(*max ? Op::gt : Op::lt, input(value), input(best));
    if (type.is_float() || type.is_complex()) {
      Ptr nan = ir::code::make(Op::logical_and, ir::code::make(Op::isnan, input(value)),
                               ir::code::make(Op::logical_not, ir::code::make(Op::isnan, input(best))));
      better = ir::code::make(Op::logical_or, better, nan);
    }
    Body step{
        {Assign{value, here, {}}},
        {If{better, {{Assign{best, input(value), {}}}, {Assign{position, index_of(counters.at(*axis)), {}}}}, {}}}};
    wrap_loops(parts, parts.reduced, counters, false, std::move(step));
    store(*target.binding, reduce_target(parts, counters), ir::code::input(position, ir::dtypes::int64), *target.memlet,
          node.location());
    return base::success();
  }));
  wrap_loops(parts, parts.kept, counters, true, std::move(body));
  for (const std::string& name : taken) names_.give_back(name);
  return base::success();
}

}  // namespace thalweg::lower
