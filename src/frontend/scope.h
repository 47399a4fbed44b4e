// The names of one function while it is being built, and where loops keep what they carry.
#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

#include "frontend/liveness.h"
#include "frontend/values.h"

namespace thalweg::frontend {

// Where a scalar that a loop carries (or that branches join) lives: assignments of this type go there directly.
struct Home {
  std::string container;
  DType dtype;
};

struct Scope {
  std::map<std::string, Value> names;
  std::map<std::string, Home> homes;
};

// A loop of a function that is left by return: the value of every return, valid where the symbol `flag` has its number,
// counted from 1.
struct ReturnPoint {
  std::string flag;
  std::vector<Value> values;
  std::vector<std::map<std::string, Value>>
      fields;  // of the objects in each value, by the names that they are bound under
};

// One function on the stack of inlined calls.
struct Frame {
  const syntax::Function* function = nullptr;
  Host* host = nullptr;
  std::shared_ptr<const base::Span> called_from;
  Liveness live;
  std::string hint;                             // what the caller will call the result
  std::map<std::string, symbolic::Expr> sizes;  // symbols of the callee's annotations: what they stand for
  bool definition = false;                      // text of ours for a function of NumPy: users see the call alone
  bool in_rows = false;                    // such text, whose arrays lie in rows: NumPy's functions order their results
  std::vector<ReturnPoint> return_points;  // of the loops around the statement that is being built
  int number = 0;                          // no other call of the build has it
  const Scope* waiting = nullptr;          // its names, while it waits for a function that it has called
};

}  // namespace thalweg::frontend
