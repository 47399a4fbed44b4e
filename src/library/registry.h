// The library: one row for each operation that a library node can name. This is the house's open point: a new operation
// is a file in this folder and a line in registry.cpp, and touches no other room (docs/library.md).
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ir/sdfg.h"

namespace thalweg::library {

struct PortRow {
  std::string name;  // the connector; for a list the common beginning: "_in" for _in0, _in1 ...
  bool output = false;
  bool list = false;  // any number of them, counted from 0
};
enum class AttributeType { boolean, integer, real, text, integers, texts, expression, dtype, wcr };
struct AttributeRow {
  std::string name;
  AttributeType type;
  bool required = true;
  std::string help;
};

struct Operation {
  std::string name;  // "MatMul": LibraryNodeFields::operation
  std::string help;  // one line: what it computes
  std::vector<PortRow> ports;
  std::vector<AttributeRow> attributes;
  // The shape and type rule, after ports and attributes were found to be there.
  base::Status (*check)(const ir::LibraryNode& node) = nullptr;
  // The meaning as a graph: non-transient containers named like the connectors, free symbols those in scope at the
  // node. Null for operations whose meaning lies outside of graphs (calls into Python).
  base::Result<ir::Ref<ir::SDFG>> (*reference)(const ir::LibraryNode& node) = nullptr;
  std::vector<std::string> fast;  // implementations that lowering knows by name, besides the expansion
  bool effect = false;            // must run exactly once and in order
};

// The row of this name; null when there is none.
const Operation* find(std::string_view name);
// All rows, in the order they were added.
std::vector<const Operation*> operations();
// Adds an operation (a test's, a user's); one of an existing name is left as it was.
void add(Operation operation);

// Is the node what its row says: ports, attributes and their types, shapes?
base::Status check(const ir::LibraryNode& node);
// The reference expansion, checked first. This is what the interpreter asks for.
base::Result<ir::Ref<ir::SDFG>> reference(const ir::LibraryNode& node);
// Replaces the node in its state by a nested SDFG of its expansion; "" and "reference" mean the reference expansion.
base::Result<ir::NestedSDFG*> expand(ir::LibraryNode& node, std::string_view implementation = "");

}  // namespace thalweg::library
