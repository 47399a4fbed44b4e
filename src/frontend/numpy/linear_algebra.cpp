// Products of matrices and vectors.
#include "frontend/numpy/ufunc_rows.h"

namespace thalweg::frontend {

namespace {

// An operand in the product's type, its dimensions in the container's order.
Result<Array> factor(Builder& b, const Value& value, DType dtype, const Span& span) {
  auto* array = value.as<Array>();
  if (array && array->dtype == dtype) return b.ordered(value, span);
  TW_TRY(Computed read, b.computed(value, span));
  TW_TRY(read, b.cast(read, dtype, span));
  return b.ordered(Value(read), span);
}

// np.dot of an array with a number: what BLAS adds to zeros, unless the number is 0 (then nothing, also of NaN).
ValueResult multiple(Builder& b, const Computed& array, Computed number, const Span& span) {
  const DType type = common_type(array.dtype, number.dtype);
  TW_TRY(Value product, b.binary_numpy(syntax::BinaryOperator::mul, array, number, span));
  if (type == dtypes::float16 || !(type.is_float() || type.is_complex())) return product;
  const auto one = b.ask(symbolic::eq(ir::total_elements(array.shape), 1), span, "whether this is one element");
  if (!one)
    return b.error("TW1085", span,
                   "np.dot of a number with an array whose size is known only at run time is not supported",
                   "multiply them");
  if (*one) return product;
  TW_TRY(Computed out, b.computed(product, span));
  TW_TRY(number, b.cast(number, type, span));
  TW_TRY(number, b.once(number, array.shape, span));
  TW_TRY(Computed zero, b.cast(integer_value(0), type, span));
  out.tree = code::make(code::Op::select, {code::make(code::Op::eq, number.tree, zero.tree), zero.tree,
                                           code::make(code::Op::add, out.tree, zero.tree)});
  out.checks.insert(out.checks.end(), number.checks.begin(), number.checks.end());
  if (out.shape.size() < 2) return Value(std::move(out));
  Array made = b.new_array(b.name_hint_, type, out.shape);  // rows, whatever the operand has
  TW_TRY_VOID(b.emit_computed(made.container, out, made, span));
  return Value(std::move(made));
}

// np.dot where the inner extent is 1 and one of the operands a single element: of its number, as NumPy does it. Nothing
// where that is not so, or only the running program knows.
Result<std::optional<Value>> dot_with_one(Builder& b, const Array& first, const Array& second, const Span& span) {
  auto is_one = [&](const Expr& extent) {
    return b.ask(symbolic::eq(extent, 1), span, "whether this factor of np.dot is one element").value_or(false);
  };
  if (!is_one(first.shape.back())) return std::optional<Value>();
  const bool first_is_one = first.rank() == 1 || is_one(first.shape[0]);
  if (!first_is_one && second.rank() == 2 && !is_one(second.shape[1])) return std::optional<Value>();
  const Array& single = first_is_one ? first : second;
  Array array = first_is_one ? second : first;
  const Value zero = integer_value(0);
  if (single.rank() == 1) {  // the inner dimension goes
    const std::vector<Value> items = first_is_one ? std::vector{zero} : std::vector{Value(SliceValue{}), zero};
    TW_TRY(array, b.index_array(array, items, span));
  }
  TW_TRY(const Array element, b.index_array(single, std::vector<Value>(single.rank(), zero), span));
  TW_TRY(const Computed number, b.computed(Value(element), span));
  TW_TRY(const Computed multiplied, b.computed(Value(array), span));
  TW_TRY(Value product, multiple(b, multiplied, number, span));
  return std::optional<Value>(std::move(product));
}

ValueResult product(Builder& b, const Value& left, const Value& right, bool dot, const Span& span) {
  TW_TRY(Computed a, b.computed(left, span));
  TW_TRY(Computed c, b.computed(right, span));
  const size_t m = a.shape.size(), n = c.shape.size();
  if (m == 0 || n == 0) {
    if (dot) {  // of Python's numbers, too, NumPy's product
      for (Computed* each : {&a, &c}) {
        TW_TRY(*each, b.cast(*each, numpy_type(each->dtype), span));
      }
      if (m == n || std::max(m, n) > 2) return b.binary_numpy(syntax::BinaryOperator::mul, a, c, span);
      return m == 0 ? multiple(b, c, a, span) : multiple(b, a, c, span);
    }
    return b.error("TW1074", span, "matmul: an operand does not have enough dimensions");
  }
  if (m > 2 || n > 2) {
    TW_TRY(Array stack, b.materialize(left, "", span));
    TW_TRY(Array other, b.materialize(right, "", span));
    return b.call_definition(dot ? "numpy.dot.several" : "numpy.matmul.stacked",
                             {Value(std::move(stack)), Value(std::move(other))}, span);
  }
  const DType made = common_type(a.dtype, c.dtype);
  const DType type = made == dtypes::float16 ? dtypes::float32 : made;  // NumPy sums these in float32, too
  const Expr inner_a = a.shape.back(), inner_c = c.shape.front();
  if (!b.equal_extents(inner_a, inner_c, span)) {
    const std::string message = dot ? "shapes not aligned: {0} (dim " + std::to_string(m - 1) + ") != {1} (dim 0)"
                                    : "matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc "
                                      "signature (n?,k),(k,m?)->(n?,m?) (size {1} is different from {0})";
    if (b.facts_.prove(symbolic::eq(inner_a, inner_c)) == symbolic::Truth::no)
      return b.error("TW1076", span,
                     "the inner extents of this product differ: " + symbolic::to_string(inner_a) + " and " +
                         symbolic::to_string(inner_c));
    b.emit_check(symbolic::eq(inner_a, inner_c), base::ErrorKind::value, message, {inner_a, inner_c}, span);
  }
  TW_TRY(Array first, factor(b, left, type, span));
  TW_TRY(Array second, factor(b, right, type, span));
  if (dot && made == type && (type.is_float() || type.is_complex())) {
    TW_TRY(std::optional<Value> product, dot_with_one(b, first, second, span));
    if (product) return *product;
  }
  std::vector<Expr> shape;
  if (m == 2) shape.push_back(a.shape[0]);
  if (n == 2) shape.push_back(c.shape[1]);
  const std::string hint = b.name_hint_, name = made == type ? hint : "";
  Array place = shape.empty() ? Array{b.new_scalar(name, type), type, {}, {}} : b.new_array(name, type, shape);
  ir::LibraryNodeFields fields;
  fields.operation = "MatMul";
  fields.label = "matmul";
  fields.attributes["a_rank"] = static_cast<int64_t>(m);
  fields.attributes["b_rank"] = static_cast<int64_t>(n);
  b.emit_library(std::move(fields), {{"_a", first}, {"_b", second}}, {{"_c", place}}, span);
  if (made == type) {
    if (shape.empty()) return Value(Computed{type, {}, code::input(place.container, type)});
    return Value(std::move(place));
  }
  TW_TRY(
      Computed sums,
      b.computed(shape.empty() ? Value(Computed{type, {}, code::input(place.container, type)}) : Value(place), span));
  TW_TRY(sums, b.cast(sums, made, span));
  if (shape.empty()) return Value(std::move(sums));
  TW_TRY(Array rounded, b.materialize(Value(std::move(sums)), hint, span));
  return Value(std::move(rounded));
}

// For definitions: the solution of a x = b for matrices of float64 or complex128, and a row that says where a is singular.
ValueResult solution(Builder& b, Given& given, const Span& span) {
  TW_TRY(Computed a, b.computed(*given[0], span));
  TW_TRY(Computed sides, b.computed(*given[1], span));
  const DType type = common_type(a.dtype, sides.dtype);
  if (a.shape.size() != 2 || sides.shape.size() != 2 || (type != dtypes::float64 && type != dtypes::complex128))
    return b.error("TW1065", span, "equations are matrices of float64 or complex128");
  TW_TRY(Array matrix, factor(b, *given[0], type, span));
  TW_TRY(Array right, factor(b, *given[1], type, span));
  Array place = b.new_array(b.name_hint_, type, {a.shape[0] + 1, sides.shape[1]});
  ir::LibraryNodeFields fields;
  fields.operation = "Solve";
  fields.label = "solve";
  b.emit_library(std::move(fields), {{"_a", matrix}, {"_b", right}}, {{"_c", place}}, span);
  return Value(std::move(place));
}

// out= of a product: an array of its very shape (dot: and of its type, dense), for its last dimensions do not repeat.
ValueResult product_into(Builder& b, ValueResult result, const std::optional<Value>& out, bool dot, const Span& span) {
  if (!result || !is_given(out)) return result;
  auto* target = out->as<Array>();
  if (!target) return about(*out, b.error("TW1060", span, "out= must be an array, found " + describe(*out)));
  TW_TRY(const Computed made, b.computed(*result, span));
  if (made.shape.size() != target->rank())
    return b.error("TW1085", span, "a product with out= of another number of dimensions is not supported");
  if (dot && (made.dtype != target->dtype || is_dense(b, *target, false, span) != true))
    return b.error("TW1085", span, "np.dot with out= of another dtype, or that is not dense, is not supported");
  TW_TRY_VOID(same_shape(b, made.shape, *target, span));
  return ufunc_result(b, std::move(result), out, std::nullopt, span);
}

ValueResult outer(Builder& b, Given& given, const Span& span) {
  TW_TRY(Array column, b.materialize(*given[0], "", span));
  TW_TRY(Array row, b.materialize(*given[1], "", span));
  for (Array* each : {&column, &row}) {
    if (each->rank() == 1) continue;
    TW_TRY(Value line, b.call_known("numpy.ravel", {{Value(*each)}, {}, span}, span));
    *each = *line.as<Array>();
  }
  TW_TRY(column, b.index_array(column, {Value(SliceValue{}), Value(NoneObject{})}, span));
  TW_TRY(row, b.index_array(row, {Value(NoneObject{}), Value(SliceValue{})}, span));
  return b.binary(syntax::BinaryOperator::mul, Value(column), Value(row), span);
}

}  // namespace

std::vector<KnownRow> linear_algebra_rows() {
  auto matmul = [](Builder& b, Given& given, const Span& span) {
    return product_into(b, product(b, *given[0], *given[1], false, span), given[2], false, span);
  };
  auto dot = [](Builder& b, Given& given, const Span& span) {
    return product_into(b, product(b, *given[0], *given[1], true, span), given[2], true, span);
  };
  return {{"numpy.matmul", "x1, x2, /, out?", matmul},
          {"numpy.dot", "a, b, out?", dot},
          {"numpy.outer", "a, b", outer},
          {"thalweg.solution", "a, b", solution}};
}

}  // namespace thalweg::frontend
