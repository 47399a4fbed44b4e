// Memory: which container becomes a variable, a small array on the stack, heap, a pointer or the caller's array.
#include <algorithm>

#include "base/planted.h"
#include "ir/results.h"
#include "lower/lowering.h"

namespace thalweg::lower {

namespace {

// What one function may put on the stack for one array.
constexpr int64_t stack_bytes = 4096;

std::vector<Dim> whole(size_t rank) {
  std::vector<Dim> dims(rank);
  for (size_t d = 0; d < rank; ++d) dims[d].inner = static_cast<int>(d);
  return dims;
}

bool is_constant(const std::vector<Expr>& values) {
  return std::all_of(values.begin(), values.end(), [](const Expr& e) { return e.as_integer().has_value(); });
}

}  // namespace

Status Lowering::declare_symbols(Graph& graph) {
  collect_assigned(*graph.sdfg, graph.assigned);
  const auto& fields = graph.sdfg->get();
  auto is_argument = [&](const std::string& name) {
    return std::find(fields.arguments.begin(), fields.arguments.end(), name) != fields.arguments.end();
  };
  auto declare = [&](const std::string& name, ir::DType dtype) {
    std::string variable = names_.fresh(name);
    program_.variables[variable] = {variable, dtype};
    graph.symbols[name] = Expr::symbol(variable);
    return variable;
  };
  for (const auto& [name, dtype] : fields.symbols) {
    std::string variable = declare(name, dtype);
    if (graph.assigned.contains(name) && !is_argument(name)) {
      add(Assign{variable, ir::code::constant(int64_t{0}, dtype), {}});
      continue;
    }
    program_.signature.symbols.push_back(name);
    program_.symbol_variables.push_back(variable);
  }
  for (const std::string& name : graph.assigned)
    if (!graph.symbols.contains(name))
      add(Assign{declare(name, ir::dtypes::int64), ir::code::constant(int64_t{0}, ir::dtypes::int64), {}});
  return base::success();
}

Status Lowering::declare_arguments(Graph& graph) {
  const auto& arguments = graph.sdfg->get().arguments;
  const std::set<std::string> results = ir::result_containers(*graph.sdfg);
  std::vector<const ir::Container*> given;
  auto give = [&](const ir::Container& container) {
    bool pointer = container->kind == ir::ContainerKind::reference || container->kind == ir::ContainerKind::view;
    if (!container->transient && !pointer && !results.contains(container->name) &&
        std::find(given.begin(), given.end(), &container) == given.end())
      given.push_back(&container);
  };
  for (const std::string& name : arguments)
    if (const ir::Container* container = graph.sdfg->find(name)) give(*container);
  for (const auto& container : graph.sdfg->containers()) give(*container);

  for (const ir::Container* container : given) {
    const auto& fields = container->get();
    if (fields.kind == ir::ContainerKind::stream || fields.kind == ir::ContainerKind::structure)
      return refuse(container->location(), "argument '" + fields.name + "' is a " +
                                               (fields.kind == ir::ContainerKind::stream ? "stream" : "structure") +
                                               ", which compiled code cannot take yet");
    std::string name = names_.fresh(fields.name);
    Buffer buffer{name, fields.dtype, Home::argument, fields.shape, fields.strides, in(graph, fields.offset)};
    for (Expr& extent : buffer.shape) extent = in(graph, extent);
    for (Expr& stride : buffer.strides) stride = in(graph, stride);
    Binding bound{&fields, name, false, whole(fields.shape.size())};
    if (fields.shape.empty()) {
      buffer.shape = {1};
      buffer.strides = {1};
      bound.dims = {Dim{}};
    }
    buffer.argument = static_cast<int>(program_.signature.data.size());
    buffer.container = fields.name;
    buffer.may_alias = fields.may_alias || !options_.no_alias;
    buffer.space = fields.storage.row().space;
    program_.signature.data.push_back(fields.name);
    program_.arguments.push_back({name, false});
    program_.buffers[name] = std::move(buffer);
    graph.bindings[fields.name] = std::move(bound);
  }
  return base::success();
}

Status Lowering::declare_transients(Graph& graph) {
  for (const auto& container : graph.sdfg->containers())
    if (!graph.bindings.contains(container->get().name) && !graph.local.contains(container->get().name))
      TW_TRY_VOID(declare_container(graph, *container));
  // A reference's targets are named in buffers once all are known.
  for (const auto& container : graph.sdfg->containers()) {
    const auto& fields = container->get();
    auto at = graph.bindings.find(fields.name);
    if (fields.kind != ir::ContainerKind::reference || at == graph.bindings.end()) continue;
    Buffer& buffer = program_.buffers.at(at->second.name);
    for (const std::string& target : fields.targets)
      if (auto to = graph.bindings.find(target); to != graph.bindings.end()) buffer.targets.push_back(to->second.name);
    for (const std::string& other : fields.distinct)
      if (auto to = graph.bindings.find(other); to != graph.bindings.end()) buffer.distinct.push_back(to->second.name);
  }
  return base::success();
}

Status Lowering::declare_container(Graph& graph, const ir::Container& container) {
  using ir::ContainerKind;
  const auto& fields = container.get();
  if (fields.kind == ContainerKind::stream)
    return refuse(container.location(), "the stream '" + fields.name + "' runs in the interpreter only for now");
  if (fields.kind == ContainerKind::structure)
    return refuse(container.location(), "the structure '" + fields.name + "' cannot be compiled yet");
  if (fields.dtype == ir::dtypes::float16 && !options_.half)
    return refuse(container.location(), "'" + fields.name + "' is float16, which cannot be compiled here");
  const ir::StorageRow& storage = fields.storage.row();
  if (!storage.host_access && !options_.kernels)
    return refuse(container.location(),
                  "'" + fields.name + "' is stored in " + storage.name + ", which code on the CPU cannot reach");
  std::string name = names_.fresh(fields.name);
  bool pointer = fields.kind == ContainerKind::view || fields.kind == ContainerKind::reference;
  if (fields.shape.empty() && !pointer) {
    program_.variables[name] = {name, fields.dtype};
    graph.bindings[fields.name] = {&fields, name, true, {}};
    if (in_map()) add(Declare{name});
    return base::success();
  }
  Buffer buffer{name, fields.dtype, Home::heap, fields.shape, fields.strides, in(graph, fields.offset)};
  for (Expr& extent : buffer.shape) extent = in(graph, extent);
  for (Expr& stride : buffer.strides) stride = in(graph, stride);
  Binding bound{&fields, name, false, whole(fields.shape.size())};
  if (fields.shape.empty()) {
    buffer.shape = {1};
    buffer.strides = {1};
    bound.dims = {Dim{}};
  }
  buffer.container = fields.name;
  buffer.space = storage.space;
  int64_t bytes = fields.dtype.bytes();
  bool small = is_constant(buffer.shape) && is_constant(buffer.strides) && storage.name != "CPU_Heap";
  for (const Expr& extent : buffer.shape)
    small =
        small && extent.integer() <= stack_bytes && (bytes *= std::max<int64_t>(extent.integer(), 1)) <= stack_bytes;
  if (pointer)
    buffer.home = Home::pointer;
  else if (!fields.transient)
    buffer.home = Home::result;
  else if (small && ir::is_contiguous(fields))
    buffer.home = Home::stack;
  program_.buffers[name] = buffer;
  graph.bindings[fields.name] = std::move(bound);
  if (buffer.home == Home::stack) add(Declare{name});
  if (buffer.home == Home::heap || buffer.home == Home::result) allocate(graph, fields.name);
  return base::success();
}

void Lowering::allocate(Graph& graph, const std::string& container) {
  const Binding& bound = graph.bindings.at(container);
  add(Allocate{bound.name, -1});
}

// Born anew: containers of this graph whose layout mentions one of the symbols just assigned.
void Lowering::reallocate_for(Graph& graph, const std::set<std::string>& symbols) {
  for (const auto& container : graph.sdfg->containers()) {
    const auto& fields = container->get();
    auto at = graph.bindings.find(fields.name);
    if (at == graph.bindings.end() || at->second.variable) continue;
    const Buffer& buffer = program_.buffers.at(at->second.name);
    if (buffer.home != Home::heap && buffer.home != Home::result) continue;
    if (graph.outer && !fields.transient) continue;
    std::set<std::string> mentioned;
    for (const Expr& extent : fields.shape) symbolic::collect_symbols(extent, mentioned);
    for (const Expr& stride : fields.strides) symbolic::collect_symbols(stride, mentioned);
    bool touched = std::any_of(mentioned.begin(), mentioned.end(), [&](auto& s) { return symbols.contains(s); });
    if (touched && !base::planted("lower.not_born_anew")) allocate(graph, fields.name);
  }
}

Status Lowering::lower_results(Graph& graph) {
  int index = 0;
  for (const ir::ReturnValue& value : graph.sdfg->get().returns) {
    TW_TRY(Program::Result result, lower_result(graph, value));
    program_.signature.results.push_back(std::move(result));
    add(SetResult{index++});
  }
  return base::success();
}

Result<Program::Result> Lowering::lower_result(Graph& graph, const ir::ReturnValue& value) {
  using Kind = ir::ReturnValue::Kind;
  Program::Result result;
  result.kind = value.kind;
  if (value.kind == Kind::none) return result;
  if (value.kind == Kind::symbol) {
    result.in_shape = true;
    result.dtype = ir::dtypes::pyint;
    result.expr = in(graph, value.expr);
    return result;
  }
  TW_TRY(const Binding* bound, binding(graph, value.container, graph.sdfg->location()));
  result.name = bound->name;
  result.dtype = bound->fields->dtype;
  if (bound->variable) {
    result.in_shape = true;
    return result;
  }
  const Buffer& buffer = program_.buffers.at(bound->name);
  if (value.kind == Kind::container) {
    bool rank0 = bound->fields->shape.empty();
    for (size_t d = 0; d < buffer.shape.size(); ++d) result.index.push_back(index_of(0));
    result.in_shape = rank0 && buffer.home != Home::argument && buffer.home != Home::pointer;
    if (!rank0) {
      result.shape = buffer.shape;
      result.strides = buffer.strides;
    }
    return result;
  }
  symbolic::Subset subset = in(graph, value.subset);
  for (const auto& range : subset.ranges) result.index.push_back(index_of(range.begin));
  if (result.index.empty()) result.index.push_back(index_of(0));
  for (int dim : value.dims) {
    result.shape.push_back(dim < 0 ? Expr(1) : subset.ranges[dim].size);
    result.strides.push_back(dim < 0 ? Expr(0) : subset.ranges[dim].step * buffer.strides[dim]);
  }
  return result;
}

}  // namespace thalweg::lower
