// Control flow: a tree of regions whose leaves are states.
#pragma once
#include <string>
#include <variant>
#include <vector>

#include "base/match.h"
#include "ir/node.h"

namespace thalweg::ir {

class State;
class ControlFlowRegion;
class LoopRegion;
class ConditionalBlock;
class JumpBlock;
using AnyBlock = std::variant<State*, ControlFlowRegion*, LoopRegion*, ConditionalBlock*, JumpBlock*>;

class ControlFlowBlock : public Element {
 public:
  explicit ControlFlowBlock(std::string label) : label_(std::move(label)) {}
  virtual AnyBlock any() = 0;
  const std::string& label() const { return label_; }
  void set_label(std::string label);
  // The region that holds this block (null at the top or when free) and the graph around it.
  ControlFlowRegion* parent() const;
  SDFG* sdfg() const;

 private:
  std::string label_;
};

template <class... Fs>
decltype(auto) match(ControlFlowBlock& block, Fs&&... cases) {
  return base::match(block.any(), std::forward<Fs>(cases)...);
}

// A dataflow graph: an acyclic multigraph of nodes; what is not ordered by edges may run in any order or at once.
class State final : public ControlFlowBlock {
 public:
  explicit State(std::string label = "state") : ControlFlowBlock(std::move(label)) {}
  ~State() override;
  AnyBlock any() override { return this; }

  const std::vector<Ref<Node>>& nodes() const { return nodes_; }
  const std::vector<Ref<Edge>>& edges() const { return edges_; }

  // Takes a free node in, or moves one (with no edges) from another state: the same object, the same identity.
  Node& add_node(Ref<Node> node);
  // Removes the node and its edges; it is free afterwards and may be added again.
  void remove_node(Node& node);
  Edge& add_edge(Node& source, std::string source_connector, Node& target, std::string target_connector,
                 MemletFields memlet);
  // Edge with this memlet object (identity kept, for edges that are re-routed).
  Edge& add_edge(Node& source, std::string source_connector, Node& target, std::string target_connector,
                 Ref<Memlet> memlet);
  // Order only: no data.
  Edge& add_order(Node& source, Node& target);
  void remove_edge(Edge& edge);
  // Moves everything of `other` here (identity kept); `other` is empty afterwards.
  void absorb(State& other);

  // Builders. Access nodes are new ones each time.
  AccessNode& add_access(std::string data);
  Tasklet& add_tasklet(std::string label, std::vector<Connector> inputs, std::vector<Connector> outputs,
                       code::Block code);
  std::pair<MapEntry*, MapExit*> add_map(MapFields map);
  NestedSDFG& add_nested_sdfg(Ref<SDFG> sdfg, std::vector<std::string> inputs, std::vector<std::string> outputs,
                              symbolic::Substitution symbol_mapping);
  LibraryNode& add_library_node(LibraryNodeFields fields, std::vector<Connector> inputs,
                                std::vector<Connector> outputs);
  // Edges along entries/exits from the first to the last node, with IN_/OUT_ connectors made where needed; the given
  // memlet is the innermost one (at a code node), the outer ones are its propagation over the maps in between.
  void add_memlet_path(const std::vector<Node*>& path, std::string source_connector, std::string target_connector,
                       MemletFields innermost);

  // Nodes so that every edge goes forward; among the free choices the earliest added first (deterministic).
  std::vector<Node*> topological_order() const;

 private:
  // The unlogged halves of the functions above. Places say where in each list an entry stands, so that undo restores order.
  struct EdgePlace {
    size_t edge, out, in;
  };
  void attach(const Ref<Node>& node, size_t position);
  size_t detach(Node& node);
  void connect(const Ref<Edge>& edge, EdgePlace place);
  EdgePlace disconnect(Edge& edge);
  void log_node(Node& node, bool added, size_t position);
  void log_edge(Edge& edge, bool added, EdgePlace place);
  EdgePlace end_place(const Edge& edge) const;
  std::vector<Ref<Node>> nodes_;
  std::vector<Ref<Edge>> edges_;
};

// A transition between two blocks of one region.
struct InterstateEdgeFields {
  code::Ptr condition;  // null: always. Leaves are symbols and (elements of) containers
  std::vector<std::pair<std::string, code::Ptr>> assignments;  // symbol := value; all read before any is assigned
  static constexpr auto describe() {
    using F = InterstateEdgeFields;
    return std::tuple{field("condition", &F::condition), field("assignments", &F::assignments)};
  }
};
class InterstateEdge final : public Described<InterstateEdgeFields, Element> {
 public:
  using Described::Described;
  ControlFlowBlock& source() const { return *source_; }
  ControlFlowBlock& target() const { return *target_; }

 private:
  friend class ControlFlowRegion;
  Ref<ControlFlowBlock> source_, target_;
};

// A graph of blocks. Runs from its start block along the first transition whose condition holds; ends where none does.
class ControlFlowRegion : public ControlFlowBlock {
 public:
  explicit ControlFlowRegion(std::string label) : ControlFlowBlock(std::move(label)) {}
  ~ControlFlowRegion() override;
  AnyBlock any() override { return this; }

  const std::vector<Ref<ControlFlowBlock>>& blocks() const { return blocks_; }
  const std::vector<Ref<InterstateEdge>>& edges() const { return edges_; }
  ControlFlowBlock* start() const { return start_.get(); }  // the first block added unless set
  void set_start(ControlFlowBlock& block);

  ControlFlowBlock& add_block(Ref<ControlFlowBlock> block);
  void remove_block(ControlFlowBlock& block);  // and its edges
  InterstateEdge& add_edge(ControlFlowBlock& source, ControlFlowBlock& target, InterstateEdgeFields fields = {});
  void remove_edge(InterstateEdge& edge);
  std::vector<InterstateEdge*> out_edges(const ControlFlowBlock& block) const;
  std::vector<InterstateEdge*> in_edges(const ControlFlowBlock& block) const;

  // Adds a block behind the last one of a chain, with an unconditional transition carrying these assignments.
  template <class Block>
  Block& append(Ref<Block> block, InterstateEdgeFields fields = {}) {
    ControlFlowBlock* last = blocks_.empty() ? nullptr : blocks_.back().get();
    add_block(block);
    if (last) add_edge(*last, *block, std::move(fields));
    return *block;
  }
  State& append_state(std::string label);  // label made unique in the graph
  // The blocks in chain order when the region is a chain of unconditional transitions; nothing otherwise.
  std::optional<std::vector<ControlFlowBlock*>> chain() const;

 private:
  void record(Edit::Kind kind, const Element& subject, const char* what, std::function<void()> undo);
  std::vector<Ref<ControlFlowBlock>> blocks_;
  std::vector<Ref<InterstateEdge>> edges_;
  Ref<ControlFlowBlock> start_;
};

// variable := init; while (condition) { body; variable := update }. Break and continue blocks inside refer to the
// innermost loop. variable may be empty (a plain while).
struct LoopFields {
  std::string variable;
  code::Ptr init, condition, update;
  bool inverted = false;  // do-while
  bool update_before_condition = true;
  bool unroll = false;
  static constexpr auto describe() {
    using F = LoopFields;
    return std::tuple{field("variable", &F::variable),   field("init", &F::init),
                      field("condition", &F::condition), field("update", &F::update),
                      field("inverted", &F::inverted),   field("update_before_condition", &F::update_before_condition),
                      field("unroll", &F::unroll)};
  }
};
class LoopRegion final : public Described<LoopFields, ControlFlowRegion> {
 public:
  LoopRegion(std::string label, LoopFields fields) : Described(std::move(fields), std::move(label)) {}
  AnyBlock any() override { return this; }
};

// The first branch whose condition holds is run; a branch without condition is the else.
class ConditionalBlock final : public ControlFlowBlock {
 public:
  explicit ConditionalBlock(std::string label) : ControlFlowBlock(std::move(label)) {}
  ~ConditionalBlock() override;
  AnyBlock any() override { return this; }
  struct Branch {
    code::Ptr condition;
    Ref<ControlFlowRegion> body;
  };
  const std::vector<Branch>& branches() const { return branches_; }
  ControlFlowRegion& add_branch(code::Ptr condition, Ref<ControlFlowRegion> body);
  void remove_branch(size_t index);
  void set_condition(size_t index, code::Ptr condition);

 private:
  std::vector<Branch> branches_;
};

enum class Jump : uint8_t { break_, continue_, return_ };
class JumpBlock final : public ControlFlowBlock {
 public:
  JumpBlock(std::string label, Jump jump) : ControlFlowBlock(std::move(label)), jump_(jump) {}
  AnyBlock any() override { return this; }
  Jump jump() const { return jump_; }

 private:
  Jump jump_;
};

template <class T>
T* as(ControlFlowBlock* block) {
  return dynamic_cast<T*>(block);
}

}  // namespace thalweg::ir
