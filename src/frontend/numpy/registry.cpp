#include "frontend/numpy/registry.h"

#include <map>
#include <set>

namespace thalweg::frontend {

namespace {

struct Slot {
  std::string name;
  bool optional = false, keyword_only = false, positional_only = false;
};

struct Signature {
  std::vector<Slot> slots;
  bool more = false;
};

Signature parse(const std::string& text) {
  Signature out;
  bool keyword_only = false;
  for (size_t at = 0; at < text.size();) {
    size_t end = std::min(text.find(", ", at), text.size());
    std::string part = text.substr(at, end - at);
    at = end + 2;
    if (part == "*") {
      keyword_only = true;
    } else if (part == "/") {
      for (Slot& slot : out.slots) slot.positional_only = true;
    } else if (part == "...") {
      out.more = true;
    } else if (!part.empty()) {
      const bool optional = part.back() == '?';
      if (optional) part.pop_back();
      out.slots.push_back({part, optional, keyword_only, false});
    }
  }
  return out;
}

const std::map<std::string, KnownRow>& table() {
  static const std::map<std::string, KnownRow> rows = [] {  // constant after its first use
    std::map<std::string, KnownRow> all;
    for (auto family :
         {elementwise_rows, written_ufunc_rows, creation_rows, reduction_rows, linear_algebra_rows, shape_rows,
          reshape_rows, view_rows, as_array_rows, einsum_rows, joining_rows, builtin_rows, inside_rows, own_rows})
      for (KnownRow& row : family()) all.emplace(row.path, row);
    return all;
  }();
  return rows;
}

// The type of what these parameters are given is that of the result, or decides about it. Where there are several (x1,
// x2) the function compares them.
bool has_its_type(const std::string& path, const std::string& parameter) {
  static const std::set<std::string> names{"a", "b", "x", "object", "fill_value", "array", "arrays", "tup"};
  static const std::set<std::string> others{"numpy.shape", "numpy.ndim", "numpy.size", "numpy.where"};
  return (path.starts_with("numpy.") || path == "builtins.abs") && names.count(parameter) > 0 &&
         others.count(path) == 0 && (path != "numpy.full_like" || parameter == "a");
}

// What is Python's number or NumPy's by the way taken, where the two are of different types.
Status check_types(const KnownRow& row, const Signature& signature, const Given& given, const Builder& builder,
                   const Span& span) {
  const bool all = signature.more && row.path.starts_with("numpy.") && signature.slots.size() <= 1;
  bool decides = true;
  for (size_t i = 0; i < signature.slots.size(); ++i)
    decides &= signature.slots[i].name != "dtype" || !is_given(given[i]);
  for (size_t i = 0; i < given.size() && decides; ++i)
    if (given[i] && (i < signature.slots.size() ? has_its_type(row.path, signature.slots[i].name) : all))
      TW_TRY_VOID(builder.check_one_type(*given[i], span));
  return base::success();
}

}  // namespace

bool is_given(const std::optional<Value>& value) { return value && !value->as<NoneObject>(); }

const KnownRow* find_known(const std::string& path) {
  auto found = table().find(path);
  return found == table().end() ? nullptr : &found->second;
}

std::vector<std::pair<std::string, std::string>> known_functions() {
  std::vector<std::pair<std::string, std::string>> out;
  for (const auto& [path, row] : table()) out.emplace_back(path, row.signature);
  return out;
}

const std::string* method_path(const std::string& method) {
  static const std::map<std::string, std::string> paths = [] {
    std::map<std::string, std::string> all;
    for (const char* name :
         {"sum",      "prod",      "min",          "max",     "mean",   "any",       "all",      "argmin",
          "argmax",   "transpose", "reshape",      "dot",     "ravel",  "squeeze",   "swapaxes", "conj",
          "std",      "var",       "repeat",       "trace",   "cumsum", "cumprod",   "round",    "nonzero",
          "diagonal", "take",      "searchsorted", "argsort", "choose", "conjugate", "put"})
      all[name] = std::string("numpy.") + name;
    for (const char* name : {"astype", "copy", "flatten", "fill", "item", "sort", "clip", "compress"})
      all[name] = std::string("numpy.ndarray.") + name;
    return all;
  }();
  auto found = paths.find(method);
  return found == paths.end() ? nullptr : &found->second;
}

Result<Given> bind_known(const KnownRow& row, const CallArguments& arguments, Builder& builder, const Span& span) {
  const Signature signature = parse(row.signature);
  const std::string name = row.path.substr(row.path.rfind('.') + 1);
  Given given(signature.slots.size());
  for (size_t i = 0; i < arguments.positional.size(); ++i) {
    if (signature.more && (i >= signature.slots.size() || signature.slots[i].keyword_only)) {
      given.push_back(arguments.positional[i]);
      continue;
    }
    if (i >= signature.slots.size() || signature.slots[i].keyword_only)
      return builder.too_many(row.path, arguments.positional.size(), span);
    given[i] = arguments.positional[i];
  }
  for (const auto& [keyword, value] : arguments.keywords) {
    size_t at = 0;
    while (at < signature.slots.size() && signature.slots[at].name != keyword) ++at;
    if (at == signature.slots.size()) return builder.unknown_keyword(row.path, keyword, span);
    if (signature.slots[at].positional_only)
      return builder.error("TW1026", span, name + "() takes '" + keyword + "' only by position",
                           "write its value without a name");
    if (given[at]) return builder.error("TW1026", span, name + "() got multiple values for argument '" + keyword + "'");
    given[at] = value;
  }
  for (size_t i = 0; i < signature.slots.size(); ++i)
    if (given[i]) TW_TRY_VOID(fits_parameter(builder, row.path, signature.slots[i].name, *given[i], span));
  for (size_t i = 0; i < signature.slots.size(); ++i) {
    const auto* fresh = given[i] && signature.slots[i].name == "out" ? given[i]->as<Computed>() : nullptr;
    if (!fresh || fresh->scalar()) continue;  // out= of an array that is still to be computed
    TW_TRY(given[i], builder.settle(*given[i], "", span));
  }
  for (size_t i = 0; i < signature.slots.size(); ++i)
    if (given[i] && takes_arrays(row.path, signature.slots[i].name)) {
      TW_TRY(given[i], builder.array_like(*given[i], span));
    }
  for (size_t i = 0; i < signature.slots.size(); ++i)
    if (!given[i] && !signature.slots[i].optional)
      return builder.error("TW1026", span, name + "() is missing the argument '" + signature.slots[i].name + "'");
  TW_TRY_VOID(check_types(row, signature, given, builder, span));
  return given;
}

}  // namespace thalweg::frontend
