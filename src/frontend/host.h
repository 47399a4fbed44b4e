// What the frontend asks about live Python objects. The Python module answers for real; tests use a fake.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "ir/code.h"
#include "ir/dtype.h"
#include "syntax/ast.h"

namespace thalweg::frontend {

class Host;

// A scalar known when compiling: Python's bool/int/float/complex or a NumPy scalar; dtype says which.
struct HostScalar {
  ir::code::Value value;
  ir::DType dtype;
};
// A Python int beyond 64 bits, in decimal.
struct HostBigInteger {
  std::string digits;
};
// An array in the closure or among the globals; becomes a non-transient container named after `handle`.
struct HostArray {
  int handle = 0;  // the host's number for the object: the driver passes its memory on every call
  ir::DType dtype;
  std::vector<int64_t> shape;
  bool writeable = true;
  std::string state_of;  // the class of the object whose state it is ("numpy.random.Generator"); empty: an array
};
// Something of a known module: "numpy.maximum", "numpy.float64", "math.sqrt", "numpy", "builtins.range", "thalweg.map",
// "numpy.linalg" ...: the canonical public path, whatever it is called in the user's module.
struct HostKnown {
  std::string path;
};
struct HostSymbol {  // thalweg.symbol('N')
  std::string name;
};
struct HostText {
  std::string value;
};
struct HostNone {};
struct HostTuple {
  std::vector<int> items;  // handles
};
// Another Thalweg program, or a plain Python function whose text is there: inlined at the call.
struct HostFunction {
  int handle = 0;
  std::string name;
  std::shared_ptr<const syntax::Function> function;
  std::shared_ptr<Host> host;  // answers for the callee's names
  bool is_definition = false;  // ours, of a function of NumPy
  bool is_python = false;      // ours, of one of Python's own
  bool is_program = false;     // decorated: its annotations count, and it is never called back
  int self = -1;               // of a method that came with its object: the handle of that
};
// An annotation such as thalweg.float64[N, N] or np.float64 or float.
struct HostAnnotation {
  ir::DType dtype;
  std::vector<symbolic::Expr> shape;
  bool is_array = false;
};
// Any other callable: a call to it is a call back into CPython. A class of named tuples has fields.
struct HostCallable {
  int handle = 0;
  std::string name;
  std::vector<std::string> fields;
};
// A class of the user's whose objects are what they hold by name: nothing is done behind an attribute's back.
struct HostClass {
  int handle = 0;
  std::string name;
  bool frozen = false;                            // nothing is assigned to a field
  std::optional<std::vector<std::string>> slots;  // no other field can be made
  bool truth = false;                             // it has a __bool__ or a __len__
};
// Any other object; `description` says what it is ("an object of class Foo").
struct HostOpaque {
  int handle = 0;
  std::string description;
};
struct HostUndefined {};  // no such name: CPython would raise NameError

using HostObject = std::variant<HostUndefined, HostScalar, HostBigInteger, HostArray, HostKnown, HostSymbol, HostText,
                                HostNone, HostTuple, HostFunction, HostAnnotation, HostCallable, HostClass, HostOpaque>;

// What a class has under a name: `object` is the function of a method, or of a property.
struct HostMember {
  enum class Kind : uint8_t { none, method, function, class_method, property, read_only, value, other };
  Kind kind = Kind::none;
  HostObject object;
};
// How an object of a class is made.
struct HostConstruction {
  struct Field {
    std::string name;
    bool kept = true;       // else it is for __post_init__ alone
    bool parameter = true;  // else it has a default, and nothing can be given
    bool keyword_only = false;
    std::optional<HostObject> value, factory;  // its default
  };
  std::string refused;  // why it is not
  std::vector<Field> fields;
  std::optional<HostObject> init;  // written by the user, in place of fields
  bool post_init = false;
};

// A raise statement of a function, to be run by CPython when the program comes to it.
struct RaiseRequest {
  std::string text;  // the statement's; of an assertion that of its message, which may be empty
  bool assertion = false;
  int line = 0;
  std::vector<std::string> parameters;                        // local names whose values are handed over
  std::vector<std::pair<std::string, HostObject>> constants;  // local names that are text or None
};

class Host {
 public:
  virtual ~Host() = default;
  // A name that is not bound in the function: closure, globals, builtins. "x=" asks for the default of parameter x.
  virtual HostObject resolve(const std::string& name) = 0;
  // object.attribute, for objects that came from this host (modules and opaque objects).
  virtual HostObject attribute(const HostObject& object, const std::string& attribute) = 0;
  // What a class has under a name; `setting`: to be assigned to. `behind`: what super() sees in a method of that class.
  virtual HostMember member(const HostClass& of, const std::string& name, bool setting, const HostClass* behind) {
    return (void)of, (void)name, (void)setting, (void)behind, HostMember{};
  }
  // isinstance(an object of class `is`, of); nothing where the class itself decides.
  virtual std::optional<bool> is_kind_of(const HostClass* is, const HostClass& of) {
    return (void)is, (void)of, std::nullopt;
  }
  virtual HostConstruction construction(const HostClass& of) { return (void)of, HostConstruction{"of the host"}; }
  // The object behind a handle (items of tuples).
  virtual HostObject object(int handle) = 0;
  // Our text for a function of NumPy that is written in terms of others; HostUndefined if there is none.
  virtual HostObject definition(const std::string& path) { return (void)path, HostUndefined{}; }
  // Has NumPy's (or Python's) function of this path a parameter of this name? True where it cannot be told.
  virtual bool accepts(const std::string& path, const std::string& keyword) { return (void)path, (void)keyword, true; }
  // Does it take so many arguments by position?
  virtual bool accepts_positional(const std::string& path, size_t count) { return (void)path, (void)count, false; }
  // Evaluates an annotation expression in the function's scope.
  virtual HostObject evaluate_annotation(const syntax::Expr& annotation) = 0;
  // The handle of a callable that takes the parameters and raises; negative where there is no CPython.
  virtual int raising(const RaiseRequest& request) { return (void)request, -1; }
};

}  // namespace thalweg::frontend
