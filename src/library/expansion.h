// What the expansions are written with: the ports of a node as containers of a new graph, loops, assignments.
#pragma once
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ir/sdfg.h"
#include "library/registry.h"

namespace thalweg::library {

using symbolic::Expr;

// "MatMul 'label': ..."
base::Diagnostic error(const ir::LibraryNode& node, const std::string& what);
base::Diagnostic unknown_operation(const ir::LibraryNode& node);

template <class T>
const T* attribute(const ir::LibraryNode& node, const std::string& name) {
  auto found = node->attributes.find(name);
  return found == node->attributes.end() ? nullptr : std::get_if<T>(&found->second);
}

// What is joined to a port: the container and the part of it.
struct Operand {
  const ir::Container* container = nullptr;
  symbolic::Subset subset;
  ir::DType dtype() const { return container->get().dtype; }
  size_t rank() const { return subset.rank(); }
  Expr size(size_t d) const { return subset.ranges[d].size; }
};
base::Result<Operand> operand(const ir::LibraryNode& node, const std::string& port);
// The dimensions that an operand of this rank means: those longer than 1, filled up from the end.
std::vector<size_t> operand_dims(const symbolic::Subset& subset, size_t rank);
// Dimensions of `sizes` paired with those of the output that stand for them (sizes of 1 may be dropped or added).
std::optional<std::vector<std::pair<size_t, size_t>>> match_dims(const Operand& in, const std::vector<size_t>& kept,
                                                                 const Operand& out);

// value over inputs[...]: one read of a tasklet.
struct Read {
  std::string name;
  ir::MemletFields memlet;
};
ir::MemletFields at(const std::string& data, const std::vector<Expr>& index);

class Expansion {
 public:
  explicit Expansion(const ir::LibraryNode& node);

  // Adds the container behind a port with these dimensions of the memlet's subset (all if not said).
  base::Result<Operand> add_port(const std::string& name, std::optional<std::vector<size_t>> dims = std::nullopt);
  // A transient.
  void add_array(const std::string& name, ir::DType dtype, std::vector<Expr> shape);
  void add_scalar(const std::string& name, ir::DType dtype);
  // A symbol that is not free at the node; give it to loops.
  std::string counter(const std::string& base);

  ir::SDFG& graph() { return *graph_; }
  // The graph with its free symbols declared and the node's location on everything.
  ir::Ref<ir::SDFG> finish();

 private:
  const ir::LibraryNode& node_;
  ir::Ref<ir::SDFG> graph_;
  std::set<std::string> free_, counters_;
};

// for (variable = 0; variable < count; ++variable), in order.
ir::LoopRegion& add_loop(ir::ControlFlowRegion& region, const std::string& variable, const Expr& count);
// Runs `then` where the condition holds.
ir::ControlFlowRegion& add_if(ir::ControlFlowRegion& region, const std::string& label, ir::code::Ptr condition);
// A state of its own with target = value.
ir::State& add_assignment(ir::ControlFlowRegion& region, const std::string& label, const std::vector<Read>& reads,
                          const ir::MemletFields& target, ir::code::Ptr value);
inline ir::code::Ptr index_of(const Expr& expr) { return ir::code::symbol(expr); }

}  // namespace thalweg::library
