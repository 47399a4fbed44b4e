// What definitions of ours alone call: indices into memory that never count from the end, as in other libraries' kernels.
#include "frontend/numpy/registry.h"

namespace thalweg::frontend {

namespace {

// inside(index, most): the index as a Python int, of which 0 <= index <= most is checked, and known afterwards.
ValueResult inside(Builder& b, Given& given, const Span& span) {
  TW_TRY(Expr index, b.symbol_of(*given[0], span, "an index"));
  TW_TRY(Expr most, b.symbol_of(*given[1], span, "an index"));
  const Expr holds = symbolic::logical_and(symbolic::ge(index, 0), symbolic::le(index, most));
  if (!b.facts_.proves(holds)) {
    b.emit_check(holds, base::ErrorKind::index, "index {0} is out of bounds: {1} is the largest", {index, most}, span);
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
                        "index {0} is out of bounds for axis 0 with size {1}",
                        {at, extent},
                        b.located(span)});
  b.reads_.push_back(std::move(array));
  return Value(std::move(out));
}

}  // namespace

std::vector<KnownRow> inside_rows() {
  return {{"thalweg.definitions.inside", "index, most", inside}, {"thalweg.definitions.element", "a, index", element}};
}

}  // namespace thalweg::frontend
