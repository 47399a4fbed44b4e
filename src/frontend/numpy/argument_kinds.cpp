// Arguments whose kind alone is wrong, by the names of NumPy's parameters: a list for an axis, an array for a flag.
#include <map>

#include "frontend/numpy/registry.h"

namespace thalweg::frontend {

namespace {

// Parameters that NumPy gives to an `if`: an array there may be ambiguous, and a string or a list is a slip.
bool is_flag(const std::string& parameter) {
  static const std::string names =
      " assume_unique invert return_index return_inverse return_counts endpoint retstep sparse equal_nan density bias "
      "rowvar increasing full_matrices compute_uv hermitian upper stable overwrite_input sorted include_initial "
      "returned "
      "full deg wrap return_indices copy ";
  return names.find(" " + parameter + " ") != std::string::npos;
}

// What NumPy takes no lists for: it writes into it, or asks for its attributes.
bool is_array(const std::string& path, const std::string& parameter) {
  static const std::map<std::string, std::string> arrays{{"numpy.place", "arr"},
                                                         {"numpy.putmask", "a"},
                                                         {"numpy.copyto", "dst"},
                                                         {"numpy.fill_diagonal", "a"},
                                                         {"numpy.put", "a"},
                                                         {"numpy.diag_indices_from", "arr"},
                                                         {"numpy.tril_indices_from", "arr"},
                                                         {"numpy.triu_indices_from", "arr"},
                                                         {"numpy.unstack", "x"},
                                                         {"numpy.astype", "x"},
                                                         {"numpy.hsplit", "ary"},
                                                         {"numpy.rollaxis", "a"},
                                                         {"numpy.take_along_axis", "arr"},
                                                         {"numpy.put_along_axis", "arr"}};
  auto found = arrays.find(path);
  return found != arrays.end() && found->second == parameter;
}

}  // namespace

Status fits_parameter(const Builder& b, const std::string& path, const std::string& parameter, const Value& value,
                      const Span& span) {
  if (!path.starts_with("numpy.")) return base::success();
  auto* number = value.as<Computed>();
  const bool scalar = number && number->scalar();
  auto must_be = [&](const std::string& kind, const std::string& fix = "") {
    const auto problem = b.error("TW1108", span, parameter + " must be " + kind + ", found " + describe(value), fix);
    const bool elements = value.as<Array>() || (number && !scalar);  // of which one may serve as a number
    return about(value, elements ? unsure(problem) : problem);
  };
  const bool truth = scalar && number->dtype.is_bool();
  if (parameter == "axis" && truth) return unsure(must_be("an integer", "write 0 or 1"));  // some functions take 0 or 1
  if (parameter == "keepdims" && !(scalar && (number->dtype.is_integer() || number->dtype == dtypes::pybool)))
    return unsure(must_be("True or False"));  // many functions ask for its truth
  if (is_flag(parameter) && !scalar && !value.as<NoneObject>()) return unsure(must_be("True or False"));
  if (parameter == "order" && !value.as<Text>() && !value.as<NoneObject>()) return must_be("a string");
  if (parameter == "k" && path != "numpy.polyint" && !scalar) return must_be("an integer");
  const bool times = parameter == "m" && (path == "numpy.polyder" || path == "numpy.polyint");
  if ((times || parameter == "decimals" || parameter == "ndim") && !(scalar && (number->dtype.is_integer() || truth)))
    return must_be("an integer");
  if (parameter == "correction" && value.as<NoneObject>()) return must_be("a number");
  if (value.as<DictValue>() && takes_arrays(path, parameter)) return must_be("an array");
  if (parameter == "mode" && (path == "numpy.put" || path == "numpy.take") && !value.as<Text>())
    return must_be("a string");
  if (value.as<NoneObject>() && !is_flag(parameter) && (path == "numpy.meshgrid" || path == "numpy.ix_"))
    return path == "numpy.meshgrid" ? unsure(must_be("an array")) : must_be("an array");
  if (parameter == "d" && path.ends_with("freq") && !scalar) return must_be("a number");
  if (is_array(path, parameter) && !value.as<Array>() && !(number && !scalar)) return must_be("an array");
  return base::success();
}

}  // namespace thalweg::frontend
