// Syntax tree to SDFG. One call builds one graph under a set of assumptions about the call's arguments.
#pragma once
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "frontend/component.h"
#include "frontend/host.h"
#include "frontend/sparse.h"
#include "ir/sdfg.h"

namespace thalweg::frontend {

// Whether an argument may be written. Where not, a write that is reached raises ValueError.
enum class Writing : uint8_t {
  allowed,
  read_only,
  shared,  // several elements lie at one place: which write is seen last would depend on the order
};
// What is known of one argument when compiling.
struct ArrayArgument {
  ir::DType dtype;
  std::vector<symbolic::Expr> shape;
  std::vector<symbolic::Expr> strides;  // in elements; empty: C-contiguous
  Writing writing = Writing::allowed;
  std::string state_of;  // as of HostArray
};
// A matrix of scipy.sparse: its arrays are containers under the names given here, its extents symbols.
struct SparseArgument {
  SparseClass is;
  std::vector<symbolic::Expr> shape;
  std::vector<std::pair<std::string, ArrayArgument>> parts;  // in the order of part_names()
};
// A Python int: becomes the symbol of the parameter's name (dtype pyint).
struct IntArgument {};
// Any other scalar: becomes a scalar container (dtype may be pyfloat, pybool, pycomplex, float64 ...).
struct ScalarArgument {
  ir::DType dtype;
};
// Known when compiling: None, strings, dtypes, functions, default values of compile-time parameters.
struct FixedArgument {
  HostObject object;
};
struct StructureField;
// An object of the user's, a tuple or a list: what it holds are arguments of their own, in containers of their own names.
struct StructureArgument {
  HostObject is;     // its class: a HostClass, that of a named tuple, or the path of tuple or list
  size_t index = 0;  // among the arguments of the call
  int same_as = -1;  // the argument that is this very object; then it has no fields here
  std::vector<StructureField> fields;
};
using Argument =
    std::variant<ArrayArgument, IntArgument, ScalarArgument, FixedArgument, SparseArgument, StructureArgument>;
struct StructureField {
  std::string name, container;
  Argument argument;
};

// Decides what the build may rely on. The plain case is assumed and guarded; a general build assumes nothing.
class Assumptions {
 public:
  virtual ~Assumptions() = default;
  // May `condition` (over free symbols of the entry: sizes, strides, int arguments) be taken as a fact of this build?
  // If so it is recorded as a guard with its place and reason. If not, the frontend emits the general form.
  virtual bool assume(const symbolic::Expr& condition, const base::Span& span, const std::string& reason) = 0;
  // Which way `condition` holds, where both are as good: recorded as a guard. Nothing if it cannot be known.
  virtual std::optional<bool> choose(const symbolic::Expr& condition, const base::Span& span,
                                     const std::string& reason) {
    return (void)condition, (void)span, (void)reason, std::nullopt;
  }
  // The value of an entry expression where Python's meaning needs it when compiling (axis, rank, list length):
  // recorded as a guard. Nothing if it cannot be known (compiling ahead of any call).
  virtual std::optional<int64_t> value(const symbolic::Expr& expr, const base::Span& span,
                                       const std::string& reason) = 0;
};

struct Request {
  const syntax::Function* function = nullptr;
  std::vector<std::pair<std::string, Argument>> arguments;  // in signature order
  std::optional<std::vector<std::string>> symbols;  // those that have a value in every call; none: any may be used
  Host* host = nullptr;
  Assumptions* assumptions = nullptr;
  bool arguments_may_alias =
      false;            // overlapping arguments: every write to one goes through a temporary, program order
  bool bounds = true;   // indices are checked when the program runs
  bool strict = false;  // refuse call-backs into CPython
};

struct ClosureArray {
  std::string container;
  int handle;
};
// A result that is a Python scalar where the condition over the entry's symbols holds (or where the result that is a flag
// is not 0), else the NumPy scalar.
struct WeakResult {
  size_t index = 0;
  ir::DType type;
  symbolic::Expr where;
  std::optional<size_t> flag;
};
// How results nest: a leaf is the next of the graph's results.
struct ResultForm {
  enum class Kind : uint8_t { leaf, tuple, list, dict, object, text, constant } kind = Kind::leaf;
  int identity = 0;    // of a list or an object: equal ones are one
  int made_by = -1;    // of a named tuple, of an object: the handle of its class; of a constant: its own
  int argument = -1;   // of an object: the argument that it is
  bool again = false;  // of an object: it has come before
  bool asks = false;   // of an object: the leaf before its items is 1 + the argument that it is, or 0
  std::vector<ResultForm> items;
  std::vector<std::variant<std::string, int64_t>> keys;  // of a dictionary, of an object; a text is its own
};
// What an argument's field is once the program has run.
struct FieldChange {
  size_t argument = 0;
  std::string field;
  ResultForm form;
};
struct Built {
  ir::Ref<ir::SDFG> sdfg;
  std::vector<ClosureArray> closure_arrays;  // containers behind the arguments, in order of first use
  std::vector<int> callbacks;                // host handles, by index of Callback nodes' `function`
  std::vector<std::string> notices;          // one line each: "line 12: call back into CPython: f(x)"
  std::vector<bool> own_objects;             // per result: a view made here, never the array object itself
  std::vector<bool> read_only;               // per result: a view that NumPy lets nobody write
  std::vector<Component> parts;              // per result: the whole of its elements, or parts of complex ones
  std::vector<bool> zero_dimensional;        // per result: an array of 0 dimensions, no scalar
  ResultForm result_form;
  std::vector<FieldChange> changes;  // their leaves follow those of the result
  std::vector<WeakResult> weak_results;
  std::vector<std::string> written_arguments;  // arguments (and closure containers) whose memory the program writes
  std::vector<std::string> apart_arguments;    // those of which the program said that they share memory with no other
};

base::Result<Built> build(const Request& request);

}  // namespace thalweg::frontend
