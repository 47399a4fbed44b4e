// Universal functions whose results a definition in Python says (python/thalweg/definitions): their options are those
// of all others.
#include "frontend/numpy/ufunc_rows.h"

namespace thalweg::frontend {

namespace {

KnownRow written(const std::string& name, size_t count, UfuncLoop loop = UfuncLoop::of_result) {
  auto of_definition = [name](Builder& b, std::vector<Computed>& values, const Span& span) -> ValueResult {
    return b.call_definition("numpy." + name, {values.begin(), values.end()}, span);
  };
  KnownRow row = ufunc_row(name, count, of_definition, loop);
  auto with_options = row.function;
  row.function = [name, count, with_options](Builder& b, Given& given, const Span& span) -> ValueResult {
    for (size_t i = count; i < given.size(); ++i)
      if (given[i]) return with_options(b, given, span);
    std::vector<Value> values;
    for (size_t i = 0; i < count; ++i) values.push_back(*given[i]);
    return b.call_definition("numpy." + name, std::move(values), span);
  };
  return row;
}

// out=(first, second), or the two after the operands.
Result<std::vector<std::optional<Value>>> pair_of_outs(Builder& b, const std::string& name, const Given& given,
                                                       size_t count, const Span& span) {
  std::vector<std::optional<Value>> outs{given[count], given[count + 1]};
  const std::optional<Value>& out = given[count + 2];
  if (!is_given(out)) return outs;
  if (outs[0] || outs[1]) return b.error("TW1026", span, name + "() got out= and positional arrays for its results");
  auto* tuple = out->as<TupleValue>();
  if (!tuple || tuple->is_list || tuple->items.size() != 2)
    return b.error("TW1060", span, "out= must be a tuple of two arrays, found " + describe(*out));
  return std::vector<std::optional<Value>>{tuple->items[0], tuple->items[1]};
}

// A function of two results. The slots that only positions fill have names that no keyword has.
KnownRow written_pair(const std::string& name, size_t count, UfuncLoop loop = UfuncLoop::of_result) {
  const UfuncKind kind{name, count, loop};
  auto function = [kind](Builder& b, Given& given, const Span& span) -> ValueResult {
    const size_t count = kind.count;
    bool plain = true;
    for (size_t i = count; i < given.size(); ++i) plain &= !given[i];
    std::vector<Value> operands;
    for (size_t i = 0; i < count; ++i) operands.push_back(*given[i]);
    if (plain) return b.call_definition("numpy." + kind.name, std::move(operands), span);
    TW_TRY(const auto outs, pair_of_outs(b, kind.name, given, count, span));
    UfuncOptions options{is_given(outs[0]) ? outs[1] : outs[0], given[count + 3], {}};
    if (kind.loop != UfuncLoop::unknown) options.dtype = given[count + 4];
    TW_TRY(UfuncCall call, ufunc_call(b, kind, given, options, span));
    operands.assign(call.operands.begin(), call.operands.end());
    TW_TRY(Value results, b.call_definition("numpy." + kind.name, std::move(operands), span));
    TW_TRY(results, b.settle(std::move(results), kind.name, span));  // both, before one is stored into an operand
    TupleValue placed;
    for (size_t i = 0; i < 2; ++i) {
      TW_TRY(Value one, ufunc_result_of_call(b, kind, call, results.as<TupleValue>()->items[i], outs[i], span));
      placed.items.push_back(std::move(one));
    }
    return Value(std::move(placed));
  };
  const std::string operands = count == 1 ? "x, /" : "x1, x2, /";
  return {"numpy." + name,
          operands + ", out[0]?, out[1]?, *, out?, where?" + (loop == UfuncLoop::unknown ? "" : ", dtype?"), function};
}

}  // namespace

std::vector<KnownRow> written_ufunc_rows() {
  std::vector<KnownRow> rows{written("ldexp", 2, UfuncLoop::unknown), written("bitwise_count", 1, UfuncLoop::unknown),
                             written_pair("divmod", 2), written_pair("modf", 1),
                             written_pair("frexp", 1, UfuncLoop::unknown)};
  for (const char* name : {"gcd", "lcm", "logaddexp", "logaddexp2", "heaviside", "nextafter", "float_power"})
    rows.push_back(written(name, 2));
  for (const char* name : {"deg2rad", "radians", "rad2deg", "degrees", "spacing"}) rows.push_back(written(name, 1));
  return rows;
}

}  // namespace thalweg::frontend
