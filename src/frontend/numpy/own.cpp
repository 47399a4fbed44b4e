// What definitions need and NumPy has no name for (python/thalweg/definitions/compiler.py): objects with methods, and
// functions of libm where its last bits count.
#include "frontend/numpy/registry.h"

namespace thalweg::frontend {

namespace {

ValueResult make_object(Builder& b, Given& given, const Span& span) {
  auto* path = given[0]->as<Text>();
  if (!path) return b.error("TW1065", span, "the class of an object is a string");
  ObjectValue made{path->value, {}};
  for (size_t i = 1; i < given.size(); ++i) made.parts.push_back(*given[i]);
  return Value(std::move(made));
}

ValueResult parts_of_object(Builder& b, Given& given, const Span& span) {
  auto* object = given[0]->as<ObjectValue>();
  if (!object) return b.error("TW1065", span, describe(*given[0]) + " has no parts");
  return Value(TupleValue{object->parts});
}

ValueResult memory_order(Builder& b, Given& given, const Span& span) {
  TW_TRY(const Array array, b.materialize(*given[0], "", span));
  TupleValue out;
  if (array.rank() == 0) return Value(std::move(out));
  TW_TRY(const std::vector<size_t> order, b.order_of_arrays({array}, span));
  for (const size_t dim : order) out.items.push_back(Value(integer_value(static_cast<int64_t>(dim))));
  return Value(std::move(out));
}

KnownRow of_libm(const std::string& name, code::Op op) {
  return {"thalweg.libm." + name, "x", [op](Builder& b, Given& given, const Span& span) -> ValueResult {
            TW_TRY(Computed value, b.computed(*given[0], span));
            if (!value.dtype.is_float()) return b.error("TW1065", span, "functions of libm take floats");
            TW_TRY(Computed out, b.apply(op, {value}, value.dtype, span));
            return Value(std::move(out));
          }};
}

}  // namespace

std::vector<KnownRow> own_rows() {
  return {{"thalweg.object", "path, ...", make_object},
          {"thalweg.parts", "object", parts_of_object},
          {"thalweg.memory_order", "a", memory_order},
          of_libm("exp", code::Op::libm_exp),
          of_libm("log1p", code::Op::libm_log1p)};
}

}  // namespace thalweg::frontend
