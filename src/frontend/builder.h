// The walk over the syntax tree: one Builder makes one graph. Its member functions are grouped by file; everything
// that a statement may change is in the fields at the end, and `Checkpoint` restores them (loops are built again when
// what they carry turns out to need another type or another container).
#pragma once
#include <array>
#include <functional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "frontend/errors.h"
#include "frontend/frontend.h"
#include "frontend/scope.h"
#include "frontend/types.h"
#include "frontend/values.h"

namespace thalweg::frontend {

using base::Span;
using base::Status;
template <class T>
using Result = base::Result<T>;

// What is known of an integer symbol: constant bounds that always hold, and for loop variables the expressions
// between which they run (inclusive; valid whenever the loop's body runs).
struct SymbolBounds {
  __int128 low = -(static_cast<__int128>(1) << 63), high = (static_cast<__int128>(1) << 63) - 1;
  std::optional<Expr> first, last;  // none: a symbol of the entry
  bool at_run_time = false;         // assigned inside the program: no guard on entry can speak of it
};

// Symbols and what they become.
using Assignments = std::vector<std::pair<std::string, code::Ptr>>;

// A position in the graph where the next block goes.
struct Cursor {
  ir::SDFG* sdfg = nullptr;
  ir::ControlFlowRegion* region = nullptr;
  ir::ControlFlowBlock* last = nullptr;  // the block that the next one follows; null at a region's begin
  bool left = false;                     // return, break or continue: what follows is never reached
  Assignments pending;                   // on the next transition
};

// A call's arguments, evaluated.
struct CallArguments {
  std::vector<Value> positional;
  std::vector<std::pair<std::string, Value>> keywords;
  Span span;
};

// One operand of a graph operation: a read of container elements through a connector.
struct Port {
  std::string connector, container;
  symbolic::Subset subset;
  bool whole_dimensions = false;  // read through computed indices
};

// How a loop carries an array name: through a reference container.
struct CarriedArray {
  std::string name, reference;
  Array like;  // shape and dtype
  std::vector<Expr> strides;
  std::string room;  // where the array of a turn is kept, if its size changes and the body makes it
  std::vector<Expr> room_shape;
};
// What a loop carries, as far as the attempts to build it have shown.
struct LoopPlan {
  NameSet names;                                         // assigned in the body and read later
  std::map<std::string, Computed> scalars;               // name -> its type (dtype, mixed, twin)
  NameSet flagged;                                       // those with a symbol that says whether they are Python's
  NameSet unflagged;                                     // those of which no symbol can say it
  std::map<std::string, Array> arrays;                   // name -> what it is bound to on entry
  std::map<std::string, std::set<std::string>> targets;  // array name -> containers it may mean
  struct Buffer {
    int generations = 2;
    Array like;
  };
  std::map<std::string, Buffer> buffers;  // arrays made in the body that outlive it
  struct Varying {
    std::vector<bool> sizes, strides;  // by dimension: does it change?
    bool made = false;                 // by the body
  };
  std::map<std::string, Varying> varying;  // arrays whose layout changes from turn to turn
  NameSet unordered;                       // and those whose dimensions change places in memory
  Varying& varying_of(const std::string& name, size_t rank);
  std::map<std::string, NameSet>
      objects;               // names that mean another object from turn to turn, with those they mean then
  bool distinct = true;      // the carried arrays never overlap one another
  std::optional<Expr> runs;  // the body runs at least once where this holds; none: unknown
  std::string counter;       // of a for loop: the symbol it counts in, and its step
  Expr step = 1;
  std::string broke;        // the symbol that says whether the loop was left by break, if its else block asks
  bool turn = false;        // one turn of a loop over a tuple: its end leaves, and so does a continue
  bool keeps_last = false;  // the body keeps the index of the iteration that runs
  std::string last;         // the symbol of that index, or of the last one behind the loop
};
// A loop that is being built.
struct LoopFrame {
  const syntax::Stmt* statement = nullptr;
  size_t depth = 0;  // of the function calls around
  LoopPlan* plan = nullptr;
  std::map<std::string, Home> homes;
  std::map<std::string, std::string> flags;  // name -> the symbol of LoopPlan::flagged
  std::vector<CarriedArray> arrays;
  std::set<std::string> born;                  // arrays made inside the body
  std::set<std::string> varying;               // symbols that every turn assigns last: see LoopPlan::Varying
  std::map<std::string, std::string> buffers;  // of such arrays: the container of all generations
  std::map<std::string, std::string> turns;    // and: the symbol that says which one is next
  // What each carried name was bound to at every way back to the head or out of the loop.
  std::vector<std::map<std::string, Value>> arrivals;
  std::vector<std::map<std::string, Value>> returns;  // fields, where it is left by return
  std::map<std::string, Value> objects;               // names of LoopPlan::objects, and the fields of what they mean
  bool breaks = false;                                // some of them by `break`
};

class Builder {
 public:
  explicit Builder(const Request& request) : request_(request) {}
  Result<Built> run();

  // Everything below is for the files of this room (statements, functions of numpy/ ...).

  // ---- build.cpp: arguments, the main function, results
  Status add_argument(const std::string& name, const Argument& argument);
  Array add_array_argument(const std::string& name, const ArrayArgument& argument);
  Value sparse_argument(const SparseArgument& argument);
  ValueResult argument_value(const std::string& container, const Argument& argument);
  void add_entry_symbols(const Expr& expr, bool extent);
  Result<ResultForm> form_of(const Value& value, std::vector<Value>& leaves, const Span& span);
  bool has_place(const Array& array) const;
  Status copy_placeless(std::vector<Value>& results, const Span& span);
  Status set_results(const Value& value, const Span& span);
  Result<ir::ReturnValue> result_of(const Value& value, const Span& span);
  void finish(Built& built);

  // ---- scopes.cpp: names, fresh names, copies of everything for building again
  ValueResult resolve(const std::string& name, const Span& span);
  ValueResult bound_value(const std::string& name, const MaybeUnbound& maybe, const Span& span);
  ValueResult from_host(const HostObject& object, const std::string& name, const Span& span);
  ValueResult with_state(Array state, const std::string& state_of, const Span& span);
  std::string fresh(const std::string& base);
  Span located(const Span& span) const;
  base::Diagnostic error(const std::string& code, const Span& span, std::string message, std::string fix = "") const;
  Host& host() const { return *frames_.back().host; }
  bool inside_definition() const;
  bool all_in_rows() const;  // inside text of ours whose arrays lie in rows, whatever they are made of
  const Liveness& live() const { return frames_.back().live; }
  struct Checkpoint;
  Checkpoint checkpoint() const;
  void restore(const Checkpoint& checkpoint);

  // ---- emit.cpp and operands.cpp: states, maps and tasklets
  ir::State& new_state(const std::string& label, const Span& span);
  template <class Block>
  Block& append_block(ir::Ref<Block> block, const Span& span);
  void flush_pending(const Span& span);
  void assign_together(Assignments changes);
  std::string unique_label(const std::string& label);
  std::string add_port(Port port, std::vector<Port>& ports);
  DType stored_type(const Array& array) const;
  code::Ptr with_other_part(const Array& target, code::Ptr value, const std::vector<Expr>& position,
                            std::vector<Port>& ports);
  std::string map_parameter(size_t dimension) const;
  void use(const std::string& container);
  const ir::ContainerFields* find_fields(const std::string& container) const;
  const ir::ContainerFields& fields_of(const std::string& container) const;
  void give_buffer(LoopFrame& frame, const Array& made);
  Array new_array(const std::string& name, DType dtype, const std::vector<Expr>& shape);
  std::string new_scalar(const std::string& name, DType dtype);
  Computed leaf(const Array& array);
  ir::AccessNode& read_node(ir::State& state, const std::string& container, const Span& span);
  ir::AccessNode& write_node(ir::State& state, const std::string& container, const Span& span);
  code::Block bind_checks(const Computed& value, const std::vector<Expr>& shape, const std::vector<Expr>& position,
                          std::vector<Port>& ports);
  code::Ptr bind_leaves(const code::Ptr& tree, const std::vector<Expr>& shape, const std::vector<Expr>& position,
                        std::vector<Port>& ports);
  Port port_for(const Array& array, const std::vector<Expr>& shape, const std::vector<Expr>& position, bool gather);
  Expr broadcast_index(const Expr& extent, const Expr& result_extent, const Expr& position);
  Status emit_computed(const std::string& label, const Computed& value, const Array& target, const Span& span,
                       ir::Wcr wcr = ir::Wcr::none);
  Status emit_scalar(const std::string& container, const Computed& value, const Span& span);
  Status emit_copy(const Array& from, const Array& to, const Span& span);
  void emit_check(code::Ptr condition, base::ErrorKind kind, const std::string& message, std::vector<code::Ptr> values,
                  const Span& span);
  void emit_check(const Expr& condition, base::ErrorKind kind, const std::string& message, std::vector<Expr> values,
                  const Span& span);
  void connect_tasklet(ir::State& state, ir::Tasklet& tasklet, const std::vector<Port>& ports, ir::MapEntry* entry,
                       const Span& span);
  ir::LibraryNode& emit_library(ir::LibraryNodeFields fields, const std::vector<std::pair<std::string, Array>>& inputs,
                                const std::vector<std::pair<std::string, Array>>& outputs, const Span& span);
  void attach_view(ir::State& state, ir::AccessNode& view, bool reading, const Span& span);

  // ---- order.cpp: the order in memory of what is computed
  Result<std::vector<size_t>> order_of_result(const Computed& value, const Span& span);
  Result<std::vector<size_t>> order_of_operands(const std::vector<Value>& operands, size_t rank, const Span& span,
                                                std::optional<size_t> silent = {}, const std::vector<Expr>& shape = {});
  Result<std::vector<size_t>> order_of_copies(const std::vector<Array>& arrays, const Span& span,
                                              const std::vector<Expr>& shape = {});
  Result<std::vector<size_t>> order_of_arrays(const std::vector<Array>& arrays, const Span& span,
                                              const std::vector<Expr>& shape = {});
  base::Diagnostic unknown_order(const Span& span) const;
  Array new_array_in_order(const std::string& name, DType dtype, const std::vector<Expr>& shape,
                           const std::vector<size_t>& order);

  // ---- overlap.cpp: may writing here change what is read there
  bool may_overlap(const std::string& a, const std::string& b) const;
  std::set<std::string> memory_of(const std::string& container) const;
  bool share_memory(const Array& a, const Array& b) const;
  bool meets(const Array& read, const Array& target) const;  // somewhere, and is not the same view
  bool safe_in_place(const Computed& value, const Array& target);

  // ---- values: conversions between kinds of value (convert.cpp)
  Result<Array> materialize(const Value& value, const std::string& name, const Span& span);
  Result<Computed> computed(const Value& value, const Span& span);  // arrays become leaves
  Result<Computed> scalar(const Value& value, const Span& span, const std::string& use);
  Result<Computed> store_scalar(const Computed& value, const std::string& name, const Span& span);
  Result<Computed> once(const Computed& operand, const std::vector<Expr>& shape, const Span& span);
  Result<Computed> truth_of_array(const Value& value, const Expr& size, const Span& span);
  Result<Computed> truth(const Value& value, const Span& span);  // bool(x)
  code::Check check_fits(const code::Ptr& tree, DType to, const Span& span) const;
  Result<Computed> cast(const Computed& value, DType to, const Span& span) const;
  Result<Computed> cast_for_store(const Computed& value, DType to, const Span& span);
  Result<Computed> cast_for_item(const Computed& value, DType to, const Span& span);
  Result<Expr> symbol_of(const Value& value, const Span& span,
                         const std::string& use);  // an index: int or NumPy integer
  Result<DType> dtype_of(const Value& value, const Span& span);
  void use_container_on_edge(const std::string& container);
  bool reads_container(const Computed& value, const std::string& container) const;

  // ---- decide.cpp: facts, guards, bounds of symbols
  bool decide(const Expr& condition, const Span& span, const std::string& reason);
  bool decide_everywhere(const Expr& condition, const Span& span, const std::string& reason);
  std::optional<bool> ask(const Expr& condition, const Span& span, const std::string& reason);
  std::optional<Expr> worst_case(const Expr& condition) const;
  bool same(const Expr& a, const Expr& b) const;
  bool equal_extents(const Expr& a, const Expr& b, const Span& span);
  struct Interval {
    __int128 low, high;
  };
  std::optional<Interval> interval(const Expr& expr) const;
  std::set<std::string> symbols_behind(const Expr& expr) const;
  bool fits(const Expr& expr, const Span& span);  // as a 64-bit integer, provably or under a guard
  Result<Expr> difference(const Expr& a, const Expr& b, const Span& span);
  void declare_symbol(const std::string& name, DType dtype, SymbolBounds bounds);
  std::string assign_symbol(const std::string& base, code::Ptr value, SymbolBounds bounds, DType dtype);

  // ---- conditions.cpp
  std::optional<std::pair<Expr, Expr>> sides_in_range(const Expr& left, const Expr& right) const;
  bool can_be_asked(const Expr& condition) const;
  code::Ptr condition_code(const Expr& condition) const;
  Computed condition_value(const Expr& condition) const;

  // ---- broadcast.cpp
  Result<std::vector<Expr>> broadcast(const std::vector<std::vector<Expr>>& shapes, const Span& span,
                                      bool indices = false);
  Status broadcast_to(const std::vector<Expr>& from, const std::vector<Expr>& to, const Span& span);

  // ---- expressions.cpp, arithmetic.cpp, big_constants.cpp, compare.cpp, attributes.cpp
  ValueResult evaluate(const syntax::Expr& expr);
  ValueResult evaluate_constant(const syntax::Constant& constant, const Span& span);
  ValueResult evaluate_attribute(const syntax::Attribute& attribute, const Span& span);
  ValueResult attribute_of(const Value& object, const std::string& name, const Span& span);
  ValueResult part_of_slice(const SliceValue& slice, const std::string& name, const Span& span) const;
  ValueResult evaluate_items(const std::vector<syntax::ExprPtr>& items, bool is_list);
  ValueResult evaluate_for_truth(const syntax::Expr& expr);  // nothing but the truth of it is used
  ValueResult evaluate_bool(const syntax::Bool& expr, const Span& span);
  ValueResult choose(Computed condition, const std::array<std::function<ValueResult()>, 2>& sides, const Span& span);
  ValueResult evaluate_conditional(const syntax::Conditional& expr, const Span& span);
  ValueResult perhaps_asked(const Cursor& before, ValueResult operand, const Span& span);
  ValueResult evaluate_compare(const syntax::Compare& expr, const Span& span);
  ValueResult evaluate_call(const syntax::Call& call, const Span& span);
  ValueResult call_evaluated(const Value& function, const syntax::Call& call, const Span& span);
  ValueResult freeze_if_called(Value value, const syntax::Expr& later, const Span& span);
  bool calls_out(const syntax::Expr& expr);
  bool unchanged_since(const Cursor& before) const;
  ValueResult binary(syntax::BinaryOperator op, const Value& left, const Value& right, const Span& span);
  ValueResult binary_tuples(syntax::BinaryOperator op, const Value& left, const Value& right, const Span& span);
  std::optional<Computed> binary_symbolic(syntax::BinaryOperator op, const Expr& a, const Expr& b, const Span& span);
  ValueResult product_of_arrays(const Computed& left, const Computed& right, const Span& span);
  Result<Computed> product_of_scalars(const Computed& left, const Computed& right, DType type, const Span& span);
  ValueResult binary_python(syntax::BinaryOperator op, const Computed& a, const Computed& b, const Span& span);
  ValueResult binary_numpy(syntax::BinaryOperator op, const Computed& a, const Computed& b, const Span& span);
  ValueResult unary(syntax::UnaryOperator op, const Value& operand, const Span& span);
  std::optional<bool> same_object(const Array& a, const Array& b) const;
  ValueResult compare_values(syntax::CompareOperator op, const Value& left, const Value& right, const Span& span);
  ValueResult compare(syntax::CompareOperator op, const Value& left, const Value& right, const Span& span);
  ValueResult contains_at_run_time(syntax::CompareOperator op, const Value& item, const Value& items, const Span& span);
  ValueResult compare_by_value(syntax::CompareOperator op, Computed left, Computed right, const Span& span);
  ValueResult compare_complex_scalars(syntax::CompareOperator op, Computed left, Computed right, const Span& span);
  ValueResult compare_computed(syntax::CompareOperator op, const Computed& a, const Computed& b, const Span& span);
  Result<Computed> apply(code::Op op, std::vector<Computed> operands, DType type, const Span& span);
  Result<std::vector<code::Check>> check_power(const Computed& exponent, const Span& span);
  Computed exact_integer(const BigInteger& value, const Span& span) const;
  std::optional<Computed> fold_exactly(syntax::BinaryOperator op, const Computed& a, const Computed& b,
                                       const Span& span) const;
  Result<Computed> cast_exact(const Computed& value, DType to, const Span& span) const;
  Result<std::optional<Computed>> compare_exactly(syntax::CompareOperator op, Computed& left, Computed& right,
                                                  const Span& span) const;
  Status check_mixed_python(syntax::BinaryOperator op, const Computed& a, const Computed& b, const Span& span,
                            Computed& result) const;
  Status check_mixed(const Computed& a, const Computed& b, const Span& span, Mixing mixing, Computed& result);

  // ---- sparse.cpp
  Status no_sparse(const Value& value, const Span& span) const;
  ValueResult attribute_of_sparse(const SparseValue& matrix, const std::string& name, const Span& span);
  Status check_inner(const SparseValue& matrix, const std::vector<Expr>& dense, const Span& span);
  ValueResult sparse_product(const Value& left, const Value& right, const Span& span);
  ValueResult sparse_dot(const Value& matrix, const CallArguments& arguments, const Span& span);

  // ---- structures.cpp, structure_flow.cpp, structure_results.cpp
  struct Branch;
  struct ObjectRecord {
    HostClass is;
    std::vector<std::string> fields;       // that it has somewhere in the program, in the order of their making
    std::map<std::string, Span> assigned;  // where, the last time
    int argument = -1;                     // that it is; negative: made here
    int made_in = 0;                       // Builder::unsure_part_
  };
  StructureValue new_object(const HostClass& is, const std::string& hint, int argument);
  bool is_shared(const std::string& identity) const;
  void mark_shared(const std::string& identity);
  Status set_field(const StructureValue& object, const std::string& field, Value value, const Span& span);
  ValueResult tuple_argument(const std::string& name, const StructureArgument& argument);
  ValueResult structure_argument(const std::string& name, const StructureArgument& argument);
  const HostMember& member(const HostClass& of, const std::string& name, bool setting, const HostClass* behind);
  ValueResult member_value(const Value& holder, const HostMember& found, const std::string& name, const Span& span);
  ValueResult attribute_of_object(const StructureValue& object, const std::string& name, const Span& span);
  ValueResult attribute_of_class(const HostClass& of, const std::string& name, const Span& span);
  ValueResult call_member(const Method& method, const CallArguments& arguments, const Span& span);
  ValueResult super_object(const Span& span);
  bool object_at(const syntax::Expr& expr);
  Status assign_field(const StructureValue& object, const std::string& name, Value value, const Span& span);
  Status change_field(const StructureValue& object, const std::string& name, Value value, const Span& span);
  ValueResult set_as_object(const CallArguments& arguments, const Span& span);
  ValueResult made_by_factory(const HostObject& factory, const Span& span);
  ValueResult make_object(const HostClass& of, const CallArguments& arguments, const Span& span);
  ValueResult replaced(const CallArguments& arguments, const Span& span);
  static void pass_fields(const Scope& from, Scope& to);
  ValueResult join_objects(const std::string& name, std::vector<Branch*>& arms, const StructureValue& first,
                           const StructureValue& second, const Span& span);
  Status join_fields(std::vector<Branch*>& arms, const Span& span);
  static bool form_of_constant(const Value& value, ResultForm& form);
  Status form_of_object(const StructureValue& object, ResultForm& form, std::vector<Value>& leaves, const Span& span);
  Status changed_fields(std::vector<Value>& leaves, const Span& span);
  static void carry_name(LoopPlan& plan, const std::string& name, const Value& entry);
  Status enter_objects(LoopPlan& plan, LoopFrame& frame, const Span& span);
  void commit_objects(const LoopFrame& frame, std::map<std::string, Value>& values) const;
  Status commit_fields(LoopFrame& frame, const Span& span);
  ValueResult apart_from_fields(Value value, std::map<std::string, Value>& fields, const Span& span);
  Result<bool> settle_objects(LoopPlan& plan, const LoopFrame& frame, const Scope& before, const Span& span);

  // ---- subscripts.cpp, slices.cpp, masks.cpp
  ValueResult subscript(const Value& object, const Value& index, const Span& span);
  ValueResult evaluate_index(const syntax::Expr& index);
  Result<Array> index_array(const Array& array, const std::vector<Value>& items, const Span& span);
  Result<Value> index_gather(const Array& array, const std::vector<Value>& items, const Span& span);
  ValueResult join_items(std::vector<Value> items, bool columns, const Span& span);
  ValueResult index_grid(const std::vector<Value>& items, bool may_be_empty, const Span& span);
  Expr named(const Expr& value, const std::string& base);
  Result<symbolic::Range> slice_range(const SliceValue& slice, const Expr& extent, const Span& span);
  Result<Expr> plain_index(const Expr& index, const Expr& extent, size_t axis, const Span& span);
  ValueResult compress(const Array& array, const Array& mask, const Span& span);
  bool is_mask(const Value& value) const;
  Result<std::vector<Value>> expand_ellipsis(const Array& array, const std::vector<Value>& items, const Span& span);

  // ---- array_facets.cpp: a.flags, a.flat
  bool laid_out_as_in_numpy(const Array& array) const;
  std::optional<bool> is_contiguous_flag(const Array& array, bool fortran, const Span& span);
  std::optional<bool> flag_of(const Array& array, const std::string& name, const Span& span);
  ValueResult flag_value(const Value& object, std::string name, const Span& span);
  ValueResult flat_elements(const Value& object, const Span& span);
  ValueResult flat_subscript(const Value& object, const Value& index, const Span& span);
  Status flat_store(const Value& object, const std::optional<Value>& index, const Value& value, const Span& span);

  // ---- statements.cpp, assignments.cpp
  using Sequence = std::vector<const syntax::Stmt*>;
  static Sequence sequence(const std::vector<syntax::StmtPtr>& body);
  Status statements(const Sequence& body);
  Status statement(const syntax::Stmt& statement);
  Status assign_statement(const syntax::Assign& assign, const Span& span);
  Status annotated_assign(const syntax::AnnotatedAssign& assign, const Span& span);
  Status augmented_assign(const syntax::AugmentedAssign& assign, const Span& span);
  Status update_item(const syntax::Subscript& place, const syntax::AugmentedAssign& node, const Value& object,
                     const Span& span);
  Status expression_statement(const syntax::ExprStatement& statement, const Span& span);
  Status raise_statement(const syntax::Raise& statement, const Span& span);
  void fields_for_raise(const std::string& name, const StructureValue& object, RaiseRequest& request,
                        CallArguments& values) const;
  Status raise_of_definition(const syntax::Raise& statement, const Span& span);
  Status assign(const syntax::Expr& target, Value value, const Span& span);
  Status assign_name(const std::string& name, Value value, const Span& span);
  Status assign_tuple(const std::vector<syntax::ExprPtr>& targets, const Value& value, const Span& span);
  Result<Array> part_target(const Value& object, const std::string& attribute, const Span& span);
  Result<Array> updated_part(const Value& object, const std::string& attribute, const Span& span);
  Status no_item_assignment(const Value& object, const Span& span) const;
  Status assign_elements(const syntax::Subscript& target, const Value& value, const Span& span);
  Status store_elements(const Array& whole, const Value& index, const Value& held, const Span& span);
  Status store(const Array& target, const Value& value, const Span& span);
  Status store_masked(const Array& array, const Array& mask, const Value& value, bool whole, const Span& span);
  Status store_through_mask(const Array& array, const Array& mask, const Value& value, const Span& span);
  // ---- advanced.cpp
  struct FullIndex {
    std::vector<Value> indices;    // one for each dimension of the array
    std::vector<size_t> new_axes;  // places in the result
    std::vector<size_t> order;     // of the result's dimensions in memory without them, the slowest first
  };
  Result<FullIndex> full_index(const Array& array, const std::vector<Value>& given, const Span& span);
  Result<Value> with_ones_behind(const Value& value, size_t count, const Span& span);
  Result<Value> places_of(const symbolic::Range& range, const Span& span);
  Result<std::vector<Value>> places_of_mask(const Array& array, size_t dim, const Value& mask, const Span& span);
  Result<Computed> bounded_index(const Value& item, const Expr& size, size_t axis, const Span& span,
                                 const std::optional<Expr>& taken = {});  // not looked at where this is 0
  Status check_integers(const Array& array, const std::vector<Value>& items, const Span& span);
  ValueResult index_with_arrays(const Array& array, const std::vector<Value>& items, const Span& span);
  Status store_with_arrays(const Array& array, const std::vector<Value>& items, const Value& value, const Span& span);
  Status update_with_arrays(const Array& array, const Value& index, const std::vector<Value>& items,
                            syntax::BinaryOperator op, const Value& value, const Span& span);

  Status store_scattered(const Array& array, const std::vector<Value>& items, const Value& value, const Span& span);
  ValueResult spread(const Value& value, const std::vector<Expr>& shape, bool keep_scalar, const Span& span);
  ValueResult apart_from(const Array& target, const Value& value, const Span& span);
  Expr count_true(const Array& mask, const std::string& name, const Span& span);
  Result<Array> fitting_mask(const Array& array, size_t first, const Array& mask, const Span& span);
  Result<Array> ordered(const Value& value, const Span& span);
  Result<bool> may_write(const Array& target, const Value& value, const Span& span, bool by_ufunc = false);
  void track_writable(const std::vector<std::pair<std::string, Array>>& sets);
  Status statement_in_branch(const syntax::Stmt& statement);
  Status evaluate_only(const Value& value, const Span& span);
  ValueResult taken_from(const std::vector<Value>& items, size_t chosen,
                         const Span& span);  // what the others raise, too
  bool known_without_elements(const Value& result) const;
  Status keep_effects(const Value& operand, const Value& result, const Span& span, bool elements = true);
  Status check_context(const syntax::Expr& context);
  Status check_same_kind(syntax::BinaryOperator op, const Value& result, DType target, const Span& span) const;
  ValueResult product_in_place(const Array& target, const Value& value, const Span& span);
  Status update(const Array& target, syntax::BinaryOperator op, const Value& value, const Span& span);
  ValueResult settle(Value value, const std::string& name, const Span& span);
  Status check_sure(const std::string& container, const Span& span) const;
  Status check_plain(const Array& array, const std::string& use, const Span& span) const;
  Status check_exchangeable(const Array& array, const std::string& use, const Span& span) const;

  // ---- control_flow.cpp, iterate.cpp, joins.cpp, loops.cpp, carried.cpp, after_loop.cpp
  // `rest`: what follows in the function, when a branch returns (it then belongs to the branches that do not).
  using Ways = std::array<std::function<Status()>, 2>;
  Status two_ways(const Computed& condition, const Span& span, const Ways& ways, const NameSet* live_behind);
  Status loop_and_rest(const syntax::Stmt& statement, const Sequence& rest);
  Status returned_or(ReturnPoint point, size_t from, bool endless, const std::function<Status()>& rest,
                     const Span& span);
  Status return_from_loop(Value value, const Span& span);
  Status leave_if_returned(size_t before, const Span& span);
  size_t returns_so_far() const;
  bool is_loop_with_more(const syntax::Stmt& statement) const;
  Status if_statement(const syntax::If& branch, const syntax::Stmt& statement, const Sequence& rest);
  Status for_statement(const syntax::For& loop, const syntax::Stmt& statement);
  Status while_statement(const syntax::While& loop, const syntax::Stmt& statement);
  Status jump(ir::Jump jump, const Span& span);
  Status return_statement(const syntax::Return& statement, const Span& span);
  struct Branch {
    Cursor cursor;
    Scope scope;
    std::optional<Value> result;
  };
  Status join_results(std::vector<Branch>& branches, const Span& span);
  Status join(std::vector<Branch>& branches, const NameSet& live, const Span& span);
  ValueResult join_values(const std::string& name, std::vector<Branch*>& arms, std::vector<Value> values,
                          const Span& span);
  ValueResult join_scalars(const std::string& name, std::vector<Branch*>& arms, std::vector<Computed> values,
                           const Span& span);
  Expr join_flags(const std::string& name, std::vector<Branch*>& arms, const Expr& first, const Expr& second);
  Expr join_extents(const std::string& base, std::vector<Branch*>& arms, const std::vector<Expr>& values,
                    SymbolBounds bounds);
  ValueResult join_arrays(const std::string& name, std::vector<Branch*>& arms, std::vector<Array> values,
                          const Span& span);
  Result<Computed> condition_for_branch(const Computed& condition, const Span& span);
  Result<Computed> join_type(const std::string& name, const Computed& a, const Computed& b, const Span& span);
  struct RangeLoop {
    Expr start, stop, step;
    bool ascending = true, known_direction = true;
  };
  Result<RangeLoop> range_arguments(const syntax::Call& call, const Span& span);
  void check_last_step(const RangeLoop& range, const Span& span);
  // What a loop goes over: item(k) for k in 0..count. `unrolled`: only for a k that is known when compiling.
  struct Iteration {
    Expr count;
    bool unrolled = false;
    std::function<ValueResult(const Expr& at)> item;
  };
  std::string known_callee(const syntax::Call& call);
  Result<Iteration> iterate(const syntax::Expr& iterable);
  Result<Iteration> iteration_of_call(const syntax::Call& call, const std::string& callee, const Span& span);
  Status unrolled_loop(const syntax::For& loop, const syntax::Stmt& statement, const Iteration& over);
  Status turns(const syntax::For& loop, const syntax::Stmt& statement, const Iteration& over, int64_t at,
               int64_t count);
  Status end_turn(const Span& span);
  Status counting_loop(const syntax::For& loop, const syntax::Stmt& statement, const RangeLoop& range,
                       const std::function<ValueResult(const Expr&)>& item);
  using LoopBody = std::function<Status()>;
  Status carried_loop(const syntax::Stmt& statement, const ir::LoopFields& fields, const std::string& label,
                      LoopPlan plan, const LoopBody& build_body);
  LoopPlan plan_loop(const syntax::Stmt& statement, NameSet assigned, const std::vector<syntax::StmtPtr>& body);
  Status wrong_inside(const LoopPlan& plan, const base::Diagnostic& problem, const Span& span);
  Result<bool> try_loop(const syntax::Stmt& statement, const ir::LoopFields& fields, const std::string& label,
                        LoopPlan& plan, const LoopBody& build_body);
  Status enter_loop(LoopPlan& plan, LoopFrame& frame, const Span& span);
  Status leave_loop(LoopPlan& plan, LoopFrame& frame, const Scope& before, const Span& span);
  bool settle_last_index(LoopPlan& plan, const LoopFrame& frame, const Scope& before);
  Value at_loop_end(LoopPlan& plan, const Value& value, const Span& span);
  Value after_loop(const LoopPlan& plan, const LoopFrame& frame, const std::string& name, Value value,
                   const std::string& why) const;
  bool varies_at_run_time(const Expr& expr) const;
  bool mentions_symbol(const Value& value, const std::string& symbol) const;
  Status check_other_holders(const LoopPlan& plan, const LoopFrame& frame, const std::string& buffer, const Span& span);
  bool mentions(const Value& value, const std::string& container) const;
  Status last_generation(LoopPlan& plan, LoopFrame& frame, const std::string& name, Scope& now, const Span& span);
  Status commit_carried(LoopFrame& frame, const Span& span);
  Status commit_scalars(LoopFrame& frame, const std::map<std::string, Value>& values, const Span& span);
  Status commit_arrays(LoopFrame& frame, const std::map<std::string, Value>& values, const Span& span);

  // ---- weak.cpp: scalars that are Python's or NumPy's by the way taken
  base::Diagnostic either_differs(const Computed& number, const Span& span) const;
  Status check_not_mixed(const Value& value, const Span& span) const;
  Status check_one_type(const Value& value, const Span& span) const;
  Result<Computed> cast_either(const Computed& value, DType to, const Span& span) const;
  Status mark_either(Computed& either, const Computed& left, const Computed& right, bool is_and, const Span& span);
  std::optional<Expr> weak_of(const Computed& number, DType twin) const;
  std::optional<Expr> weak_of(const Value& value, DType twin) const;
  std::optional<Expr> weak_behind(const LoopPlan& plan, const LoopFrame& frame, const Scope& before,
                                  const std::string& name) const;
  bool settle_flags(LoopPlan& plan, const LoopFrame& frame, const Scope& before) const;
  Expr begin_flag(LoopFrame& frame, const std::string& name, const Value& entry);
  void commit_flags(LoopFrame& frame, const std::map<std::string, Value>& values);
  void append_flags(std::vector<ir::ReturnValue>& returns);

  // ---- varying.cpp
  Status vary(const LoopPlan& plan, LoopFrame& frame, CarriedArray& carried, const Span& span);
  bool varies(const LoopFrame& frame, const std::vector<Expr>& shape) const;
  bool made_inside(const LoopFrame& frame, const Array& value) const;
  bool goes_to_room(const LoopFrame& frame, const CarriedArray& carried, const Array& value) const;
  std::vector<Expr> strides_behind(const LoopFrame& frame, const CarriedArray& carried, const Array& value) const;
  Status commit_rooms(LoopFrame& frame, const std::map<std::string, Value>& values, const Span& span);
  void commit_extents(LoopFrame& frame, const std::map<std::string, Value>& values);
  Result<bool> settle_varying(LoopPlan& plan, const LoopFrame& frame, const CarriedArray& carried, const Array& value,
                              const std::map<std::string, Value>& arrival, const Span& span);
  Result<bool> settle_order(LoopPlan& plan, const LoopFrame& frame, const CarriedArray& carried, const Array& value,
                            const Span& span);
  Result<bool> settle_others(LoopPlan& plan, const LoopFrame& frame, const Span& span);
  bool loses_array(const LoopFrame& frame, const std::map<std::string, Value>& arrival, const Value& value) const;
  Result<bool> settle_arrivals(LoopPlan& plan, LoopFrame& frame, const Scope& before, const Span& span);
  bool holds_carried(const LoopFrame& frame, const Value& value) const;
  Result<bool> settle_scalar(LoopPlan& plan, const std::string& name, const Value& value, const Span& span);
  Result<bool> settle_array(LoopPlan& plan, LoopFrame& frame, const std::string& name,
                            const std::map<std::string, Value>& arrival, const Span& span);
  Result<bool> settle_generations(LoopPlan& plan, LoopFrame& frame, const Span& span);
  bool in_loop() const { return !loops_.empty() && loops_.back()->depth == frames_.size(); }
  void set_references(const std::vector<std::pair<std::string, Array>>& sets, const Span& span);
  std::string new_reference(const std::string& name, DType dtype, const std::vector<Expr>& shape,
                            const std::vector<Expr>& strides);
  std::vector<Expr> strides_of(const Array& array) const;
  bool same_value(const Value& a, const Value& b) const;
  struct FactsMark {
    symbolic::Facts facts;
    size_t entry;
  };
  FactsMark mark_facts() const { return {facts_, entry_facts_.size()}; }
  void return_to(const FactsMark& mark);

  // ---- map_scope.cpp: for i, j in thalweg.map[0:N, 0:M]
  Status map_statement(const syntax::For& loop, const syntax::Subscript& ranges, const Span& span);
  Result<ir::MapFields> map_ranges(const syntax::For& loop, const syntax::Subscript& ranges, const Span& span);
  void bind_map_parameters(const syntax::For& loop, const ir::MapFields& map);
  bool distinct_in_maps(const Array& part) const;
  Result<bool> conflicting_update(const Array& part, syntax::BinaryOperator op, const Value& value, const Span& span);
  Status nested_map_body(const syntax::For& loop, const ir::MapFields& map, const Span& span);
  void connect_nested(ir::State& state, ir::MapEntry& entry, ir::MapExit& exit, ir::NestedSDFG& nested,
                      const Span& span);
  void begin_with_initial(ir::SDFG& sdfg, const Span& span);
  Status emit_in_map(const ir::MapFields& map, const Computed& value, const Array& target, ir::Wcr wcr,
                     const Span& span);
  Result<bool> simple_map_body(const syntax::For& loop, const ir::MapFields& map, const Span& span);

  // ---- annotated.cpp: what the annotations of a program say when another program calls it
  ValueResult symbol_value(const std::string& name, const Span& span);
  Result<Expr> sized(const Expr& extent, std::map<std::string, Expr> values, const Span& span);
  Status bind_annotations(Frame& callee, Scope& scope, const Span& span);

  // ---- calls.cpp, callbacks.cpp
  Result<CallArguments> evaluate_arguments(const syntax::Call& call, const Span& span);
  ValueResult call_function(const HostFunction& function, const CallArguments& arguments, const Span& span,
                            const LocalFunction* local = nullptr);
  Status bind_parameters(const HostFunction& callee, const CallArguments& arguments, const LocalFunction* local,
                         Scope& inner, const Span& span);
  Status unpack_argument(const syntax::Starred& argument, CallArguments& into);
  Status unpack_keywords(const syntax::Expr& argument, CallArguments& into);

  // ---- lists.cpp
  Value new_list(std::vector<Value> items);
  std::optional<int64_t> count_of_items(const Expr& count, const Span& span);
  size_t depth() const { return loops_.size() + static_cast<size_t>(branches_around_); }
  Status check_changeable(const Value& collection, const Span& span) const;
  Result<bool> assign_item(const syntax::Subscript& target, const Value& value, const Span& span);
  Result<bool> append_to_list(const syntax::Call& call, const Span& span);

  // ---- local_functions.cpp, comprehensions.cpp, dictionaries.cpp
  ValueResult make_function(const std::shared_ptr<const syntax::Function>& function, const Span& span);
  void keep_what_ended(Value& value, int call, std::set<const syntax::Function*> inside = {}) const;
  Status take_from_around(const LocalFunction& local, Scope& inner, const Span& span);
  ValueResult evaluate_comprehension(const syntax::Comprehension& comprehension, const Span& span);
  Status expand_clause(const syntax::Comprehension& comprehension, size_t at, const Iteration* first, DictValue& into,
                       const Span& span);
  ValueResult evaluate_walrus(const syntax::Walrus& walrus, const Span& span);
  ValueResult evaluate_dict(const syntax::Dict& dict, const Span& span);
  Status put(DictValue& into, Value key, Value value, const Span& span);
  ValueResult look_up(const DictValue& dict, const Value& key, const Span& span);
  ValueResult call_dict_method(const DictValue& dict, const std::string& name, const CallArguments& arguments,
                               const Span& span);
  ValueResult make_named_tuple(const HostCallable& made_by, const CallArguments& arguments, const Span& span);
  ValueResult array_like(const Value& value, const Span& span);
  ValueResult numpy_number(const Value& value, const std::string& parameter, const Span& span);
  Result<CallArguments> for_definition(const std::string& path, const HostFunction& definition,
                                       const CallArguments& arguments, const Span& span);
  base::Diagnostic unknown_keyword(const std::string& path, const std::string& keyword, const Span& span) const;
  base::Diagnostic too_many(const std::string& path, size_t count, const Span& span) const;
  ValueResult call_known(const std::string& path, const CallArguments& arguments, const Span& span);
  ValueResult call_as_it_is(const std::string& path, const CallArguments& arguments, const Span& span);
  ValueResult call_definition(const std::string& path, std::vector<Value> arguments, const Span& span);
  ValueResult call_method(const Method& method, const CallArguments& arguments, const Span& span);
  ValueResult call_back(const std::string& name, int handle, const CallArguments& arguments,
                        const std::optional<HostAnnotation>& result, const std::string& target, const Span& span);
  ValueResult emit_callback(const std::string& name, int handle, const CallArguments& arguments,
                            const std::optional<HostAnnotation>& result, const std::string& target, const Span& span);
  Status call_or_call_back(const Value& function, const std::pair<std::string, int>& target,
                           const CallArguments& arguments, const Span& span);
  std::optional<std::pair<std::string, int>> callback_target(const Value& function) const;

  const Request& request_;
  ir::Ref<ir::SDFG> root_;

  // What statements change.
  Cursor cursor_;
  Scope scope_;
  std::vector<Frame> frames_;
  std::vector<LoopFrame*> loops_;
  std::vector<Array> reads_;
  std::map<size_t, std::vector<size_t>> gathered_;  // of reads by index arrays: the order of what NumPy makes of them
  symbolic::Facts facts_;
  std::vector<Expr> entry_facts_;  // guards: they hold everywhere, once granted
  std::map<std::string, SymbolBounds> symbols_;
  symbolic::Substitution named_;  // what named() stands for
  std::set<std::string> taken_;
  std::map<std::string, Array> views_;   // view container -> what it views
  std::set<std::string> unsure_copies_;  // containers that in NumPy are a copy or a view of another, by the extents
  std::set<std::string> laid_out_;       // containers made here whose order in memory is that of NumPy
  // Of references that mean one array or another: their dimensions in memory, the slowest first. Empty: it depends.
  std::map<std::string, std::vector<size_t>> orders_;
  std::set<std::string> written_, apart_;      // apart_: answers of np.shares_memory rely on it; never forgotten
  std::map<std::string, Writing> unwritable_;  // containers that the caller does not let be written; never forgotten
  std::map<std::string, std::string> writable_symbols_;  // reference -> symbol: what it points at may be written
  std::set<std::string> labels_;
  // Symbols that start with a value: assigned once, where their graph begins.
  Assignments initial_;
  std::optional<Value> result_;  // of the function being built
  Span result_span_;
  std::vector<Span> result_items_;  // of the tuple that stands there, if one does
  int lists_made_ = 0;
  std::map<std::string, ObjectRecord> objects_;  // by identity; never forgotten
  std::map<std::string, Value> entry_fields_;    // of the arguments, by the names that they are bound under
  std::map<std::tuple<int, int, bool, std::string>, HostMember> members_;  // that the host was asked for
  int inside_object_ = 0;                                                  // while forms of its fields are made
  std::vector<std::string> returned_;                                      // identities of objects among the results
  bool has_states_ = false;                                                // of objects from outside
  bool has_objects_ = false;            // or lists, among the arguments: whoever else has them may change them
  std::set<std::string> objects_read_;  // what the objects are that were found outside, and whose attributes are read
  int branches_around_ = 0;             // of if statements
  int calls_made_ = 0;                  // see Frame::number
  const void* only_truth_ = nullptr;    // the Bool or Compare that evaluate_for_truth() evaluates
  int perhaps_ = 0;  // inside what is evaluated on some ways only: a name bound there is not bound behind it
  int unsure_part_ = 0, unsure_parts_ = 0;  // the innermost part of an expression that may not be evaluated; 0: none
  bool goes_on_ = false;                    // the turn that was built may be followed by the next one
  std::string broke_;                       // of the loop that follows: see LoopPlan
  std::string name_hint_;                   // what the value being computed will be called
  int map_depth_ = 0;
  std::vector<std::string> map_params_;  // of the maps around
  std::set<std::string> map_locals_;     // containers made inside the map being built
  size_t map_body_ = 0;                  // depth of calls at which a map is being built
  Built built_;
};

// While it lives, what is evaluated may not be, when the program runs; `surely`: it will be, but binds no names.
struct Perhaps {
  explicit Perhaps(Builder& builder, bool surely = false) : builder(builder), around(builder.unsure_part_) {
    ++builder.perhaps_;
    if (!surely) builder.unsure_part_ = ++builder.unsure_parts_;
  }
  ~Perhaps() {
    --builder.perhaps_;
    builder.unsure_part_ = around;
  }
  Perhaps(const Perhaps&) = delete;
  Perhaps& operator=(const Perhaps&) = delete;
  Builder& builder;
  int around;
};

struct Builder::Checkpoint {
  Cursor cursor;
  Scope scope;
  symbolic::Facts facts;
  std::map<std::string, SymbolBounds> symbols;
  std::set<std::string> taken, unsure_copies, laid_out, written, labels;
  std::map<std::string, std::string> writable_symbols;
  std::map<std::string, Array> views;
  std::optional<Value> result;
  Built built;
  Assignments initial;
  size_t mark;
};

}  // namespace thalweg::frontend
