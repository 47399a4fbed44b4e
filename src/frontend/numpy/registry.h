// The functions known by their public path ("numpy.sum", "math.sqrt", "builtins.len"): one row each, one file a family.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "frontend/builder.h"

namespace thalweg::frontend {

// Arguments in the order of the row's signature; nothing where one was left out.
using Given = std::vector<std::optional<Value>>;
using KnownFunction = std::function<ValueResult(Builder&, Given&, const Span&)>;

struct KnownRow {
  std::string path;
  // "a, axis?, *, keepdims?": ? may be left out, after * only as keywords, "..." any number of further ones.
  std::string signature;
  KnownFunction function;
};

const KnownRow* find_known(const std::string& path);
// All of them, (path, signature) in the order of their paths: what docs/numpy.md is made of.
std::vector<std::pair<std::string, std::string>> known_functions();
// The path of the function that an array's method is: "sum" -> "numpy.sum".
const std::string* method_path(const std::string& method);
// The arguments of a call by the row's slots; lists and tuples become arrays where NumPy takes arrays.
Result<Given> bind_known(const KnownRow& row, const CallArguments& arguments, Builder& builder, const Span& span);
bool takes_arrays(const std::string& path, const std::string& parameter);
// Is this argument of a kind that NumPy takes for the parameter of this name (argument_kinds.cpp)?
Status fits_parameter(const Builder& builder, const std::string& path, const std::string& parameter, const Value& value,
                      const Span& span);

// An array of 0 dimensions that holds this number.
ValueResult array_of_number(Builder& builder, Computed value, const Span& span);

// The extents of a shape: one number, or a tuple or list of them.
Result<std::vector<Value>> shape_items(const Builder& builder, const Value& given, const Span& span);
// Error: axes in a list, where NumPy takes one or a tuple of them.
Status no_list_of_axes(Builder& builder, const Value& given, const Span& span);
// An axis of an array of this rank, known when compiling; diagnoses one that is out of bounds.
Result<size_t> axis_of(Builder& builder, const Value& value, size_t rank, const Span& span);
// The axes that are given, or all; in order, and diagnosed. `lenient`: axis 0 or -1 of what has no dimensions may be there.
Result<std::vector<int64_t>> axes_of(Builder& builder, const std::optional<Value>& given, size_t rank, const Span& span,
                                     bool lenient = true);
// What the function of this path made of these arguments, laid out in memory as NumPy's is (laid_out.cpp).
ValueResult laid_out(Builder& builder, const std::string& path, const CallArguments& arguments, Value result,
                     const Span& span);
// NumPy's scalars stay scalars where they are transposed, squeezed or given the shape ().
bool is_numpy_scalar(const Value& value);
bool is_empty_tuple(const Value& value);
// Is the argument there, and not None?
bool is_given(const std::optional<Value>& value);
// out= must have the very shape of a result: an error where it surely has not, a check where that is not known.
Status same_shape(Builder& builder, const std::vector<Expr>& shape, const Array& out, const Span& span);
// A flag that is known when compiling; left out or None: false.
Result<bool> flag(Builder& builder, const std::optional<Value>& given, const Span& span);
// The array without these dimensions, whose extent is 1.
Array without_dimensions(const Array& array, const std::vector<size_t>& dims);

// The tree of a function of complex numbers that has no operation of its own.
std::optional<code::Ptr> of_complex(const std::string& name, const code::Ptr& z);

// Do the elements follow one another in memory, the last dimension (or the first) without gaps? Nothing: not known.
std::optional<bool> is_dense(Builder& builder, const Array& array, bool fortran, const Span& span);

// The families.
std::vector<KnownRow> elementwise_rows();
std::vector<KnownRow> written_ufunc_rows();
std::vector<KnownRow> creation_rows();
std::vector<KnownRow> reduction_rows();
std::vector<KnownRow> linear_algebra_rows();
std::vector<KnownRow> shape_rows();
std::vector<KnownRow> reshape_rows();
std::vector<KnownRow> einsum_rows();
std::vector<KnownRow> view_rows();
std::vector<KnownRow> as_array_rows();
std::vector<KnownRow> joining_rows();
std::vector<KnownRow> builtin_rows();
std::vector<KnownRow> inside_rows();
std::vector<KnownRow> own_rows();

}  // namespace thalweg::frontend
