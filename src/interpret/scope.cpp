#include "interpret/scope.h"

#include <algorithm>

#include "interpret/evaluate.h"

namespace thalweg::interpret {

Variable* Scope::find(std::string_view name) {
  for (Scope* scope = this; scope; scope = scope->outer)
    if (auto found = scope->variables.find(name); found != scope->variables.end()) return &found->second;
  return nullptr;
}

std::optional<int64_t> Scope::symbol(std::string_view name) const {
  for (const Scope* scope = this; scope; scope = scope->outer) {
    for (const auto& [symbol, value] : scope->symbols)
      if (symbol == name) return value;
    if (auto found = scope->globals.find(name); found != scope->globals.end()) return found->second;
  }
  return std::nullopt;
}

Layout layout_of(Machine& machine, Scope& scope, const ir::ContainerFields& fields) {
  Layout layout;
  for (const auto& extent : fields.shape) layout.shape.push_back(evaluate(machine, scope, extent));
  for (const auto& stride : fields.strides) layout.strides.push_back(evaluate(machine, scope, stride));
  layout.offset = evaluate(machine, scope, fields.offset);
  for (int64_t extent : layout.shape)
    if (extent < 0) machine.failure.raise(base::ErrorKind::value, "negative dimensions are not allowed", {});
  if (layout.shape.size() != layout.strides.size())
    machine.failure.bug("'" + fields.name + "' does not have one stride for each dimension");
  return layout;
}

namespace {

// Elements from data to one past the last one that a layout reaches; nothing when it is absurd.
std::optional<int64_t> reach(const Layout& layout) {
  int64_t last = layout.offset;
  for (size_t d = 0; d < layout.shape.size(); ++d) {
    if (layout.shape[d] == 0) return 0;
    int64_t step = 0;
    if (__builtin_mul_overflow(layout.shape[d] - 1, std::max<int64_t>(layout.strides[d], 0), &step) ||
        __builtin_add_overflow(last, step, &last))
      return std::nullopt;
  }
  return last + 1;
}

void give_birth(Machine& machine, Scope& scope, Variable& variable) {
  const ir::ContainerFields& fields = variable.container->get();
  Layout layout = layout_of(machine, scope, fields);
  if (machine.failed()) return;
  variable.own = true;
  Array& array = variable.array;
  array = Array{fields.dtype, nullptr, nullptr, 0, layout.shape, layout.strides};
  if (fields.kind == ir::ContainerKind::stream) {
    auto channels = std::make_shared<Channels>();
    channels->name = fields.name;
    const int64_t depth = machine.options.exact_stream_depths ? evaluate(machine, scope, fields.buffer_size) : 0;
    channels->channels.assign(static_cast<size_t>(array.num_elements()), Channel{{}, depth});
    array.channels = std::move(channels);
    return;
  }
  auto elements = reach(layout);
  const int64_t room = machine.options.max_bytes - *machine.bytes;
  if (!elements || *elements > room / fields.dtype.bytes()) {
    machine.failure.bug("'" + fields.name + "' does not fit into the memory limit of the interpreter");
    return;
  }
  const int64_t bytes = *elements * fields.dtype.bytes();
  array.memory = allocate(fields.name, bytes, machine.bytes);
  array.offset = layout.offset * fields.dtype.bytes();
}

// The scope in which the variable was declared: its extents are meant there.
Scope& home_of(Scope& scope, std::string_view name) {
  Scope* at = &scope;
  while (!at->variables.contains(name)) at = at->outer;
  return *at;
}

}  // namespace

Variable* access(Machine& machine, Scope& scope, std::string_view name) {
  Variable* variable = scope.find(name);
  if (!variable) {
    machine.failure.bug("there is no container '" + std::string(name) + "'");
    return nullptr;
  }
  const ir::ContainerKind kind = variable->container->get().kind;
  const bool pointer = kind == ir::ContainerKind::view || kind == ir::ContainerKind::reference;
  if (variable->stale && variable->array.bound()) {
    if (pointer) {
      Layout layout = layout_of(machine, home_of(scope, name), variable->container->get());
      variable->array.shape = layout.shape;
      variable->array.strides = layout.strides;
    } else if (variable->own) {
      variable->array = {};
    }
  }
  variable->stale = false;
  if (!variable->array.bound() && pointer)
    machine.failure.bug("'" + std::string(name) + "' is used before it is set");
  else if (!variable->array.bound())
    give_birth(machine, home_of(scope, name), *variable);
  return machine.failed() ? nullptr : variable;
}

void assign_symbol(Machine& machine, Scope& scope, const std::string& name, int64_t value) {
  scope.globals[name] = value;
  const auto& shaped_by = machine.plan(*scope.sdfg).shaped_by;
  auto found = shaped_by.find(name);
  if (found == shaped_by.end()) return;
  for (const std::string& container : found->second)
    if (Variable* variable = scope.find(container)) variable->stale = true;
}

}  // namespace thalweg::interpret
