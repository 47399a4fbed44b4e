// Structure of a state: what goes in, comes out, moves; each change in the edit log.
#include <algorithm>
#include <queue>

#include "ir/sdfg.h"

namespace thalweg::ir {

namespace {

template <class List, class T>
size_t position_of(const List& list, const T* element) {
  for (size_t i = 0; i < list.size(); ++i)
    if (&*list[i] == element) return i;
  TW_CHECK(false, "not an element of this owner");
  return 0;
}

template <class List>
void insert_at(List& list, size_t position, typename List::value_type value) {
  list.insert(list.begin() + static_cast<std::ptrdiff_t>(std::min(position, list.size())), std::move(value));
}

template <class List>
void erase_at(List& list, size_t position) {
  list.erase(list.begin() + static_cast<std::ptrdiff_t>(position));
}

}  // namespace

State::~State() {
  for (auto& edge : edges_) edge->set_owner(nullptr);
  for (auto& node : nodes_) {
    node->set_owner(nullptr);
    node->in_.clear();
    node->out_.clear();
  }
}

void State::attach(const Ref<Node>& node, size_t position) {
  insert_at(nodes_, position, node);
  node->set_owner(this);
}

size_t State::detach(Node& node) {
  size_t position = position_of(nodes_, &node);
  Ref<Node> keep = nodes_[position];
  erase_at(nodes_, position);
  node.set_owner(nullptr);
  return position;
}

State::EdgePlace State::end_place(const Edge& edge) const {
  return {edges_.size(), edge.source_->out_.size(), edge.target_->in_.size()};
}

void State::connect(const Ref<Edge>& edge, EdgePlace place) {
  insert_at(edges_, place.edge, edge);
  insert_at(edge->source_->out_, place.out, edge.get());
  insert_at(edge->target_->in_, place.in, edge.get());
  edge->memlet_->set_owner(edge.get());  // it may have been lent to another edge since
  edge->set_owner(this);
}

State::EdgePlace State::disconnect(Edge& edge) {
  EdgePlace place{position_of(edges_, &edge), position_of(edge.source_->out_, &edge),
                  position_of(edge.target_->in_, &edge)};
  Ref<Edge> keep(&edge);
  erase_at(edge.source_->out_, place.out);
  erase_at(edge.target_->in_, place.in);
  erase_at(edges_, place.edge);
  edge.set_owner(nullptr);
  return place;
}

// What a user did to a state while it was out of the graph is in no log: undoing skips what is not there any more.
void State::log_node(Node& node, bool added, size_t position) {
  EditLog* log = this->log();
  if (!log) return;
  Ref<Node> held(&node);
  if (added)
    log->record({Edit::Kind::add, held, "node", [this, held] {
                   if (held->owner() != this) return;
                   while (!held->in_.empty()) disconnect(*held->in_.back());
                   while (!held->out_.empty()) disconnect(*held->out_.back());
                   detach(*held);
                 }});
  else
    log->record({Edit::Kind::remove, held, "node", [this, held, position] {
                   if (!held->owner()) attach(held, position);
                 }});
}

void State::log_edge(Edge& edge, bool added, EdgePlace place) {
  EditLog* log = this->log();
  if (!log) return;
  Ref<Edge> held(&edge);
  if (added)
    log->record({Edit::Kind::add, held, "edge", [this, held] {
                   if (held->owner() == this) disconnect(*held);
                 }});
  else
    log->record({Edit::Kind::remove, held, "edge", [this, held, place] {
                   if (!held->owner() && held->source_->owner() == this && held->target_->owner() == this)
                     connect(held, place);
                 }});
}

Node& State::add_node(Ref<Node> node) {
  if (State* from = node->state()) {
    TW_CHECK(node->in_.empty() && node->out_.empty(), "a node is moved without its edges");
    from->remove_node(*node);
  }
  attach(node, nodes_.size());
  log_node(*node, true, 0);
  return *node;
}

void State::remove_node(Node& node) {
  Ref<Node> keep(&node);
  while (!node.in_.empty()) remove_edge(*node.in_.back());
  while (!node.out_.empty()) remove_edge(*node.out_.back());
  size_t position = detach(node);
  log_node(node, false, position);
}

Edge& State::add_edge(Node& source, std::string source_connector, Node& target, std::string target_connector,
                      MemletFields memlet) {
  return add_edge(source, std::move(source_connector), target, std::move(target_connector),
                  make_ref<Memlet>(std::move(memlet)));
}

Edge& State::add_edge(Node& source, std::string source_connector, Node& target, std::string target_connector,
                      Ref<Memlet> memlet) {
  TW_CHECK(source.state() == this && target.state() == this, "an edge joins nodes of its own state");
  auto edge = make_ref<Edge>();
  edge->source_ = Ref<Node>(&source);
  edge->target_ = Ref<Node>(&target);
  edge->source_connector_ = std::move(source_connector);
  edge->target_connector_ = std::move(target_connector);
  edge->memlet_ = std::move(memlet);
  edge->memlet_->set_owner(edge.get());
  connect(edge, end_place(*edge));
  log_edge(*edge, true, {});
  return *edge;
}

Edge& State::add_order(Node& source, Node& target) { return add_edge(source, "", target, "", no_memlet()); }

void State::remove_edge(Edge& edge) {
  Ref<Edge> keep(&edge);
  log_edge(edge, false, disconnect(edge));
}

void State::absorb(State& other) {
  std::vector<Ref<Edge>> edges = other.edges_;
  std::vector<Ref<Node>> nodes = other.nodes_;
  for (auto& edge : edges) other.log_edge(*edge, false, other.disconnect(*edge));
  for (auto& node : nodes) {
    other.log_node(*node, false, other.detach(*node));
    attach(node, nodes_.size());
    log_node(*node, true, 0);
  }
  for (auto& edge : edges) {
    connect(edge, end_place(*edge));
    log_edge(*edge, true, {});
  }
}

std::vector<Node*> State::topological_order() const {
  std::map<const Node*, size_t> position, waiting;
  for (size_t i = 0; i < nodes_.size(); ++i) position[nodes_[i].get()] = i;
  std::priority_queue<size_t, std::vector<size_t>, std::greater<>> ready;
  for (size_t i = 0; i < nodes_.size(); ++i) {
    waiting[nodes_[i].get()] = nodes_[i]->in_.size();
    if (nodes_[i]->in_.empty()) ready.push(i);
  }
  std::vector<Node*> order;
  while (!ready.empty()) {
    Node* node = nodes_[ready.top()].get();
    ready.pop();
    order.push_back(node);
    for (Edge* edge : node->out_)
      if (--waiting[edge->target_.get()] == 0) ready.push(position[edge->target_.get()]);
  }
  return order;  // shorter than nodes() when there is a cycle: the verifier says so
}

}  // namespace thalweg::ir
