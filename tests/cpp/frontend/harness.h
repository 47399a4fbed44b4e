// Programs for the frontend's tests: Python text, argument specifications, a host that knows a few names.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "frontend/frontend.h"
#include "syntax/ast.h"

namespace thalweg::tests {

// "float64[N, M]" an array, "int" a Python int, "float" another scalar of Python, "float32" a NumPy scalar.
frontend::Argument argument(const std::string& text);
// "{t: float, a: float64[N]}": an object of a class State with these fields.
frontend::Argument structure(const std::string& name, const std::string& text);

struct FakeHost : frontend::Host {
  std::map<std::string, frontend::HostObject> names;
  frontend::HostObject resolve(const std::string& name) override;
  frontend::HostObject attribute(const frontend::HostObject& object, const std::string& attribute) override;
  frontend::HostObject object(int handle) override;
  frontend::HostObject evaluate_annotation(const syntax::Expr& annotation) override;
  std::vector<frontend::HostObject> objects;
};

// Grants everything that is not plainly false (mode plain), or nothing (mode general); remembers what was asked.
struct FakeAssumptions : frontend::Assumptions {
  bool general = false;
  std::vector<std::string> granted;
  std::map<std::string, int64_t> values;
  bool assume(const symbolic::Expr& condition, const base::Span& span, const std::string& reason) override;
  std::optional<int64_t> value(const symbolic::Expr& expr, const base::Span& span, const std::string& reason) override;
};

// A whole function: "def f(A: float64[N], n: int):\n    ..." with one-line signature and such argument texts.
struct Program {
  explicit Program(std::string text);
  syntax::Function function;
  std::vector<std::pair<std::string, frontend::Argument>> arguments;
  FakeHost host;
  FakeAssumptions assumptions;
  bool may_alias = false, strict = false;

  // Makes `text` (another function of this form) callable under its name.
  void add_function(const std::string& text, bool is_program = true);
  base::Result<frontend::Built> build();
  // The graph as text; fails the test if it cannot be built or is not valid.
  std::string text();
  // "TW1011 line 3: message"; fails the test if the program builds.
  std::string error();
  std::vector<std::shared_ptr<Program>> callees;
};

}  // namespace thalweg::tests
