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

}  // namespace

std::vector<KnownRow> written_ufunc_rows() {
  std::vector<KnownRow> rows{written("ldexp", 2, UfuncLoop::unknown), written("bitwise_count", 1, UfuncLoop::unknown)};
  for (const char* name : {"gcd", "lcm", "logaddexp", "logaddexp2", "heaviside", "nextafter", "float_power"})
    rows.push_back(written(name, 2));
  for (const char* name : {"deg2rad", "radians", "rad2deg", "degrees", "spacing"}) rows.push_back(written(name, 1));
  return rows;
}

}  // namespace thalweg::frontend
