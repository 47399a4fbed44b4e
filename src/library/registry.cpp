#include "library/registry.h"

#include <algorithm>
#include <set>

#include "base/registry.h"
#include "library/expansion.h"
#include "library/operations.h"

namespace thalweg::library {

namespace {

base::Registry<Operation>& table() {
  static base::Registry<Operation>& rows = *[] {
    auto* made = new base::Registry<Operation>;  // lives as long as the process: rows are handed out by address
    for (Operation row : {reduce_operation(), arg_reduce_operation(), matmul_operation(), solve_operation(),
                          compress_operation(), callback_operation()})
      made->add(std::move(row));
    return made;
  }();
  return rows;
}

const char* text_of(AttributeType type) {
  switch (type) {
    case AttributeType::boolean: return "a boolean";
    case AttributeType::integer: return "an integer";
    case AttributeType::real: return "a real number";
    case AttributeType::text: return "a text";
    case AttributeType::integers: return "a list of integers";
    case AttributeType::texts: return "a list of texts";
    case AttributeType::expression: return "an index expression";
    case AttributeType::dtype: return "an element type";
    case AttributeType::wcr: return "a write-conflict resolution";
  }
  return "";
}

bool has_type(const ir::Attribute& value, AttributeType type) {
  switch (type) {
    case AttributeType::boolean: return std::holds_alternative<bool>(value);
    case AttributeType::integer: return std::holds_alternative<int64_t>(value);
    case AttributeType::real: return std::holds_alternative<double>(value);
    case AttributeType::text: return std::holds_alternative<std::string>(value);
    case AttributeType::integers: return std::holds_alternative<std::vector<int64_t>>(value);
    case AttributeType::texts: return std::holds_alternative<std::vector<std::string>>(value);
    case AttributeType::expression: return std::holds_alternative<symbolic::Expr>(value);
    case AttributeType::dtype: return std::holds_alternative<ir::DType>(value);
    case AttributeType::wcr: return std::holds_alternative<ir::Wcr>(value);
  }
  return false;
}

base::Status check_attributes(const ir::LibraryNode& node, const Operation& row) {
  for (const AttributeRow& attribute : row.attributes) {
    auto found = node->attributes.find(attribute.name);
    if (found == node->attributes.end()) {
      if (attribute.required) return error(node, "needs the attribute '" + attribute.name + "': " + attribute.help);
    } else if (!has_type(found->second, attribute.type)) {
      return error(node, "its attribute '" + attribute.name + "' must be " + text_of(attribute.type));
    }
  }
  for (const auto& [name, value] : node->attributes)
    if (std::none_of(row.attributes.begin(), row.attributes.end(), [&](const auto& a) { return a.name == name; }))
      return error(node, "has no attribute '" + name + "'");
  return base::success();
}

bool is_port(const PortRow& port, const std::string& connector) {
  if (!port.list) return connector == port.name;
  return connector.size() > port.name.size() && connector.starts_with(port.name) &&
         connector.find_first_not_of("0123456789", port.name.size()) == std::string::npos;
}

base::Status check_ports(const ir::LibraryNode& node, const Operation& row) {
  for (const PortRow& port : row.ports) {
    const ir::Edge* edge = port.output ? node.out_edge(port.name) : node.in_edge(port.name);
    if (!port.list && (!edge || edge->memlet().is_empty()))
      return error(node, "nothing is joined to '" + port.name + "'");
  }
  for (bool output : {false, true})
    for (const ir::Edge* edge : output ? node.out_edges() : node.in_edges()) {
      const std::string& connector = output ? edge->source_connector() : edge->target_connector();
      if (edge->memlet().is_empty()) continue;
      if (std::none_of(row.ports.begin(), row.ports.end(),
                       [&](const PortRow& port) { return port.output == output && is_port(port, connector); }))
        return error(node, "has no port '" + connector + "'");
    }
  return base::success();
}

}  // namespace

const Operation* find(std::string_view name) {
  auto id = table().find(name);
  return id ? &table().row(*id) : nullptr;
}

std::vector<const Operation*> operations() {
  std::vector<const Operation*> rows;
  for (size_t i = 0; i < table().size(); ++i) rows.push_back(&table().row(static_cast<uint16_t>(i)));
  return rows;
}

void add(Operation operation) { table().add(std::move(operation)); }

base::Status check(const ir::LibraryNode& node) {
  const Operation* row = find(node->operation);
  if (!row) return unknown_operation(node);
  TW_TRY_VOID(check_attributes(node, *row));
  TW_TRY_VOID(check_ports(node, *row));
  return row->check ? row->check(node) : base::success();
}

base::Result<ir::Ref<ir::SDFG>> reference(const ir::LibraryNode& node) {
  TW_TRY_VOID(check(node));
  const Operation& row = *find(node->operation);
  if (!row.reference) return error(node, "has no expansion: what it does lies outside of graphs");
  return row.reference(node);
}

namespace {

// Symbols that the graph gives a value itself.
std::set<std::string> assigned_symbols(ir::SDFG& graph) {
  std::set<std::string> assigned;
  std::vector<ir::ControlFlowRegion*> regions{&graph};
  for (ir::ControlFlowBlock* block : ir::all_blocks(graph)) {
    if (auto* loop = ir::as<ir::LoopRegion>(block)) assigned.insert(loop->get().variable);
    if (auto* region = ir::as<ir::ControlFlowRegion>(block)) regions.push_back(region);
  }
  for (ir::ControlFlowRegion* region : regions)
    for (const auto& edge : region->edges())
      for (const auto& [name, value] : edge->get().assignments) assigned.insert(name);
  return assigned;
}

// The nested graph takes the place of the node: same edges, same memlets.
ir::NestedSDFG& replace(ir::LibraryNode& node, ir::Ref<ir::SDFG> graph) {
  ir::State& state = *node.state();
  symbolic::Substitution mapping;
  const std::set<std::string> assigned = assigned_symbols(*graph);
  for (const auto& [name, dtype] : graph->get().symbols)
    if (!assigned.contains(name)) mapping[name] = symbolic::Expr::symbol(name);
  std::vector<std::string> inputs, outputs;
  for (const ir::Edge* edge : node.in_edges())
    if (!edge->memlet().is_empty()) inputs.push_back(edge->target_connector());
  for (const ir::Edge* edge : node.out_edges())
    if (!edge->memlet().is_empty()) outputs.push_back(edge->source_connector());
  ir::NestedSDFG& nested = state.add_nested_sdfg(std::move(graph), inputs, outputs, mapping);
  nested.set<&ir::NestedSDFGFields::label>(node->label.empty() ? node->operation : node->label);
  nested.set_location(node.location());
  const std::vector<ir::Edge*> in = node.in_edges(), out = node.out_edges();
  for (ir::Edge* edge : in) {
    ir::Ref<ir::Edge> held(edge);
    ir::Ref<ir::Memlet> memlet(&edge->memlet());
    ir::Ref<ir::Node> source(&edge->source());
    state.remove_edge(*edge);
    state.add_edge(*source, held->source_connector(), nested, held->target_connector(), memlet);
  }
  for (ir::Edge* edge : out) {
    ir::Ref<ir::Edge> held(edge);
    ir::Ref<ir::Memlet> memlet(&edge->memlet());
    ir::Ref<ir::Node> target(&edge->target());
    state.remove_edge(*edge);
    state.add_edge(nested, held->source_connector(), *target, held->target_connector(), memlet);
  }
  state.remove_node(node);
  return nested;
}

}  // namespace

base::Result<ir::NestedSDFG*> expand(ir::LibraryNode& node, std::string_view implementation) {
  const Operation* row = find(node->operation);
  if (!row) return unknown_operation(node);
  if (!implementation.empty() && implementation != "reference") {
    const bool fast = std::find(row->fast.begin(), row->fast.end(), implementation) != row->fast.end();
    return error(node, fast ? "the implementation '" + std::string(implementation) + "' is no graph: lowering makes it"
                            : "has no implementation '" + std::string(implementation) + "'");
  }
  TW_TRY(ir::Ref<ir::SDFG> graph, reference(node));
  return &replace(node, std::move(graph));
}

}  // namespace thalweg::library
