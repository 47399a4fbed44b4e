// + - * / // % ** and the bit operators: on symbols, on Python's scalars, and on NumPy's scalars and arrays.
#include <map>

#include "frontend/builder.h"

namespace thalweg::frontend {

using syntax::BinaryOperator;

namespace {

code::Op code_op(BinaryOperator op) {
  switch (op) {
    case BinaryOperator::add: return code::Op::add;
    case BinaryOperator::sub: return code::Op::sub;
    case BinaryOperator::mul: return code::Op::mul;
    case BinaryOperator::div: return code::Op::div;
    case BinaryOperator::floor_div: return code::Op::floor_div;
    case BinaryOperator::mod: return code::Op::mod;
    case BinaryOperator::pow: return code::Op::pow;
    case BinaryOperator::bit_and: return code::Op::bit_and;
    case BinaryOperator::bit_or: return code::Op::bit_or;
    case BinaryOperator::bit_xor: return code::Op::bit_xor;
    case BinaryOperator::lshift: return code::Op::lshift;
    case BinaryOperator::rshift: return code::Op::rshift;
    case BinaryOperator::matmul: break;
  }
  TW_CHECK(false, "matrix multiplication is no element-wise operation");
}

bool is_bitwise(BinaryOperator op) {
  return op == BinaryOperator::bit_and || op == BinaryOperator::bit_or || op == BinaryOperator::bit_xor;
}
bool is_shift(BinaryOperator op) { return op == BinaryOperator::lshift || op == BinaryOperator::rshift; }

std::optional<double> constant_number(const Computed& value) {
  auto known = constant_of(value);
  if (!known) return std::nullopt;
  if (auto* real = std::get_if<double>(&*known)) return *real;
  if (auto* integer = std::get_if<int64_t>(&*known)) return static_cast<double>(*integer);
  return std::nullopt;
}

Computed as_integer(const Computed& truth) {
  if (truth.dtype != dtypes::pybool) return truth;
  if (truth.condition && truth.condition->as_integer()) return integer_value(*truth.condition);
  Computed out = truth;
  out.dtype = dtypes::pyint;
  out.condition = std::nullopt;
  out.tree = code::cast(truth.tree, dtypes::pyint);
  return out;
}

// `then` where a number e is this value, else `power`.
code::Ptr where_it_is(const code::Ptr& e, double value, code::Ptr then, code::Ptr power) {
  code::Ptr number =
      e->type.is_float() ? code::constant(value, e->type) : code::constant(static_cast<int64_t>(value), e->type);
  return code::make(code::Op::select,
                    {code::make(code::Op::eq, e, std::move(number)), std::move(then), std::move(power)});
}

// power(x, e) where a number e is known only when the program runs: x * x, the root and the reciprocal are what NumPy
// computes for 2, 0.5 and -1: for Python's numbers before its loops, for others in its loops of float32 and float64. (The
// root of -infinity is NaN, its power infinity.)
code::Ptr with_short_cuts(code::Ptr power, const code::Ptr& x, const code::Ptr& e) {
  if (!e->type.is_float() && e->type != dtypes::pyint) return power;
  power = where_it_is(e, 2, code::make(code::Op::mul, x, x), power);
  if (e->type.is_float()) power = where_it_is(e, 0.5, code::make(code::Op::sqrt, x), power);
  return where_it_is(e, -1, code::make(code::Op::div, code::cast(code::constant(1.0, dtypes::pyfloat), x->type), x),
                     power);
}

}  // namespace

// Operands broadcast, cast to `type` and combined.
Result<Computed> Builder::apply(code::Op op, std::vector<Computed> operands, DType type, const Span& span) {
  std::vector<std::vector<Expr>> shapes;
  for (const Computed& operand : operands) shapes.push_back(operand.shape);
  TW_TRY(std::vector<Expr> shape, broadcast(shapes, span));
  Computed out{type, std::move(shape), nullptr};
  std::vector<code::Ptr> args;
  for (const Computed& operand : operands) {
    TW_TRY(Computed same_type, cast(operand, type, span));
    TW_TRY(same_type, once(same_type, out.shape, span));
    out.checks.insert(out.checks.end(), same_type.checks.begin(), same_type.checks.end());
    args.push_back(same_type.tree);
  }
  out.tree = code::make(op, std::move(args), located(span));
  out.dtype = out.tree->type;
  return out;
}

// A value that is Python's or NumPy's by the way taken may be used where both give the same: where the operation's type
// comes out the same, or (comparisons, and harmless operations on floats) where only the result's type differs in the same
// way. Universal functions make NumPy's numbers of Python's.
Status Builder::check_mixed(const Computed& a, const Computed& b, const Span& span, Mixing mixing, Computed& result) {
  if (!a.mixed && !b.mixed) return base::success();
  auto types = [](const Computed& c) {
    return c.mixed ? std::vector<DType>{c.dtype, c.twin} : std::vector<DType>{c.dtype};
  };
  const DType main = common_type(a.dtype, b.dtype);
  bool same_type = true, harmless = mixing == Mixing::comparison || mixing == Mixing::harmless;
  DType twin = main;
  for (DType x : types(a))
    for (DType y : types(b)) {
      const DType type = common_type(x, y);
      if (type == main || (mixing == Mixing::ufunc && numpy_type(type) == numpy_type(main))) continue;
      same_type = false;
      if (numpy_type(type) != main || (twin != main && twin != type)) harmless = false;
      twin = type;
    }
  if (same_type) return base::success();
  if (harmless && (main.is_float() || mixing == Mixing::comparison)) {
    result.mixed = true;
    result.twin = twin;
    auto weak = [](const Computed& c) { return c.mixed ? c.weak : std::optional<Expr>(c.dtype.python() ? 1 : 0); };
    if (weak(a) && weak(b)) result.weak = *weak(a) * *weak(b);
    return base::success();
  }
  return either_differs(a.mixed ? a : b, span);
}

std::optional<Computed> Builder::binary_symbolic(BinaryOperator op, const Expr& a, const Expr& b, const Span& span) {
  std::optional<Expr> result;
  switch (op) {
    case BinaryOperator::add: result = a + b; break;
    case BinaryOperator::sub: result = a - b; break;
    case BinaryOperator::mul: result = a * b; break;
    case BinaryOperator::floor_div:
    case BinaryOperator::mod:
      if (b.is(0) || (!b.as_integer() && !facts_.proves(symbolic::ne(b, 0)))) return std::nullopt;
      result = op == BinaryOperator::mod ? symbolic::mod(a, b) : symbolic::floor_div(a, b);
      break;
    case BinaryOperator::pow:
      if (auto power = b.as_integer(); power && *power >= 0 && *power <= 64) {
        Expr product = 1;
        for (int64_t i = 0; i < *power; ++i) {
          product = product * a;
          if (!fits(product, span)) return std::nullopt;
        }
        result = product;
      }
      break;
    case BinaryOperator::lshift:
      if (auto by = b.as_integer(); by && *by >= 0 && *by < 62) result = a * Expr(int64_t{1} << *by);
      break;
    case BinaryOperator::rshift:
      if (auto by = b.as_integer(); by && *by >= 0 && *by < 62) result = symbolic::floor_div(a, int64_t{1} << *by);
      break;
    default: break;
  }
  // Each intermediate result must stay in 64 bits, else the operation is computed (and checked) when the program runs.
  if (!result || !fits(a, span) || !fits(b, span) || !fits(*result, span)) return std::nullopt;
  return integer_value(*result);
}

// An operation on a Python float that is an int on the other way: beside a float both give a float, beside an int only a
// division does. Sums with small ints stay such, and exact.
Status Builder::check_mixed_python(BinaryOperator op, const Computed& a, const Computed& b, const Span& span,
                                   Computed& result) const {
  if ((!a.mixed && !b.mixed) || op == BinaryOperator::div) return base::success();
  const Computed &number = a.mixed ? a : b, &other = a.mixed ? b : a;
  if (!other.mixed && (other.dtype == dtypes::pyfloat || other.dtype == dtypes::pycomplex)) return base::success();
  constexpr double small = 1 << 11;
  const auto constant = other.mixed ? std::nullopt : constant_number(other);
  const bool sum = op == BinaryOperator::add || op == BinaryOperator::sub;
  if (!sum || !constant || std::abs(*constant) > small) return either_differs(number, span);
  copy_mark(result, number);
  return base::success();
}

ValueResult Builder::binary_python(BinaryOperator op, const Computed& left, const Computed& right, const Span& span) {
  if (is_bitwise(op) && left.dtype == dtypes::pybool && right.dtype == dtypes::pybool) {
    TW_TRY(Computed out, apply(code_op(op), {left, right}, dtypes::pybool, span));
    return Value(std::move(out));
  }
  const Computed a = as_integer(left), b = as_integer(right);
  if (a.integer && b.integer)
    if (auto symbolic = binary_symbolic(op, *a.integer, *b.integer, span)) return Value(std::move(*symbolic));
  if (auto folded = fold_exactly(op, a, b, span)) return Value(std::move(*folded));
  Computed mark;
  TW_TRY_VOID(check_mixed_python(op, a, b, span, mark));
  DType type = common_type(a.dtype, b.dtype);
  if ((is_bitwise(op) || is_shift(op)) && type != dtypes::pyint)
    return error("TW1013", span,
                 "unsupported operand types for this operator: " + describe(Value(a)) + " and " + describe(Value(b)));
  const auto power = constant_number(b);
  if (op == BinaryOperator::pow && type == dtypes::pyint) {
    const auto known = b.integer ? interval(*b.integer) : std::nullopt;
    const bool not_negative = known && known->low >= 0;
    if (power && *power < 0)
      type = dtypes::pyfloat;
    else if (!not_negative &&
             !(b.integer && decide(symbolic::ge(*b.integer, 0), span, "this exponent is not negative")))
      return error("TW1014", span, "whether this power is an int or a float depends on the exponent's sign",
                   "write float(base) ** exponent, or use a known exponent");
  }
  if (op == BinaryOperator::pow && type == dtypes::pyfloat && !(power && *power == static_cast<int64_t>(*power))) {
    const auto base = constant_number(a);
    const bool whole = a.integer && !base;
    if (base ? *base < 0 : !whole || ask(symbolic::ge(*a.integer, 0), span, "whether this base is negative") != true)
      return error("TW1015", span, "a Python float to a broken power is complex where the base is negative",
                   "use math.sqrt, or np.float64(base) ** exponent");
  }
  if ((op == BinaryOperator::floor_div || op == BinaryOperator::mod) && type.is_complex())
    return error("TW1013", span, "unsupported operand types for this operator: complex numbers");
  TW_TRY(Computed out, apply(code_op(op), {a, b}, type, span));
  copy_mark(out, mark);
  return Value(std::move(out));
}

// What must hold of each element of a power of integers.
Result<std::vector<code::Check>> Builder::check_power(const Computed& exponent, const Span& span) {
  std::vector<code::Check> checks;
  if (auto known = constant_number(exponent)) {
    if (*known < 0) return error("TW1016", span, "integers to negative integer powers are not allowed");
  } else if (!exponent.dtype.is_unsigned() && !exponent.dtype.is_bool()) {
    TW_TRY(Computed zero, cast(integer_value(0), exponent.dtype, span));
    checks.push_back({code::make(code::Op::ge, exponent.tree, zero.tree),
                      base::ErrorKind::value,
                      "Integers to negative integer powers are not allowed.",
                      {},
                      located(span)});
  }
  return checks;
}

ValueResult Builder::binary_numpy(BinaryOperator op, const Computed& left, const Computed& right, const Span& span) {
  DType type = common_type(left.dtype, right.dtype);
  const bool real_division = op == BinaryOperator::div;
  if (real_division && !type.is_float() && !type.is_complex()) type = dtypes::float64;
  const Computed* mixed = left.mixed ? &left : right.mixed ? &right : nullptr;
  if (op == BinaryOperator::sub && type.is_bool() && mixed) return either_differs(*mixed, span);
  if (op == BinaryOperator::sub && type.is_bool())
    return error("TW1017", span, "numpy boolean subtract, the `-` operator, is not supported",
                 "use ^ or np.logical_xor");
  const bool narrow =
      op == BinaryOperator::floor_div || op == BinaryOperator::mod || op == BinaryOperator::pow || is_shift(op);
  if (narrow && type.is_bool()) type = dtypes::int8;
  const bool no_loop = ((is_bitwise(op) || is_shift(op)) && !type.is_integer() && !type.is_bool()) ||
                       ((op == BinaryOperator::floor_div || op == BinaryOperator::mod) && type.is_complex());
  if (no_loop && mixed) return either_differs(*mixed, span);
  if (no_loop)
    return error("TW1013", span,
                 std::string("ufunc '") + ufunc_name(op) + "' is not supported for the input types of " +
                     describe(Value(left)) + " and " + describe(Value(right)));
  Computed mark;
  const bool harmless = op == BinaryOperator::add || op == BinaryOperator::sub || op == BinaryOperator::mul ||
                        (real_division && constant_number(right).value_or(0) != 0);
  TW_TRY_VOID(check_mixed(left, right, span, harmless ? Mixing::harmless : Mixing::other, mark));
  const bool of_array = !left.scalar() || left.of_array;
  Computed base = left, given = right;
  if (op == BinaryOperator::pow) {
    TW_TRY(given, once(right, left.shape, span));
    // NumPy's own short cuts for an array to a Python number.
    const auto power = right.dtype.python() && of_array && (type.is_float() || type.is_complex())
                           ? constant_number(right)
                           : std::nullopt;
    if (of_array && left.dtype.is_bool() && right.dtype.python() && right.dtype.is_integer()) {
      if (right.integer && decide(symbolic::eq(*right.integer, 2), span, "this exponent is 2")) {
        TW_TRY(base, cast(left, dtypes::int8, span));
        return Value(base);
      }
      if (!right.integer || !decide(symbolic::ne(*right.integer, 2), span, "this exponent is not 2"))
        return error("TW1014", span, "the type of a power of booleans depends on whether this exponent is 2",
                     "convert the array first: a.astype(np.int64)");
    }
    if (power) {
      TW_TRY(base, cast(left, type, span));
      if (*power == 1.0) return Value(base);
      if (*power == 2.0) {
        base.tree = code::make(code::Op::mul, base.tree, base.tree);
        return Value(base);
      }
      if (*power == 0.5) {
        base.tree = code::make(code::Op::sqrt, base.tree);
        return Value(base);
      }
      if (*power == -1.0 && type.is_float()) {
        TW_TRY(Computed one, cast(constant_float(1.0), type, span));
        base.tree = code::make(code::Op::div, one.tree, base.tree);
        return Value(base);
      }
    }
  }
  const bool square =
      op == BinaryOperator::pow && !of_array && right.scalar() && type.is_float() && constant_number(right) == 2.0;
  if (square) {  // libm's power is this product, but for one of a thousand that it rounds the other way
    TW_TRY(base, cast(left, type, span));
    given = base;
  }
  TW_TRY(Computed out, apply(square ? code::Op::mul : code_op(op), {base, given}, type, span));
  if (op == BinaryOperator::pow && (of_array || right.of_array)) {
    TW_TRY(base, cast(left, type, span));
    const bool in_loops = right.scalar() && right.dtype.is_float() && type.is_float() && type != dtypes::float16;
    if (right.dtype.python() ? of_array && left.dtype.is_float() && !right.big : in_loops)
      out.tree = with_short_cuts(out.tree, base.tree, given.tree);
    else if (of_array && type.is_complex() && right.dtype == dtypes::pyfloat)
      out.tree = where_it_is(given.tree, 0.5, code::make(code::Op::sqrt, base.tree), out.tree);
  }
  if (op == BinaryOperator::pow && type.is_integer()) {
    TW_TRY(std::vector<code::Check> checks, check_power(right, span));
    out.checks.insert(out.checks.end(), checks.begin(), checks.end());
  }
  copy_mark(out, mark);
  return Value(std::move(out));
}

ValueResult Builder::binary_tuples(BinaryOperator op, const Value& left, const Value& right, const Span& span) {
  auto *a = left.as<TupleValue>(), *b = right.as<TupleValue>();
  if (op == BinaryOperator::add && a && b && a->is_list == b->is_list) {
    TupleValue out{a->items, a->is_list};
    out.items.insert(out.items.end(), b->items.begin(), b->items.end());
    return out.is_list ? new_list(std::move(out.items)) : Value(std::move(out));
  }
  const auto times = constant_integer(a ? right : left);
  if (op == BinaryOperator::mul && times && *times <= 64) {
    const TupleValue& once = a ? *a : *b;
    TupleValue out{{}, once.is_list};
    for (int64_t i = 0; i < *times; ++i) out.items.insert(out.items.end(), once.items.begin(), once.items.end());
    return out.is_list ? new_list(std::move(out.items)) : Value(std::move(out));
  }
  const auto* number = (a ? right : left).as<Computed>();
  const bool repeats = op == BinaryOperator::mul && number && (number->dtype.is_integer() || number->dtype.is_bool());
  if (repeats)
    return error("TW1110", span,
                 describe(a ? left : right) +
                     (times ? " repeated into so many items" : " times a number that is not known when compiling") +
                     " is not supported",
                 "make an array: np.full(n, value), np.tile(items, n)");
  base::Diagnostic problem = error(
      "TW1013", span, "unsupported operand types for this operator: " + describe(left) + " and " + describe(right));
  return number && !number->dtype.python() ? unsure(problem) : problem;  // NumPy's scalar makes an array of the list
}

// Its operators take lists as arrays; what NumPy's scalars do with them differs from one type to the next.
bool is_of_numpy(const Value& value) {
  auto* number = value.as<Computed>();
  return value.as<Array>() || (number && !number->scalar());
}

// A complex product each of whose parts is rounded twice.
code::Ptr plain_product(const code::Ptr& x, const code::Ptr& y) {
  using code::Op;
  auto product = [&](Op of_left, Op of_right) {
    return code::make(Op::mul, {code::make(of_left, x), code::make(of_right, y)});
  };
  return code::make(Op::make_complex,
                    {code::make(Op::sub, {product(Op::real, Op::real), product(Op::imag, Op::imag)}),
                     code::make(Op::add, {product(Op::real, Op::imag), product(Op::imag, Op::real)})});
}

// The product of two complex scalars of NumPy's: the plain one, where arrays are fused (docs/runtime.md).
Result<Computed> Builder::product_of_scalars(const Computed& left, const Computed& right, DType type,
                                             const Span& span) {
  std::vector<Computed> factors{left, right};
  for (Computed& factor : factors) {
    TW_TRY(factor, cast(factor, type, span));
    if (!factor.tree->args.empty()) {
      TW_TRY(factor, store_scalar(factor, "factor", span));
    }
  }
  Computed out{type, {}, plain_product(factors[0].tree, factors[1].tree)};
  for (const Computed& factor : factors)
    out.checks.insert(out.checks.end(), factor.checks.begin(), factor.checks.end());
  return out;
}

// Does NumPy's iterator run over factors that have one element each? It does where they differ in their numbers of
// dimensions, and where one of two dimensions or more is cast.
bool needs_iterator(const Computed& left, const Computed& right, DType type) {
  auto cast_in_blocks = [&](const Computed& factor) { return factor.shape.size() > 1 && factor.dtype != type; };
  const bool differ = !left.scalar() && !right.scalar() && left.shape.size() != right.shape.size();
  return differ || cast_in_blocks(left) || cast_in_blocks(right);
}

// left * right. NumPy fuses complex products of arrays, but not of one element that its iterator runs over: the step from
// one result to the next is 0 there (docs/runtime.md). With a real factor both forms give the same.
ValueResult Builder::product_of_arrays(const Computed& left, const Computed& right, const Span& span) {
  const DType type = common_type(left.dtype, right.dtype);
  const Expr one = symbolic::logical_and(symbolic::eq(ir::total_elements(left.shape), 1),
                                         symbolic::eq(ir::total_elements(right.shape), 1));
  const bool complex = left.dtype.is_complex() && right.dtype.is_complex() && !left.mixed && !right.mixed;
  const bool iterated = complex && needs_iterator(left, right, type);
  const auto known = iterated ? ask(one, span, "whether these arrays have one element") : std::optional(false);
  if (known == false) return binary_numpy(BinaryOperator::mul, left, right, span);
  std::vector<Computed> factors{left, right};
  for (Computed& factor : factors) {
    if (factor.tree->args.empty()) continue;
    if (factor.scalar()) {
      TW_TRY(factor, cast(factor, type, span));
      TW_TRY(factor, store_scalar(factor, "factor", span));
    } else {
      TW_TRY(const Array stored, materialize(Value(factor), "factor", span));
      TW_TRY(factor, computed(Value(stored), span));
    }
  }
  TW_TRY(Value product, binary_numpy(BinaryOperator::mul, factors[0], factors[1], span));
  TW_TRY(Computed out, computed(product, span));
  for (Computed& factor : factors) {
    TW_TRY(factor, cast(factor, type, span));
  }
  const code::Ptr of_one = plain_product(factors[0].tree, factors[1].tree);
  out.tree = known ? of_one : code::make(code::Op::select, {condition_value(one).tree, of_one, out.tree});
  return Value(std::move(out));
}

ValueResult Builder::binary(BinaryOperator op, const Value& left, const Value& right, const Span& span) {
  if (op == BinaryOperator::matmul && (left.as<SparseValue>() || right.as<SparseValue>()))
    return sparse_product(left, right, span);
  for (const Value* operand : {&left, &right})
    if (operand->as<SparseValue>()) TW_TRY_VOID(no_sparse(*operand, span));
  if (left.as<TupleValue>() || right.as<TupleValue>()) {
    if (!is_of_numpy(left) && !is_of_numpy(right)) return binary_tuples(op, left, right, span);
    TW_TRY(Value x, array_like(left, span));
    TW_TRY(Value y, array_like(right, span));
    return binary(op, x, y, span);
  }
  if (op == BinaryOperator::matmul) return call_known("numpy.matmul", {{left, right}, {}, span}, span);
  TW_TRY(Computed a, computed(left, span));
  TW_TRY(Computed b, computed(right, span));
  if (a.scalar() && b.scalar() && a.dtype.python() && b.dtype.python()) return binary_python(op, a, b, span);
  const bool scalars = a.scalar() && b.scalar() && !a.of_array && !b.of_array;
  // np.float64 is a float to Python's complex, which computes before NumPy is asked.
  if (scalars && a.dtype == dtypes::pycomplex && b.dtype == dtypes::float64 && op != BinaryOperator::floor_div &&
      op != BinaryOperator::mod) {
    TW_TRY(b, cast(b, dtypes::pyfloat, span));
    return binary_python(op, a, b, span);
  }
  const DType type = common_type(a.dtype, b.dtype);
  if (op == BinaryOperator::mul && scalars && type.is_complex() && !a.mixed && !b.mixed) {
    TW_TRY(Computed product, product_of_scalars(a, b, type, span));
    return Value(std::move(product));
  }
  return op == BinaryOperator::mul ? product_of_arrays(a, b, span) : binary_numpy(op, a, b, span);
}

ValueResult Builder::unary(syntax::UnaryOperator op, const Value& operand, const Span& span) {
  using syntax::UnaryOperator;
  if (op == UnaryOperator::logical_not) {
    TW_TRY(Computed truth_value, truth(operand, span));
    if (truth_value.condition) {
      const Expr opposite = symbolic::logical_not(*truth_value.condition);
      if (can_be_asked(opposite)) return Value(condition_value(opposite));
    }
    TW_TRY(truth_value, cast(truth_value, dtypes::pybool, span));  // `not` gives Python's bool, of NumPy's scalars, too
    truth_value.tree = code::make(code::Op::logical_not, truth_value.tree);
    return Value(std::move(truth_value));
  }
  TW_TRY(Computed value, computed(operand, span));
  value.of_array = false;  // the result is NumPy's scalar
  if (value.dtype.python()) value = as_integer(value);
  const bool other_class = value.dtype.is_bool() || (op == UnaryOperator::invert && !value.dtype.is_integer());
  if (value.mixed && other_class) return either_differs(value, span);
  if (op != UnaryOperator::pos && value.dtype.is_integer()) TW_TRY_VOID(check_one_type(Value(value), span));
  if (op == UnaryOperator::pos && value.dtype == dtypes::bool_)
    return error("TW1013", span, "ufunc 'positive' did not contain a loop with signature matching types bool");
  if (op == UnaryOperator::pos) return Value(value);
  if (value.big && op == UnaryOperator::neg) return Value(exact_integer(-*value.big, span));
  if (value.big && op == UnaryOperator::invert) return Value(exact_integer(-*value.big - 1, span));
  if (value.integer) {
    const Expr negated = op == UnaryOperator::neg ? -*value.integer : -*value.integer - 1;
    if (fits(negated, span)) return Value(integer_value(negated));
  }
  if (op == UnaryOperator::neg && value.dtype.is_bool())
    return error("TW1017", span, "the numpy boolean negative, the `-` operator, is not supported",
                 "use the `~` operator or np.logical_not");
  if (op == UnaryOperator::invert && !value.dtype.is_integer() && !value.dtype.is_bool())
    return error("TW1013", span, "ufunc 'invert' is not supported for the input type of " + describe(operand));
  if (auto known = constant_of(value); known && op == UnaryOperator::neg)
    if (auto* real = std::get_if<double>(&*known)) {
      value.tree = code::constant(-*real, value.dtype);
      return Value(std::move(value));
    }
  value.tree = code::make(op == UnaryOperator::neg ? code::Op::neg : code::Op::invert, {value.tree}, located(span));
  value.integer = std::nullopt;
  return Value(std::move(value));
}

}  // namespace thalweg::frontend
