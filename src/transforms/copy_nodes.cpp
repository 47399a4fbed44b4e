#include "transforms/copy_nodes.h"

#include <set>

namespace thalweg::transforms {

using namespace ir;

namespace {

class NodeCopier {
 public:
  explicit NodeCopier(const std::map<std::string, std::string>& renamed) : renamed_(renamed) {}

  const std::string& name(const std::string& data) const {
    auto found = renamed_.find(data);
    return found == renamed_.end() ? data : found->second;
  }

  Ref<Node> node(Node& from) {
    return match(
        from, [&](AccessNode* n) -> Ref<Node> { return make_ref<AccessNode>(AccessNodeFields{name(n->get().data)}); },
        [](Tasklet* n) -> Ref<Node> { return make_ref<Tasklet>(n->get()); },
        [&](MapEntry* n) -> Ref<Node> { return make_ref<MapEntry>(scope(n->scope(), maps_)); },
        [&](MapExit* n) -> Ref<Node> { return make_ref<MapExit>(scope(n->scope(), maps_)); },
        [&](ConsumeEntry* n) -> Ref<Node> { return make_ref<ConsumeEntry>(scope(n->scope(), consumes_)); },
        [&](ConsumeExit* n) -> Ref<Node> { return make_ref<ConsumeExit>(scope(n->scope(), consumes_)); },
        [](NestedSDFG* n) -> Ref<Node> { return make_ref<NestedSDFG>(n->get(), clone(n->sdfg())); },
        [](LibraryNode* n) -> Ref<Node> { return make_ref<LibraryNode>(n->get()); });
  }

 private:
  // Entry and exit share one copy.
  template <class Scope>
  static Ref<Scope> scope(const Scope& from, std::map<const Scope*, Ref<Scope>>& made) {
    auto& to = made[&from];
    if (!to) to = make_ref<Scope>(from.get());
    to->set_location(from.location());
    return to;
  }

  const std::map<std::string, std::string>& renamed_;
  std::map<const Map*, Ref<Map>> maps_;
  std::map<const Consume*, Ref<Consume>> consumes_;
};

}  // namespace

Copies copy_nodes(State& state, const std::vector<Node*>& nodes, const std::map<std::string, std::string>& renamed) {
  Copies out;
  NodeCopier copier(renamed);
  std::vector<Edge*> edges;
  std::set<const Edge*> seen;
  for (Node* node : nodes) {
    Ref<Node> made = copier.node(*node);
    made->set_location(node->location());
    for (const Connector& connector : node->in_connectors()) made->add_in_connector(connector);
    for (const Connector& connector : node->out_connectors()) made->add_out_connector(connector);
    out.of[node] = &state.add_node(made);
    out.nodes.push_back(made.get());
    for (const auto* list : {&node->in_edges(), &node->out_edges()})
      for (Edge* edge : *list)
        if (seen.insert(edge).second) edges.push_back(edge);
  }
  auto end = [&](Node& node) -> Node& {
    auto found = out.of.find(&node);
    return found == out.of.end() ? node : *found->second;
  };
  for (Edge* edge : edges) {
    MemletFields fields = edge->memlet().get();
    fields.data = copier.name(fields.data);
    Edge& made = state.add_edge(end(edge->source()), edge->source_connector(), end(edge->target()),
                                edge->target_connector(), std::move(fields));
    made.set_location(edge->location());
    made.memlet().set_location(edge->memlet().location());
  }
  return out;
}

}  // namespace thalweg::transforms
