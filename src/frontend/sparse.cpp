// Matrices of scipy.sparse: their attributes, and their products with vectors and matrices of NumPy. The products are
// definitions (python/thalweg/definitions/sparse.py) that follow SciPy's kernels; here it is decided what SciPy would do.
#include "frontend/sparse.h"

#include <algorithm>

#include "frontend/builder.h"

namespace thalweg::frontend {

using Format = SparseClass::Format;

namespace {

constexpr std::array<std::string_view, 3> kFormats{"csr", "csc", "coo"};

std::string format_of(const SparseClass& is) { return std::string(kFormats[static_cast<size_t>(is.format)]); }

const char* arrays_of(const SparseClass& is) {
  return is.format == Format::coo ? "A.data, A.row and A.col" : "A.data, A.indices and A.indptr";
}

// The type that SciPy computes a product in: there are no sparse matrices of float16.
DType product_type(DType a, DType b) {
  const DType type = common_type(a, numpy_type(b));
  return type == dtypes::float16 ? dtypes::float32 : type;
}

SparseValue transposed(const SparseValue& matrix) {
  SparseValue out = matrix;
  out.is = matrix.is.transposed();
  out.transposed = true;
  std::swap(out.shape[0], out.shape[1]);
  if (matrix.is.format == Format::coo) std::swap(out.parts[1], out.parts[2]);
  return out;
}

// What to do with an object that is no argument, or of a format that is not taken; empty if it is no sparse matrix.
std::string advice_for(const std::string& description) {
  const std::string object = "an object of class ";
  if (description.rfind(object, 0) != 0) return "";
  const std::string name = description.substr(object.size());
  if (find_sparse_class(name)) return "pass the sparse matrix as an argument of the program";
  const std::string format = name.substr(0, 3);
  const bool other = format == "bsr" || format == "dia" || format == "dok" || format == "lil";
  return other && find_sparse_class("csr" + name.substr(3)) ? "pass A.tocsr() as an argument of the program" : "";
}

// What SciPy says of operands that do not fit: "{0}" and "{1}" stand for their inner extents.
std::string mismatch(bool vector) {
  return std::string("matmul: dimension mismatch with signature (n,k={0}),") +
         (vector ? "(k={1},1?)->(n,1?)" : "(k={1},m)->(n,m)");
}

}  // namespace

std::string SparseClass::name() const { return format_of(*this) + (is_array ? "_array" : "_matrix"); }

std::array<std::string_view, 3> SparseClass::part_names() const {
  if (format == Format::coo) return {"data", "row", "col"};
  return {"data", "indices", "indptr"};
}

SparseClass SparseClass::transposed() const {
  const Format other = format == Format::csr ? Format::csc : format == Format::csc ? Format::csr : Format::coo;
  return {other, is_array};
}

std::optional<SparseClass> find_sparse_class(std::string_view name) {
  if (name.size() < 4) return std::nullopt;
  const size_t format =
      static_cast<size_t>(std::find(kFormats.begin(), kFormats.end(), name.substr(0, 3)) - kFormats.begin());
  if (format == kFormats.size()) return std::nullopt;
  const std::string_view kind = name.substr(3);
  if (kind != "_array" && kind != "_matrix") return std::nullopt;
  return SparseClass{static_cast<Format>(format), kind == "_array"};
}

// What SciPy does with a sparse matrix here is not supported. Tuples and lists that hold one count as well.
Status Builder::no_sparse(const Value& value, const Span& span) const {
  if (auto* parts = parts_of(value); parts && !value.as<LocalFunction>())
    for (const Value& part : *parts) TW_TRY_VOID(no_sparse(part, span));
  if (auto* opaque = value.as<HostOpaque>()) {
    const std::string fix = advice_for(opaque->description);
    if (!fix.empty()) return error("TW1101", span, opaque->description + " is not supported here", fix);
  }
  auto* matrix = value.as<SparseValue>();
  if (!matrix) return base::success();
  return error("TW1101", span, "this use of a " + matrix->is.name() + " is not supported",
               std::string("write A @ x, or loop over ") + arrays_of(matrix->is) +
                   "; do the rest outside the program, with SciPy or on A.toarray()");
}

ValueResult Builder::attribute_of_sparse(const SparseValue& matrix, const std::string& name, const Span& span) {
  if (name == "shape") {
    TupleValue shape;
    for (const Expr& extent : matrix.shape) shape.items.push_back(Value(integer_value(extent)));
    return Value(std::move(shape));
  }
  if (name == "ndim") return Value(integer_value(2));
  if (name == "dtype") return Value(DTypeObject{matrix.parts[0].dtype});
  if (name == "format") return Value(Text{format_of(matrix.is)});
  if (name == "T") return Value(transposed(matrix));
  if (name == "dot") return Value(Method{std::make_shared<Value>(matrix), name});
  if (name == "nnz") {
    if (matrix.is.format == Format::coo) return Value(integer_value(matrix.parts[1].shape[0]));
    TW_TRY(Value last, subscript(Value(matrix.parts[2]), Value(integer_value(-1)), span));
    return call_known("builtins.int", {{std::move(last)}, {}, span}, span);
  }
  const auto names = matrix.is.part_names();
  const auto part = static_cast<size_t>(std::find(names.begin(), names.end(), name) - names.begin());
  const bool of_coo = matrix.is.format == Format::coo && name == "coords";
  if (matrix.transposed && (of_coo || (part > 0 && part < names.size())))
    return error("TW1102", span,
                 "the index arrays of a transposed sparse matrix are not supported: SciPy may make others of them",
                 "take those of A itself");
  if (part < names.size()) return Value(matrix.parts[part]);
  if (of_coo) return Value(TupleValue{{Value(matrix.parts[1]), Value(matrix.parts[2])}});
  return error("TW1102", span, "the attribute '" + name + "' of a " + matrix.is.name() + " is not supported",
               std::string("there are A.shape, A.nnz, A.dtype, A.T, ") + arrays_of(matrix.is) +
                   "; do the rest outside the program");
}

// Do the inner extents of matrix @ dense fit? SciPy's ValueError where they do not.
Status Builder::check_inner(const SparseValue& matrix, const std::vector<Expr>& dense, const Span& span) {
  const Expr columns = matrix.shape[1], rows = dense[0];
  if (equal_extents(columns, rows, span)) return base::success();
  const std::string message = mismatch(dense.size() == 1);
  if (facts_.prove(symbolic::eq(columns, rows)) == symbolic::Truth::no)
    return error("TW1076", span,
                 "the inner extents of this product differ: " + symbolic::to_string(columns) + " and " +
                     symbolic::to_string(rows));
  emit_check(symbolic::eq(columns, rows), base::ErrorKind::value, message, {columns, rows}, span);
  return base::success();
}

// left @ right where one of them is sparse. As in SciPy, x @ A is (A.T @ x.T).T.
ValueResult Builder::sparse_product(const Value& left, const Value& right, const Span& span) {
  const bool from_left = left.as<SparseValue>() == nullptr;
  if (!from_left && right.as<SparseValue>())
    return error("TW1101", span, "a product of two sparse matrices is not supported: it is sparse itself",
                 "compute it outside the program, and pass the result");
  const SparseValue given = from_left ? *right.as<SparseValue>() : *left.as<SparseValue>();
  TW_TRY(Value other, array_like(from_left ? left : right, span));
  TW_TRY(Computed elements, computed(other, span));
  if (elements.scalar()) return error("TW1103", span, "scalar operands are not allowed, use '*' instead");
  const size_t rank = elements.shape.size();
  if (rank > 2 && given.is.format == Format::coo)
    return error("TW1075", span,
                 "a product of a sparse matrix with an array of more than 2 dimensions is not supported",
                 "multiply by its matrices one by one");
  if (rank > 2) return error("TW1104", span, "could not interpret dimensions");
  if (from_left) {
    TW_TRY(other, attribute_of(other, "T", span));
    std::reverse(elements.shape.begin(), elements.shape.end());
  }
  const SparseValue matrix = from_left ? transposed(given) : given;
  TW_TRY_VOID(check_inner(matrix, elements.shape, span));
  std::optional<bool> single(false);  // SciPy's coo_array of one row times a vector is a number
  if (rank == 1 && matrix.is.format == Format::coo && matrix.is.is_array)
    single = ask(symbolic::eq(matrix.shape[0], 1), span, "this sparse array has one row");
  if (!single)
    return error("TW1101", span,
                 "whether this product is a number or an array depends on whether the coo_array has one row",
                 "pass a csr_array, or a coo_matrix");
  std::vector<Value> arguments;
  for (const Array& part : matrix.parts) arguments.emplace_back(part);
  arguments.push_back(std::move(other));
  arguments.emplace_back(integer_value(matrix.shape[0]));
  arguments.emplace_back(DTypeObject{product_type(matrix.parts[0].dtype, elements.dtype)});
  const std::string path = "scipy.sparse." + format_of(matrix.is) + (rank == 1 ? ".vector" : ".matrix");
  TW_TRY(Value product, call_definition(path, std::move(arguments), span));
  if (*single) return subscript(product, Value(integer_value(0)), span);
  return from_left && rank == 2 ? attribute_of(product, "T", span) : ValueResult(std::move(product));
}

// A.dot(x): A @ x, but a multiple of A where x is a number.
ValueResult Builder::sparse_dot(const Value& matrix, const CallArguments& arguments, const Span& span) {
  if (arguments.positional.size() != 1 || !arguments.keywords.empty())
    return error("TW1026", span, "dot() of a sparse matrix takes one argument, by position");
  const Value& other = arguments.positional[0];
  const auto* number = other.as<Computed>();
  const auto* array = other.as<Array>();
  const bool of_coo = matrix.as<SparseValue>()->is.format == Format::coo;
  if ((number && number->scalar()) || (array && array->rank() == 0 && of_coo))
    return error("TW1101", span, "a multiple of a sparse matrix is not supported: it is sparse itself",
                 "multiply A.data, or the product with an array");
  return sparse_product(matrix, other, span);
}

}  // namespace thalweg::frontend
