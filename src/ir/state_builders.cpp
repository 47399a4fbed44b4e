// Convenience functions that make nodes with their connectors and memlet paths through scopes.
#include "ir/sdfg.h"
#include "symbolic/range_facts.h"

namespace thalweg::ir {

AccessNode& State::add_access(std::string data) {
  auto node = make_ref<AccessNode>(AccessNodeFields{std::move(data)});
  add_node(node);
  return *node;
}

Tasklet& State::add_tasklet(std::string label, std::vector<Connector> inputs, std::vector<Connector> outputs,
                            code::Block code) {
  TaskletFields fields;
  fields.label = std::move(label);
  fields.code = std::move(code);
  auto node = make_ref<Tasklet>(std::move(fields));
  for (auto& c : inputs) node->add_in_connector(std::move(c));
  for (auto& c : outputs) node->add_out_connector(std::move(c));
  add_node(node);
  return *node;
}

std::pair<MapEntry*, MapExit*> State::add_map(MapFields map) {
  auto scope = make_ref<Map>(std::move(map));
  auto entry = make_ref<MapEntry>(scope);
  auto exit = make_ref<MapExit>(scope);
  add_node(entry);
  add_node(exit);
  return {entry.get(), exit.get()};
}

NestedSDFG& State::add_nested_sdfg(Ref<SDFG> sdfg, std::vector<std::string> inputs, std::vector<std::string> outputs,
                                   symbolic::Substitution symbol_mapping) {
  NestedSDFGFields fields;
  fields.label = sdfg->get().name;
  fields.symbol_mapping = std::move(symbol_mapping);
  auto node = make_ref<NestedSDFG>(std::move(fields), std::move(sdfg));
  for (auto& name : inputs) node->add_in_connector({std::move(name), std::nullopt});
  for (auto& name : outputs) node->add_out_connector({std::move(name), std::nullopt});
  add_node(node);
  return *node;
}

LibraryNode& State::add_library_node(LibraryNodeFields fields, std::vector<Connector> inputs,
                                     std::vector<Connector> outputs) {
  auto node = make_ref<LibraryNode>(std::move(fields));
  for (auto& c : inputs) node->add_in_connector(std::move(c));
  for (auto& c : outputs) node->add_out_connector(std::move(c));
  add_node(node);
  return *node;
}

namespace {

// The memlet on the outer side of a map: the hull of the inner one over the map's parameters (innermost last).
MemletFields propagate_through(const MapFields& map, MemletFields inner, const SDFG* sdfg) {
  symbolic::Facts facts;
  for (size_t d = 0; d < map.params.size(); ++d)
    symbolic::assume_member(facts, symbolic::Expr::symbol(map.params[d]), map.range.ranges[d]);
  MemletFields outer = inner;
  outer.volume = inner.volume * map.range.num_elements();
  for (size_t d = map.params.size(); d-- > 0;) {
    auto hull = symbolic::project(outer.subset, map.params[d], map.range.ranges[d], facts);
    Container* container = sdfg ? sdfg->find(inner.data) : nullptr;
    if (!hull && !container) continue;
    outer.subset = hull ? *hull : symbolic::Subset::whole(container->get().shape);
    if (!hull) outer.dynamic = true;
  }
  std::set<std::string> used;
  symbolic::collect_symbols(outer.volume, used);
  for (const auto& param : map.params)
    if (used.count(param)) outer.volume = 0, outer.dynamic = true;
  return outer;
}

std::string free_connector(const Node& node, const std::string& data) {
  auto taken = [&](const std::string& name) {
    for (const auto* list : {&node.in_connectors(), &node.out_connectors()})
      for (const Connector& c : *list)
        if (c.name == "IN_" + name || c.name == "OUT_" + name) return true;
    return false;
  };
  if (!taken(data)) return data;
  for (int i = 1;; ++i)
    if (std::string name = data + "_" + std::to_string(i); !taken(name)) return name;
}

const MapFields* map_of(const Node* node) {
  if (auto* entry = dynamic_cast<const MapEntry*>(node)) return &entry->scope().get();
  if (auto* exit = dynamic_cast<const MapExit*>(node)) return &exit->scope().get();
  return nullptr;
}

bool is_scope(Node* node) {
  return match(
      *node, [](MapEntry*) { return true; }, [](MapExit*) { return true; }, [](ConsumeEntry*) { return true; },
      [](ConsumeExit*) { return true; }, [](AccessNode*) { return false; }, [](Tasklet*) { return false; },
      [](NestedSDFG*) { return false; }, [](LibraryNode*) { return false; });
}

}  // namespace

void State::add_memlet_path(const std::vector<Node*>& path, std::string source_connector, std::string target_connector,
                            MemletFields innermost) {
  TW_CHECK(path.size() >= 2, "a memlet path has two ends");
  // Outwards from the code node: entries come before it on an input path, exits behind it on an output path.
  bool input = as<MapExit>(path[1]) == nullptr && as<ConsumeExit>(path[1]) == nullptr;
  std::vector<MemletFields> memlets(path.size() - 1);
  size_t inner = input ? path.size() - 2 : 0;
  memlets[inner] = std::move(innermost);
  for (size_t step = 1; step + 1 < path.size(); ++step) {
    size_t at = input ? inner - step : inner + step;
    size_t from = input ? at + 1 : at - 1;
    const Node* scope = input ? path[at + 1] : path[at];
    const MapFields* map = map_of(scope);
    memlets[at] = map ? propagate_through(*map, memlets[from], sdfg()) : memlets[from];
  }
  std::string out = std::move(source_connector);
  for (size_t i = 0; i + 1 < path.size(); ++i) {
    Node& target = *path[i + 1];
    std::string in = target_connector, next_out;
    if (is_scope(&target) && i + 2 < path.size()) {
      std::string name = free_connector(target, memlets[i].data);
      if (!memlets[i].data.empty()) {
        in = "IN_" + name;
        next_out = "OUT_" + name;
        target.add_in_connector({in, std::nullopt});
        target.add_out_connector({next_out, std::nullopt});
      } else {
        in.clear();
      }
    }
    add_edge(*path[i], out, target, in, std::move(memlets[i]));
    out = std::move(next_out);
  }
}

}  // namespace thalweg::ir
