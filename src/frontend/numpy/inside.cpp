// What definitions of ours alone call: what the kernels of SciPy do otherwise than NumPy. Indices never count from the
// end, and products of complex numbers are not fused.
#include "frontend/numpy/registry.h"

namespace thalweg::frontend {

namespace {

// inside(index, most): the index as a Python int, of which 0 <= index <= most is checked, and known afterwards.
ValueResult inside(Builder& b, Given& given, const Span& span) {
  TW_TRY(Expr index, b.symbol_of(*given[0], span, "an index"));
  TW_TRY(Expr most, b.symbol_of(*given[1], span, "an index"));
  const Expr holds = symbolic::logical_and(symbolic::ge(index, 0), symbolic::le(index, most));
  if (!b.facts_.proves(holds)) {
    b.emit_check(holds, base::ErrorKind::index, "a sparse matrix holds the index {0}, where {1} is the largest",
                 {index, most}, span);
    b.facts_.assume(symbolic::ge(index, 0));
    b.facts_.assume(symbolic::le(index, most));
  }
  return Value(integer_value(index));
}

// element(array, index): array[index] of a line, where a negative index is out of bounds.
ValueResult element(Builder& b, Given& given, const Span& span) {
  TW_TRY(Array array, b.materialize(*given[0], "", span));
  TW_TRY(Computed index, b.scalar(*given[1], span, "an index"));
  const code::Ptr at = code::cast(index.tree, dtypes::int64), extent = code::symbol(array.shape.at(0));
  auto unsigned_ = [](const code::Ptr& value) { return code::cast(value, dtypes::uint64); };
  Computed out{
      array.dtype, {}, code::element("$" + std::to_string(b.reads_.size()), array.dtype, std::vector<code::Ptr>{at})};
  out.checks = index.checks;
  out.checks.push_back({code::make(code::Op::lt, unsigned_(at), unsigned_(extent)),
                        base::ErrorKind::index,
                        "a sparse matrix holds the index {0}, which is out of bounds for size {1}",
                        {at, extent},
                        b.located(span)});
  b.reads_.push_back(std::move(array));
  return Value(std::move(out));
}

// product(a, b) of scalars of one type: the parts of complex products are rounded one by one.
ValueResult product(Builder& b, Given& given, const Span& span) {
  TW_TRY(Computed x, b.scalar(*given[0], span, "a factor"));
  TW_TRY(Computed y, b.scalar(*given[1], span, "a factor"));
  if (!x.dtype.is_complex()) return b.binary_numpy(syntax::BinaryOperator::mul, x, y, span);
  using code::Op;
  auto times = [&](Op left, Op right) {
    return code::make(Op::mul, code::make(left, x.tree), code::make(right, y.tree));
  };
  Computed out = x;
  out.checks.insert(out.checks.end(), y.checks.begin(), y.checks.end());
  out.tree = code::make(Op::make_complex, code::make(Op::sub, times(Op::real, Op::real), times(Op::imag, Op::imag)),
                        code::make(Op::add, times(Op::real, Op::imag), times(Op::imag, Op::real)));
  return Value(std::move(out));
}

}  // namespace

std::vector<KnownRow> inside_rows() {
  return {{"thalweg.definitions.inside", "index, most", inside},
          {"thalweg.definitions.element", "a, index", element},
          {"thalweg.definitions.product", "a, b", product}};
}

}  // namespace thalweg::frontend
