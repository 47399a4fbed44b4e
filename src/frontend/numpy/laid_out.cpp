// The order in memory of new arrays that are not made element by element of their operands: ours of reductions and of
// definitions are rows, and NumPy's often follow an operand. A result whose order NumPy has another way is copied.
#include <algorithm>
#include <map>
#include <numeric>

#include "frontend/numpy/registry.h"

namespace thalweg::frontend {

namespace {

enum class Follows : uint8_t {
  first,     // the first argument, of the same rank
  along,     // the same, if an axis is given
  rounded,   // the same of whole numbers and to whole numbers; else as `columns`
  times,     // the first argument, if the second is a number
  once,      // the same, if that is 1
  operands,  // all arguments, as a ufunc does it
  kept,      // the dimensions of the first that are not reduced
  last,      // all of the first but its last
  reduced,   // of ufunc.reduce: the dimensions of the second argument that are not reduced
  second,    // the second argument, of the same rank
  parts,     // of ufunc.reduceat: the second argument, which has no say about the axis
  outer,     // the dimensions of the second argument, then those of the third
  joined,    // the arrays in the first argument, where they have the result's rank
  planes,    // the same, those that do have it
  depth,     // the same, or before the last dimension where they have one less
  behind,    // behind a dimension of its own, the first two as a ufunc does it
  axis,      // the axis first, then rows
  columns,   // the first argument's, if that is in columns throughout; else rows
  complex,   // the first argument as a ufunc does it, if it is of complex numbers; else rows
  turned,    // always columns
  scaled,    // as a ufunc does it, where one of two has no dimensions; else rows
};

const std::map<std::string, Follows>& rules() {
  static const std::map<std::string, Follows> rules = [] {
    std::map<std::string, Follows> out;
    auto add = [&](Follows follows, const std::vector<std::string>& names) {
      for (const std::string& name : names) out["numpy." + name] = follows;
    };
    add(Follows::first, {"sort",     "sort_complex", "gradient",     "diff",         "nan_to_num", "unwrap",
                         "fft.fft",  "fft.ifft",     "fft.rfft",     "fft.irfft",    "fft.fftn",   "fft.ifftn",
                         "fft.fft2", "fft.ifft2",    "fft.rfftn",    "fft.irfftn",   "fft.rfft2",  "fft.irfft2",
                         "fft.hfft", "fft.ihfft",    "fft.fftshift", "fft.ifftshift"});
    add(Follows::along, {"roll"});
    add(Follows::rounded, {"round", "around"});
    add(Follows::times, {"kron"});
    add(Follows::once, {"tile"});
    add(Follows::operands, {"gcd",     "lcm",      "ldexp",          "nextafter",       "heaviside",     "isclose",
                            "divmod",  "modf",     "frexp",          "spacing",         "bitwise_count", "angle",
                            "deg2rad", "degrees",  "rad2deg",        "radians",         "fix",           "float_power",
                            "i0",      "isneginf", "isposinf",       "logaddexp",       "logaddexp2",    "sinc",
                            "cumsum",  "cumprod",  "cumulative_sum", "cumulative_prod", "nancumsum",     "nancumprod"});
    out["builtins.divmod"] = Follows::operands;
    add(Follows::kept, {"sum",    "prod",   "max",    "min",    "amax",      "amin",    "any",          "all",
                        "mean",   "std",    "var",    "ptp",    "median",    "nansum",  "nanprod",      "nanmean",
                        "nanstd", "nanvar", "nanmax", "nanmin", "nanmedian", "average", "count_nonzero"});
    add(Follows::last, {"trapezoid", "vecdot"});
    add(Follows::reduced, {"ufunc.reduce"});
    add(Follows::second, {"ufunc.accumulate", "polyval"});
    add(Follows::parts, {"ufunc.reduceat"});
    add(Follows::outer, {"ufunc.outer"});
    add(Follows::joined, {"block"});
    add(Follows::planes, {"column_stack"});
    add(Follows::depth, {"dstack"});
    add(Follows::behind, {"linspace", "logspace", "geomspace"});
    add(Follows::axis, {"unique"});
    add(Follows::columns, {"pad", "delete", "imag", "isreal"});
    add(Follows::complex, {"iscomplex"});
    add(Follows::turned, {"argwhere"});
    add(Follows::scaled, {"inner"});
    return out;
  }();
  return rules;
}

size_t rank_of(const Value& value) {
  if (auto* array = value.as<Array>()) return array->rank();
  auto* computed = value.as<Computed>();
  return computed ? computed->shape.size() : 0;
}

std::optional<Value> argument(const CallArguments& arguments, size_t place, const std::string& name) {
  for (const auto& [keyword, value] : arguments.keywords)
    if (keyword == name) return value;
  if (place < arguments.positional.size()) return arguments.positional[place];
  return std::nullopt;
}

Result<std::vector<size_t>> order_of(Builder& b, const Value& value, const Span& span) {
  if (auto* array = value.as<Array>()) return b.order_of_copies({*array}, span);
  return b.order_of_operands({value}, rank_of(value), span);
}

// Of what is left of `whole` when it is reduced along the axes.
Result<std::vector<size_t>> order_of_kept(Builder& b, const Value& whole, const std::optional<Value>& axis,
                                          const Span& span) {
  TW_TRY(const std::vector<int64_t> axes, axes_of(b, axis, rank_of(whole), span));
  TW_TRY(const std::vector<size_t> order, b.order_of_operands({whole}, rank_of(whole), span));
  std::vector<size_t> kept;
  for (const size_t dim : order) {
    if (std::find(axes.begin(), axes.end(), static_cast<int64_t>(dim)) != axes.end()) continue;
    size_t before = 0;
    for (const int64_t reduced : axes) before += reduced < static_cast<int64_t>(dim);
    kept.push_back(dim - before);
  }
  return kept;
}

std::vector<size_t> behind(const std::vector<size_t>& order, size_t count) {
  std::vector<size_t> out(count);
  std::iota(out.begin(), out.end(), size_t{0});
  for (const size_t dim : order) out.push_back(dim + count);
  return out;
}

std::vector<size_t> columns(size_t rank) {
  std::vector<size_t> out = behind({}, rank);
  std::reverse(out.begin(), out.end());
  return out;
}

// Arrays in a tuple or list that is given.
std::vector<Value> items_of(const Value& value) {
  auto* items = value.as<TupleValue>();
  return items ? items->items : std::vector<Value>{};
}

// Of the array that nested lists become; 0 of anything else.
size_t depth_of(const Value& value) {
  auto* items = value.as<TupleValue>();
  if (!items) return 0;
  if (items->items.empty()) return 1;
  return 1 + (items->items[0].as<TupleValue>() ? depth_of(items->items[0]) : rank_of(items->items[0]));
}

bool have_rank(const std::vector<Value>& values, size_t rank) {
  return !values.empty() &&
         std::all_of(values.begin(), values.end(), [&](const Value& each) { return rank_of(each) == rank; });
}

// Of what the arrays in a tuple or list are joined to.
Result<std::vector<size_t>> of_parts(Builder& b, Follows follows, std::vector<Value> parts,
                                     const std::vector<Expr>& shape, const Span& span) {
  const size_t rank = shape.size();
  if (follows == Follows::planes) std::erase_if(parts, [&](const Value& each) { return rank_of(each) != rank; });
  if (have_rank(parts, rank)) return b.order_of_operands(parts, rank, span, std::nullopt, shape);
  if (follows != Follows::depth || !have_rank(parts, 2)) return std::vector<size_t>();
  TW_TRY(std::vector<size_t> order, b.order_of_operands(parts, 2, span));
  order.push_back(2);
  return order;
}

// Of what a ufunc makes of the arguments. A list becomes an array in rows, and those who disagree with it make rows.
Result<std::vector<size_t>> of_operands(Builder& b, const CallArguments& arguments, const std::vector<Expr>& shape,
                                        const Span& span) {
  std::vector<Value> operands = arguments.positional;
  auto is_list = [&](const Value& each) { return depth_of(each) == shape.size(); };
  if (std::any_of(operands.begin(), operands.end(), is_list)) return behind({}, shape.size());
  for (const auto& [keyword, value] : arguments.keywords)
    if (keyword == "rtol" || keyword == "atol") operands.push_back(value);
  return b.order_of_operands(operands, shape.size(), span, std::nullopt, shape);
}

// The order that NumPy gives a result of this shape; empty: rows, or that is not known.
Result<std::vector<size_t>> wanted(Builder& b, Follows follows, const CallArguments& arguments,
                                   const std::vector<Expr>& shape, const Span& span) {
  const size_t rank = shape.size();
  const std::vector<Value>& given = arguments.positional;
  const bool of_ufunc = follows == Follows::reduced || follows == Follows::second || follows == Follows::parts;
  const size_t at = of_ufunc ? 1 : 0;
  if (given.size() <= at) return std::vector<size_t>();
  const Value& array = given[at];
  const bool same_rank = rank_of(array) == rank;
  switch (follows) {
    case Follows::first:
      if (same_rank) return order_of(b, array, span);
      break;
    case Follows::second:
      if (same_rank) return b.order_of_operands({array}, rank, span);
      break;
    case Follows::along:
      if (same_rank && argument(arguments, 2, "axis")) return order_of(b, array, span);
      break;
    case Follows::scaled:
      if (given.size() != 2 || rank_of(given[0]) * rank_of(given[1]) > 0) break;
      [[fallthrough]];
    case Follows::operands: return of_operands(b, arguments, shape, span);
    case Follows::kept:
    case Follows::last:
    case Follows::reduced: {
      if (same_rank) return order_of(b, array, span);
      std::optional<Value> axis = argument(arguments, follows == Follows::last ? 3 : at + 1, "axis");
      if (!axis && follows != Follows::kept) axis = Value(integer_value(follows == Follows::last ? -1 : 0));
      if (rank_of(array) > rank && axis) return order_of_kept(b, array, axis, span);
      break;
    }
    case Follows::parts: {
      std::optional<Value> axis = argument(arguments, 3, "axis");
      if (!axis) axis = Value(integer_value(0));
      TW_TRY(const std::vector<int64_t> axes, axes_of(b, axis, rank, span));
      if (same_rank && axes.size() == 1)
        return b.order_of_operands({array}, rank, span, static_cast<size_t>(axes.front()));
      break;
    }
    case Follows::outer: {
      if (given.size() == 3 && rank_of(given[1]) == rank) return b.order_of_operands({given[1]}, rank, span);
      if (given.size() < 3 || rank_of(given[1]) >= rank) break;
      const size_t before = rank_of(given[1]);
      TW_TRY(std::vector<size_t> order, order_of(b, given[1], span));
      std::vector<size_t> inner = behind({}, rank - before);  // of a list
      if (rank_of(given[2]) == rank - before) {
        TW_TRY(inner, order_of(b, given[2], span));
      }
      for (const size_t dim : inner) order.push_back(dim + before);
      return order;
    }
    case Follows::complex: {
      if (!same_rank) break;  // of a list
      TW_TRY(const Computed elements, b.computed(array, span));
      if (elements.dtype.is_complex()) return b.order_of_operands({array}, rank, span);
      break;
    }
    case Follows::joined:
    case Follows::planes:
    case Follows::depth: return of_parts(b, follows, items_of(array), shape, span);
    case Follows::behind: {
      if (given.size() < 2 || argument(arguments, 6, "axis")) break;
      TW_TRY(const std::vector<size_t> order, b.order_of_operands({given[0], given[1]}, rank - 1, span));
      return behind(order, 1);
    }
    case Follows::axis: {
      const std::optional<Value> axis = argument(arguments, 4, "axis");
      if (!axis || axis->as<NoneObject>()) break;
      TW_TRY(const std::vector<int64_t> axes, axes_of(b, axis, rank, span));
      std::vector<size_t> order = behind({}, rank);
      for (const int64_t each : axes) std::rotate(order.begin(), order.begin() + each, order.begin() + each + 1);
      return order;
    }
    case Follows::once:
      if (given.size() < 2 || constant_integer(given[1]) != 1) break;
      [[fallthrough]];
    case Follows::times:
      if (same_rank && given.size() == 2 && rank_of(given[1]) == 0) return order_of(b, array, span);
      break;
    case Follows::rounded: {
      if (!same_rank) break;  // of a list
      TW_TRY(const Computed elements, b.computed(array, span));
      const bool whole = elements.dtype.is_integer() || (given.size() < 2 && arguments.keywords.empty());
      if (whole) return b.order_of_operands({array}, rank, span);
      [[fallthrough]];
    }
    case Follows::columns: {
      auto* stored = array.as<Array>();
      if (!stored && rank_of(array) == rank) {
        TW_TRY(const std::vector<size_t> order, order_of(b, array, span));
        if (order == columns(rank)) return order;
      }
      if (!stored || is_dense(b, *stored, false, span) != false || is_dense(b, *stored, true, span) != true) break;
      return columns(rank);
    }
    case Follows::turned: return columns(rank);
  }
  return std::vector<size_t>();
}

}  // namespace

ValueResult laid_out(Builder& b, const std::string& path, const CallArguments& arguments, Value result,
                     const Span& span) {
  const auto rule = rules().find(path);
  if (rule == rules().end() || b.all_in_rows()) return result;
  if (auto* several = result.as<TupleValue>()) {
    TupleValue out = *several;
    for (Value& item : out.items) {
      TW_TRY(item, laid_out(b, path, arguments, std::move(item), span));
    }
    return Value(std::move(out));
  }
  const size_t rank = rank_of(result);
  if (rank < 2) return result;
  auto* array = result.as<Array>();
  auto is_result = [&](const Value& value) {  // out=
    return array && value.as<Array>() && value.as<Array>()->container == array->container;
  };
  for (const auto& [keyword, value] : arguments.keywords)
    if (is_result(value)) return result;
  if (std::any_of(arguments.positional.begin(), arguments.positional.end(), is_result)) return result;
  TW_TRY(const std::vector<size_t> order,
         wanted(b, rule->second, arguments, array ? array->shape : result.as<Computed>()->shape, span));
  if (order.empty()) return result;
  TW_TRY(const std::vector<size_t> found, order_of(b, result, span));
  if (order == found) return result;
  TW_TRY(const Computed elements, b.computed(result, span));
  Array made = b.new_array_in_order(b.name_hint_, elements.dtype, elements.shape, order);
  TW_TRY_VOID(array ? b.emit_copy(*array, made, span) : b.emit_computed(made.container, elements, made, span));
  if (array) made.writes = array->writes;
  return Value(std::move(made));
}

}  // namespace thalweg::frontend
