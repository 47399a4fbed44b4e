// The statements of random graphs: each a few nodes in a state of its own or in the state before.
#pragma once
#include <functional>
#include <optional>
#include <set>

#include "support/random_code.h"
#include "support/random_graph.h"
#include "symbolic/facts.h"

namespace thalweg::tests {

// A container whose elements all have values.
struct Variable {
  std::string name;
  ir::DType dtype;
  std::vector<symbolic::Expr> shape;
  std::set<std::string> memory;  // the containers whose memory it may stand for
  bool writable = true;
};

// A symbol with 0 <= symbol < bound.
struct IndexSymbol {
  symbolic::Expr symbol, bound;
};

class Dataflow {
 public:
  Dataflow(std::mt19937_64& random, const GraphFeatures& features, ir::SDFG& sdfg, ir::ControlFlowRegion& region)
      : random_(random), features_(features), sdfg_(sdfg), region_(&region) {}

  // One random statement; false when nothing fits.
  bool statement();
  void view_statement(const Variable& base);
  // Every element of `into` from some expression over what is there.
  void define(const Variable& into);
  // Elements of `to` from elements of `from`, whose memory is another although the names may say otherwise.
  void advance(const Variable& from, const Variable& to);
  // References set to point at all of the variables, all at once.
  void set_reference(const std::vector<std::pair<std::string, const Variable*>>& sets);
  // A scalar of this type, made where there is none. Its name.
  std::string scalar_of(ir::DType dtype);

  // Where the next statement goes.
  void enter(ir::ControlFlowRegion& region) { region_ = &region, state_ = nullptr; }
  void end_state() { state_ = nullptr; }
  void append(ir::Ref<ir::ControlFlowBlock> block);
  void assign(const std::string& symbol, ir::code::Ptr value);
  void flush_assignments();
  ir::State& fresh_state();
  ir::ControlFlowRegion& region() { return *region_; }

  size_t below(size_t bound) { return random_() % bound; }
  bool chance(int percent) { return static_cast<int>(below(100)) < percent; }
  ir::DType random_type();
  std::vector<symbolic::Expr> random_shape(size_t rank);
  Variable new_transient(ir::DType dtype, std::vector<symbolic::Expr> shape);
  const Variable* pick(const std::function<bool(const Variable&)>& fits);
  // A boolean over scalars, elements and symbols, for conditions between states.
  ir::code::Ptr condition();
  ir::AccessNode& access(ir::State& state, const std::string& name);
  std::string label(const char* base) { return base + std::to_string(labels_++); }
  void locate(ir::Element& element);

  std::vector<Variable> variables;  // those with values, here and now
  std::vector<IndexSymbol> indices;
  symbolic::Facts facts;
  std::vector<symbolic::Expr> extents;  // for new shapes

 private:
  struct Input {
    const Variable* variable;
    symbolic::Subset subset;
    std::string connector;
  };
  struct Loops {  // the ranges of a map and what indexes the output
    std::vector<std::string> params;
    symbolic::Subset range, write;
  };
  using Inputs = std::vector<Input>;

  bool elementwise();
  bool scalar_tasklet();
  bool copy();
  bool reduce();
  bool matmul();
  bool resolve_conflicts();

  Loops loops_over(const Variable& output, bool whole);
  std::optional<symbolic::Expr> index_within(const symbolic::Expr& extent, const std::vector<std::string>& params);
  void assume_inside(const Loops& loops);
  Inputs inputs_for(const Variable* output, const Loops& loops, size_t count);
  std::vector<ir::code::Ptr> leaves_of(const Inputs& inputs, const Loops& loops);
  void map_nodes(const Variable& output, const Loops& loops, const Inputs& inputs, ir::Wcr wcr, ir::DType code_type);
  ir::Tasklet& tasklet_for(const Inputs& inputs, const Loops& loops, ir::DType type, ir::State& state);
  std::vector<std::pair<ir::MapEntry*, ir::MapExit*>> add_maps(const Loops& loops, ir::State& state);

  // The state for a statement with these reads and writes: the current one where nothing there is in the way.
  ir::State& state_for(const std::vector<const Variable*>& reads, const std::vector<const Variable*>& writes);
  ir::Node& source(ir::State& state, const Variable& variable);
  ir::Node& target(ir::State& state, const Variable& variable);

  std::mt19937_64& random_;
  const GraphFeatures& features_;
  ir::SDFG& sdfg_;
  ir::ControlFlowRegion* region_;
  ir::State* state_ = nullptr;
  std::map<std::string, ir::Node*> written_, read_;  // in the current state
  std::set<std::string> written_memory_, read_memory_;
  ir::InterstateEdgeFields pending_;
  int labels_ = 0, line_ = 0;
};

bool meet(const std::set<std::string>& a, const std::set<std::string>& b);

}  // namespace thalweg::tests
