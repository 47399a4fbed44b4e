// Compression: the elements of an array where a mask holds, one after the other.
//
//   position = 0; for each element: if (mask) out[position++] = in
//
// The last dimension goes in blocks. A vector loop looks at the mask of a block: where nothing is kept it is skipped, where
// all is kept it is copied, and what is mixed goes one by one. (Smaller blocks inside mixed ones gain nothing: what costs
// there are the branches that go the other way.)
#include "lower/lowering.h"

namespace thalweg::lower {

using ir::code::Op;

namespace {

constexpr int64_t kBlock = 256;

Ptr flag(const std::string& name) { return ir::code::input(name, ir::dtypes::bool_); }

}  // namespace

// The elements of a row, of which `keep` and `value` speak.
Result<Body> Lowering::compress_row(const Loop& row, const Compression& parts) {
  const Expr at = Expr::symbol(parts.position);
  auto put = [&](const Expr& place) {
    std::vector<Ptr> index = first_index(parts.target->subset);
    index.back() = index_of(parts.target->subset.ranges.back().at(place));
    store(*parts.target->binding, index, parts.value, *parts.target->memlet, parts.location);
    return base::success();
  };
  Loop blocks{names_.fresh(row.variable + "_block"), row.begin, row.end, kBlock};
  blocks.id = next_id_++;
  const Expr first = Expr::symbol(blocks.variable);
  Loop mixed = row;
  mixed.begin = first;
  mixed.end = symbolic::min(first + kBlock, row.end);
  const std::string any = new_variable("any", ir::dtypes::bool_), all = new_variable("all", ir::dtypes::bool_);
  Loop look = mixed, copy = mixed;
  look.id = next_id_++;
  look.body = {{Assign{any, ir::code::make(Op::bit_or, flag(any), parts.keep), {}}},
               {Assign{all, ir::code::make(Op::bit_and, flag(all), parts.keep), {}}}};
  copy.id = next_id_++;
  copy.simd_safe = true;
  TW_TRY_VOID(into(copy.body, [&] { return put(at + Expr::symbol(row.variable) - first); }));
  Assign behind{parts.position, index_of(at + mixed.end - first), {}};
  If take{parts.keep, {}, {}};
  TW_TRY_VOID(into(take.then, [&] { return put(at); }));
  take.then.push_back({Assign{parts.position, index_of(at + 1), {}}});
  mixed.body = {{std::move(take)}};
  If some{flag(any), {{std::move(mixed)}}, {}};
  blocks.body = {{Declare{any}},    {Assign{any, ir::code::constant(false, ir::dtypes::bool_), {}}},
                 {Declare{all}},    {Assign{all, ir::code::constant(true, ir::dtypes::bool_), {}}},
                 {std::move(look)}, {If{flag(all), {{std::move(copy)}, {std::move(behind)}}, {{std::move(some)}}}}};
  names_.give_back(blocks.variable);
  return Body{{std::move(blocks)}};
}

Status Lowering::lower_compress(Graph& graph, ir::LibraryNode& node) {
  TW_TRY(Port mask, port(graph, node, "_mask", false));
  TW_TRY(Port source, port(graph, node, "_in", false));
  TW_TRY(Port target, port(graph, node, "_out", true));
  size_t rank = source.subset.rank();
  if (mask.subset.rank() != rank || rank == 0 || target.subset.rank() == 0)
    return refuse(node.location(), "a compression whose mask has another rank than the array, or of a scalar");
  Compression parts{new_variable("position", ir::dtypes::int64), {}, {}, &target, node.location()};
  if (in_map()) add(Declare{parts.position});
  add(Assign{parts.position, index_of(0), {}});
  std::vector<Loop> loops;
  std::vector<Ptr> mask_index, source_index;
  for (size_t d = 0; d < rank; ++d) {
    Loop loop{names_.fresh("i" + std::to_string(d)), 0, source.subset.ranges[d].size};
    loop.id = next_id_++;
    Expr i = Expr::symbol(loop.variable);
    mask_index.push_back(index_of(mask.subset.ranges[d].at(i)));
    source_index.push_back(index_of(source.subset.ranges[d].at(i)));
    loops.push_back(std::move(loop));
  }
  TW_TRY(parts.keep, load(graph, *mask.binding, mask_index, ir::dtypes::bool_));
  TW_TRY(parts.value, load(graph, *source.binding, source_index, source.binding->fields->dtype));
  TW_TRY(Body body, compress_row(loops.back(), parts));
  for (const Loop& loop : loops) names_.give_back(loop.variable);
  for (size_t d = rank - 1; d-- > 0;) {
    loops[d].body = std::move(body);
    body = {};
    body.push_back({std::move(loops[d])});
  }
  for (Statement& s : body) out_->push_back(std::move(s));
  return base::success();
}

}  // namespace thalweg::lower
