// Calls of functions that are known by their path: a row of the table, or a definition in Python; lists become arrays.
#include <algorithm>
#include <set>

#include "frontend/builder.h"
#include "frontend/numpy/registry.h"

namespace thalweg::frontend {

namespace {

// "numpy.subtract" of "numpy.subtract.reduce": the methods of ufuncs are written once, for all of them.
std::string ufunc_of(const std::string& path) {
  static const std::set<std::string> methods{"reduce", "accumulate", "reduceat", "outer", "at"};
  const size_t dot = path.rfind('.');
  const std::string ufunc = path.substr(0, dot);
  const bool known = ufunc.rfind("numpy.", 0) == 0 && ufunc != "numpy.ufunc" && methods.count(path.substr(dot + 1)) > 0;
  return known ? ufunc : "";
}

// What NumPy's functions make of arrays without dimensions are scalars, and NumPy's whatever they were given.
void as_scalars(Value& result, bool numpy) {
  if (auto* number = result.as<Computed>()) {
    number->of_array = false;
    if (numpy) number->mixed = false;
  }
  if (auto* items = result.as<TupleValue>())
    for (Value& item : items->items) as_scalars(item, numpy);
}

// These give what they were given, or its parts: of a Python number Python's.
bool keeps_class(const std::string& path) {
  return path == "numpy.real" || path == "numpy.imag" || path == "numpy.isreal";
}

}  // namespace

ValueResult Builder::call_known(const std::string& path, const CallArguments& arguments, const Span& span) {
  ValueResult made = call_as_it_is(path, arguments, span);
  if (!made) {  // of None, of texts and the like NumPy may make arrays of objects
    const bool of_objects = path.starts_with("numpy.") && made.error().code == "TW1003";
    return of_objects ? unsure(std::move(made.error())) : std::move(made.error());
  }
  Value result = std::move(made).value();
  as_scalars(result, path.starts_with("numpy.") && !keeps_class(path));
  return laid_out(*this, path, arguments, std::move(result), span);
}

// The function's result in the order in memory that our own text gives it.
ValueResult Builder::call_as_it_is(const std::string& path, const CallArguments& arguments, const Span& span) {
  for (const Value& value : arguments.positional) TW_TRY_VOID(no_sparse(value, span));
  for (const auto& [name, value] : arguments.keywords) TW_TRY_VOID(no_sparse(value, span));
  const KnownRow* row = find_known(path);
  if (!row) {
    const HostObject written = host().definition(path);
    if (auto* definition = std::get_if<HostFunction>(&written)) {
      TW_TRY(CallArguments given, for_definition(path, *definition, arguments, span));
      return call_function(*definition, given, span);
    }
    if (const std::string ufunc = ufunc_of(path); !ufunc.empty()) {
      CallArguments with_ufunc = arguments;
      with_ufunc.positional.insert(with_ufunc.positional.begin(), Value(HostKnown{ufunc}));
      return call_known("numpy.ufunc" + path.substr(ufunc.size()), with_ufunc, span);
    }
    return error("TW1028", span, "'" + path + "' is not supported yet",
                 "put it into a plain function and annotate its result: x: thalweg.float64 = f(a)");
  }
  TW_TRY(Given given, bind_known(*row, arguments, *this, span));
  const Given before = given;
  TW_TRY(Value result, row->function(*this, given, span));
  const bool elements =
      !path.ends_with("_like") && path != "numpy.imag" && path != "builtins.len" && !known_without_elements(result);
  for (const auto& operand : before)
    if (operand) TW_TRY_VOID(keep_effects(*operand, result, span, elements));
  return result;
}

// NumPy takes lists and tuples for the arrays of these parameters.
bool takes_arrays(const std::string& path, const std::string& parameter) {
  static const std::set<std::string> names{
      "a",          "x",      "x1",  "x2",        "b",     "y",     "m",       "v",       "arr",
      "ar",         "ar1",    "a1",  "a2",        "ar2",   "array", "A",       "xp",      "fp",
      "f",          "values", "val", "condition", "a_min", "a_max", "weights", "element", "test_elements",
      "fill_value", "where",  "p",   "q",         "ary",   "sorter"};
  // These store the items themselves, in the type of their array, or keep them as they are.
  static const std::set<std::string> by_item{
      "numpy.asarray",           "numpy.asanyarray",     "numpy.ascontiguousarray",
      "numpy.asfortranarray",    "numpy.put v",          "numpy.insert values",
      "numpy.fill_diagonal val", "numpy.putmask values", "numpy.isscalar"};
  return path.starts_with("numpy.") && !path.starts_with("numpy.random.") && names.count(parameter) > 0 &&
         by_item.count(path) == 0 && by_item.count(path + " " + parameter) == 0;
}

ValueResult Builder::array_like(const Value& value, const Span& span) {
  auto* items = value.as<TupleValue>();
  if (!items || items->of_dict) return value;
  return call_known("numpy.array", {{value}, {}, span}, span);
}

// Python's numbers are weak in universal functions (x, x1, x2); what else takes arrays makes NumPy's of them.
ValueResult Builder::numpy_number(const Value& value, const std::string& parameter, const Span& span) {
  static const std::set<std::string> strong{"a", "arr", "ar", "ar1", "ar2", "array", "A"};
  auto* number = value.as<Computed>();
  if (!number || !number->scalar() || !strong.count(parameter)) return value;
  TW_TRY_VOID(check_one_type(value, span));
  if (!number->dtype.python() && !number->mixed) return value;
  TW_TRY(Computed made, cast(*number, numpy_type(number->dtype), span));
  made.mixed = false;
  return Value(std::move(made));
}

// What is given to a definition of a function of NumPy: lists as arrays, and no parameters that it has not.
Result<CallArguments> Builder::for_definition(const std::string& path, const HostFunction& definition,
                                              const CallArguments& arguments, const Span& span) {
  CallArguments given = arguments;
  std::vector<std::string> names;
  for (const syntax::Parameter& parameter : definition.function->parameters) {
    if (parameter.rest || parameter.keywords) return given;
    names.push_back(parameter.name);
  }
  const std::string name = path.substr(path.rfind('.') + 1);
  if (given.positional.size() > names.size()) return too_many(path, given.positional.size(), span);
  for (size_t i = 0; i < given.positional.size(); ++i) {
    TW_TRY_VOID(fits_parameter(*this, path, names[i], given.positional[i], span));
    if (takes_arrays(path, names[i])) {
      TW_TRY(given.positional[i], array_like(given.positional[i], span));
      if (name == "isclose" || name == "allclose" || name == "union1d") continue;  // there Python's numbers are weak
      TW_TRY(given.positional[i], numpy_number(given.positional[i], names[i], span));
    }
  }
  for (auto& [keyword, value] : given.keywords) {
    if (std::find(names.begin(), names.end(), keyword) == names.end()) return unknown_keyword(path, keyword, span);
    TW_TRY_VOID(fits_parameter(*this, path, keyword, value, span));
    if (takes_arrays(path, keyword)) {
      TW_TRY(value, array_like(value, span));
    }
  }
  return given;
}

// A keyword that is not supported, or that CPython would not take either.
base::Diagnostic Builder::unknown_keyword(const std::string& path, const std::string& keyword, const Span& span) const {
  const std::string name = path.substr(path.rfind('.') + 1);
  if (!host().accepts(path, keyword))
    return error("TW1026", span, name + "() got an unexpected keyword argument '" + keyword + "'");
  return error("TW1100", span, name + "() with the keyword argument '" + keyword + "' is not supported");
}

// More arguments by position than are supported, or than CPython would take.
base::Diagnostic Builder::too_many(const std::string& path, size_t count, const Span& span) const {
  const std::string name = path.substr(path.rfind('.') + 1);
  if (!host().accepts_positional(path, count))
    return error("TW1026", span, name + "() got too many positional arguments");
  return error("TW1100", span, name + "() with so many arguments is not supported");
}

// What our own text says of a function (python/thalweg/definitions).
ValueResult Builder::call_definition(const std::string& path, std::vector<Value> arguments, const Span& span) {
  const HostObject written = host().definition(path);
  auto* definition = std::get_if<HostFunction>(&written);
  if (!definition) return error("TW1028", span, "'" + path + "' is not supported yet");
  return call_function(*definition, {std::move(arguments), {}, span}, span);
}

ValueResult Builder::call_method(const Method& method, const CallArguments& arguments, const Span& span) {
  CallArguments with_object = arguments;
  if (auto* made = method.object->as<ObjectValue>()) {
    for (const Value& part : made->parts)
      if (auto* state = part.as<Array>(); state && map_depth_ > 0 && !map_locals_.count(state->container))
        return error("TW1085", span, method.name + "() of " + describe(*method.object) + " inside a map",
                     "the order of its iterations is open: use a loop over range(...)");
    with_object.positional.insert(with_object.positional.begin(), made->parts.begin(), made->parts.end());
    return call_known(made->path + "." + method.name, with_object, span);
  }
  auto* array = method.object->as<Array>();
  const bool conjugates = method.name == "conj" || method.name == "conjugate";
  const bool alone = arguments.positional.empty() && arguments.keywords.empty();
  if (conjugates && alone && array && !array->dtype.is_complex()) return *method.object;  // the very array
  auto* number = method.object->as<Computed>();
  if (conjugates && alone && number && number->dtype.is_bool()) return *method.object;
  if (alone && number && number->mixed && method.name == "conjugate") return *method.object;  // itself, of both classes
  with_object.positional.insert(with_object.positional.begin(), *method.object);
  return call_known(*method_path(method.name), with_object, span);
}

}  // namespace thalweg::frontend
