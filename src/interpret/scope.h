// Names and what they stand for while a graph runs: symbols with their values, containers with their memory.
// Scopes nest: a map iteration is a scope around its body, the graph's own scope is the outermost.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "interpret/memory.h"
#include "ir/sdfg.h"

namespace thalweg::interpret {

struct Machine;

struct Variable {
  const ir::Container* container = nullptr;
  Array array;         // not bound: not born yet (transients), not set yet (references, views)
  bool own = false;    // the memory was made by the interpreter, not handed in
  bool stale = false;  // a symbol of its shape was assigned: a transient is born anew, a reference gets new extents
};

struct Scope {
  Scope* outer = nullptr;
  ir::SDFG* sdfg = nullptr;
  std::vector<std::pair<std::string_view, int64_t>> symbols;  // few: parameters of a map; the graph's own in `globals`
  std::map<std::string, int64_t, std::less<>> globals;
  std::map<std::string, Variable, std::less<>> variables;
  // Inside a consume scope: the entry and the element it popped.
  const ir::ConsumeEntry* consume = nullptr;
  Scalar popped;

  Variable* find(std::string_view name);
  std::optional<int64_t> symbol(std::string_view name) const;
};

// The variable with its memory: a transient is allocated on first use. Null (and a report) when there is none.
Variable* access(Machine& machine, Scope& scope, std::string_view name);
// Extents, strides and offset of a container under the symbols of the scope.
struct Layout {
  std::vector<int64_t> shape, strides;
  int64_t offset = 0;
};
Layout layout_of(Machine& machine, Scope& scope, const ir::ContainerFields& fields);
// Sets a symbol of the graph; containers whose extents use it are born anew when next used.
void assign_symbol(Machine& machine, Scope& scope, const std::string& name, int64_t value);

}  // namespace thalweg::interpret
