// A deep copy with new identities: same structure, fields, order and locations.
#include "ir/clone.h"

#include "ir/sdfg.h"

namespace thalweg::ir {

namespace {

class Cloner {
 public:
  Ref<SDFG> sdfg(const SDFG& from) {
    auto to = make_ref<SDFG>(from.get());
    to->set_location(from.location());
    for (const auto& container : from.containers()) {
      Container& made = to->add_container(container->get());
      made.set_location(container->location());
    }
    region_content(from, *to);
    return to;
  }

  Ref<ControlFlowBlock> block(ControlFlowBlock& from) {
    Ref<ControlFlowBlock> to = match(
        from, [&](State* state) -> Ref<ControlFlowBlock> { return this->state(*state); },
        [&](ControlFlowRegion* region) -> Ref<ControlFlowBlock> { return plain_region(*region); },
        [&](LoopRegion* loop) -> Ref<ControlFlowBlock> {
          auto made = make_ref<LoopRegion>(loop->label(), loop->get());
          region_content(*loop, *made);
          return made;
        },
        [&](ConditionalBlock* conditional) -> Ref<ControlFlowBlock> {
          auto made = make_ref<ConditionalBlock>(conditional->label());
          for (const auto& branch : conditional->branches())
            made->add_branch(branch.condition, plain_region(*branch.body));
          return made;
        },
        [&](JumpBlock* jump) -> Ref<ControlFlowBlock> { return make_ref<JumpBlock>(jump->label(), jump->jump()); });
    to->set_location(from.location());
    return to;
  }

 private:
  void region_content(const ControlFlowRegion& from, ControlFlowRegion& to) {
    std::map<const ControlFlowBlock*, ControlFlowBlock*> made;
    for (const auto& block_ref : from.blocks()) made[block_ref.get()] = &to.add_block(block(*block_ref));
    if (from.start()) to.set_start(*made.at(from.start()));
    for (const auto& edge : from.edges()) {
      InterstateEdge& copy = to.add_edge(*made.at(&edge->source()), *made.at(&edge->target()), edge->get());
      copy.set_location(edge->location());
    }
  }

  Ref<ControlFlowRegion> plain_region(const ControlFlowRegion& from) {
    auto to = make_ref<ControlFlowRegion>(from.label());
    region_content(from, *to);
    to->set_location(from.location());
    return to;
  }

  Ref<State> state(const State& from) {
    auto to = make_ref<State>(from.label());
    std::map<const Node*, Node*> made;
    for (const auto& node_ref : from.nodes()) {
      Ref<Node> copy = node(*node_ref);
      copy->set_location(node_ref->location());
      for (const auto& c : node_ref->in_connectors()) copy->add_in_connector(c);
      for (const auto& c : node_ref->out_connectors()) copy->add_out_connector(c);
      made[node_ref.get()] = &to->add_node(copy);
    }
    for (const auto& edge : from.edges()) {
      Edge& copy = to->add_edge(*made.at(&edge->source()), edge->source_connector(), *made.at(&edge->target()),
                                edge->target_connector(), edge->memlet().get());
      copy.set_location(edge->location());
      copy.memlet().set_location(edge->memlet().location());
    }
    return to;
  }

  Ref<Node> node(Node& from) {
    return match(
        from, [](AccessNode* n) -> Ref<Node> { return make_ref<AccessNode>(n->get()); },
        [](Tasklet* n) -> Ref<Node> { return make_ref<Tasklet>(n->get()); },
        [&](MapEntry* n) -> Ref<Node> { return make_ref<MapEntry>(map(n->scope())); },
        [&](MapExit* n) -> Ref<Node> { return make_ref<MapExit>(map(n->scope())); },
        [&](ConsumeEntry* n) -> Ref<Node> { return make_ref<ConsumeEntry>(consume(n->scope())); },
        [&](ConsumeExit* n) -> Ref<Node> { return make_ref<ConsumeExit>(consume(n->scope())); },
        [&](NestedSDFG* n) -> Ref<Node> { return make_ref<NestedSDFG>(n->get(), sdfg(n->sdfg())); },
        [](LibraryNode* n) -> Ref<Node> { return make_ref<LibraryNode>(n->get()); });
  }

  // Entry and exit of one scope share its copy.
  Ref<Map> map(const Map& from) {
    auto& to = maps_[&from];
    if (!to) to = make_ref<Map>(from.get());
    to->set_location(from.location());
    return to;
  }
  Ref<Consume> consume(const Consume& from) {
    auto& to = consumes_[&from];
    if (!to) to = make_ref<Consume>(from.get());
    to->set_location(from.location());
    return to;
  }

  std::map<const Map*, Ref<Map>> maps_;
  std::map<const Consume*, Ref<Consume>> consumes_;
};

}  // namespace

Ref<SDFG> clone(const SDFG& sdfg) { return Cloner().sdfg(sdfg); }
Ref<ControlFlowBlock> clone_block(ControlFlowBlock& block) { return Cloner().block(block); }

}  // namespace thalweg::ir
