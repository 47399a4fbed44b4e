// Reduce: _out = reduction of _in over axes. The tree is fixed (docs/ir.md), so the expansion writes it out: floating
// point over the last axes goes through the lane tree of thalweg/reduce.h, everything else runs in row-major order.
#include <algorithm>

#include "library/expansion.h"
#include "library/operations.h"

namespace thalweg::library {

namespace {

using ir::Wcr;
using ir::code::Op;
using ir::code::Ptr;

struct Layout {
  Operand in, out;
  Wcr wcr = Wcr::none;
  std::vector<size_t> kept, reduced;
  std::vector<std::pair<size_t, size_t>> pairs;  // kept dimensions of _in and the ones of _out that stand for them
  bool last = false;                             // the reduced axes are the last ones
  ir::DType type() const { return out.dtype(); }
};

base::Result<Layout> layout_of(const ir::LibraryNode& node) {
  Layout layout;
  TW_TRY(layout.in, operand(node, "_in"));
  TW_TRY(layout.out, operand(node, "_out"));
  layout.wcr = *attribute<Wcr>(node, "wcr");
  std::vector<bool> is_reduced(layout.in.rank(), false);
  for (int64_t axis : *attribute<std::vector<int64_t>>(node, "axes")) {
    if (axis < 0 || axis >= static_cast<int64_t>(layout.in.rank()))
      return error(node, "_in has no axis " + std::to_string(axis));
    is_reduced[static_cast<size_t>(axis)] = true;
  }
  for (size_t d = 0; d < is_reduced.size(); ++d) (is_reduced[d] ? layout.reduced : layout.kept).push_back(d);
  layout.last = std::is_sorted(is_reduced.begin(), is_reduced.end());
  auto pairs = match_dims(layout.in, layout.kept, layout.out);
  if (!pairs) return error(node, "_out does not have the sizes that remain");
  layout.pairs = *pairs;
  return layout;
}

base::Status check_reduce(const ir::LibraryNode& node) {
  TW_TRY(Layout layout, layout_of(node));
  if (layout.wcr == Wcr::none || layout.wcr == Wcr::custom) return error(node, "cannot reduce with this resolution");
  const bool bits = layout.wcr == Wcr::bitwise_and || layout.wcr == Wcr::bitwise_or || layout.wcr == Wcr::bitwise_xor;
  if (bits && !layout.type().is_integer() && !layout.type().is_bool())
    return error(node, "bits of a " + layout.type().name());
  return base::success();
}

Ptr constant(int64_t value, ir::DType type) {
  return ir::code::cast(ir::code::constant(value, ir::dtypes::int64), type);
}

// What reducing nothing gives; null for minimum and maximum.
Ptr neutral(Wcr wcr, ir::DType type) {
  switch (wcr) {
    case Wcr::sum:
    case Wcr::logical_or:
    case Wcr::bitwise_or:
    case Wcr::bitwise_xor: return constant(0, type);
    case Wcr::product:
    case Wcr::logical_and: return constant(1, type);
    case Wcr::bitwise_and: return constant(type.is_bool() ? 1 : -1, type);
    default: return nullptr;
  }
}

Ptr combine(Wcr wcr, Ptr a, Ptr b) {
  const ir::DType type = a->type;
  auto logical = [&](Op op) {
    return ir::code::cast(
        ir::code::make(op, ir::code::cast(a, ir::dtypes::bool_), ir::code::cast(b, ir::dtypes::bool_)), type);
  };
  switch (wcr) {
    case Wcr::sum: return ir::code::make(Op::add, a, b);
    case Wcr::product: return ir::code::make(Op::mul, a, b);
    case Wcr::min: return ir::code::make(Op::minimum, a, b);
    case Wcr::max: return ir::code::make(Op::maximum, a, b);
    case Wcr::logical_and: return logical(Op::logical_and);
    case Wcr::logical_or: return logical(Op::logical_or);
    case Wcr::bitwise_and: return ir::code::make(Op::bit_and, a, b);
    case Wcr::bitwise_or: return ir::code::make(Op::bit_or, a, b);
    case Wcr::bitwise_xor: return ir::code::make(Op::bit_xor, a, b);
    default: TW_CHECK(false, "refused by the check"); return a;
  }
}

bool is_real(ir::DType type) {
  return type == ir::dtypes::float64 || type == ir::dtypes::float32 || type == ir::dtypes::pyfloat;
}
bool has_lane_tree(Wcr wcr, ir::DType type) {
  const bool four = wcr == Wcr::sum || wcr == Wcr::product || wcr == Wcr::min || wcr == Wcr::max;
  return (is_real(type) && four) || (type.is_complex() && wcr == Wcr::sum);
}

class Writer {
 public:
  Writer(const ir::LibraryNode& node, const Layout& layout) : layout_(layout), expansion_(node) {}

  base::Result<ir::Ref<ir::SDFG>> write() {
    TW_TRY_VOID(expansion_.add_port("_in"));
    TW_TRY_VOID(expansion_.add_port("_out"));
    index_.assign(layout_.in.rank(), 0);
    target_.assign(layout_.out.rank(), 0);
    ir::ControlFlowRegion* region = &expansion_.graph();
    for (auto [from, to] : layout_.pairs) {
      const std::string name = expansion_.counter("_i" + std::to_string(from));
      index_[from] = target_[to] = Expr::symbol(name);
      region = &add_loop(*region, name, layout_.in.size(from));
    }
    const bool tree = layout_.last && has_lane_tree(layout_.wcr, type());
    const bool extreme = layout_.wcr == Wcr::min || layout_.wcr == Wcr::max;
    if (!tree)
      write_in_order(*region);
    else if (extreme)
      write_extreme(*region);
    else
      write_tree(*region);
    return expansion_.finish();
  }

 private:
  ir::DType type() const { return layout_.type(); }
  Ptr leaf(const std::string& name) const { return ir::code::input(name, type()); }
  Ptr element_of_in() const { return ir::code::cast(ir::code::input("x", layout_.in.dtype()), type()); }

  // The element of _in at a position counted in row-major order of the reduced axes.
  Read element_at(const Expr& position) const {
    std::vector<Expr> index = index_;
    Expr rest = position;
    for (size_t k = layout_.reduced.size(); k-- > 0;) {
      const size_t d = layout_.reduced[k];
      index[d] = k == 0 ? rest : symbolic::mod(rest, layout_.in.size(d));
      rest = symbolic::floor_div(rest, layout_.in.size(d));
    }
    return {"x", at("_in", index)};
  }
  Expr count() const {
    Expr total = 1;
    for (size_t d : layout_.reduced) total = total * layout_.in.size(d);
    return total;
  }

  void write_in_order(ir::ControlFlowRegion& region) {
    expansion_.add_scalar("total", type());
    if (Ptr start = neutral(layout_.wcr, type()))
      add_assignment(region, "start", {}, at("total", {}), start);
    else
      add_assignment(region, "start", {element_at(0)}, at("total", {}), element_of_in());
    const std::string k = expansion_.counter("_k");
    add_assignment(add_loop(region, k, count()), "combine", {{"t", at("total", {})}, element_at(Expr::symbol(k))},
                   at("total", {}), combine(layout_.wcr, leaf("t"), element_of_in()));
    add_assignment(region, "store", {{"t", at("total", {})}}, at("_out", target_), leaf("t"));
  }

  // lane[at] = lane[at] op lane[from]
  void add_fold(ir::ControlFlowRegion& region, const std::string& array, const Expr& target, const Expr& a,
                const Expr& b) {
    add_assignment(region, "fold", {{"a", at(array, {a})}, {"b", at(array, {b})}}, at(array, {target}),
                   combine(layout_.wcr, leaf("a"), leaf("b")));
  }

  // Blocks of 512 numbers (256 complex ones) in lanes; the lanes folded by halves; blocks combined in pairs, an odd
  // one at the end going up by itself: the binary counter of thalweg/reduce.h.
  void write_tree(ir::ControlFlowRegion& region) {
    const int64_t lanes = type().is_complex() ? (type().bytes() == 16 ? 16 : 32) : (type().bytes() == 8 ? 32 : 64);
    const int64_t block = type().is_complex() ? 256 : 512;
    const Expr blocks = symbolic::ceil_div(count(), block);
    const Ptr unit = neutral(layout_.wcr, type());
    expansion_.add_array("lane", type(), {lanes});
    expansion_.add_array("part", type(), {symbolic::max(blocks, 1)});
    const std::string b = expansion_.counter("_b"), l = expansion_.counter("_l"), p = expansion_.counter("_p"),
                      h = expansion_.counter("_h"), m = expansion_.counter("_m"), j = expansion_.counter("_j");
    const Expr B = Expr::symbol(b), L = Expr::symbol(l), P = Expr::symbol(p), H = Expr::symbol(h), M = Expr::symbol(m),
               J = Expr::symbol(j);
    add_assignment(region, "nothing", {}, at("part", {0}), unit);
    auto& each_block = add_loop(region, b, blocks);
    add_assignment(add_loop(each_block, l, lanes), "clear", {}, at("lane", {L}), unit);
    const Expr lane = symbolic::mod(P, lanes);
    auto& each_element = add_loop(each_block, p, symbolic::min(count() - B * block, block));
    add_assignment(each_element, "combine", {{"t", at("lane", {lane})}, element_at(B * block + P)}, at("lane", {lane}),
                   combine(layout_.wcr, leaf("t"), element_of_in()));
    auto& halves = add_halving(each_block, h, lanes / 2, symbolic::floor_div(H, 2));
    add_fold(add_loop(halves, l, H), "lane", L, L, L + H);
    add_assignment(each_block, "block", {{"t", at("lane", {0})}}, at("part", {B}), leaf("t"));
    auto& levels = add_halving(region, m, blocks, symbolic::ceil_div(M, 2), 2);
    add_fold(add_loop(levels, j, symbolic::floor_div(M, 2)), "part", J, J * 2, J * 2 + 1);
    auto odd = ir::code::make(Op::eq, index_of(symbolic::mod(M, 2)), index_of(1));
    add_assignment(add_if(levels, "odd", odd), "up", {{"t", at("part", {M - 1})}},
                   at("part", {symbolic::floor_div(M, 2)}), leaf("t"));
    add_assignment(region, "store", {{"t", at("part", {0})}}, at("_out", target_), leaf("t"));
  }

  // for (variable = first; variable >= least; variable = next)
  ir::LoopRegion& add_halving(ir::ControlFlowRegion& region, const std::string& variable, const Expr& first,
                              const Expr& next, int64_t least = 1) {
    auto& loop = add_loop(region, variable, 0);
    ir::LoopFields fields = loop.get();
    fields.init = index_of(first);
    fields.condition = ir::code::make(Op::ge, index_of(Expr::symbol(variable)), index_of(least));
    fields.update = index_of(next);
    loop.assign(std::move(fields));
    return loop;
  }

  // a[target] = a[from] LESS a[target] ? a[from] : a[target]
  void add_better(ir::ControlFlowRegion& region, const ir::MemletFields& target, const Read& from, const Ptr& value) {
    auto better = ir::code::make(layout_.wcr == Wcr::min ? Op::lt : Op::gt, value, leaf("t"));
    add_assignment(region, "better", {{"t", target}, from}, target,
                   ir::code::make(Op::select, {better, value, leaf("t")}));
  }

  // Lanes keep what is strictly better, blocks likewise, and a NaN anywhere makes the result NaN: which zero wins where
  // both signs occur is the runtime's choice, so its order is written out.
  void write_extreme(ir::ControlFlowRegion& region) {
    const int64_t vector = type().bytes() == 8 ? 8 : 16, group = 4 * vector, block = 512;
    expansion_.add_array("lane", type(), {group});
    expansion_.add_scalar("result", type());
    expansion_.add_scalar("nan", ir::dtypes::bool_);
    const std::string b = expansion_.counter("_b"), l = expansion_.counter("_l"), g = expansion_.counter("_g");
    const Expr B = Expr::symbol(b), L = Expr::symbol(l), G = Expr::symbol(g);
    const Expr size = symbolic::min(count() - B * block, block), first = B * block;
    auto bool_leaf = ir::code::input("n", ir::dtypes::bool_);
    add_assignment(region, "no_nan", {}, at("nan", {}), ir::code::constant(false, ir::dtypes::bool_));
    auto& each_block = add_loop(region, b, symbolic::ceil_div(count(), block));
    add_assignment(add_loop(each_block, l, group), "start", {element_at(first)}, at("lane", {L}), element_of_in());
    auto& each_lane = add_loop(add_loop(each_block, g, symbolic::ceil_div(size, group)), l, group);
    // Lanes beyond the end of the block repeat the first element of their group.
    const Expr here = G * group + L;
    const Read element = element_at(first + symbolic::select(symbolic::lt(here, size), here, G * group));
    add_assignment(each_lane, "is_nan", {{"n", at("nan", {})}, element}, at("nan", {}),
                   ir::code::make(Op::logical_or, bool_leaf, plain(ir::code::make(Op::isnan, element_of_in()))));
    add_better(each_lane, at("lane", {L}), element, element_of_in());
    for (auto [from, to] : {std::pair<int64_t, int64_t>{1, 0}, {3, 2}, {2, 0}})
      add_better(add_loop(each_block, l, vector), at("lane", {L + to * vector}), {"v", at("lane", {L + from * vector})},
                 leaf("v"));
    add_better(add_loop(each_block, l, vector), at("lane", {0}), {"v", at("lane", {L})}, leaf("v"));
    auto& take = add_if(each_block, "first_block", ir::code::make(Op::eq, index_of(B), index_of(0)));
    add_assignment(take, "take", {{"v", at("lane", {0})}}, at("result", {}), leaf("v"));
    add_better(each_block, at("result", {}), {"v", at("lane", {0})}, leaf("v"));
    auto nan = ir::code::constant(__builtin_nan(""), type());
    add_assignment(region, "store", {{"t", at("result", {})}, {"n", at("nan", {})}}, at("_out", target_),
                   ir::code::make(Op::select, {bool_leaf, nan, leaf("t")}));
  }
  static Ptr plain(Ptr truth) { return ir::code::cast(std::move(truth), ir::dtypes::bool_); }

  const Layout& layout_;
  Expansion expansion_;
  std::vector<Expr> index_, target_;
};

base::Result<ir::Ref<ir::SDFG>> expand_reduce(const ir::LibraryNode& node) {
  TW_TRY(Layout layout, layout_of(node));
  return Writer(node, layout).write();
}

}  // namespace

Operation reduce_operation() {
  return {"Reduce",
          "_out = reduction of _in over axes",
          {{"_in"}, {"_out", true}},
          {{"wcr", AttributeType::wcr, true, "how elements combine"},
           {"axes", AttributeType::integers, true, "dimensions of the input subset"}},
          check_reduce,
          expand_reduce,
          {"lanes"},
          false};
}

}  // namespace thalweg::library
