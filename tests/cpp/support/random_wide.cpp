#include "support/random_wide.h"

#include <functional>

#include "support/random_code.h"

namespace thalweg::tests {

namespace code = ir::code;
namespace dtypes = ir::dtypes;
using ir::DType;
using symbolic::Expr;
using symbolic::Range;
using symbolic::Subset;

namespace {

Expr n() { return Expr::symbol("N"); }

// Statements behind a random graph, on arguments of their own.
class Wide {
 public:
  Wide(RandomGraph& graph, uint64_t seed) : graph_(*graph.sdfg), random_(seed * 7919 + 5) {
    for (const Expr& condition : graph_.get().assumptions) facts_.assume(condition);
  }

  size_t below(size_t bound) { return random_() % bound; }
  bool filled() const { return facts_.proves(symbolic::ge(n(), 1)); }

  void typed(DType type);
  void strided_copy();
  void reversed_copy();
  void dynamic_read();
  void dynamic_write();
  void custom_conflict();
  void logical_conflict();
  void owned_conflict();
  void combining_copy();
  void arg_reduce();
  void compress();
  void callback();
  void pipe();
  void channel_copies();
  void consume();
  void device();
  void give_schedules(const std::vector<std::string>& names);
  void give_storages(const std::vector<std::string>& names);

 private:
  std::string argument(const std::string& base, DType type, std::vector<Expr> shape) {
    const std::string name = graph_.fresh_name(base);
    graph_.add_array(name, type, std::move(shape));
    auto arguments = graph_.get().arguments;
    arguments.push_back(name);
    graph_.set<&ir::SDFGFields::arguments>(std::move(arguments));
    return name;
  }
  std::string transient(const std::string& base, DType type, std::vector<Expr> shape) {
    const std::string name = graph_.fresh_name(base);
    if (shape.empty())
      graph_.add_scalar(name, type, true);
    else
      graph_.add_array(name, type, std::move(shape), true);
    return name;
  }
  std::string stream(DType type, std::vector<Expr> shape, int64_t depth) {
    ir::ContainerFields fields;
    fields.name = graph_.fresh_name("S");
    fields.kind = ir::ContainerKind::stream;
    fields.dtype = type;
    fields.shape = std::move(shape);
    fields.buffer_size = depth;
    fields.transient = true;
    graph_.add_container(fields);
    return fields.name;
  }
  ir::State& state(const std::string& base, ir::InterstateEdgeFields edge = {}) {
    auto made = ir::make_ref<ir::State>(base + std::to_string(labels_++));
    graph_.append(made, std::move(edge));
    return *made;
  }
  void locate(ir::Element& element) {
    static const auto file = std::make_shared<const std::string>("wide.py");
    ++line_;
    element.set_location({base::Span{file, line_, 0, line_, 9, nullptr}});
  }
  // map i over the range: into[write] = value over inputs "a" (read of each), "b" ...
  struct Read {
    std::string data;
    Subset subset;
    bool dynamic = false;
  };
  ir::MapEntry& map(ir::State& at, const Expr& param, const Range& range, const std::vector<Read>& reads,
                    ir::MemletFields write, DType type, const code::Ptr& value) {
    ir::MapFields fields;
    fields.label = "wide" + std::to_string(labels_++);
    fields.params = {param.name()};
    fields.range.ranges = {range};
    auto [entry, exit] = at.add_map(std::move(fields));
    locate(*entry);
    locate(entry->scope());
    std::vector<ir::Connector> inputs;
    for (size_t k = 0; k < reads.size(); ++k) inputs.push_back({std::string(1, static_cast<char>('a' + k)), {}});
    ir::Tasklet& tasklet = at.add_tasklet("wide", inputs, {{"o", type}}, {code::Store{"o", {}, value}});
    locate(tasklet);
    for (size_t k = 0; k < reads.size(); ++k) {
      ir::MemletFields memlet = ir::memlet(reads[k].data, reads[k].subset);
      if (reads[k].dynamic) memlet.dynamic = true, memlet.volume = 0;
      at.add_memlet_path({&at.add_access(reads[k].data), entry, &tasklet}, "", inputs[k].name, std::move(memlet));
    }
    if (reads.empty()) at.add_order(*entry, tasklet);
    ir::Node& target = at.add_access(write.data);
    at.add_memlet_path({&tasklet, exit, &target}, "o", "", std::move(write));
    return *entry;
  }
  Expr param() { return Expr::symbol(graph_.fresh_name("w" + std::to_string(labels_++) + "_")); }
  static Subset at(const Expr& index) { return Subset{{Range::index(index)}}; }
  code::Ptr of_python(DType type, const code::Ptr& a, const code::Ptr& b);
  ir::LibraryNode& library(ir::State& at, const std::string& operation, std::map<std::string, ir::Attribute> attributes,
                           const std::vector<std::pair<std::string, std::string>>& inputs,
                           const std::pair<std::string, std::string>& output);
  void reduce_sum(const std::string& from, const std::string& to);

  ir::SDFG& graph_;
  std::mt19937_64 random_;
  symbolic::Facts facts_;
  int labels_ = 0, line_ = 0;
};

// An operation of Python's types that cannot raise.
code::Ptr Wide::of_python(DType type, const code::Ptr& a, const code::Ptr& b) {
  using code::Op;
  if (type == dtypes::pybool) return code::make(below(2) ? Op::bit_and : Op::bit_xor, a, b);
  if (type == dtypes::pyint) {
    constexpr Op harmless[] = {Op::bit_and, Op::bit_or, Op::bit_xor, Op::minimum, Op::maximum};
    return code::make(harmless[below(5)], a, b);
  }
  constexpr Op exact[] = {Op::add, Op::sub, Op::mul};
  return code::make(exact[below(type.is_complex() ? 2 : 3)], a, b);
}

void Wide::typed(DType type) {
  const std::string from = argument("P", type, {n()}), into = argument("Q", type, {n()});
  const Expr i = param();
  const code::Ptr a = code::input("a", type), b = code::input("b", type);
  code::Ptr value;
  if (type.python()) {
    value = of_python(type, a, b);
  } else {
    ExpressionOptions options;
    options.types = {type, dtypes::float64, dtypes::int32};
    value = random_expression(random_, {a, b}, type, 2, options);
    // Both are read, whatever was drawn.
    value = code::make(code::Op::select, {code::make(code::Op::eq, a, b), value, a});
  }
  const int64_t step = 1 + static_cast<int64_t>(below(3));
  const Range range{0, symbolic::floor_div(n() + (step - 1), step), step};
  map(state("typed"), i, range, {{from, at(i)}, {from, at(n() - 1 - i)}}, ir::memlet(into, at(i)), type, value);
}

void Wide::strided_copy() {
  const Expr half = symbolic::floor_div(n() + 1, 2);
  const std::string from = argument("P", dtypes::float32, {n()}), packed = argument("Q", dtypes::float32, {half}),
                    spread = argument("R", dtypes::float32, {2 * n()});
  ir::State& gather = state("gather");
  ir::MemletFields memlet = ir::memlet(from, Subset{{Range{0, half, 2}}});
  memlet.other_subset = Subset::whole({half});
  locate(gather.add_edge(gather.add_access(from), "", gather.add_access(packed), "", memlet));
  ir::State& scatter = state("scatter");
  memlet = ir::memlet(spread, Subset{{Range{static_cast<int64_t>(below(2)), n(), 2}}});
  memlet.other_subset = Subset::whole({n()});
  locate(scatter.add_edge(scatter.add_access(from), "", scatter.add_access(spread), "", memlet));
}

void Wide::reversed_copy() {
  if (!filled()) return;
  const std::string from = argument("P", dtypes::int16, {n()}), into = argument("Q", dtypes::int16, {n()});
  ir::State& here = state("reversed");
  ir::MemletFields memlet = ir::memlet(from, Subset{{Range{n() - 1, n(), -1}}});
  memlet.other_subset = Subset::whole({n()});
  locate(here.add_edge(here.add_access(from), "", here.add_access(into), "", memlet));
}

code::Ptr wrapped_index(const code::Ptr& value) {
  return code::make(code::Op::mod, code::cast(value, dtypes::int64), code::symbol(n()));
}

void Wide::dynamic_read() {
  if (!filled()) return;
  const std::string from = argument("P", dtypes::float64, {n()}), indices = argument("K", dtypes::int64, {n()}),
                    into = argument("Q", dtypes::float64, {n()});
  const Expr i = param();
  const code::Ptr value = code::element("a", dtypes::float64, {wrapped_index(code::input("b", dtypes::int64))});
  map(state("dynamic"), i, Range::whole(n()), {{from, Subset::whole({n()}), true}, {indices, at(i)}},
      ir::memlet(into, at(i)), dtypes::float64, value);
}

void Wide::dynamic_write() {
  if (!filled()) return;
  const std::string from = argument("P", dtypes::int64, {n()}), into = argument("Q", dtypes::uint32, {n()});
  ir::State& here = state("scattered");
  ir::Tasklet& tasklet = here.add_tasklet(
      "place", {{"a", std::nullopt}}, {{"o", std::nullopt}},
      {code::Store{
          "o", {wrapped_index(code::input("a", dtypes::int64))}, code::constant(uint64_t{7}, dtypes::uint32)}});
  locate(tasklet);
  here.add_edge(here.add_access(from), "", tasklet, "a", ir::memlet(from, at(static_cast<int64_t>(0))));
  ir::MemletFields memlet = ir::memlet(into, Subset::whole({n()}));
  memlet.dynamic = true;
  memlet.volume = 1;
  here.add_edge(tasklet, "o", here.add_access(into), "", std::move(memlet));
}

void Wide::custom_conflict() {
  const std::string from = argument("P", dtypes::int64, {n()}), into = argument("Q", dtypes::int64, {2});
  const Expr i = param();
  ir::MemletFields write = ir::memlet(into, at(static_cast<int64_t>(1)));
  write.wcr = ir::Wcr::custom;
  write.wcr_code = code::make(code::Op::bit_xor, code::input("old", dtypes::int64), code::input("new", dtypes::int64));
  map(state("custom"), i, Range::whole(n()), {{from, at(i)}}, std::move(write), dtypes::int64,
      code::input("a", dtypes::int64));
}

void Wide::logical_conflict() {
  const std::string from = argument("P", dtypes::bool_, {n()}), into = argument("Q", dtypes::bool_, {3});
  const Expr i = param();
  ir::MemletFields write = ir::memlet(into, at(static_cast<int64_t>(below(3))));
  write.wcr = below(2) ? ir::Wcr::logical_and : ir::Wcr::logical_or;
  map(state("logical"), i, Range::whole(n()), {{from, at(i)}}, std::move(write), dtypes::bool_,
      code::input("a", dtypes::bool_));
}

// Each iteration combines into an element of its own: floating point is exact, and no atomics are asked for.
void Wide::owned_conflict() {
  const std::string from = argument("P", dtypes::float64, {n()}), into = argument("Q", dtypes::float64, {n()});
  const Expr i = param();
  constexpr ir::Wcr kinds[] = {ir::Wcr::sum, ir::Wcr::product, ir::Wcr::min, ir::Wcr::max};
  ir::MemletFields write = ir::memlet(into, at(i));
  write.wcr = kinds[below(4)];
  write.wcr_nonatomic = below(2) == 0;
  map(state("owned"), i, Range::whole(n()), {{from, at(i)}}, std::move(write), dtypes::float64,
      code::input("a", dtypes::float64));
}

void Wide::combining_copy() {
  const std::string from = argument("P", dtypes::int32, {n()}), into = argument("Q", dtypes::int32, {n()});
  ir::State& here = state("combining");
  ir::MemletFields memlet = ir::memlet(into, Subset::whole({n()}));
  memlet.wcr = below(2) ? ir::Wcr::sum : ir::Wcr::bitwise_or;
  locate(here.add_edge(here.add_access(from), "", here.add_access(into), "", memlet));
}

ir::LibraryNode& Wide::library(ir::State& at, const std::string& operation,
                               std::map<std::string, ir::Attribute> attributes,
                               const std::vector<std::pair<std::string, std::string>>& inputs,
                               const std::pair<std::string, std::string>& output) {
  ir::LibraryNodeFields fields;
  fields.operation = operation;
  fields.attributes = std::move(attributes);
  std::vector<ir::Connector> connectors;
  for (const auto& [connector, data] : inputs) connectors.push_back({connector, std::nullopt});
  ir::LibraryNode& node = at.add_library_node(std::move(fields), connectors, {{output.first, std::nullopt}});
  locate(node);
  auto whole = [&](const std::string& data) {
    return ir::memlet(data, Subset::whole(graph_.container(data).get().shape));
  };
  for (const auto& [connector, data] : inputs) at.add_edge(at.add_access(data), "", node, connector, whole(data));
  at.add_edge(node, output.first, at.add_access(output.second), "", whole(output.second));
  return node;
}

void Wide::reduce_sum(const std::string& from, const std::string& to) {
  std::vector<int64_t> axes;
  for (size_t d = 0; d < graph_.container(from).rank(); ++d) axes.push_back(static_cast<int64_t>(d));
  library(state("total"), "Reduce", {{"wcr", ir::Wcr::sum}, {"axes", axes}}, {{"_in", from}}, {"_out", to});
}

void Wide::arg_reduce() {
  if (!filled()) return;
  const DType type = below(2) ? dtypes::float64 : dtypes::int8;
  const int64_t axis = static_cast<int64_t>(below(2));
  const std::string from = argument("P", type, {n(), n()}), into = argument("Q", dtypes::int64, {n()});
  library(state("position"), "ArgReduce", {{"max", below(2) == 0}, {"axis", axis}}, {{"_in", from}}, {"_out", into});
}

// k = count of the mask; t[0:k] = elements where it holds; the sum of them is what can be seen.
void Wide::compress() {
  const std::string mask = argument("P", dtypes::bool_, {n()}), from = argument("Q", dtypes::int64, {n()}),
                    into = argument("R", dtypes::int64, {1});
  const std::string count = transient("s", dtypes::int64, {});
  reduce_sum(mask, count);
  const std::string size = graph_.fresh_name("k");
  graph_.add_symbol(size);
  const std::string kept = transient("t", dtypes::int64, {Expr::symbol(size)});
  ir::InterstateEdgeFields edge;
  edge.assignments = {{size, code::input(count, dtypes::int64)}};
  library(state("compress", edge), "Compress", {}, {{"_mask", mask}, {"_in", from}}, {"_out", kept});
  reduce_sum(kept, into);
}

void Wide::callback() {
  auto names = graph_.get().callbacks;
  names.push_back("outside");
  const auto index = static_cast<int64_t>(names.size()) - 1;
  graph_.set<&ir::SDFGFields::callbacks>(std::move(names));
  const std::string from = argument("P", dtypes::float64, {n()}), more = argument("K", dtypes::uint16, {n()}),
                    into = argument("Q", dtypes::float64, {n()});
  library(state("call"), "Callback", {{"function", index}}, {{"_in0", from}, {"_in1", more}}, {"_out0", into});
}

// A producer and a consumer in one state, joined by a stream that is shorter than what passes through it.
void Wide::pipe() {
  const DType type = below(2) ? dtypes::float64 : dtypes::int32;
  const std::string from = argument("P", type, {n()}), into = argument("Q", type, {n()});
  const bool channels = below(2) == 0;
  const std::string between =
      stream(type, channels ? std::vector<Expr>{3} : std::vector<Expr>{}, 1 + static_cast<int64_t>(below(3)));
  const Subset slot = channels ? at(static_cast<int64_t>(below(3))) : Subset{};
  ir::State& here = state("pipe");
  for (const bool producer : {true, false}) {
    const Expr i = param();
    ir::MapEntry& entry = map(here, i, Range::whole(n()), {{producer ? from : between, producer ? at(i) : slot}},
                              ir::memlet(producer ? between : into, producer ? slot : at(i)), type,
                              code::make(code::Op::maximum, code::input("a", type), code::input("a", type)));
    entry.scope().set<&ir::MapFields::schedule>(ir::schedules::sequential);
  }
}

void Wide::channel_copies() {
  const std::string from = argument("P", dtypes::complex64, {n()}), into = argument("Q", dtypes::complex64, {n()});
  const std::string between = stream(dtypes::complex64, {}, 2);
  ir::State& here = state("drain");
  here.add_edge(here.add_access(from), "", here.add_access(between), "", ir::memlet(from, Subset::whole({n()})));
  here.add_edge(here.add_access(between), "", here.add_access(into), "", ir::memlet(into, Subset::whole({n()})));
}

// Elements of a stream are taken by processing elements, which add up what they took.
void Wide::consume() {
  const std::string from = argument("P", dtypes::int64, {n()}), into = argument("Q", dtypes::int64, {1});
  const std::string between = stream(dtypes::int64, {}, 0);
  ir::State& here = state("consume");
  here.add_edge(here.add_access(from), "", here.add_access(between), "", ir::memlet(from, Subset::whole({n()})));
  ir::ConsumeFields fields;
  fields.label = "work" + std::to_string(labels_++);
  fields.pe_index = graph_.fresh_name("pe");
  fields.num_pes = 1 + static_cast<int64_t>(below(3));
  auto scope = ir::make_ref<ir::Consume>(fields);
  auto entry = ir::make_ref<ir::ConsumeEntry>(scope);
  auto exit = ir::make_ref<ir::ConsumeExit>(scope);
  here.add_node(entry);
  here.add_node(exit);
  ir::Tasklet& tasklet = here.add_tasklet("take", {{"a", std::nullopt}}, {{"o", std::nullopt}},
                                          {code::Store{"o", {}, code::input("a", dtypes::int64)}});
  locate(tasklet);
  entry->add_in_connector({"IN_stream", std::nullopt});
  entry->add_out_connector({"OUT_stream", std::nullopt});
  here.add_edge(here.add_access(between), "", *entry, "IN_stream", ir::memlet(between, {}));
  here.add_edge(*entry, "OUT_stream", tasklet, "a", ir::memlet(between, {}));
  ir::MemletFields write = ir::memlet(into, at(static_cast<int64_t>(0)));
  write.wcr = ir::Wcr::sum;
  here.add_memlet_path({&tasklet, exit.get(), &here.add_access(into)}, "o", "", std::move(write));
}

// To a device, over its grid, and back.
void Wide::device() {
  const std::string from = argument("P", dtypes::float32, {n()}), into = argument("Q", dtypes::float32, {n()});
  const std::string there = transient("d", dtypes::float32, {n()}), result = transient("d", dtypes::float32, {n()});
  for (const std::string& name : {there, result})
    graph_.container(name).set<&ir::ContainerFields::storage>(
        *ir::find_storage(below(3) ? "GPU_Global" : "GPU_Shared"));
  auto copy = [&](const std::string& a, const std::string& b) {
    ir::State& here = state("transfer");
    locate(here.add_edge(here.add_access(a), "", here.add_access(b), "", ir::memlet(a, Subset::whole({n()}))));
  };
  copy(from, there);
  const Expr i = param();
  constexpr const char* grids[] = {"GPU_Device", "GPU_Persistent"};
  ir::MapEntry& entry = map(state("kernel"), i, Range::whole(n()), {{there, at(i)}}, ir::memlet(result, at(i)),
                            dtypes::float32, code::make(code::Op::neg, code::input("a", dtypes::float32)));
  entry.scope().set<&ir::MapFields::schedule>(*ir::find_schedule(grids[below(2)]));
  copy(result, into);
}

void Wide::give_schedules(const std::vector<std::string>& names) {
  for (ir::SDFG* sdfg : ir::all_sdfgs(graph_))
    for (ir::State* state : ir::all_states(*sdfg))
      for (const auto& node : state->nodes())
        if (auto* entry = ir::as<ir::MapEntry>(node.get()); entry && below(2) == 0)
          entry->scope().set<&ir::MapFields::schedule>(*ir::find_schedule(names[below(names.size())]));
}

void Wide::give_storages(const std::vector<std::string>& names) {
  for (ir::SDFG* sdfg : ir::all_sdfgs(graph_))
    for (const auto& container : sdfg->containers()) {
      const bool owned = container->get().kind == ir::ContainerKind::array || container->is_scalar();
      if (container->get().transient && owned && below(2) == 0)
        container->set<&ir::ContainerFields::storage>(*ir::find_storage(names[below(names.size())]));
    }
}

using Statement = std::function<void(Wide&)>;

void some_of(Wide& wide, const std::vector<Statement>& statements, size_t count) {
  for (size_t k = 0; k < count; ++k) statements[wide.below(statements.size())](wide);
}

}  // namespace

RandomGraph random_wide_graph(uint64_t seed) {
  GraphFeatures features;
  features.statements = 2 + static_cast<int>(seed % 6);
  features.matmul = seed % 3 == 0;
  RandomGraph out = random_graph(seed, features);
  Wide wide(out, seed);
  wide.give_schedules({"Default", "Sequential", "CPU_Multicore", "CPU_Persistent", "SVE_Map"});
  wide.give_storages({"Default", "Register", "CPU_Heap", "CPU_Pinned", "CPU_ThreadLocal", "SVE_Register"});
  constexpr DType types[] = {dtypes::bool_,   dtypes::int8,      dtypes::int16,      dtypes::int32,  dtypes::int64,
                             dtypes::uint8,   dtypes::uint16,    dtypes::uint32,     dtypes::uint64, dtypes::float32,
                             dtypes::float64, dtypes::complex64, dtypes::complex128, dtypes::pybool, dtypes::pyint,
                             dtypes::pyfloat, dtypes::pycomplex};
  some_of(wide,
          {[&](Wide& w) { w.typed(types[seed % std::size(types)]); },
           [&](Wide& w) { w.typed(types[w.below(std::size(types))]); }, [](Wide& w) { w.strided_copy(); },
           [](Wide& w) { w.reversed_copy(); }, [](Wide& w) { w.dynamic_read(); }, [](Wide& w) { w.dynamic_write(); },
           [](Wide& w) { w.custom_conflict(); }, [](Wide& w) { w.logical_conflict(); },
           [](Wide& w) { w.owned_conflict(); }, [](Wide& w) { w.combining_copy(); }, [](Wide& w) { w.arg_reduce(); },
           [](Wide& w) { w.compress(); }, [](Wide& w) { w.callback(); }},
          3);
  if (ir::EditLog* log = out.sdfg->log()) log->forget();
  return out;
}

RandomGraph random_refused_graph(uint64_t seed) {
  GraphFeatures features;
  features.statements = 2;
  features.nesting = 1;
  RandomGraph out = random_graph(seed, features);
  Wide wide(out, seed);
  wide.give_schedules({"MPI", "GPU_Device", "GPU_ThreadBlock", "GPU_ThreadBlock_Dynamic", "GPU_Persistent"});
  some_of(wide,
          {[](Wide& w) { w.pipe(); }, [](Wide& w) { w.channel_copies(); }, [](Wide& w) { w.consume(); },
           [](Wide& w) { w.device(); }, [](Wide& w) { w.typed(dtypes::float16); }},
          3);
  if (ir::EditLog* log = out.sdfg->log()) log->forget();
  return out;
}

}  // namespace thalweg::tests
