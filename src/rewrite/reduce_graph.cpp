#include "rewrite/reduce_graph.h"

#include <set>

#include "ir/verify.h"

namespace thalweg::rewrite {

using namespace ir;

namespace {

using Change = std::function<bool(SDFG&)>;  // false: does not apply

std::vector<ControlFlowBlock*> blocks_of(SDFG& sdfg) {
  std::vector<ControlFlowBlock*> out;
  for (SDFG* graph : all_sdfgs(sdfg))
    for (ControlFlowBlock* block : all_blocks(*graph)) out.push_back(block);
  return out;
}

std::vector<State*> states_of(SDFG& sdfg) {
  std::vector<State*> out;
  for (SDFG* graph : all_sdfgs(sdfg))
    for (State* state : all_states(*graph)) out.push_back(state);
  return out;
}

// Leaves out a block of a chain; its neighbours are joined, the assignments on both sides kept.
bool drop_block(ControlFlowBlock& block) {
  ControlFlowRegion* region = block.parent();
  if (!region) return false;
  const auto in = region->in_edges(block), out = region->out_edges(block);
  if (in.size() > 1 || out.size() > 1) return false;
  if (in.size() == 1 && out.size() == 1) {
    InterstateEdgeFields fields = in[0]->get();
    for (const auto& assignment : out[0]->get().assignments) fields.assignments.push_back(assignment);
    region->add_edge(in[0]->source(), out[0]->target(), std::move(fields));
  } else if (!out.empty()) {
    region->set_start(out[0]->target());
  }
  region->remove_block(block);
  return true;
}

// Leaves out a node without successors, and what then leads nowhere.
bool drop_sink(Node& sink) {
  State* state = sink.state();
  if (!sink.out_edges().empty()) return false;
  std::set<Node*> removed = {&sink};
  for (bool more = true; more;) {
    more = false;
    for (const auto& node : state->nodes()) {
      if (removed.count(node.get()) || node->out_edges().empty()) continue;
      bool nowhere = true;
      for (const Edge* edge : node->out_edges()) nowhere = nowhere && removed.count(&edge->target());
      if (nowhere) more = removed.insert(node.get()).second;
    }
  }
  const auto nodes = state->nodes();
  for (const auto& node : nodes)
    if (removed.count(node.get())) state->remove_node(*node);
  return true;
}

bool drop_container(SDFG& graph, Container& container) {
  const std::string& name = container.get().name;
  for (State* state : all_states(graph))
    for (const auto& node : state->nodes())
      if (auto* access = as<AccessNode>(node.get()); access && access->get().data == name) return false;
  auto arguments = graph.get().arguments;
  if (std::erase(arguments, name)) return false;  // the caller's side stays as it is
  graph.remove_container(container);
  return true;
}

template <class Element>
Change nth(size_t k, std::vector<Element*> (*list)(SDFG&), bool (*change)(Element&)) {
  return [=](SDFG& sdfg) {
    auto elements = list(sdfg);
    return k < elements.size() && change(*elements[k]);
  };
}

std::vector<Node*> nodes_of(SDFG& sdfg) {
  std::vector<Node*> out;
  for (State* state : states_of(sdfg))
    for (const auto& node : state->nodes()) out.push_back(node.get());
  return out;
}

// Tries the change on a copy; keeps it if the graph still fails.
bool attempt(Ref<SDFG>& current, const Change& change, const std::function<bool(SDFG&)>& fails) {
  Ref<SDFG> smaller = clone(*current);
  if (!change(*smaller) || !verify(*smaller).ok()) return false;
  if (!fails(*clone(*smaller))) return false;
  current = smaller;
  return true;
}

}  // namespace

Ref<SDFG> reduce_graph(const SDFG& sdfg, const std::function<bool(SDFG&)>& fails) {
  Ref<SDFG> current = clone(sdfg);
  for (bool smaller = true; smaller;) {
    smaller = false;
    for (size_t k = blocks_of(*current).size(); k-- > 0;)
      smaller |= attempt(current, nth(k, blocks_of, drop_block), fails);
    for (size_t k = nodes_of(*current).size(); k-- > 0;)
      smaller |= attempt(current, nth(k, nodes_of, drop_sink), fails);
  }
  for (size_t g = all_sdfgs(*current).size(); g-- > 0;)
    for (size_t k = all_sdfgs(*current)[g]->containers().size(); k-- > 0;)
      attempt(
          current,
          [=](SDFG& graph) {
            SDFG& inner = *all_sdfgs(graph)[g];
            return drop_container(inner, *inner.containers()[k]);
          },
          fails);
  return current;
}

}  // namespace thalweg::rewrite
