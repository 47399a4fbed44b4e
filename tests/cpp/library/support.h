// One library node between arrays, run by the interpreter in each of its forms.
#pragma once
#include "../interpret/support.h"
#include "library/registry.h"

namespace thalweg::library::tests {

using interpret::Argument;
using interpret::Arguments;
using interpret::Options;
using interpret::run;
using interpret::tests::array;
using interpret::tests::failure_of;
using interpret::tests::mem;
using interpret::tests::sub;
using interpret::tests::sym;
using ir::DType;
namespace dt = ir::dtypes;

struct Port {
  std::string connector, container, subset;
};
inline ir::LibraryNode& add_node(ir::State& state, const std::string& operation,
                                 std::map<std::string, ir::Attribute> attributes, const std::vector<Port>& inputs,
                                 const std::vector<Port>& outputs) {
  ir::LibraryNodeFields fields;
  fields.operation = operation;
  fields.attributes = std::move(attributes);
  std::vector<ir::Connector> in, out;
  for (const Port& port : inputs) in.push_back({port.connector, std::nullopt});
  for (const Port& port : outputs) out.push_back({port.connector, std::nullopt});
  auto& node = state.add_library_node(fields, in, out);
  for (const Port& port : inputs)
    state.add_edge(state.add_access(port.container), "", node, port.connector, mem(port.container, port.subset));
  for (const Port& port : outputs)
    state.add_edge(node, port.connector, state.add_access(port.container), "", mem(port.container, port.subset));
  return node;
}

inline Options with_reference() {
  Options options;
  options.expand = [](const ir::LibraryNode& node) { return reference(node); };
  return options;
}

}  // namespace thalweg::library::tests
