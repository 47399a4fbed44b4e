// < <= > >= == != and `is`: between symbols, Python's scalars, NumPy's values; identity and equality of other objects.
#include <cmath>
#include <cstdlib>

#include "frontend/builder.h"

namespace thalweg::frontend {

using syntax::CompareOperator;

namespace {

code::Op code_op(CompareOperator op) {
  switch (op) {
    case CompareOperator::lt: return code::Op::lt;
    case CompareOperator::le: return code::Op::le;
    case CompareOperator::gt: return code::Op::gt;
    case CompareOperator::ge: return code::Op::ge;
    case CompareOperator::ne: return code::Op::ne;
    default: return code::Op::eq;
  }
}

Expr condition_of(CompareOperator op, const Expr& a, const Expr& b) {
  switch (op) {
    case CompareOperator::lt: return symbolic::lt(a, b);
    case CompareOperator::le: return symbolic::le(a, b);
    case CompareOperator::gt: return symbolic::gt(a, b);
    case CompareOperator::ge: return symbolic::ge(a, b);
    case CompareOperator::ne: return symbolic::ne(a, b);
    default: return symbolic::eq(a, b);
  }
}

// The answer when the left side is negative and the right side is not (or the other way round).
bool answer_for_negative(code::Op op, bool negative_left) {
  switch (op) {
    case code::Op::lt:
    case code::Op::le: return negative_left;
    case code::Op::gt:
    case code::Op::ge: return !negative_left;
    case code::Op::ne: return true;
    default: return false;
  }
}

// Of two Python floats, or a float and a small int, that are known when compiling.
std::optional<bool> compare_constants(CompareOperator op, const Computed& a, const Computed& b) {
  if (!a.dtype.python() || !b.dtype.python() || (a.dtype != dtypes::pyfloat && b.dtype != dtypes::pyfloat))
    return std::nullopt;
  auto number = [](const Computed& x) -> std::optional<double> {
    const auto known = constant_of(x);
    if (!known) return std::nullopt;
    if (auto* real = std::get_if<double>(&*known)) return *real;
    auto* integer = std::get_if<int64_t>(&*known);
    if (!integer || std::abs(*integer) > (int64_t{1} << 53)) return std::nullopt;
    return static_cast<double>(*integer);
  };
  const auto x = number(a), y = number(b);
  if (!x || !y) return std::nullopt;
  switch (op) {
    case CompareOperator::lt: return *x < *y;
    case CompareOperator::le: return *x <= *y;
    case CompareOperator::gt: return *x > *y;
    case CompareOperator::ge: return *x >= *y;
    case CompareOperator::eq: return *x == *y;
    case CompareOperator::ne: return *x != *y;
    default: return std::nullopt;
  }
}

// Does NumPy compare these in the type of a complex scalar? Else it is done as of arrays: where another type is needed for
// both, and where the left one is np.bool_.
bool compared_as_complex_scalars(const Computed& a, const Computed& b) {
  if (!a.scalar() || !b.scalar() || a.mixed || b.mixed || a.of_array || b.of_array || a.dtype == dtypes::bool_)
    return false;
  const DType type = common_type(a.dtype, b.dtype);
  auto is_that = [&](DType dtype) { return dtype == type && dtype.is_complex() && !dtype.python(); };
  return is_that(a.dtype) || is_that(b.dtype);
}

// When tuples of as many integers (shapes) are equal.
std::optional<Expr> equal_sizes(const Value& a, const Value& b) {
  auto *s = a.as<TupleValue>(), *t = b.as<TupleValue>();
  if (!s || !t || s->is_list != t->is_list || s->items.size() != t->items.size()) return std::nullopt;
  Expr equal = 1;
  for (size_t i = 0; i < s->items.size(); ++i) {
    auto *x = s->items[i].as<Computed>(), *y = t->items[i].as<Computed>();
    if (!x || !y || !x->integer || !y->integer) return std::nullopt;
    equal = symbolic::logical_and(equal, symbolic::eq(*x->integer, *y->integer));
  }
  return equal;
}

// Equality of objects that exist only at compile time; nothing when it cannot be said.
// Is it an array that has dimensions, or will be one?
bool is_elements(const Value& value) {
  if (auto* array = value.as<Array>()) return array->rank() > 0;
  auto* computed = value.as<Computed>();
  return computed && !computed->scalar();
}

std::optional<bool> equal_objects(const Value& a, const Value& b) {
  if (a.as<NoneObject>() || b.as<NoneObject>()) return a.as<NoneObject>() && b.as<NoneObject>();
  if (auto *s = a.as<Text>(), *t = b.as<Text>(); s && t) return s->value == t->value;
  auto is_number = [](const Value& v) { return v.as<Computed>() && v.as<Computed>()->scalar(); };
  if ((a.as<Text>() && is_number(b)) || (b.as<Text>() && is_number(a))) return false;
  auto is_of_python = [&](const Value& v) {
    return v.as<Text>() || (is_number(v) && v.as<Computed>()->dtype.python());
  };
  if ((a.as<TupleValue>() && is_of_python(b)) || (b.as<TupleValue>() && is_of_python(a))) return false;
  if (auto *s = a.as<DTypeObject>(), *t = b.as<DTypeObject>(); s && t) return s->dtype == t->dtype;
  if (auto *s = a.as<HostKnown>(), *t = b.as<HostKnown>(); s && t) return s->path == t->path;
  if (auto *s = a.as<TupleValue>(), *t = b.as<TupleValue>(); s && t) {
    if (s->is_list != t->is_list || s->items.size() != t->items.size()) return false;
    for (size_t i = 0; i < s->items.size(); ++i) {
      auto *x = s->items[i].as<Computed>(), *y = t->items[i].as<Computed>();
      if (!x || !y || !x->integer || !y->integer) return std::nullopt;
      if (*x->integer == *y->integer) continue;
      if (x->integer->as_integer() && y->integer->as_integer()) return false;
      return std::nullopt;
    }
    return true;
  }
  return std::nullopt;
}

// The data type of what stands for one beside a dtype: int, float, bool, complex, a name of a type.
std::optional<DType> type_beside(Builder& builder, const Value& value, const Span& span) {
  if (auto* type = value.as<DTypeObject>()) return type->dtype;
  if (!value.as<HostKnown>() && !value.as<Text>()) return std::nullopt;
  auto found = builder.dtype_of(value, span);
  return found ? std::optional<DType>(*found) : std::nullopt;
}

// What NumPy, math or Python offer under a path of their own: one object, wherever it is looked up.
bool is_one_object(const HostKnown& known) {
  const std::string holder = known.path.substr(0, known.path.rfind('.'));
  return holder == "numpy" || holder == "numpy.linalg" || holder == "numpy.fft" || holder == "math" ||
         holder == "builtins";
}

// item in items, where that is known when compiling.
std::optional<bool> contains(const Value& items, const Value& item) {
  auto* dict = items.as<DictValue>();
  auto* tuple = items.as<TupleValue>();
  if (!dict && !tuple) return std::nullopt;
  bool sure = true;
  for (const Value& one : dict ? dict->keys : tuple->items) {
    if ((is_elements(one) && item.as<NoneObject>()) || (is_elements(item) && one.as<NoneObject>()))
      return std::nullopt;  // the elements are compared: an array of truths
    std::optional<bool> equal = equal_objects(one, item);
    auto a = constant_integer(one), b = constant_integer(item);
    if (!equal && a && b) equal = *a == *b;
    const bool text = one.as<Text>() || item.as<Text>();
    const bool number = one.as<Computed>() || item.as<Computed>();
    if (!equal && text && (number || one.as<TupleValue>() || item.as<TupleValue>())) equal = false;
    if (equal && *equal) return true;
    sure = sure && equal;
  }
  return sure ? std::optional<bool>(false) : std::nullopt;
}

}  // namespace

// CPython compares an int with a float by value. Rounded to a float the int decides, unless both are equal then: in that
// case the float is a whole number, and the two are compared as integers (or it is 2^63, above every int here).
ValueResult Builder::compare_by_value(CompareOperator op, Computed left, Computed right, const Span& span) {
  for (Computed* side : {&left, &right}) {
    if (side->dtype == dtypes::pybool) {
      TW_TRY(*side, cast(*side, dtypes::pyint, span));
    }
    const code::Op kind = side->tree->op;
    if (kind != code::Op::constant && kind != code::Op::input && kind != code::Op::symbol) {
      TW_TRY(*side, store_scalar(*side, "", span));
    }
  }
  const bool integer_left = left.dtype == dtypes::pyint;
  const code::Ptr integer = integer_left ? left.tree : right.tree, real = integer_left ? right.tree : left.tree;
  const code::Ptr rounded = code::cast(integer, dtypes::pyfloat);
  const code::Ptr small = code::make(code::Op::lt, real, code::constant(0x1p63, dtypes::pyfloat));
  const code::Ptr safe = code::make(code::Op::select, {small, real, code::constant(0.0, dtypes::pyfloat)});
  const code::Ptr whole = code::cast(code::cast(safe, dtypes::float64), dtypes::int64);
  const code::Ptr exact = code::cast(integer, dtypes::int64);
  auto ordered_pair = [&](const code::Ptr& a, const code::Ptr& b) {
    return code::cast(integer_left ? code::make(code_op(op), a, b) : code::make(code_op(op), b, a), dtypes::pybool);
  };
  const bool below =
      op == CompareOperator::ne || (integer_left ? op == CompareOperator::lt || op == CompareOperator::le
                                                 : op == CompareOperator::gt || op == CompareOperator::ge);
  const code::Ptr tie =
      code::make(code::Op::select, {small, ordered_pair(exact, whole), code::constant(below, dtypes::pybool)});
  Computed out{dtypes::pybool, {}, nullptr};
  out.tree = code::make(code::Op::select, {code::make(code::Op::eq, rounded, real), tie, ordered_pair(rounded, real)});
  out.checks = left.checks;
  out.checks.insert(out.checks.end(), right.checks.begin(), right.checks.end());
  return Value(std::move(out));
}

// The order of NumPy's complex scalars: by the real parts, then by the imaginary ones, whatever is NaN (its arrays are never
// in order where an imaginary part is).
ValueResult Builder::compare_complex_scalars(CompareOperator op, Computed left, Computed right, const Span& span) {
  const DType type = common_type(left.dtype, right.dtype);
  for (Computed* side : {&left, &right}) {
    TW_TRY(*side, cast(*side, type, span));
    TW_TRY(*side, once(*side, {}, span));
  }
  auto parts = [&](code::Op part, code::Op order) {
    return code::cast(code::make(order, code::make(part, left.tree), code::make(part, right.tree)), dtypes::bool_);
  };
  const bool below = op == CompareOperator::lt || op == CompareOperator::le;
  Computed out{dtypes::bool_, {}, nullptr};
  out.tree = code::make(
      code::Op::logical_or, parts(code::Op::real, below ? code::Op::lt : code::Op::gt),
      code::make(code::Op::logical_and, parts(code::Op::real, code::Op::eq), parts(code::Op::imag, code_op(op))));
  out.checks = left.checks;
  out.checks.insert(out.checks.end(), right.checks.begin(), right.checks.end());
  return Value(std::move(out));
}

ValueResult Builder::compare_computed(CompareOperator op, const Computed& a, const Computed& b, const Span& span) {
  Computed left = a, right = b;
  TW_TRY(std::optional<Computed> exact, compare_exactly(op, left, right, span));
  if (exact && (a.mixed || b.mixed)) return either_differs(a.mixed ? a : b, span);
  if (exact) return Value(std::move(*exact));
  const code::Op operation = code_op(op);
  const bool python = left.dtype.python() && right.dtype.python();
  if (left.integer && right.integer) {
    const Expr condition = condition_of(op, *left.integer, *right.integer);
    switch (facts_.prove(condition)) {
      case symbolic::Truth::yes: return Value(constant_bool(true));
      case symbolic::Truth::no: return Value(constant_bool(false));
      case symbolic::Truth::unknown: break;
    }
    if (can_be_asked(condition)) return Value(condition_value(condition));
  }
  DType type = common_type(left.dtype, right.dtype);
  if (python && type == dtypes::pybool) type = dtypes::pyint;
  if (type.is_complex() && (a.mixed || b.mixed)) return either_differs(a.mixed ? a : b, span);
  if (type.is_complex() && op != CompareOperator::eq && op != CompareOperator::ne && python)
    return error("TW1013", span, "unsupported operand types for this comparison: complex numbers have no order");
  Computed mark;
  if (!python) TW_TRY_VOID(check_mixed(left, right, span, Mixing::comparison, mark));
  // A Python int beside integers that may not hold it, and int64 beside uint64, compare by value.
  const bool integers = left.dtype.is_integer() && right.dtype.is_integer() && !python;
  const bool weak = left.dtype == dtypes::pyint || right.dtype == dtypes::pyint;
  const bool has_u64 = left.dtype == dtypes::uint64 || right.dtype == dtypes::uint64;
  const bool both_u64 = left.dtype == dtypes::uint64 && right.dtype == dtypes::uint64;
  if (integers && has_u64 && !both_u64 && (weak || !left.dtype.is_unsigned() || !right.dtype.is_unsigned())) {
    const bool negative_left = left.dtype != dtypes::uint64;
    TW_TRY(std::vector<Expr> shape, broadcast({left.shape, right.shape}, span));
    TW_TRY(left, once(left, shape, span));
    TW_TRY(right, once(right, shape, span));
    const Computed& s = negative_left ? left : right;
    TW_TRY(Computed zero, cast(integer_value(0), s.dtype, span));
    auto as_unsigned = [](const Computed& c) {
      return c.dtype == dtypes::uint64 ? c.tree : code::cast(code::cast(c.tree, dtypes::int64), dtypes::uint64);
    };
    Computed out{dtypes::bool_, shape, nullptr};
    code::Ptr below = code::cast(code::make(code::Op::lt, s.tree, zero.tree), dtypes::bool_);
    out.tree = code::make(code::Op::select,
                          {below, code::constant(answer_for_negative(operation, negative_left), dtypes::bool_),
                           code::make(operation, as_unsigned(left), as_unsigned(right))});
    out.checks = left.checks;
    out.checks.insert(out.checks.end(), right.checks.begin(), right.checks.end());
    return Value(std::move(out));
  }
  if (integers && weak) type = dtypes::int64;
  if (python && type == dtypes::pyfloat && (left.dtype == dtypes::pyint || right.dtype == dtypes::pyint)) {
    const Computed& integer = left.dtype == dtypes::pyint ? left : right;
    const auto known = integer.integer ? interval(*integer.integer) : std::nullopt;
    constexpr int64_t exact_below = int64_t{1} << 53;
    if (!(known && known->low >= -exact_below && known->high <= exact_below) &&
        !(integer.integer && fits(*integer.integer * 2048, span)))
      return compare_by_value(op, left, right, span);
  }
  TW_TRY(Computed out, apply(operation, {left, right}, type, span));
  mark.twin = dtypes::pybool;
  copy_mark(out, mark);
  return Value(std::move(out));
}

// item in items: an item may be the very object, so what may be NaN is not asked by its value.
ValueResult Builder::contains_at_run_time(CompareOperator op, const Value& item, const Value& items, const Span& span) {
  auto* tuple = items.as<TupleValue>();
  auto* scalar = item.as<Computed>();
  auto whole = [](const Value& value) {
    auto* number = value.as<Computed>();
    return number && number->scalar() && !number->mixed && (number->dtype.is_integer() || number->dtype.is_bool());
  };
  if (!tuple || !scalar || !scalar->scalar() || !std::all_of(tuple->items.begin(), tuple->items.end(), whole))
    return error("TW1019", span, "asking whether " + describe(item) + " is in " + describe(items) + " is not supported",
                 "compare with each item by ==");
  std::optional<Computed> any;
  for (const Value& one : tuple->items) {
    TW_TRY(Value equal, compare(CompareOperator::eq, item, one, span));
    TW_TRY(Computed holds, truth(equal, span));
    TW_TRY(holds, cast(holds, dtypes::pybool, span));
    if (any) {
      TW_TRY(holds, apply(code::Op::logical_or, {*any, holds}, dtypes::pybool, span));
    }
    any = std::move(holds);
  }
  if (!any) any = constant_bool(false);
  if (op == CompareOperator::in) return Value(std::move(*any));
  return unary(syntax::UnaryOperator::logical_not, Value(std::move(*any)), span);
}

// Are two arrays one object? Nothing where that is not known: two views of one array, two arguments.
std::optional<bool> Builder::same_object(const Array& a, const Array& b) const {
  const ir::ContainerFields &first = fields_of(a.container), &second = fields_of(b.container);
  for (const ir::ContainerFields* fields : {&first, &second})
    if (fields->kind != ir::ContainerKind::array || unsure_copies_.count(fields->name)) return std::nullopt;
  if (a.container != b.container) {
    if (!first.transient && !second.transient) return std::nullopt;
    return false;
  }
  if (a.own_object != b.own_object) return false;
  return !a.own_object && a == b ? std::optional<bool>(true) : std::nullopt;
}

ValueResult Builder::compare(CompareOperator op, const Value& left, const Value& right, const Span& span) {
  TW_TRY(Value result, compare_values(op, left, right, span));
  if (known_without_elements(result))
    for (const Value* operand : {&left, &right}) TW_TRY_VOID(evaluate_only(*operand, span));
  return result;
}

ValueResult Builder::compare_values(CompareOperator op, const Value& left, const Value& right, const Span& span) {
  const bool identity = op == CompareOperator::is || op == CompareOperator::is_not;
  const bool equality = identity || op == CompareOperator::eq || op == CompareOperator::ne;
  const bool negated = op == CompareOperator::is_not || op == CompareOperator::ne;
  if (equality && !identity && (left.as<Text>() || right.as<Text>()))
    if (auto* number = (left.as<Text>() ? right : left).as<Computed>(); number && number->scalar()) {
      TW_TRY_VOID(check_not_mixed(Value(*number), span));
      if (number->dtype.python()) return Value(constant_bool(negated));
      TW_TRY(Computed equal, cast(constant_bool(negated), dtypes::bool_, span));
      return Value(std::move(equal));
    }
  if (equality && !identity && (is_elements(left) || is_elements(right)) &&
      (left.as<NoneObject>() || right.as<NoneObject>())) {  // element by element, and none is None
    TW_TRY(const Computed array, computed(is_elements(left) ? left : right, span));
    TupleValue shape;
    for (const Expr& extent : array.shape) shape.items.emplace_back(integer_value(extent));
    return call_known("numpy.full", {{Value(std::move(shape)), Value(constant_bool(negated))}, {}, span}, span);
  }
  if (auto *one = left.as<TupleValue>(), *other = right.as<TupleValue>(); identity && one && other) {
    if (!one->is_list || !other->is_list || one->identity == 0 || other->identity == 0)
      return error("TW1019", span, "whether two tuples or lists are one object is not supported",
                   "compare them with ==");
    return Value(constant_bool((one->identity == other->identity) != negated));
  }
  if (equality)
    if (auto equal = equal_objects(left, right)) return Value(constant_bool(*equal != negated));
  TW_TRY_VOID(no_sparse(left, span));
  TW_TRY_VOID(no_sparse(right, span));
  if (op == CompareOperator::in || op == CompareOperator::not_in) {
    if (auto known = contains(right, left)) return Value(constant_bool(*known == (op == CompareOperator::in)));
    return contains_at_run_time(op, left, right, span);
  }
  auto element_type = [](const Value& v) { return v.as<DTypeObject>() || v.as<Text>(); };
  if (identity && ((element_type(left) && right.as<HostKnown>()) || (left.as<HostKnown>() && element_type(right))))
    return Value(constant_bool(negated));  // np.int64 is int
  if (auto *f = left.as<HostKnown>(), *g = right.as<HostKnown>();
      f && g && equality && is_one_object(*f) && is_one_object(*g))
    return Value(constant_bool((f->path == g->path) != negated));
  if (equality && !identity && (left.as<DTypeObject>() || right.as<DTypeObject>())) {
    const auto one = type_beside(*this, left, span), other = type_beside(*this, right, span);
    if (one && other) return Value(constant_bool((*one == *other) != negated));
  }
  if (auto* array = left.as<Array>(); identity && array && right.as<Array>())
    if (auto same = same_object(*array, *right.as<Array>())) return Value(constant_bool(*same != negated));
  if (auto *x = left.as<StructureValue>(), *y = right.as<StructureValue>(); identity && (x || y)) {
    if (!x || !y) return Value(constant_bool(negated));
    if (x->identity == y->identity) return Value(constant_bool(!negated));
    if (!is_shared(x->identity) && !is_shared(y->identity)) return Value(constant_bool(negated));
  }
  if (identity)
    return error("TW1019", span,
                 "this comparison of " + describe(left) + " with " + describe(right) + " is not supported",
                 "compare values with == or !=");
  if (equality)
    if (auto equal = equal_sizes(left, right))
      return Value(condition_value(negated ? symbolic::logical_not(*equal) : *equal));
  const bool lists = is_of_numpy(left) || is_of_numpy(right);
  if (!lists && (left.as<TupleValue>() || right.as<TupleValue>()))
    if (auto* number = (left.as<TupleValue>() ? right : left).as<Computed>(); number && !number->dtype.python())
      return error("TW1019", span,
                   "this comparison of " + describe(left) + " with " + describe(right) + " is not supported",
                   "make an array of the items: np.array(items)");
  TW_TRY(Value x, lists ? array_like(left, span) : ValueResult(left));
  TW_TRY(Value y, lists ? array_like(right, span) : ValueResult(right));
  TW_TRY(Computed a, computed(x, span));
  TW_TRY(Computed b, computed(y, span));
  if (auto known = compare_constants(op, a, b)) return Value(constant_bool(*known));
  // Python's complex answers for np.float64, which is a float to it.
  if (equality && a.dtype == dtypes::pycomplex && b.dtype == dtypes::float64 && b.scalar() && !b.of_array &&
      !y.as<Array>())
    b.dtype = dtypes::pyfloat;
  if (!equality && !x.as<Array>() && !y.as<Array>() && compared_as_complex_scalars(a, b))
    return compare_complex_scalars(op, a, b, span);
  return compare_computed(op, a, b, span);
}

ValueResult Builder::evaluate_compare(const syntax::Compare& expr, const Span& span) {
  const bool truth_only = only_truth_ == &expr;
  const auto may_raise_there = [&] {
    return error("TW1020", span, "an operand that is not evaluated on every way may raise where it is",
                 "write it as two comparisons with `and`, or as an if statement");
  };
  TW_TRY(Value left, evaluate(*expr.left));
  std::optional<Computed> all;
  for (size_t i = 0; i < expr.ops.size(); ++i) {
    TW_TRY(left, freeze_if_called(std::move(left), *expr.comparators[i], span));
    if (all && all->condition && all->condition->as_integer()) {  // known: what follows decides, or is never asked
      if (all->condition->integer() == 0) return Value(std::move(*all));
      all.reset();
    }
    std::optional<Perhaps> perhaps;
    if (i > 0) perhaps.emplace(*this);
    const Cursor before = cursor_;
    const auto asked = [&]<class T>(base::Result<T> part) { return all ? if_asked(std::move(part)) : std::move(part); };
    ValueResult comparator = evaluate(*expr.comparators[i]);
    if (all) comparator = perhaps_asked(before, std::move(comparator), span);
    TW_TRY(Value right, std::move(comparator));
    auto* number = right.as<Computed>();
    if (all && number && (!number->checks.empty() || code::may_raise(*number->tree))) return may_raise_there();
    if (all && !unchanged_since(before))  // it does something, which must not be done where the first part is false
      return may_raise_there();
    TW_TRY(Value one, asked(compare(expr.ops[i], left, right, span)));
    if (expr.ops.size() == 1) return one;
    TW_TRY(Computed holds, asked(truth(one, span)));  // a < b < c asks bool(a < b)
    if (all && all->condition && holds.condition) {
      all = condition_value(symbolic::logical_and(*all->condition, *holds.condition));
    } else if (all) {
      if (!holds.checks.empty() || code::may_raise(*holds.tree)) return may_raise_there();
      // One of the two, by its value: Python's or NumPy's bool.
      const bool same_type = all->dtype == holds.dtype;
      TW_TRY(Computed both, apply(code::Op::logical_and, {*all, holds}, same_type ? holds.dtype : dtypes::bool_, span));
      if (!truth_only) TW_TRY_VOID(mark_either(both, *all, holds, true, span));
      all = std::move(both);
    } else {
      all = holds;
    }
    left = std::move(right);
  }
  return Value(std::move(*all));
}

}  // namespace thalweg::frontend
