// The dataflow nodes: a closed set of kinds with one exhaustive match.
#pragma once
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "base/match.h"
#include "ir/code.h"
#include "ir/element.h"
#include "ir/kinds.h"
#include "ir/memlet.h"
#include "symbolic/subset.h"

namespace thalweg::ir {

class State;
class SDFG;
class Edge;

class AccessNode;
class Tasklet;
class MapEntry;
class MapExit;
class ConsumeEntry;
class ConsumeExit;
class NestedSDFG;
class LibraryNode;
using AnyNode =
    std::variant<AccessNode*, Tasklet*, MapEntry*, MapExit*, ConsumeEntry*, ConsumeExit*, NestedSDFG*, LibraryNode*>;

struct Connector {
  std::string name;
  std::optional<DType> dtype;  // none: inferred from the memlet
  friend bool operator==(const Connector&, const Connector&) = default;
};

class Node : public Element {
 public:
  virtual AnyNode any() = 0;
  // The state that holds this node; null when free.
  State* state() const;
  const std::vector<Edge*>& in_edges() const { return in_; }
  const std::vector<Edge*>& out_edges() const { return out_; }
  const std::vector<Connector>& in_connectors() const { return in_connectors_; }
  const std::vector<Connector>& out_connectors() const { return out_connectors_; }
  void add_in_connector(Connector connector);  // does nothing if the name is there
  void add_out_connector(Connector connector);
  void remove_in_connector(const std::string& name);
  void remove_out_connector(const std::string& name);
  // The one edge at a connector, or null.
  Edge* in_edge(std::string_view connector) const;
  Edge* out_edge(std::string_view connector) const;
  std::string label() const;  // what to call it in messages

 private:
  friend class State;
  void set_connectors(std::vector<Connector> Node::* member, std::vector<Connector> value);
  std::vector<Edge*> in_, out_;  // in the order they were added
  std::vector<Connector> in_connectors_, out_connectors_;
};

template <class... Fs>
decltype(auto) match(Node& node, Fs&&... cases) {
  return base::match(node.any(), std::forward<Fs>(cases)...);
}

struct AccessNodeFields {
  std::string data;
  static constexpr auto describe() { return std::tuple{field("data", &AccessNodeFields::data)}; }
};
class AccessNode final : public Described<AccessNodeFields, Node> {
 public:
  using Described::Described;
  AnyNode any() override { return this; }
};

struct TaskletFields {
  std::string label;
  code::Block code;  // empty for opaque languages
  Language language;
  std::string text;           // the text of an opaque language
  bool side_effects = false;  // must run exactly once, in order (checks that raise count as pure: see docs/ir.md)
  static constexpr auto describe() {
    using F = TaskletFields;
    return std::tuple{field("label", &F::label), field("code", &F::code), field("language", &F::language),
                      field("text", &F::text), field("side_effects", &F::side_effects)};
  }
};
class Tasklet final : public Described<TaskletFields, Node> {
 public:
  using Described::Described;
  AnyNode any() override { return this; }
};

// What a map's entry and exit share.
struct MapFields {
  std::string label;
  std::vector<std::string> params;
  symbolic::Subset range;  // one range per parameter; positive steps
  Schedule schedule;
  bool unroll = false;
  int collapse = 1;
  static constexpr auto describe() {
    using F = MapFields;
    return std::tuple{field("label", &F::label),       field("params", &F::params), field("range", &F::range),
                      field("schedule", &F::schedule), field("unroll", &F::unroll), field("collapse", &F::collapse)};
  }
};
class Map final : public Described<MapFields, Element> {
 public:
  using Described::Described;
};

struct ConsumeFields {
  std::string label, pe_index;
  symbolic::Expr num_pes = 1;
  code::Ptr condition;  // stop when true; null: when the stream is empty
  Schedule schedule;
  static constexpr auto describe() {
    using F = ConsumeFields;
    return std::tuple{field("label", &F::label), field("pe_index", &F::pe_index), field("num_pes", &F::num_pes),
                      field("condition", &F::condition), field("schedule", &F::schedule)};
  }
};
class Consume final : public Described<ConsumeFields, Element> {
 public:
  using Described::Described;
};

// Entry and exit of a scope. Data passes through connector pairs IN_x / OUT_x.
template <class Scope, class Self>
class ScopeNode : public Node {
 public:
  // The first of the two ends owns what they share, so that writes to it are logged where that end is.
  explicit ScopeNode(Ref<Scope> scope) : scope_(std::move(scope)) {
    if (!scope_->owner()) scope_->set_owner(this);
  }
  ~ScopeNode() override {
    if (scope_->owner() == this) scope_->set_owner(nullptr);
  }
  AnyNode any() override { return static_cast<Self*>(this); }
  Scope& scope() const { return *scope_; }

 private:
  Ref<Scope> scope_;
};
class MapEntry final : public ScopeNode<Map, MapEntry> {
 public:
  using ScopeNode::ScopeNode;
  MapExit* exit() const;  // in the same state; null if missing
};
class MapExit final : public ScopeNode<Map, MapExit> {
 public:
  using ScopeNode::ScopeNode;
  MapEntry* entry() const;
};
class ConsumeEntry final : public ScopeNode<Consume, ConsumeEntry> {
 public:
  using ScopeNode::ScopeNode;
};
class ConsumeExit final : public ScopeNode<Consume, ConsumeExit> {
 public:
  using ScopeNode::ScopeNode;
};

struct NestedSDFGFields {
  std::string label;
  symbolic::Substitution symbol_mapping;  // inner symbol -> outer expression
  bool no_inline = false;
  static constexpr auto describe() {
    using F = NestedSDFGFields;
    return std::tuple{field("label", &F::label), field("symbol_mapping", &F::symbol_mapping),
                      field("no_inline", &F::no_inline)};
  }
};
// Runs a whole graph on the containers behind its connectors (named as the inner non-transient containers).
class NestedSDFG final : public Described<NestedSDFGFields, Node> {
 public:
  NestedSDFG(NestedSDFGFields fields, Ref<SDFG> sdfg);
  ~NestedSDFG() override;
  AnyNode any() override { return this; }
  SDFG& sdfg() const { return *sdfg_; }

 private:
  Ref<SDFG> sdfg_;
};

// Attributes of library nodes.
using Attribute = std::variant<bool, int64_t, double, std::string, std::vector<int64_t>, std::vector<std::string>,
                               symbolic::Expr, DType, Wcr>;
struct LibraryNodeFields {
  std::string operation;  // "Reduce", "MatMul", "Callback" ...: a row of the library (library/registry.h)
  std::string label;
  std::map<std::string, Attribute> attributes;
  std::string implementation;  // "" = the default
  Schedule schedule;
  static constexpr auto describe() {
    using F = LibraryNodeFields;
    return std::tuple{field("operation", &F::operation), field("label", &F::label), field("attributes", &F::attributes),
                      field("implementation", &F::implementation), field("schedule", &F::schedule)};
  }
};
class LibraryNode final : public Described<LibraryNodeFields, Node> {
 public:
  using Described::Described;
  AnyNode any() override { return this; }
};

// Edge of a state: from a node's connector to a node's connector, carrying a memlet. Connector "" is none.
class Edge final : public Element {
 public:
  ~Edge() override;
  Node& source() const { return *source_; }
  Node& target() const { return *target_; }
  const std::string& source_connector() const { return source_connector_; }
  const std::string& target_connector() const { return target_connector_; }
  Memlet& memlet() const { return *memlet_; }

 private:
  friend class State;
  Ref<Node> source_, target_;
  std::string source_connector_, target_connector_;
  Ref<Memlet> memlet_;
};

template <class T>
T* as(Node* node) {
  return dynamic_cast<T*>(node);
}

}  // namespace thalweg::ir
