// The walk from graph to loop IR (internal to lower/): what it knows while it walks, and its parts by file:
// containers.cpp (memory), control_flow.cpp (regions), dataflow.cpp (states, maps, copies), tasklet.cpp (code),
// library.cpp (library nodes), nested.cpp (nested graphs), raise.cpp (raise sites).
#pragma once
#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "lower/lower.h"
#include "lower/names.h"
#include "lower/walk.h"

namespace thalweg::lower {

using base::Result;
using base::Status;
using symbolic::Expr;

base::Diagnostic refuse(const base::Location& location, const std::string& message, const std::string& fix = "");

// One dimension of a buffer, seen from a container: begin + step * (index of the container's dimension `inner`).
struct Dim {
  Expr begin = 0;
  int inner = -1;  // -1: fixed at begin
  Expr step = 1;
};
// What a container's name means in one instance of a graph.
struct Binding {
  const ir::ContainerFields* fields = nullptr;
  std::string name;  // buffer or variable
  bool variable = false;
  std::vector<Dim> dims;  // one per dimension of the buffer
};
// One instance of a graph: the root, or a nested graph at its node.
struct Graph {
  ir::SDFG* sdfg = nullptr;
  Graph* outer = nullptr;
  symbolic::Substitution symbols;  // every symbol in reach -> expression over variables
  std::map<std::string, Binding> bindings;
  std::set<std::string> assigned;                // symbols that the graph itself assigns
  std::map<std::string, const ir::Node*> local;  // containers that live inside one map scope: declared there
  int body_id = -1;                              // what a `return` of this graph leaves
};
// How a tasklet's connectors are read.
struct Source_ {
  const Binding* binding = nullptr;
  symbolic::Subset subset;  // in C variables
  std::string local;        // not empty: a variable holds the scalar
};
using Connectors = std::map<std::string, Source_>;

// What lies behind a connector of a library node.
struct Port {
  const Binding* binding = nullptr;
  symbolic::Subset subset;  // in C variables
  const ir::MemletFields* memlet = nullptr;
};
// A reduction taken apart.
struct ReduceParts {
  ir::LibraryNode* node;
  ir::Wcr wcr;
  Port source, target;
  std::vector<size_t> kept, reduced;  // dimensions of the source; kept ones of size 1 may be left out
  std::vector<size_t> out_dims;       // the target's dimension of each kept one
  bool last = false;                  // the reduced dimensions are the last ones
};

// A compression taken apart: which element of a row is kept, what it holds, where the next one goes.
struct Compression {
  std::string position;
  Ptr keep, value;
  const Port* target;
  base::Location location;
};

// The first element of a subset.
std::vector<Ptr> first_index(const symbolic::Subset& subset);
// What write-conflict resolution makes of an element and a value.
Ptr combine(const Ptr& old, const Ptr& value, const ir::MemletFields& memlet);
// NumPy's integers and booleans: combinations of them give the same bits in any order.
inline bool is_whole(ir::DType type) { return (type.is_integer() && !type.python()) || type == ir::dtypes::bool_; }
// What an empty reduction gives; nothing for min and max.
std::optional<Ptr> neutral(ir::Wcr wcr, ir::DType type);

class Lowering {
 public:
  Lowering(const ir::SDFG& sdfg, const Options& options) : sdfg_(sdfg), options_(options) {}
  Result<Program> run();

 private:
  // -- containers.cpp
  Status declare_symbols(Graph& graph);
  Status declare_arguments(Graph& graph);
  Status declare_transients(Graph& graph);
  Status declare_container(Graph& graph, const ir::Container& container);
  void allocate(Graph& graph, const std::string& container);
  void reallocate_for(Graph& graph, const std::set<std::string>& symbols);
  Status lower_results(Graph& graph);
  Result<Program::Result> lower_result(Graph& graph, const ir::ReturnValue& value);
  // -- control_flow.cpp
  Status lower_graph(Graph& graph);
  Status lower_region(Graph& graph, ir::ControlFlowRegion& region);
  Status lower_state_machine(Graph& graph, ir::ControlFlowRegion& region);
  Status lower_block(Graph& graph, ir::ControlFlowBlock& block);
  Status lower_loop(Graph& graph, ir::LoopRegion& loop);
  Result<bool> lower_counted_loop(Graph& graph, ir::LoopRegion& loop);
  Status lower_while(Graph& graph, ir::LoopRegion& loop);
  Status lower_conditional(Graph& graph, ir::ConditionalBlock& block);
  Status lower_jump(Graph& graph, ir::JumpBlock& jump);
  Status lower_assignments(Graph& graph, const ir::InterstateEdge& edge);
  Status assign_symbol(Graph& graph, const std::string& symbol, const Ptr& value, const base::Location& location);
  // A condition as a pure expression: what may raise is evaluated into a variable first.
  Result<Ptr> lower_condition(Graph& graph, const Ptr& condition, const base::Location& location);
  // -- dataflow.cpp
  Status lower_state(Graph& graph, ir::State& state);
  Status lower_scope(Graph& graph, ir::State& state, ir::Node* scope);
  Status lower_node(Graph& graph, ir::State& state, ir::Node& node);
  Status lower_access(Graph& graph, ir::State& state, ir::AccessNode& node);
  Status lower_map(Graph& graph, ir::State& state, ir::MapEntry& entry);
  Status lower_copy(Graph& graph, const std::string& from, const symbolic::Subset& source, const std::string& to,
                    const symbolic::Subset& target, const ir::MemletFields& memlet, const base::Location& location);
  Status lower_reference_sets(Graph& graph, ir::State& state);
  Status lower_views(Graph& graph, ir::State& state, ir::Node* scope);
  // -- tasklet.cpp
  Status lower_tasklet(Graph& graph, ir::Tasklet& tasklet);
  Status store_output(Graph& graph, const ir::Edge& edge, const std::vector<Ptr>& indices, Ptr value,
                      const base::Location& location);
  Result<Ptr> translate(Graph& graph, const Ptr& expr, const Connectors* connectors, const base::Location& location);
  Result<Ptr> load(Graph& graph, const Binding& binding, const std::vector<Ptr>& index, ir::DType type);
  Result<const Binding*> binding(Graph& graph, const std::string& container, const base::Location& location);
  std::vector<Ptr> element_index(const Binding& binding, const std::vector<Ptr>& index) const;
  void store(const Binding& binding, const std::vector<Ptr>& index, Ptr value, const ir::MemletFields& memlet,
             const base::Location& location);
  // -- nested.cpp
  Status lower_nested(Graph& graph, ir::NestedSDFG& node);
  Result<Binding> bind_nested(Graph& graph, ir::NestedSDFG& node, Graph& inner, const ir::Container& container);
  // -- library.cpp
  Status lower_library(Graph& graph, ir::LibraryNode& node);
  Result<Port> port(Graph& graph, ir::LibraryNode& node, const std::string& connector, bool output);
  std::vector<Expr> port_strides(const Port& port) const;
  Status lower_matmul_loops(Graph& graph, ir::LibraryNode& node, const Port& a, const Port& b, const Port& c,
                            const std::array<std::vector<size_t>, 3>& dims, const Expr& m, const Expr& n,
                            const Expr& k);
  // -- reduce.cpp
  Status lower_reduce(Graph& graph, ir::LibraryNode& node);
  Status lower_tree_reduce(Graph& graph, const ReduceParts& parts);
  Status lower_ordered_reduce(Graph& graph, const ReduceParts& parts);
  Status lower_chunked_integers(const ReduceParts& parts, const Reduce::Axis& axis, const Ptr& value, const Ptr& unit);
  Status lower_reduce_rows(const ReduceParts& parts, const std::map<size_t, Expr>& counters, const Ptr& start,
                           const Ptr& value, bool blocked);
  std::map<size_t, Expr> reduce_counters(const ReduceParts& parts, std::vector<std::string>& taken);
  std::vector<Ptr> reduce_index(const ReduceParts& parts, const std::map<size_t, Expr>& counters) const;
  std::vector<Ptr> reduce_target(const ReduceParts& parts, const std::map<size_t, Expr>& counters) const;
  void wrap_loops(const ReduceParts& parts, const std::vector<size_t>& dims, const std::map<size_t, Expr>& counters,
                  bool independent, Body body);
  void merge_axes(Reduce& reduce) const;
  void add_chunked(Reduce reduce);
  Status lower_arg_reduce(Graph& graph, ir::LibraryNode& node);
  Status lower_matmul(Graph& graph, ir::LibraryNode& node);
  Status lower_solve(Graph& graph, ir::LibraryNode& node);
  MatMul::Operand matrix(const Port& port, std::optional<size_t> row, std::optional<size_t> column) const;
  // -- compress.cpp
  Status lower_compress(Graph& graph, ir::LibraryNode& node);
  Result<Body> compress_row(const Loop& row, const Compression& parts);
  Status lower_callback(Graph& graph, ir::LibraryNode& node);
  // -- raise.cpp
  int raise_site(base::ErrorKind kind, std::string message, const base::Span& span, int value_count = 0);
  FlagSites flag_sites(const Ptr& value, const base::Location& location);

  // -- small things
  template <class Node>
  Statement& add(Node node) {
    out_->push_back({std::move(node)});
    return out_->back();
  }
  void add_source(const base::Location& location);
  // Runs fill with the current body replaced by `into`.
  template <class Fill>
  Status into(Body& body, Fill&& fill) {
    Body* before = std::exchange(out_, &body);
    Status status = fill();
    out_ = before;
    return status;
  }
  Expr in(const Graph& graph, const Expr& expr) const { return symbolic::substitute(expr, graph.symbols); }
  symbolic::Subset in(const Graph& graph, const symbolic::Subset& subset) const {
    return symbolic::substitute(subset, graph.symbols);
  }
  std::string new_variable(const std::string& base, ir::DType dtype);
  bool in_map() const { return map_depth_ > 0; }

  const ir::SDFG& sdfg_;
  Options options_;
  Program program_;
  Names names_;
  Body* out_ = nullptr;
  Body root_;
  int map_depth_ = 0, next_id_ = 0;
  struct LoopFrame {
    int id;
  };
  std::vector<LoopFrame> loops_;          // loop regions around the current place, innermost last
  const ir::State* sets_done_ = nullptr;  // state whose reference sets were already lowered
  base::Span last_source_;
};

// The node of each scope: entry around a node, or null at the top of the state.
std::map<const ir::Node*, ir::Node*> scope_parents(const ir::State& state);
// Transients whose access nodes all lie in one map scope, by that scope.
std::map<std::string, const ir::Node*> local_containers(const ir::SDFG& sdfg);
// A code tree over whole numbers as an index expression; nothing if it is not one.
std::optional<Expr> as_symbolic(const Ptr& value);
// Symbols that blocks of a region assign (transitions and loops), nested graphs not entered.
void collect_assigned(const ir::ControlFlowRegion& region, std::set<std::string>& into);

// Passes over loop IR, in order.
// order.cpp: unit stride innermost; what runs in parallel
void order_loops(Program& program, Body& body, const Options& options);
void fuse(Program& program, Body& body, const Options& options);    // fuse.cpp
void batch_products(Program& program, Body& root);                  // batch.cpp: with vectors, into those of matrices
void spread_loops(const Program& program, Body& body);              // spread.cpp: short outer loops go inside
void contract(Program& program, Body& root);                        // contract.cpp
void exchange_memory(const Program& program, Body& root);           // exchange.cpp: instead of copies of temporaries
void reuse_memory(Program& program, Body& body);                    // reuse.cpp: of temporaries, after all of these
void place_memory(const Program& program, Body& root);              // place.cpp: on the ways that use it
void ask_for_repeats(const Program& program, Body& body);           // repeat.cpp: of a nest
void look_inside(const Program& program, Loop& region);             // poll.cpp: of a parallel region
void outline(Program& program, Body body, const Options& options);  // outline.cpp
void carry_in_registers(Program& program, Loop& nest);              // carry.cpp: in the loops inside
void jam(Program& program, Function& function);                     // jam.cpp: the nest that it ends with

// outline.cpp: a loop of the program, with neither maps nor arrays made in it, that is a function unless something leaves it.
bool is_plain(Statement& loop);

// Where two iterations of a loop can meet through write-conflict resolution.
struct Meeting {
  std::set<std::string> buffers, variables;
  bool empty() const { return buffers.empty() && variables.empty(); }
};
// privatise.cpp: the buffers and variables of `meeting` with what combines them, if each piece of the nest may have
// copies of them; and the nest in pieces (after `line`, its Source), beside the nest as it was.
using Combined = std::map<std::string, ir::Wcr>;
std::optional<Combined> privatisable(const Program& program, Loop& nest, const Meeting& meeting);
If privatise(Program& program, const Loop& nest, const Expr& iterations, const Combined& combined, const Body& line);

}  // namespace thalweg::lower
