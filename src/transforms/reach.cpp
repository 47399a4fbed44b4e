#include "transforms/reach.h"

#include <algorithm>
#include <unordered_set>

#include "ir/scopes.h"
#include "ir/sdfg.h"

namespace thalweg::transforms {

using namespace ir;

bool reaches(const Node& from, const Node& to) {
  if (&from == &to) return true;
  std::vector<const Node*> work{&from};
  std::unordered_set<const Node*> seen{&from};
  while (!work.empty()) {
    const Node* node = work.back();
    work.pop_back();
    for (const Edge* edge : node->out_edges()) {
      if (&edge->target() == &to) return true;
      if (seen.insert(&edge->target()).second) work.push_back(&edge->target());
    }
  }
  return false;
}

bool closes_cycle(const std::vector<std::pair<Node*, Node*>>& added) {
  for (const auto& [from, to] : added) {
    std::vector<const Node*> work{to};
    std::unordered_set<const Node*> seen{to};
    auto visit = [&](const Node* node) {
      if (seen.insert(node).second) work.push_back(node);
    };
    while (!work.empty()) {
      const Node* node = work.back();
      work.pop_back();
      if (node == from) return true;
      for (const Edge* edge : node->out_edges()) visit(&edge->target());
      for (const auto& [source, target] : added)
        if (source == node) visit(target);
    }
  }
  return false;
}

std::vector<Node*> nodes_in_scope(const Node& entry, Node** exit) {
  auto closes = [&](const Node& node) {
    return is_exit(node) && ((map_of(entry) && map_of(node) == map_of(entry)) ||
                             (consume_of(entry) && consume_of(node) == consume_of(entry)));
  };
  std::vector<Node*> found;
  std::unordered_set<const Node*> seen{&entry};
  auto visit = [&](Node& node) {
    if (!seen.insert(&node).second) return;
    if (!closes(node))
      found.push_back(&node);
    else if (exit)
      *exit = &node;
  };
  for (const Edge* edge : entry.out_edges()) visit(edge->target());
  for (size_t at = 0; at < found.size(); ++at) {
    // Nodes without inputs of their own (an access node inside) are found from what they feed.
    for (const Edge* edge : found[at]->out_edges()) visit(edge->target());
    for (const Edge* edge : found[at]->in_edges()) visit(edge->source());
  }
  return found;
}

std::vector<Edge*> edges_from(const Node& node, std::string_view source_connector) {
  std::vector<Edge*> found;
  for (Edge* edge : node.out_edges())
    if (edge->source_connector() == source_connector) found.push_back(edge);
  return found;
}

std::vector<Edge*> edges_into(const Node& node, std::string_view target_connector) {
  std::vector<Edge*> found;
  for (Edge* edge : node.in_edges())
    if (edge->target_connector() == target_connector) found.push_back(edge);
  return found;
}

std::string out_of_in(std::string_view connector) { return "OUT_" + std::string(connector.substr(3)); }
std::string in_of_out(std::string_view connector) { return "IN_" + std::string(connector.substr(4)); }

namespace {

bool has_cycle(const ControlFlowRegion& region) {
  std::unordered_set<const ControlFlowBlock*> done;
  // Blocks leave in topological order; what is left lies on a cycle or behind one.
  for (bool moved = true; moved;) {
    moved = false;
    for (const auto& block : region.blocks()) {
      if (done.count(block.get())) continue;
      const bool ready = std::all_of(region.edges().begin(), region.edges().end(), [&](const auto& edge) {
        return &edge->target() != block.get() || done.count(&edge->source());
      });
      if (ready) moved = done.insert(block.get()).second || moved;
    }
  }
  return done.size() != region.blocks().size();
}

}  // namespace

bool may_repeat(const State& state) {
  const Element* element = state.owner();
  for (; element && !dynamic_cast<const SDFG*>(element); element = element->owner()) {
    if (dynamic_cast<const LoopRegion*>(element)) return true;
    if (auto* region = dynamic_cast<const ControlFlowRegion*>(element); region && has_cycle(*region)) return true;
  }
  auto* graph = dynamic_cast<const SDFG*>(element);
  return graph && has_cycle(*graph);
}

void remove_keeping_order(State& state, Node& node) {
  std::vector<Node*> before, behind;
  for (Edge* edge : node.in_edges()) before.push_back(&edge->source());
  for (Edge* edge : node.out_edges()) behind.push_back(&edge->target());
  Ref<Node> held(&node);
  state.remove_node(node);
  for (Node* from : before)
    for (Node* to : behind)
      if (!reaches(*from, *to)) state.add_order(*from, *to);
}

}  // namespace thalweg::transforms
