// Callback: calls a Python function of the program with arrays and scalars. What it does lies outside of graphs, so it
// has no expansion; interpreter and compiled code hand the call to their host.
#include "library/expansion.h"
#include "library/operations.h"

namespace thalweg::library {

namespace {

base::Status check_callback(const ir::LibraryNode& node) {
  const int64_t function = *attribute<int64_t>(node, "function");
  const ir::SDFG* sdfg = node.state() ? node.state()->sdfg() : nullptr;
  while (sdfg && sdfg->parent_node() && sdfg->get().callbacks.empty()) sdfg = sdfg->parent_node()->state()->sdfg();
  const auto count = sdfg ? static_cast<int64_t>(sdfg->get().callbacks.size()) : 0;
  if (function < 0 || function >= count) return error(node, "the program has no callback " + std::to_string(function));
  return base::success();
}

}  // namespace

Operation callback_operation() {
  return {"Callback",
          "calls a Python function",
          {{"_in", false, true}, {"_out", true, true}},
          {{"function", AttributeType::integer, true, "an index into the program's callbacks"},
           {"order", AttributeType::integer, false, "position among the effects of the program"}},
          check_callback,
          nullptr,
          {"runtime"},
          true};
}

}  // namespace thalweg::library
