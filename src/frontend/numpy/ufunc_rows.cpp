#include "frontend/numpy/ufunc_rows.h"

namespace thalweg::frontend {

namespace {

// np.can_cast(operand, type, 'same_kind'), in which Python's numbers are weak.
bool casts_to_loop(DType from, DType to) {
  if (from == dtypes::pyint) return !to.is_bool();
  return same_kind(from, to);
}

base::Diagnostic no_loop(Builder& b, const Span& span, const std::string& name) {
  return b.error("TW1059", span, "no loop matching the specified signature and casting was found for ufunc " + name);
}

// Operands as they are written: those of the loop that dtype= names are cast from here.
Result<std::vector<Computed>> loop_operands(Builder& b, const std::string& name, const Given& given, size_t count,
                                            DType type, const Span& span) {
  std::vector<Computed> out;
  for (size_t i = 0; i < count; ++i) {
    TW_TRY(Computed value, b.computed(*given[i], span));
    if (value.mixed) return b.either_differs(value, span);
    const DType from = count == 1 ? numpy_type(value.dtype) : value.dtype;  // alone, Python's number is NumPy's
    if (!casts_to_loop(from, type)) {
      if (value.dtype.is_complex() && name.substr(0, 3) == "abs" && type.is_float())
        return b.error("TW1085", span, name + "() of complex numbers with dtype= is not supported");
      return b.error("TW1046", span,
                     "UFuncTypeError: cannot cast ufunc '" + name + "' input from " + value.dtype.name() + " to " +
                         type.name() + " with casting rule 'same_kind'");
    }
    TW_TRY(value, b.cast(value, type, span));
    out.push_back(std::move(value));
  }
  return out;
}

Result<std::optional<Computed>> mask_of(Builder& b, const std::string& name, const std::optional<Value>& where,
                                        const std::optional<Value>& out, const Span& span) {
  if (names_all(where)) return std::optional<Computed>();
  if (!is_given(out))
    return b.error("TW1085", span,
                   name +
                       "() with where= and without out= is not supported: the elements that where= leaves out would "
                       "have any value",
                   "give an array that has their values: out=np.zeros(...)");
  if (where->as<NoneObject>()) return b.error("TW1085", span, name + "() with where=None is not supported");
  TW_TRY(Computed mask, b.computed(*where, span));
  if (!mask.dtype.is_bool())
    return b.error("TW1085", span, name + "() with where= of " + describe(*where) + " is not supported",
                   "use an array of bool");
  TW_TRY(mask, b.cast(mask, dtypes::bool_, span));
  TW_TRY(mask, in_any_case(b, mask, span));
  return std::optional(std::move(mask));
}

// A power of integers raises where the exponent is negative: which a constant is everywhere, and a mask may name nothing.
bool raises_as_a_whole(const std::string& name, const std::vector<Computed>& values) {
  if (name != "power" || values[1].big) return false;
  const auto known = constant_of(values[1]);
  const bool negative = known && std::holds_alternative<int64_t>(*known) && std::get<int64_t>(*known) < 0;
  return negative && !values[0].dtype.is_float() && !values[0].dtype.is_complex();
}

}  // namespace

Result<std::vector<Computed>> ufunc_operands(Builder& b, const Given& given, size_t count, const Span& span) {
  std::vector<Computed> out;
  bool python = true;
  for (size_t i = 0; i < count; ++i) {
    TW_TRY(Computed value, b.computed(*given[i], span));
    python &= value.dtype.python();
    out.push_back(std::move(value));
  }
  Computed unused;
  for (size_t i = 0; i < out.size(); ++i)
    for (size_t k = i + 1; k < out.size(); ++k) TW_TRY_VOID(b.check_mixed(out[i], out[k], span, Mixing::ufunc, unused));
  for (Computed& value : out) {
    value.mixed = false;
    if (python) {
      TW_TRY(value, b.cast(value, numpy_type(value.dtype), span));
    }
  }
  return out;
}

Result<Computed> in_any_case(Builder& b, const Computed& value, const Span& span) {
  if (value.big || (value.checks.empty() && !code::may_raise(*value.tree))) return value;
  if (value.scalar()) return b.store_scalar(value, "operand", span);
  TW_TRY(Array kept, b.materialize(Value(value), "operand", span));
  return b.leaf(kept);
}

bool names_all(const std::optional<Value>& where) {
  if (!where) return true;
  auto* mask = where->as<Computed>();
  if (!mask || !mask->scalar() || !mask->dtype.is_bool()) return false;
  if (mask->condition) return mask->condition->as_integer() && mask->condition->integer() != 0;
  const auto known = constant_of(*mask);
  return known && std::holds_alternative<bool>(*known) && std::get<bool>(*known);
}

ValueResult ufunc_result(Builder& b, ValueResult result, const std::optional<Value>& out,
                         const std::optional<Computed>& mask, const Span& span) {
  if (!result || !is_given(out)) return result;
  const Value* given = &*out;
  if (auto* tuple = out->as<TupleValue>(); tuple && !tuple->is_list && tuple->items.size() == 1)
    given = &tuple->items[0];
  auto* target = given->as<Array>();
  if (!target) return about(*given, b.error("TW1060", span, "out= must be an array, found " + describe(*given)));
  TW_TRY(bool open, b.may_write(*target, *result, span, true));
  if (!open) return *given;
  TW_TRY(Computed value, b.computed(*result, span));
  if (!same_kind(value.dtype, target->dtype))
    return b.error("TW1046", span,
                   "UFuncTypeError: cannot cast ufunc output from " + value.dtype.name() + " to " +
                       target->dtype.name() + " with casting rule 'same_kind'");
  if (!mask && value.dtype == target->dtype && value.shape.size() <= target->rank()) {
    TW_TRY_VOID(b.store(*target, *result, span));
    return *given;
  }
  TW_TRY(std::vector<Expr> shape,
         mask ? b.broadcast({value.shape, mask->shape}, span) : Result<std::vector<Expr>>(value.shape));
  if (shape.size() > target->rank())
    return b.error("TW1011", span,
                   "non-broadcastable output operand: it has " + std::to_string(target->rank()) +
                       " dimensions, and the operands " + std::to_string(shape.size()));
  TW_TRY(value, b.cast(value, target->dtype, span));
  if (!mask) {
    TW_TRY_VOID(b.store(*target, Value(std::move(value)), span));
    return *given;
  }
  TW_TRY_VOID(b.broadcast_to(shape, target->shape, span));
  Computed chosen{target->dtype, target->shape,
                  code::make(code::Op::select, {mask->tree, value.tree, b.leaf(*target).tree})};
  for (code::Check check : value.checks) {  // what the operation itself asks of its elements
    if (check.kind == base::ErrorKind::value)
      check.condition =
          code::make(code::Op::logical_or, {code::make(code::Op::logical_not, mask->tree), check.condition});
    chosen.checks.push_back(std::move(check));
  }
  TW_TRY_VOID(b.store(*target, Value(std::move(chosen)), span));
  return *given;
}

Result<UfuncCall> ufunc_call(Builder& b, const UfuncKind& kind, const Given& given, const UfuncOptions& options,
                             const Span& span) {
  UfuncCall call;
  TW_TRY(call.mask, mask_of(b, kind.name, options.where, options.out, span));
  if (is_given(options.dtype)) {
    TW_TRY(call.type, b.dtype_of(*options.dtype, span));
    if (kind.loop == UfuncLoop::of_truths && !call.type->is_bool()) return no_loop(b, span, kind.name);
  }
  if (call.type && kind.loop == UfuncLoop::of_result) {
    TW_TRY(call.operands, loop_operands(b, kind.name, given, kind.count, *call.type, span));
  } else {
    TW_TRY(call.operands, ufunc_operands(b, given, kind.count, span));
  }
  if (!call.mask) return call;
  if (raises_as_a_whole(kind.name, call.operands))
    return b.error("TW1085", span, kind.name + "() with where= and a negative exponent is not supported");
  for (Computed& value : call.operands) {
    TW_TRY(value, in_any_case(b, value, span));
  }
  return call;
}

ValueResult ufunc_result_of_call(Builder& b, const UfuncKind& kind, const UfuncCall& call, Value result,
                                 const std::optional<Value>& out, const Span& span) {
  if (call.type) {
    TW_TRY(const Computed made, b.computed(result, span));
    if (made.dtype != *call.type) return no_loop(b, span, kind.name);
  }
  return ufunc_result(b, std::move(result), out, call.mask, span);
}

KnownRow ufunc_row(const std::string& name, size_t count, UfuncRule rule, UfuncLoop loop) {
  const UfuncKind kind{name, count, loop};
  auto function = [kind, rule](Builder& b, Given& given, const Span& span) -> ValueResult {
    const bool has_dtype = kind.loop != UfuncLoop::unknown;
    const UfuncOptions options{given[kind.count], given[kind.count + 1],
                               has_dtype ? given[kind.count + 2] : std::optional<Value>()};
    TW_TRY(UfuncCall call, ufunc_call(b, kind, given, options, span));
    TW_TRY(Value result, rule(b, call.operands, span));
    return ufunc_result_of_call(b, kind, call, std::move(result), options.out, span);
  };
  const std::string operands = count == 1 ? "x, /" : "x1, x2, /";
  return {"numpy." + name, operands + ", out?, *, where?" + (loop == UfuncLoop::unknown ? "" : ", dtype?"), function};
}

}  // namespace thalweg::frontend
