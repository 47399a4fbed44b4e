// Structure of control flow: blocks, transitions, branches; each change in the edit log.
#include <algorithm>

#include "ir/sdfg.h"

namespace thalweg::ir {

void ControlFlowBlock::set_label(std::string label) {
  std::string old = std::exchange(label_, std::move(label));
  if (EditLog* log = this->log())
    log->record({Edit::Kind::set, Ref<const Element>(this), "label",
                 [this, old = std::move(old)]() mutable { std::swap(label_, old); }});
}

ControlFlowRegion* ControlFlowBlock::parent() const {
  if (auto* region = dynamic_cast<ControlFlowRegion*>(owner())) return region;
  return nullptr;
}

SDFG* ControlFlowBlock::sdfg() const {
  for (const Element* element = this; element; element = element->owner())
    if (auto* sdfg = dynamic_cast<const SDFG*>(element)) return const_cast<SDFG*>(sdfg);
  return nullptr;
}

ControlFlowRegion::~ControlFlowRegion() {
  for (auto& edge : edges_) edge->set_owner(nullptr);
  for (auto& block : blocks_) block->set_owner(nullptr);
}

void ControlFlowRegion::record(Edit::Kind kind, const Element& subject, const char* what, std::function<void()> undo) {
  if (EditLog* log = this->log()) log->record({kind, Ref<const Element>(&subject), what, std::move(undo)});
}

void ControlFlowRegion::set_start(ControlFlowBlock& block) {
  Ref<ControlFlowBlock> old = std::exchange(start_, Ref<ControlFlowBlock>(&block));
  record(Edit::Kind::set, *this, "start", [this, old] { start_ = old; });
}

ControlFlowBlock& ControlFlowRegion::add_block(Ref<ControlFlowBlock> block) {
  if (ControlFlowRegion* from = block->parent()) from->remove_block(*block);
  TW_CHECK(!block->owner(), "a block has one owner");
  blocks_.push_back(block);
  block->set_owner(this);
  bool first = !start_;
  if (first) start_ = block;
  record(Edit::Kind::add, *block, "block", [this, block, first] {
    std::erase(blocks_, block);
    block->set_owner(nullptr);
    if (first) start_ = nullptr;
  });
  return *block;
}

void ControlFlowRegion::remove_block(ControlFlowBlock& block) {
  Ref<ControlFlowBlock> held(&block);
  for (InterstateEdge* edge : in_edges(block)) remove_edge(*edge);
  for (InterstateEdge* edge : out_edges(block)) remove_edge(*edge);
  auto at = std::find(blocks_.begin(), blocks_.end(), held);
  TW_CHECK(at != blocks_.end(), "the block is not in this region");
  size_t position = static_cast<size_t>(at - blocks_.begin());
  blocks_.erase(at);
  block.set_owner(nullptr);
  Ref<ControlFlowBlock> old_start = start_;
  if (start_ == held) start_ = blocks_.empty() ? Ref<ControlFlowBlock>() : blocks_.front();
  record(Edit::Kind::remove, block, "block", [this, held, position, old_start] {
    blocks_.insert(blocks_.begin() + static_cast<std::ptrdiff_t>(position), held);
    held->set_owner(this);
    start_ = old_start;
  });
}

InterstateEdge& ControlFlowRegion::add_edge(ControlFlowBlock& source, ControlFlowBlock& target,
                                            InterstateEdgeFields fields) {
  TW_CHECK(source.owner() == this && target.owner() == this, "a transition joins blocks of its own region");
  auto edge = make_ref<InterstateEdge>(std::move(fields));
  edge->source_ = Ref<ControlFlowBlock>(&source);
  edge->target_ = Ref<ControlFlowBlock>(&target);
  edges_.push_back(edge);
  edge->set_owner(this);
  record(Edit::Kind::add, *edge, "transition", [this, edge] {
    std::erase(edges_, edge);
    edge->set_owner(nullptr);
  });
  return *edge;
}

void ControlFlowRegion::remove_edge(InterstateEdge& edge) {
  Ref<InterstateEdge> held(&edge);
  auto at = std::find(edges_.begin(), edges_.end(), held);
  TW_CHECK(at != edges_.end(), "the transition is not in this region");
  size_t position = static_cast<size_t>(at - edges_.begin());
  edges_.erase(at);
  edge.set_owner(nullptr);
  record(Edit::Kind::remove, edge, "transition", [this, held, position] {
    edges_.insert(edges_.begin() + static_cast<std::ptrdiff_t>(position), held);
    held->set_owner(this);
  });
}

std::vector<InterstateEdge*> ControlFlowRegion::out_edges(const ControlFlowBlock& block) const {
  std::vector<InterstateEdge*> found;
  for (const auto& edge : edges_)
    if (&edge->source() == &block) found.push_back(edge.get());
  return found;
}

std::vector<InterstateEdge*> ControlFlowRegion::in_edges(const ControlFlowBlock& block) const {
  std::vector<InterstateEdge*> found;
  for (const auto& edge : edges_)
    if (&edge->target() == &block) found.push_back(edge.get());
  return found;
}

State& ControlFlowRegion::append_state(std::string label) {
  std::set<std::string> taken;
  const SDFG* graph = sdfg();
  ControlFlowRegion* top = graph ? const_cast<SDFG*>(graph) : this;
  for (ControlFlowBlock* block : all_blocks(*top)) taken.insert(block->label());
  std::string unique = label;
  for (int i = 0; taken.count(unique); ++i) unique = label + "_" + std::to_string(i);
  return append(make_ref<State>(unique));
}

std::optional<std::vector<ControlFlowBlock*>> ControlFlowRegion::chain() const {
  std::vector<ControlFlowBlock*> order;
  std::map<const ControlFlowBlock*, InterstateEdge*> next;
  for (const auto& edge : edges_) {
    if (edge->get().condition || !next.emplace(&edge->source(), edge.get()).second) return std::nullopt;
  }
  for (ControlFlowBlock* block = start(); block;) {
    if (order.size() == blocks_.size()) return std::nullopt;  // a cycle
    order.push_back(block);
    auto found = next.find(block);
    block = found == next.end() ? nullptr : &found->second->target();
  }
  if (order.size() != blocks_.size()) return std::nullopt;
  return order;
}

ConditionalBlock::~ConditionalBlock() {
  for (auto& branch : branches_) branch.body->set_owner(nullptr);
}

ControlFlowRegion& ConditionalBlock::add_branch(code::Ptr condition, Ref<ControlFlowRegion> body) {
  TW_CHECK(!body->owner(), "a branch body has one owner");
  body->set_owner(this);
  branches_.push_back({std::move(condition), body});
  if (EditLog* log = this->log())
    log->record({Edit::Kind::add, body, "branch", [this, body] {
                   branches_.pop_back();
                   body->set_owner(nullptr);
                 }});
  return *body;
}

void ConditionalBlock::remove_branch(size_t index) {
  TW_CHECK(index < branches_.size(), "no such branch");
  Branch branch = branches_[index];
  branches_.erase(branches_.begin() + static_cast<std::ptrdiff_t>(index));
  branch.body->set_owner(nullptr);
  if (EditLog* log = this->log())
    log->record({Edit::Kind::remove, branch.body, "branch", [this, branch, index] {
                   branches_.insert(branches_.begin() + static_cast<std::ptrdiff_t>(index), branch);
                   branch.body->set_owner(this);
                 }});
}

void ConditionalBlock::set_condition(size_t index, code::Ptr condition) {
  TW_CHECK(index < branches_.size(), "no such branch");
  code::Ptr old = std::exchange(branches_[index].condition, std::move(condition));
  if (EditLog* log = this->log())
    log->record({Edit::Kind::set, Ref<const Element>(this), "condition",
                 [this, index, old]() mutable { std::swap(branches_[index].condition, old); }});
}

}  // namespace thalweg::ir
