// What a Python name or expression stands for while a program is being built: arrays as index maps over containers,
// element-wise computations that nothing has stored yet, and objects that exist only at compile time.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "frontend/big_integer.h"
#include "frontend/component.h"
#include "frontend/host.h"
#include "frontend/sparse.h"
#include "ir/code.h"
#include "symbolic/subset.h"

namespace thalweg::frontend {

using symbolic::Expr;
namespace code = ir::code;
namespace dtypes = ir::dtypes;
using ir::DType;

// Index into one dimension of a container: begin + step * (position in dimension `dim` of the value).
struct Axis {
  Expr begin;
  Expr step = 1;
  int dim = -1;  // -1: always begin
  friend bool operator==(const Axis&, const Axis&) = default;
};

// An ndarray: elements of one container seen through an index map (basic slices, transposes, newaxis). A dimension of
// the value that no axis refers to has been inserted (newaxis).
struct Array {
  std::string container;
  DType dtype;
  std::vector<Expr> shape;
  std::vector<Axis> axes;  // one per dimension of the container
  // An ndarray object of its own over another one's memory (indexing, transposing ...), not that object itself: what
  // `is` tells apart. No part of which elements are meant.
  bool own_object = false;
  Component part =
      Component::whole;  // a.real, a.imag: `dtype` is that of the part, the container's elements are complex
  Through writes = Through::allowed;
  size_t rank() const { return shape.size(); }
  friend bool operator==(const Array& a, const Array& b) {
    return a.container == b.container && a.dtype == b.dtype && a.shape == b.shape && a.axes == b.axes &&
           a.part == b.part && a.writes == b.writes;
  }
};

// An element-wise computation that has not been stored: leaves are `$k` (element of read k of the builder), inputs
// (scalar containers) and symbols. Rank 0 is a scalar, Python's or NumPy's by its dtype.
struct Computed {
  DType dtype;
  std::vector<Expr> shape;
  code::Ptr tree;
  std::optional<Expr> integer;            // rank 0: the value of a Python int as an expression over symbols
  std::optional<Expr> condition;          // rank 0: the value of a Python bool as a condition over symbols
  std::shared_ptr<const BigInteger> big;  // rank 0: the value of a Python int beyond 64 bits; the tree raises
  // Rank 0: a Python scalar or the NumPy scalar of the same value, by the way taken through the program. Only what
  // gives the same result for both may be done with it.
  bool mixed = false;
  DType twin{};              // where mixed: the Python type that the value has on the other way (dtype is NumPy's)
  std::optional<Expr> weak;  // where mixed, if known: when it is the Python scalar (1, else 0)
  bool of_array = false;     // rank 0: NumPy has an array without dimensions, and computes with it as with arrays
  std::vector<code::Check> checks;  // what must hold where the tree is evaluated (indices in bounds ...)
  bool scalar() const { return shape.empty(); }
};

inline void copy_mark(Computed& to, const Computed& from) {
  to.mixed = from.mixed;
  to.twin = from.twin;
  to.weak = from.weak;
}

// What is done with a value that may be mixed: a comparison, an operation that treats Python's and NumPy's floats alike,
// one of NumPy's universal functions, or another.
enum class Mixing { comparison, harmless, ufunc, other };

struct Value;
struct TupleValue {
  std::vector<Value> items;
  bool is_list = false;
  // Of a list made in this program: which one, and how deep in loops and branches it was made. 0: not known.
  int identity = 0;
  size_t made_at = 0;
  std::shared_ptr<const HostCallable> made_by;  // of a named tuple: its class
  int argument = -1;                            // that it is; negative: made in this program
  bool of_dict = false;  // keys(), values() or items() of a dictionary: no tuple, and nothing to keep
};
struct SliceValue {
  std::shared_ptr<Value> lower, upper, step;  // null: left out
};
// A dictionary whose keys are known when compiling, in the order of its items.
struct DictValue {
  std::vector<Value> keys, values;
  int identity = 0;  // as a list's
  size_t made_at = 0;
};
// A function made inside the function that is being built (def, lambda). What it takes from around it is looked up when
// it is called, in the call that made it; when that call has ended, it keeps what was there at the end.
struct LocalFunction {
  HostFunction function;
  int maker = 0;                  // Frame::number of the call that made it
  std::vector<Value> held;        // the default of each parameter, unbound where there is none; then what it keeps:
  std::vector<std::string> kept;  // the names of that
  bool ended = false;             // the call that made it
};
// A matrix of scipy.sparse: what the arrays that it is made of mean (decision 0041).
struct SparseValue {
  SparseClass is;
  std::vector<Expr> shape;
  std::vector<Array> parts;  // in the order of part_names()
  // A.T: SciPy makes a matrix over the same data, whose index arrays may be copies of another type.
  bool transposed = false;
};
// An object of a class of the user's (decision 0042). Its fields are bound in the scope, as names are, under the names
// that field_name() gives: what carries and joins names does so with fields.
struct StructureValue {
  HostClass is;
  std::string identity;                     // equal ones are one object
  std::shared_ptr<const HostClass> behind;  // of super(): members are looked up behind this class
};
struct Unbound {
  std::string why;        // empty: never bound
  bool possibly = false;  // bound on some ways, and nothing says whether one of them was taken
};
// Bound where `bound` holds; a read elsewhere raises UnboundLocalError.
struct MaybeUnbound {
  std::shared_ptr<Value> value;
  Expr bound;
  std::string why;  // as of Unbound, where it cannot be told when the program runs
};
struct NoneObject {};
struct EllipsisObject {};
struct Text {
  std::string value;
};
struct DTypeObject {
  DType dtype;
};
// An object of a class of NumPy's whose methods are definitions (python/thalweg/definitions): they take its parts
// before what the call gives them. The path is the class's, "numpy.random.Generator".
struct ObjectValue {
  std::string path;
  std::vector<Value> parts;
};
// object.name, waiting to be called (a.sum), asked or indexed (a.flags, a.flat, and "finfo" of a data type).
struct Method {
  std::shared_ptr<Value> object;
  std::string name;
};

struct Value {
  using Content =
      std::variant<Unbound, MaybeUnbound, Array, Computed, TupleValue, SliceValue, NoneObject, EllipsisObject, Text,
                   DTypeObject, Method, DictValue, LocalFunction, SparseValue, ObjectValue, StructureValue, HostKnown,
                   HostFunction, HostCallable, HostClass, HostAnnotation, HostOpaque>;
  Content content;
  Value() = default;
  template <class T>
    requires std::is_constructible_v<Content, T&&>
  Value(T&& value) : content(std::forward<T>(value)) {}

  template <class T>
  const T* as() const {
    return std::get_if<T>(&content);
  }
  template <class T>
  T* as() {
    return std::get_if<T>(&content);
  }
};

using ValueResult = base::Result<Value>;

// The values that this one is made of: items of a tuple, values of a dictionary, what a function or an object holds.
const std::vector<Value>* parts_of(const Value& value);
std::vector<Value>* parts_of(Value& value);

// The name that a field is bound under: no identifier.
std::string field_name(const std::string& identity, const std::string& field);
bool is_field(const std::string& name);
// Fields that no object of the user's has.
inline constexpr const char* kOriginField = "#origin";  // 1 + the argument that the object is, or 0: made here
inline constexpr const char* kSharedField = "#shared";  // bound where the object may be one of two

// The whole container as a value.
Array whole_array(const std::string& container, DType dtype, const std::vector<Expr>& shape);
// The elements of the value as a subset of its container; with one index expression per dimension of the value, the
// one element at that place.
symbolic::Subset subset_of(const Array& array);
symbolic::Subset element_of(const Array& array, const std::vector<Expr>& position);
// Can a pointer and strides say which elements these are, free to be written?
bool is_plain(const Array& array);
// A view of the real or the imaginary parts of a complex array.
Array part_of(const Array& array, Component part);
// Is every element of the container meant, in the container's own order?
bool is_whole(const Array& array, const std::vector<Expr>& container_shape);

Computed constant_bool(bool value);
Computed constant_float(double value);
Computed integer_value(const Expr& value);                        // a Python int
code::Ptr plain_product(const code::Ptr& x, const code::Ptr& y);  // complex, each part rounded twice
std::optional<code::Value> constant_of(const Computed& value);
std::optional<int64_t> constant_integer(const Value& value);  // a Python or NumPy int that is known

bool is_of_numpy(const Value& value);  // an array

// What to call the value in messages: "a float64 array of 2 dimensions", "a Python int", "None" ...
std::string describe(const Value& value);
// The error about a value. Of values other than numbers and arrays (and of tuples of them) CPython may know more.
base::Diagnostic about(const Value& value, base::Diagnostic error);
base::Diagnostic unsure(base::Diagnostic error);  // CPython may know more

}  // namespace thalweg::frontend
