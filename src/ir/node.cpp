#include "ir/node.h"

#include <algorithm>

#include "ir/sdfg.h"

namespace thalweg::ir {

State* Node::state() const { return dynamic_cast<State*>(owner()); }

void Node::set_connectors(std::vector<Connector> Node::* member, std::vector<Connector> value) {
  std::vector<Connector> old = std::exchange(this->*member, std::move(value));
  if (EditLog* log = this->log())
    log->record({Edit::Kind::set, Ref<const Element>(this), "connectors",
                 [this, member, old = std::move(old)]() mutable { std::swap(this->*member, old); }});
}

namespace {

std::vector<Connector> with(std::vector<Connector> list, Connector connector) {
  bool there = std::any_of(list.begin(), list.end(), [&](const Connector& c) { return c.name == connector.name; });
  if (!there) list.push_back(std::move(connector));
  return list;
}

std::vector<Connector> without(std::vector<Connector> list, const std::string& name) {
  std::erase_if(list, [&](const Connector& c) { return c.name == name; });
  return list;
}

// The other end of a scope, found by the shared scope object.
template <class Wanted, class Self>
Wanted* partner(const Self& self) {
  State* state = self.state();
  if (!state) return nullptr;
  for (const auto& node : state->nodes())
    if (auto* other = as<Wanted>(node.get()))
      if (&other->scope() == &self.scope()) return other;
  return nullptr;
}

}  // namespace

void Node::add_in_connector(Connector c) { set_connectors(&Node::in_connectors_, with(in_connectors_, std::move(c))); }
void Node::add_out_connector(Connector c) {
  set_connectors(&Node::out_connectors_, with(out_connectors_, std::move(c)));
}
void Node::remove_in_connector(const std::string& name) {
  set_connectors(&Node::in_connectors_, without(in_connectors_, name));
}
void Node::remove_out_connector(const std::string& name) {
  set_connectors(&Node::out_connectors_, without(out_connectors_, name));
}

Edge* Node::in_edge(std::string_view connector) const {
  for (Edge* edge : in_)
    if (edge->target_connector() == connector) return edge;
  return nullptr;
}

Edge* Node::out_edge(std::string_view connector) const {
  for (Edge* edge : out_)
    if (edge->source_connector() == connector) return edge;
  return nullptr;
}

std::string Node::label() const {
  return match(
      const_cast<Node&>(*this), [](AccessNode* n) { return n->get().data; }, [](Tasklet* n) { return n->get().label; },
      [](MapEntry* n) { return n->scope().get().label; }, [](MapExit* n) { return n->scope().get().label; },
      [](ConsumeEntry* n) { return n->scope().get().label; }, [](ConsumeExit* n) { return n->scope().get().label; },
      [](NestedSDFG* n) { return n->get().label; },
      [](LibraryNode* n) { return n->get().label.empty() ? n->get().operation : n->get().label; });
}

MapExit* MapEntry::exit() const { return partner<MapExit>(*this); }
MapEntry* MapExit::entry() const { return partner<MapEntry>(*this); }

NestedSDFG::NestedSDFG(NestedSDFGFields fields, Ref<SDFG> sdfg) : Described(std::move(fields)), sdfg_(std::move(sdfg)) {
  sdfg_->set_owner(this);
}

Edge::~Edge() {
  if (memlet_ && memlet_->owner() == this) memlet_->set_owner(nullptr);
}

NestedSDFG::~NestedSDFG() { sdfg_->set_owner(nullptr); }

}  // namespace thalweg::ir
