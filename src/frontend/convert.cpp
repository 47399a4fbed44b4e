// Conversions between the kinds of value: storing computations, casts, truth, indices, data types.
#include <cmath>
#include <map>

#include "frontend/builder.h"

namespace thalweg::frontend {

Result<Array> Builder::materialize(const Value& value, const std::string& name, const Span& span) {
  if (auto* array = value.as<Array>()) return *array;
  TW_TRY(Computed stored, computed(value, span));
  if (stored.dtype.python()) {
    TW_TRY(stored, cast(stored, numpy_type(stored.dtype), span));
  }
  if (stored.scalar()) {
    const std::string container = new_scalar(name, stored.dtype);
    TW_TRY_VOID(emit_scalar(container, stored, span));
    return Array{container, stored.dtype, {}, {}};
  }
  TW_TRY(const std::vector<size_t> order, order_of_result(stored, span));
  Array array = new_array_in_order(name, stored.dtype, stored.shape, order);
  TW_TRY_VOID(emit_computed(array.container, stored, array, span));
  return array;
}

Result<Computed> Builder::computed(const Value& value, const Span& span) {
  if (auto* array = value.as<Array>()) {
    Computed elements = leaf(*array);
    elements.of_array = elements.scalar();
    return elements;
  }
  if (auto* known = value.as<Computed>()) return *known;
  TW_TRY_VOID(no_sparse(value, span));
  base::Diagnostic problem = error("TW1003", span, describe(value) + " cannot be used as a number or an array");
  const bool an_object = value.as<NoneObject>() || value.as<EllipsisObject>() ||
                         value.as<SliceValue>();  // in NumPy's arrays of objects, or NaN
  return an_object ? unsure(problem) : about(value, problem);
}

Result<Computed> Builder::scalar(const Value& value, const Span& span, const std::string& use) {
  TW_TRY(Computed found, computed(value, span));
  if (!found.scalar()) return error("TW1004", span, use + " must be a scalar, found " + describe(value));
  return found;
}

Result<Computed> Builder::store_scalar(const Computed& value, const std::string& name, const Span& span) {
  const std::string container = new_scalar(name, value.dtype);
  TW_TRY_VOID(emit_scalar(container, value, span));
  Computed stored{value.dtype, {}, code::input(container, value.dtype)};
  copy_mark(stored, value);
  stored.of_array = value.of_array;
  return stored;
}

// An operand of what has `shape`: one that is repeated there and may raise does so once, before, and if there are no
// elements.
Result<Computed> Builder::once(const Computed& operand, const std::vector<Expr>& shape, const Span& span) {
  if (shape.empty() || operand.big || (operand.checks.empty() && !code::may_raise(*operand.tree))) return operand;
  if (operand.scalar()) return store_scalar(operand, "once", span);
  const bool as_it_is = std::equal(shape.begin(), shape.end(), operand.shape.begin(), operand.shape.end(),
                                   [&](const Expr& a, const Expr& b) { return same(a, b); });
  if (as_it_is) return operand;
  TW_TRY(Array kept, materialize(Value(operand), "once", span));
  return leaf(kept);
}

namespace {

// The constant in its new type; nothing where the conversion is better left to the program (or is not exact here).
std::optional<code::Ptr> fold_cast(const code::Expr& constant, DType to) {
  if (to == dtypes::float16) return std::nullopt;
  double real = 0;
  if (auto* d = std::get_if<double>(&constant.value))
    real = *d;
  else if (auto* i = std::get_if<int64_t>(&constant.value))
    real = static_cast<double>(*i);
  else if (auto* b = std::get_if<bool>(&constant.value))
    real = *b ? 1 : 0;
  else
    return std::nullopt;
  if (to.is_float()) return code::constant(to.bytes() == 4 ? static_cast<double>(static_cast<float>(real)) : real, to);
  if (to.is_complex() && to.bytes() == 16) return code::constant(std::complex<double>(real, 0), to);
  auto* integer = std::get_if<int64_t>(&constant.value);
  if (!integer || !to.is_integer()) return std::nullopt;
  const IntegerRange range = integer_range(to);
  if (*integer < range.low || *integer > range.high) return std::nullopt;
  if (to.is_unsigned()) return code::constant(static_cast<uint64_t>(*integer), to);
  return code::constant(*integer, to);
}

}  // namespace

// Python's int (the tree's type) lies between the ends of these integers.
code::Check Builder::check_fits(const code::Ptr& tree, DType to, const Span& span) const {
  const IntegerRange range = integer_range(to);
  auto bound = [](__int128 b) { return code::constant(static_cast<int64_t>(b), dtypes::pyint); };
  code::Ptr holds = code::make(code::Op::ge, tree, bound(range.low));
  if (to != dtypes::uint64)
    holds = code::make(code::Op::logical_and, holds, code::make(code::Op::le, tree, bound(range.high)));
  return {holds,
          base::ErrorKind::overflow,
          "Python integer {0} out of bounds for " + to.name(),
          {code::cast(tree, dtypes::int64)},
          located(span)};
}

Result<Computed> Builder::cast(const Computed& value, DType to, const Span& span) const {
  if (value.dtype == to) return value;
  if (value.big) return cast_exact(value, to, span);
  if (value.mixed && to.is_integer() && !to.python()) return cast_either(value, to, span);
  Computed out{to, value.shape, nullptr};
  out.checks = value.checks;
  if (to.is_integer() && value.dtype == dtypes::pyint && !to.python()) {
    const IntegerRange range = integer_range(to);
    std::optional<Interval> known;
    if (value.integer) known = interval(*value.integer);
    const bool inside = to == dtypes::int64 || (known && known->low >= range.low && known->high <= range.high);
    if (!inside && value.integer && value.integer->as_integer())
      return error("TW1005", span,
                   "Python integer " + symbolic::to_string(*value.integer) + " out of bounds for " + to.name());
    if (!inside) out.checks.push_back(check_fits(value.tree, to, span));
  }
  if (value.tree->op == code::Op::constant) {
    if (auto folded = fold_cast(*value.tree, to)) {
      out.tree = *folded;
      return out;
    }
  }
  if (value.tree->op == code::Op::symbol && to == dtypes::int64) {
    out.tree = code::symbol(value.tree->symbol, to);
    return out;
  }
  out.tree = code::cast(value.tree, to);
  return out;
}

// Conversion on assignment into an array: any cast, but Python's scalars go through Python's own conversions.
Result<Computed> Builder::cast_for_store(const Computed& value, DType to, const Span& span) {
  if (value.dtype.is_complex() && !to.is_complex() && !to.is_bool()) {
    if (value.mixed) return either_differs(value, span);
    base::Diagnostic problem = error("TW1006", span, "a complex value cannot be stored as " + to.name(), "write .real");
    return value.dtype.python() ? problem : unsure(problem);  // NumPy's are, with a warning
  }
  if (value.dtype == dtypes::pyfloat && to.is_integer()) {
    if (auto known = constant_of(value); known && !std::isfinite(std::get<double>(*known)))
      return error("TW1007", span, "cannot convert float NaN or infinity to integer");
    TW_TRY(Computed whole, cast(value, dtypes::pyint, span));
    return cast(whole, to, span);
  }
  return cast(value, to, span);
}

// The same for what is stored as items are, by the element's own conversion: NumPy asks int(x) of a scalar where the
// elements are signed, and casts it as C does where they are not.
Result<Computed> Builder::cast_for_item(const Computed& value, DType to, const Span& span) {
  const DType from = value.dtype;
  const bool asks = value.scalar() && !value.of_array && !from.python() && to.is_integer() && !to.is_unsigned();
  if (asks && from.is_float()) {
    TW_TRY(Computed number, cast(value, dtypes::pyfloat, span));
    return cast_for_store(number, to, span);
  }
  Computed given = value;
  if (asks && from.is_integer()) given.mixed = false;  // Python's own int is asked the same
  TW_TRY(Computed out, cast_for_store(given, to, span));
  if (!asks || !from.is_integer() || from.bytes() + (from.is_unsigned() ? 1 : 0) <= to.bytes()) return out;
  const IntegerRange range = integer_range(to);
  auto bound = [&](int64_t b) {
    return from.is_unsigned() ? code::constant(static_cast<uint64_t>(b), from) : code::constant(b, from);
  };
  code::Ptr holds = code::make(code::Op::le, value.tree, bound(static_cast<int64_t>(range.high)));
  if (!from.is_unsigned())
    holds = code::make(code::Op::logical_and,
                       code::make(code::Op::ge, value.tree, bound(static_cast<int64_t>(range.low))), holds);
  out.checks.push_back(
      {holds, base::ErrorKind::overflow, "the integer is out of bounds for " + to.name(), {}, located(span)});
  return out;
}

// The truth of its only element.
Result<Computed> Builder::truth_of_array(const Value& value, const Expr& size, const Span& span) {
  const std::optional<bool> one = ask(symbolic::eq(size, 1), span, "whether this array has one element");
  if (!one && varies_at_run_time(size))
    return error("TW1085", span, "the truth of an array whose size is known only at run time is not supported",
                 "use a.any() or a.all()");
  if (one != true)
    return error("TW1008", span, "the truth value of an array with more than one element is ambiguous",
                 "use a.any() or a.all()");
  TW_TRY(const Array array, materialize(value, "", span));
  TW_TRY(const Array element, index_array(array, std::vector<Value>(array.rank(), Value(integer_value(0))), span));
  return truth(Value(leaf(element)), span);
}

Result<Computed> Builder::truth(const Value& value, const Span& span) {
  if (value.as<NoneObject>()) return constant_bool(false);
  const bool an_object = value.as<LocalFunction>() || value.as<HostClass>() || value.as<EllipsisObject>();
  if (an_object || value.as<SliceValue>()) return constant_bool(true);
  if (auto* object = value.as<StructureValue>()) {
    if (!object->is.truth) return constant_bool(true);
    return unsure(error("TW1003", span,
                        "the truth of " + describe(value) + " is not supported: its class says what it is",
                        "ask what it asks: a method, or a field"));
  }
  if (auto* parts = parts_of(value)) {
    for (const Value& part : *parts) TW_TRY_VOID(evaluate_only(part, span));
    return constant_bool(!parts->empty());
  }
  if (auto* text = value.as<Text>()) return constant_bool(!text->value.empty());
  TW_TRY(Computed found, computed(value, span));
  if (!found.scalar()) return truth_of_array(value, ir::total_elements(found.shape), span);
  if (found.dtype.is_bool()) return found;
  if (found.big) return constant_bool(true);
  if (found.integer) {
    const Expr holds = symbolic::ne(*found.integer, 0);
    if (can_be_asked(holds)) return condition_value(holds);
  }
  if (auto known = constant_of(found)) {
    if (auto* real = std::get_if<double>(&*known)) return constant_bool(*real != 0);
    if (auto* integer = std::get_if<int64_t>(&*known)) return constant_bool(*integer != 0);
  }
  TW_TRY(Computed zero, cast(integer_value(0), found.dtype, span));
  Computed out{
      found.dtype.python() ? dtypes::pybool : dtypes::bool_, {}, code::make(code::Op::ne, found.tree, zero.tree)};
  out.checks = found.checks;
  return out;
}

Result<Expr> Builder::symbol_of(const Value& value, const Span& span, const std::string& use) {
  TW_TRY(Computed found, scalar(value, span, use));
  if (found.integer) return *found.integer;
  if (found.big)
    return unsure(error("TW1022", span, "the integer " + found.big->text() + " does not fit into 64 bits"));
  if (found.mixed && !found.dtype.is_integer() && found.twin.is_integer()) return either_differs(found, span);
  if (!found.dtype.is_integer()) {
    base::Diagnostic problem =
        error(use == "an index" ? "TW1094" : "TW1009", span, use + " must be an integer, found " + describe(value),
              found.dtype.is_float() ? "convert it with int(...)" : "");
    return found.dtype.is_bool() ? unsure(problem) : problem;  // to many functions True is 1
  }
  if (auto known = constant_of(found))
    if (auto* integer = std::get_if<int64_t>(&*known)) return Expr(*integer);
  if (found.tree->op != code::Op::input || found.tree->name[0] == '$' || !found.checks.empty()) {
    TW_TRY(found, store_scalar(found, "index", span));
  }
  use_container_on_edge(found.tree->name);
  const IntegerRange range = integer_range(found.dtype);
  const bool wraps = found.dtype == dtypes::uint64;  // beyond 2**63 it looks negative
  SymbolBounds bounds;
  if (!wraps) bounds.low = std::max<__int128>(bounds.low, range.low);
  bounds.high = std::min<__int128>(bounds.high, range.high);
  const Expr symbol = Expr::symbol(
      assign_symbol(found.tree->name + "_value", code::cast(found.tree, dtypes::int64), bounds, dtypes::int64));
  if (wraps) {
    emit_check(symbolic::ge(symbol, 0), base::ErrorKind::overflow, "Python int too large to convert to C long", {},
               span);
    symbols_[symbol.name()].low = 0;
  }
  return symbol;
}

// A transition in a nested graph reads only containers of that graph.
void Builder::use_container_on_edge(const std::string& container) { use(container); }

// 'float64', 'f8', '<f8', 'd', 'float': NumPy's texts for element types of this machine's byte order.
static std::optional<DType> dtype_of_text(std::string text) {
  if (!text.empty() && (text[0] == '<' || text[0] == '=' || text[0] == '|')) text.erase(0, 1);
  static const std::map<std::string, DType> short_names{
      {"?", dtypes::bool_},           {"b1", dtypes::bool_},       {"bool", dtypes::bool_},
      {"i1", dtypes::int8},           {"b", dtypes::int8},         {"i2", dtypes::int16},
      {"h", dtypes::int16},           {"i4", dtypes::int32},       {"i", dtypes::int32},
      {"i8", dtypes::int64},          {"l", dtypes::int64},        {"q", dtypes::int64},
      {"int", dtypes::int64},         {"u1", dtypes::uint8},       {"B", dtypes::uint8},
      {"u2", dtypes::uint16},         {"H", dtypes::uint16},       {"u4", dtypes::uint32},
      {"I", dtypes::uint32},          {"u8", dtypes::uint64},      {"L", dtypes::uint64},
      {"Q", dtypes::uint64},          {"uint", dtypes::uint64},    {"f2", dtypes::float16},
      {"e", dtypes::float16},         {"f4", dtypes::float32},     {"f", dtypes::float32},
      {"single", dtypes::float32},    {"f8", dtypes::float64},     {"d", dtypes::float64},
      {"float", dtypes::float64},     {"double", dtypes::float64}, {"c8", dtypes::complex64},
      {"F", dtypes::complex64},       {"c16", dtypes::complex128}, {"D", dtypes::complex128},
      {"complex", dtypes::complex128}};
  if (auto found = short_names.find(text); found != short_names.end()) return found->second;
  if (auto dtype = ir::find_dtype(text); dtype && !dtype->python()) return *dtype;
  return std::nullopt;
}

Result<DType> Builder::dtype_of(const Value& value, const Span& span) {
  if (auto* dtype = value.as<DTypeObject>()) return dtype->dtype;
  if (auto* annotation = value.as<HostAnnotation>())
    if (!annotation->is_array) return numpy_type(annotation->dtype);
  if (auto* known = value.as<HostKnown>()) {
    if (known->path == "builtins.float") return dtypes::float64;
    if (known->path == "builtins.int") return dtypes::int64;
    if (known->path == "builtins.bool") return dtypes::bool_;
    if (known->path == "builtins.complex") return dtypes::complex128;
  }
  if (auto* text = value.as<Text>())
    if (auto dtype = dtype_of_text(text->value)) return *dtype;
  return about(value, error("TW1010", span, "expected a data type, found " + describe(value),
                            "write np.float64, np.int32, ..."));
}

// What may be a view of another array cannot be kept or written: whether the two share memory would show.
Status Builder::check_sure(const std::string& container, const Span& span) const {
  for (const std::string& memory : memory_of(container))
    if (unsure_copies_.count(memory))
      return error(
          "TW1071", span,
          "this array is, or may be, a view in NumPy, which is not supported: it can be read here, but not kept",
          "copy it first: a.copy().reshape(...)");
  return base::success();
}

// What nothing can point at: parts of complex elements, views that cannot be written, diagonals.
Status Builder::check_plain(const Array& array, const std::string& use, const Span& span) const {
  if (is_plain(array)) return base::success();
  const std::string what = array.part == Component::real        ? "the real parts"
                           : array.part == Component::imaginary ? "the imaginary parts"
                                                                : "elements";
  return error(
      "TW1095", span,
      "this is a view of " + what + " of '" + array.container + "' by an index map: to " + use + " is not supported",
      "copy it first: x.copy()");
}

// What a name may mean on one way and not on another: references are plain, and can be written.
Status Builder::check_exchangeable(const Array& array, const std::string& use, const Span& span) const {
  TW_TRY_VOID(check_plain(array, use, span));
  if (array.writes == Through::allowed) return base::success();
  return error("TW1095", span, "this is a view that cannot be written: to " + use + " is not supported",
               "copy it first: x.copy()");
}

// What a name is bound to: arrays and symbols as they are, computations stored under the name.
ValueResult Builder::settle(Value value, const std::string& name, const Span& span) {
  if (auto* parts = parts_of(value)) {
    for (Value& item : *parts) {
      TW_TRY(item, settle(std::move(item), name, span));
    }
    return value;
  }
  if (auto* array = value.as<Array>()) TW_TRY_VOID(check_sure(array->container, span));
  auto* found = value.as<Computed>();
  if (!found) return value;
  if (!found->scalar()) {
    TW_TRY(Array array, materialize(value, name, span));
    return Value(std::move(array));
  }
  const bool stored = found->tree->op == code::Op::input && found->tree->name[0] != '$';
  if (found->integer || found->condition || found->big || constant_of(*found) || (stored && found->checks.empty()))
    return value;
  TW_TRY(Computed kept, store_scalar(*found, name, span));
  return Value(std::move(kept));
}

}  // namespace thalweg::frontend
