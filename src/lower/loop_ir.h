// The loop IR: what is left of a graph once every back-end decision is taken. Loops, memory, assignments, calls.
//
// Scalars live in *variables* (also every symbol: int64), arrays in *buffers*. Names are C identifiers, unique in the
// program except that loops which do not contain one another may share the name of their variable. Scalar computation
// is ir::code: a leaf `input` is a variable, `element` is buffer[index per dimension], `symbol` is index arithmetic
// over variables. A function owns its heap memory and releases it where it ends, however it ends.
#pragma once
#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "base/diagnostic.h"
#include "ir/sdfg.h"

namespace thalweg::lower {

using ir::code::Ptr;

// How the iterations of a loop run.
enum class Level : uint8_t { serial, parallel, vector, grid, block };
const char* to_string(Level level);

// Where an array lives.
enum class Home : uint8_t {
  argument,  // handed in: thw_call.data[argument]
  heap,      // runtime->allocate at its Allocate statement; grows, is released where its function ends
  result,    // runtime->allocate_result at its Allocate statement: outlives the call
  stack,     // a small array of constant size, declared by its Declare statement
  pointer,   // a pointer variable, set by SetPointers: references and views
};

struct Buffer {
  std::string name;
  ir::DType dtype;
  Home home = Home::heap;
  // Element (i, j) is data[offset + i*strides[0] + j*strides[1]]; the strides of contracted dimensions are 0.
  std::vector<symbolic::Expr> shape, strides;
  symbolic::Expr offset = 0;
  int argument = -1;
  std::string space = "host";  // memory space: the storage's row
  std::string container;       // its name in the graph, for comments
  bool may_alias = false;      // argument: may overlap other such arguments
  // pointer: buffers it may point into (empty: anything), and buffers whose memory it is known not to overlap
  std::vector<std::string> targets, distinct;
};

struct Variable {
  std::string name;
  ir::DType dtype;
};

// Which raise sites the flags of Python arithmetic lead to: the site of flag bit k, or -1; and when the first operation
// that can set it comes, in the order of evaluation. What comes after a flag is set was computed from any value.
struct FlagSites {
  int site[6] = {-1, -1, -1, -1, -1, -1};
  int turn[6] = {};
  bool any() const {
    return std::any_of(std::begin(site), std::end(site), [](int each) { return each >= 0; });
  }
};

struct Statement;
using Body = std::vector<Statement>;

// variable = value
struct Assign {
  std::string variable;
  Ptr value;
  FlagSites flags;
  ir::Wcr wcr =
      ir::Wcr::none;  // value reads the variable itself (write-conflict resolution): iterations may meet there
};
// buffer[index] = value
struct Store {
  std::string buffer;
  std::vector<Ptr> index;
  Ptr value;
  bool conflict = false;  // value reads the element itself (write-conflict resolution): iterations may meet there
  bool atomic = false;    // conflict that iterations running at the same time may cause; integers only
  ir::Wcr wcr = ir::Wcr::none;
  FlagSites flags;
};
// Gives a variable or a stack buffer a new life in the enclosing body.
struct Declare {
  std::string name;
};
// Makes room for the buffer's shape as it is now; contents are lost.
struct Allocate {
  std::string buffer;
  int site = -1;
  std::string takes = {};  // a buffer that is no longer needed: its memory is used where it is large enough
  bool gives = false;      // takes: that buffer gets this one's memory for it, and what it held stands here
};
// pointers[k] = &bases[k][index]; all right sides are taken first.
struct SetPointers {
  struct One {
    std::string pointer, base;
    std::vector<Ptr> index;
  };
  std::vector<One> sets;
};
// for (variable = begin; variable < end; variable += step); for step < 0: variable > end.
struct Loop {
  std::string variable;
  symbolic::Expr begin, end;
  symbolic::Expr step = 1;
  Level level = Level::serial;
  Body body;
  int id = -1;              // what jumps name
  bool keep = false;        // the variable is one of the function and keeps its last value
  bool poll = false;        // may run long: looks for interrupts
  bool simd_safe = false;   // iterations are independent
  symbolic::Expr work = 1;  // poll in a region: innermost iterations of one turn that do not look themselves
};
// while (condition) { body; update }, or do { body; update } while (condition).
struct While {
  Ptr condition;  // null: for ever
  Body body, update;
  int id = -1;
  bool test_last = false;
  bool poll = true;
};
struct If {
  Ptr condition;
  Body then, otherwise;
};
struct Jump {
  enum class Kind : uint8_t { break_, continue_, exit } kind;  // exit: the function is done
  int loop = -1;
};
// Raises unless the condition holds.
struct Check {
  Ptr condition;
  int site = -1;
  std::vector<Ptr> values;
  FlagSites flags;
};
// target = reduction of `value` over the axes, row-major, through the lane tree of reduce.h.
struct Reduce {
  struct Axis {
    std::string variable;
    symbolic::Expr extent;
  };
  ir::Wcr operation = ir::Wcr::sum;
  ir::DType dtype;
  std::vector<Axis> axes;
  Ptr value;
  std::string target;  // a variable when index is empty and no buffer has the name
  std::vector<Ptr> index;
  bool chunks = false;  // the values are results of equal chunks: only combined, in order
};
// c = a @ b on floating-point or complex numbers; strides in elements. The c of a dot product may be a variable.
// Or the solution c of a c = b on n sides, with one row more that says where a is singular: m and k are a's order.
struct MatMul {
  struct Operand {
    std::string buffer;
    std::vector<Ptr> index;  // first element
    symbolic::Expr row, column;
  };
  Operand a, b, c;
  symbolic::Expr m, n, k;
  ir::DType dtype;
  bool solves = false;
};
// Calls Python: arrays as thw_array. A rank-0 operand may be a variable.
struct Callback {
  struct Operand {
    std::string name;        // buffer or variable
    std::vector<Ptr> index;  // first element
    std::vector<symbolic::Expr> shape, strides;
    ir::DType dtype;
  };
  int function = 0;
  std::vector<Operand> inputs, outputs;
};
// Calls another function of the program, in parallel over [begin, end) when it is worth it.
struct Invoke {
  int function = 0;
  bool ranged = false;  // the function takes begin and end
  bool parallel = false;
  symbolic::Expr begin, end;
  symbolic::Expr work = 0;             // of one iteration, in simple operations
  int64_t threshold = 0;               // parallel: below this much work the caller does it alone
  std::vector<std::string> arguments;  // names of the caller's buffers and variables, as the function's parameters
};
// Writes the program's result `index` for the caller.
struct SetResult {
  int index = 0;
};
// A line of the user's program that the following statements come from.
struct Source {
  base::Span span;
};

struct Statement {
  std::variant<Assign, Store, Declare, Allocate, SetPointers, Loop, While, If, Jump, Check, Reduce, MatMul, Callback,
               Invoke, SetResult, Source>
      node;
};

struct Parameter {
  enum class Kind : uint8_t {
    pointer,  // a buffer
    value,    // a variable, read only
    inout,    // a variable that the caller wants back
  } kind;
  std::string name;
  bool restrict_ = false, const_ = false;
};

struct Function {
  enum class Kind : uint8_t { entry, nest, kernel } kind = Kind::nest;
  std::string name;
  std::vector<Parameter> parameters;
  std::vector<std::string> variables;  // declared at its top
  std::vector<std::string> heap;       // buffers that it allocates and releases
  std::vector<std::string> pointers;   // pointer and result buffers declared at its top
  bool ranged = false;                 // takes begin and end, the bounds of its first loop
  bool may_stop = false;               // may raise or be interrupted: the caller looks at context->stop
  bool uses_context = false;
  int side_by_side = 1;  // iterations of its nest that run at a time
  Body body;
};

// One place that may raise.
struct RaiseSite {
  base::ErrorKind kind = base::ErrorKind::value;
  std::string message;  // "{0}" to "{3}" stand for the values
  base::Span span;
  int value_count = 0;
};

// A temporary that shrank to what one iteration of a nest needs of it.
struct Contraction {
  std::string buffer, container;
  bool to_scalar = false;
};

struct Program {
  std::string name;
  std::vector<Contraction> contractions;
  std::map<std::string, Buffer> buffers;
  std::map<std::string, Variable> variables;
  std::vector<Function> functions;  // callees first; the last one is the entry

  // What the caller hands in and gets back.
  struct Result {
    ir::ReturnValue::Kind kind = ir::ReturnValue::Kind::none;
    std::string name;       // buffer, or variable when rank is 0 and the value comes in shape[0..1]
    bool in_shape = false;  // rank = -1: the value's bytes stand in shape[0..1]
    ir::DType dtype;
    std::vector<Ptr> index;                      // first element
    std::vector<symbolic::Expr> shape, strides;  // strides in elements
    symbolic::Expr expr;                         // symbol
  };
  struct Signature {
    std::vector<std::string> data;     // containers in the order of thw_call.data
    std::vector<std::string> symbols;  // order of thw_call.symbols
    std::vector<RaiseSite> raise_sites;
    std::vector<Result> results;  // thw_call.results[i]
    bool parallel = false;        // has parallel regions
  } signature;
  std::vector<std::string> symbol_variables;  // variable that holds signature.symbols[k]
  struct Argument {
    std::string name;       // buffer, or variable when by_value
    bool by_value = false;  // a scalar that the program only reads
  };
  std::vector<Argument> arguments;  // for signature.data[k]
};

}  // namespace thalweg::lower
