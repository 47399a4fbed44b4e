// Control flow: blocks of a region along their transitions, loops, conditionals, jumps.
#include "interpret/run.h"

namespace thalweg::interpret {

namespace {

bool holds(Machine& machine, Scope& scope, const ir::code::Ptr& condition) {
  if (!condition) return true;
  ContainerLeaves leaves(machine, scope);
  return truth(evaluate(machine, scope, *condition, leaves));
}

int64_t index_value(Machine& machine, Scope& scope, const ir::code::Expr& expr) {
  ContainerLeaves leaves(machine, scope);
  const Scalar value = evaluate(machine, scope, expr, leaves);
  if (machine.failed()) return 0;
  if (!value.type.is_integer() && !value.type.is_bool()) {
    machine.failure.bug("a symbol is assigned a " + value.type.name());
    return 0;
  }
  if (value.type == ir::dtypes::uint64 && value.get<uint64_t>() > static_cast<uint64_t>(INT64_MAX)) {
    machine.failure.raise(base::ErrorKind::overflow, "an index leaves 64 bits here", expr.span);
    return 0;
  }
  return to_int64(value);
}

// All right-hand sides are read before any symbol changes.
void assign(Machine& machine, Scope& scope, const std::vector<std::pair<std::string, ir::code::Ptr>>& assignments) {
  std::vector<int64_t> values;
  for (const auto& [name, value] : assignments) values.push_back(index_value(machine, scope, *value));
  for (size_t i = 0; i < assignments.size() && !machine.failed(); ++i)
    assign_symbol(machine, scope, assignments[i].first, values[i]);
}

Task run_loop(Machine& machine, Scope& scope, ir::LoopRegion& loop) {
  const ir::LoopFields& fields = loop.get();
  auto set = [&](const ir::code::Ptr& value) {
    if (!fields.variable.empty() && value && !machine.failed()) assign(machine, scope, {{fields.variable, value}});
  };
  set(fields.init);
  bool first = true;
  while (machine.step(loop)) {
    const bool test_now = !fields.inverted || !first;
    // A do-while tests behind its body; the update stands before or behind that test.
    if (!first && (!fields.inverted || fields.update_before_condition)) set(fields.update);
    if (machine.failed() || (test_now && !holds(machine, scope, fields.condition))) break;
    if (!first && fields.inverted && !fields.update_before_condition) set(fields.update);
    if (machine.failed()) break;
    first = false;
    const Flow flow = co_await run_region(machine, scope, loop);
    if (flow == Flow::break_) break;
    if (flow == Flow::return_ || flow == Flow::stop) co_return flow;
  }
  co_return machine.failed() ? Flow::stop : Flow::next;
}

Task run_conditional(Machine& machine, Scope& scope, ir::ConditionalBlock& block) {
  for (const auto& branch : block.branches()) {
    if (!holds(machine, scope, branch.condition)) continue;
    if (machine.failed()) break;
    const Flow flow = co_await run_region(machine, scope, *branch.body);
    co_return flow;
  }
  co_return machine.failed() ? Flow::stop : Flow::next;
}

Flow flow_of(ir::Jump jump) {
  switch (jump) {
    case ir::Jump::break_: return Flow::break_;
    case ir::Jump::continue_: return Flow::continue_;
    case ir::Jump::return_: return Flow::return_;
  }
  return Flow::next;
}

Task run_jump(Machine&, ir::JumpBlock& jump) { co_return flow_of(jump.jump()); }

Task run_block(Machine& machine, Scope& scope, ir::ControlFlowBlock& block) {
  return ir::match(
      block, [&](ir::State* state) { return run_state(machine, scope, *state); },
      [&](ir::ControlFlowRegion* region) { return run_region(machine, scope, *region); },
      [&](ir::LoopRegion* loop) { return run_loop(machine, scope, *loop); },
      [&](ir::ConditionalBlock* conditional) { return run_conditional(machine, scope, *conditional); },
      [&](ir::JumpBlock* jump) { return run_jump(machine, *jump); });
}

}  // namespace

Task run_region(Machine& machine, Scope& scope, ir::ControlFlowRegion& region) {
  ir::ControlFlowBlock* block = region.start();
  while (block) {
    if (!machine.step(*block)) co_return Flow::stop;
    const Flow flow = co_await run_block(machine, scope, *block);
    if (flow != Flow::next) co_return flow;
    ir::ControlFlowBlock* next = nullptr;
    for (ir::InterstateEdge* edge : region.out_edges(*block)) {
      machine.at = edge;
      if (!holds(machine, scope, edge->get().condition)) continue;
      if (machine.failed()) co_return Flow::stop;
      assign(machine, scope, edge->get().assignments);
      next = &edge->target();
      break;
    }
    if (machine.failed()) co_return Flow::stop;
    block = next;
  }
  co_return Flow::next;
}

}  // namespace thalweg::interpret
