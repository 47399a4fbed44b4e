// Arguments in, results out.
#include "interpret/interpret.h"

#include <algorithm>

#include "interpret/run.h"
#include "ir/results.h"

namespace thalweg::interpret {

namespace {

using Extents = std::vector<int64_t>;

// Symbols that are an extent or stride by themselves take the value that the argument has there.
void infer_symbols(const ir::ContainerFields& fields, const Argument& argument, Scope& scope) {
  auto infer = [&](const std::vector<symbolic::Expr>& expressions, const Extents& values) {
    if (expressions.size() != values.size()) return;
    for (size_t d = 0; d < values.size(); ++d)
      if (expressions[d].is_symbol()) scope.globals.try_emplace(expressions[d].name(), values[d]);
  };
  infer(fields.shape, argument.shape);
  infer(fields.strides, argument.strides);
}

bool strides_match(const Extents& shape, const Extents& given, const Extents& expected) {
  if (given.size() != expected.size()) return false;
  if (std::find(shape.begin(), shape.end(), 0) != shape.end()) return true;
  for (size_t d = 0; d < given.size(); ++d)
    if (shape[d] > 1 && given[d] != expected[d]) return false;
  return true;
}

std::string text_of(const Extents& values) {
  std::string text;
  for (int64_t value : values) text += (text.empty() ? "" : ", ") + std::to_string(value);
  return "(" + text + ")";
}

void bind_argument(Machine& machine, Scope& scope, Variable& variable, const Argument& argument) {
  const ir::ContainerFields& fields = variable.container->get();
  if (fields.kind == ir::ContainerKind::stream)
    return machine.failure.bug("the argument '" + fields.name + "' is a stream; only programs' own streams can be run");
  Layout layout = layout_of(machine, scope, fields);
  if (machine.failed()) return;
  if (!argument.shape.empty() && argument.shape != layout.shape)
    return machine.failure.bug("the argument '" + fields.name + "' has shape " + text_of(argument.shape) +
                               ", the program expects " + text_of(layout.shape));
  if (!argument.strides.empty() && !strides_match(layout.shape, argument.strides, layout.strides))
    return machine.failure.bug("the argument '" + fields.name + "' has strides " + text_of(argument.strides) +
                               ", the program expects " + text_of(layout.strides));
  // The bytes between the first and the last element, which need not be the one at index 0.
  int64_t low = 0, high = 0;
  bool empty = false;
  for (size_t d = 0; d < layout.shape.size(); ++d) {
    empty |= layout.shape[d] == 0;
    const int64_t span = (layout.shape[d] - 1) * layout.strides[d];
    (span < 0 ? low : high) += span;
  }
  const int64_t item = fields.dtype.bytes();
  auto memory = std::make_shared<Memory>();
  memory->name = fields.name;
  memory->data = static_cast<std::byte*>(argument.data) + (empty ? 0 : (layout.offset + low) * item);
  memory->bytes = empty ? 0 : (high - low + 1) * item;
  variable.array =
      Array{fields.dtype, std::move(memory), nullptr, empty ? 0 : -low * item, layout.shape, layout.strides};
}

void bind_arguments(Machine& machine, Scope& scope, const Arguments& arguments) {
  for (const auto& [name, value] : arguments.symbols) scope.globals[name] = value;
  for (auto& [name, variable] : scope.variables)
    if (auto given = arguments.containers.find(name); given != arguments.containers.end())
      infer_symbols(variable.container->get(), given->second, scope);
  const std::set<std::string> results = ir::result_containers(*scope.sdfg);
  for (auto& [name, variable] : scope.variables) {
    if (variable.container->get().transient) continue;
    auto given = arguments.containers.find(name);
    if (given != arguments.containers.end())
      bind_argument(machine, scope, variable, given->second);
    else if (!results.contains(std::string(name)))
      machine.failure.bug("the argument '" + name + "' is missing");
  }
  for (const auto& [name, argument] : arguments.containers)
    if (!scope.variables.contains(name)) machine.failure.bug("the program has no argument '" + name + "'");
}

Returned collect(Machine& machine, Scope& scope, const ir::ReturnValue& value) {
  Returned result;
  result.kind = value.kind;
  if (value.kind == ir::ReturnValue::Kind::none) return result;
  if (value.kind == ir::ReturnValue::Kind::symbol) {
    result.symbol = evaluate(machine, scope, value.expr);
    return result;
  }
  Variable* variable = access(machine, scope, value.container);
  if (!variable) return result;
  const Array& array = variable->array;
  result.dtype = array.dtype;
  result.container = array.memory->name;
  if (array.memory->owned()) {
    result.keeps = array.memory;
    result.block = array.memory->data;
    result.block_bytes = array.memory->bytes;
  }
  int64_t offset = array.offset;
  if (value.kind == ir::ReturnValue::Kind::container) {
    result.shape = array.shape;
    result.strides = array.strides;
  } else {
    const Box box = evaluate(machine, scope, value.subset);
    if (machine.failed()) return result;
    if (box.begin.size() != array.shape.size()) {
      machine.failure.bug("a returned view of '" + value.container + "' has the wrong rank");
      return result;
    }
    for (int dim : value.dims) {
      const auto d = static_cast<size_t>(std::max(dim, 0));
      result.shape.push_back(dim < 0 ? 1 : box.size[d]);
      result.strides.push_back(dim < 0 ? 0 : array.strides[d] * box.step[d]);
    }
    if (box.num_elements() > 0 && !locate(array, box.begin, value.container, machine.failure)) return result;
    if (box.num_elements() > 0) offset = place(array, box.begin);
  }
  result.data = array.memory->data + offset;
  return result;
}

Task run_program(Machine& machine, Scope& scope, Outcome& outcome) {
  const Flow flow = co_await run_region(machine, scope, *scope.sdfg);
  if (flow == Flow::stop) co_return flow;
  for (const ir::ReturnValue& value : scope.sdfg->get().returns)
    outcome.returns.push_back(collect(machine, scope, value));
  co_return machine.failed() ? Flow::stop : Flow::next;
}

}  // namespace

base::Result<Outcome> run(ir::SDFG& sdfg, const Arguments& arguments, const Options& options) {
  Machine machine(options);
  Scope scope;
  scope.sdfg = &sdfg;
  for (const auto& container : sdfg.containers())
    scope.variables[container->get().name] = Variable{container.get(), {}};
  bind_arguments(machine, scope, arguments);
  Outcome outcome;
  if (!machine.failed()) machine.scheduler.run(run_program(machine, scope, outcome));
  if (machine.failed()) {
    base::Diagnostic& error = machine.failure.error();
    if (!error.span.known() && machine.at) error.span = span_of(*machine.at);
    return std::move(error);
  }
  outcome.symbols.insert(scope.globals.begin(), scope.globals.end());
  outcome.steps = machine.steps;
  return outcome;
}

}  // namespace thalweg::interpret
