#include "ir/scopes.h"

namespace thalweg::ir {

namespace {

const Element* shared_scope(const Node& node) {
  Node& open = const_cast<Node&>(node);
  if (auto* entry = as<MapEntry>(&open)) return &entry->scope();
  if (auto* exit = as<MapExit>(&open)) return &exit->scope();
  if (auto* entry = as<ConsumeEntry>(&open)) return &entry->scope();
  if (auto* exit = as<ConsumeExit>(&open)) return &exit->scope();
  return nullptr;
}

template <class Map>
auto found(const Map& map, const Node& key) -> typename Map::mapped_type {
  auto at = map.find(&key);
  return at == map.end() ? nullptr : at->second;
}

}  // namespace

bool is_entry(const Node& node) {
  Node* open = &const_cast<Node&>(node);
  return as<MapEntry>(open) || as<ConsumeEntry>(open);
}
bool is_exit(const Node& node) {
  Node* open = &const_cast<Node&>(node);
  return as<MapExit>(open) || as<ConsumeExit>(open);
}
const MapFields* map_of(const Node& node) {
  Node* open = &const_cast<Node&>(node);
  if (auto* entry = as<MapEntry>(open)) return &entry->scope().get();
  if (auto* exit = as<MapExit>(open)) return &exit->scope().get();
  return nullptr;
}
const ConsumeFields* consume_of(const Node& node) {
  Node* open = &const_cast<Node&>(node);
  if (auto* entry = as<ConsumeEntry>(open)) return &entry->scope().get();
  if (auto* exit = as<ConsumeExit>(open)) return &exit->scope().get();
  return nullptr;
}

Scopes::Scopes(const State& state) {
  std::map<const Element*, Node*> entries;
  for (const auto& node : state.nodes())
    if (is_entry(*node)) entries.emplace(shared_scope(*node), node.get());
  for (const auto& node : state.nodes())
    if (is_exit(*node))
      if (auto at = entries.find(shared_scope(*node)); at != entries.end())
        if (partners_.emplace(at->second, node.get()).second) partners_.emplace(node.get(), at->second);
  children_[nullptr];
  std::vector<Node*> exits;
  for (Node* node : state.topological_order()) {
    Node* parent = nullptr;
    if (is_exit(*node))
      parent = entry(*node);
    else if (!node->in_edges().empty())
      parent = scope_of_outputs(node->in_edges().front()->source());
    parents_[node] = parent;
    if (is_exit(*node))
      exits.push_back(node);
    else
      children_[parent].push_back(node);
    if (is_entry(*node)) children_[node];
  }
  for (Node* node : exits) children_[parents_[node]].push_back(node);
}

Node* Scopes::parent(const Node& node) const { return found(parents_, node); }
Node* Scopes::exit(const Node& entry) const { return is_entry(entry) ? found(partners_, entry) : nullptr; }
Node* Scopes::entry(const Node& exit) const { return is_exit(exit) ? found(partners_, exit) : nullptr; }

const std::vector<Node*>& Scopes::children(const Node* entry) const {
  static const std::vector<Node*> none;
  auto at = children_.find(entry);
  return at == children_.end() ? none : at->second;
}

std::vector<Node*> Scopes::enclosing(const Node& node) const {
  std::vector<Node*> out;
  for (Node* at = parent(node); at && out.size() <= parents_.size(); at = parent(*at)) out.push_back(at);
  return out;
}

Node& Scopes::outermost(Node& node) const {
  Node* at = &node;
  while (Node* around = parent(*at)) at = around;
  return *at;
}

Node* Scopes::scope_of_inputs(const Node& node) const { return parent(node); }

Node* Scopes::scope_of_outputs(const Node& node) const {
  if (is_entry(node)) return const_cast<Node*>(&node);
  if (!is_exit(node)) return parent(node);
  Node* opening = entry(node);
  return opening ? parent(*opening) : nullptr;
}

}  // namespace thalweg::ir
