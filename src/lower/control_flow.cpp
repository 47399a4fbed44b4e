// Regions to loops: counted loops where the pattern is plain, while loops, if chains, and a state machine for graphs
// of blocks without structure.
#include <algorithm>

#include "base/planted.h"
#include "lower/lowering.h"

namespace thalweg::lower {

using ir::code::Op;

void collect_assigned(const ir::ControlFlowRegion& region, std::set<std::string>& into) {
  for (const auto& edge : region.edges())
    for (const auto& [symbol, value] : edge->get().assignments) into.insert(symbol);
  for (const auto& block : region.blocks()) {
    if (auto* loop = ir::as<ir::LoopRegion>(block.get()))
      if (!loop->get().variable.empty()) into.insert(loop->get().variable);
    if (auto* inner = ir::as<ir::ControlFlowRegion>(block.get())) collect_assigned(*inner, into);
    if (auto* conditional = ir::as<ir::ConditionalBlock>(block.get()))
      for (const auto& branch : conditional->branches()) collect_assigned(*branch.body, into);
  }
}

std::optional<Expr> as_symbolic(const Ptr& value) {
  if (!value) return std::nullopt;
  auto both = [&](auto&& make) -> std::optional<Expr> {
    auto a = as_symbolic(value->args[0]), b = as_symbolic(value->args[1]);
    if (!a || !b) return std::nullopt;
    return make(*a, *b);
  };
  using E = const Expr&;
  switch (value->op) {
    case Op::symbol: return value->symbol;
    case Op::constant:
      if (auto* number = std::get_if<int64_t>(&value->value)) return Expr(*number);
      if (auto* truth = std::get_if<bool>(&value->value)) return Expr(*truth ? 1 : 0);
      return std::nullopt;
    case Op::cast: {
      bool whole = (value->type.is_integer() && value->type.bytes() == 8 && !value->type.is_unsigned());
      const ir::DType from = value->args[0]->type;
      return whole && from.is_integer() && !(from.is_unsigned() && from.bytes() == 8) ? as_symbolic(value->args[0])
                                                                                      : std::nullopt;
    }
    case Op::add: return both([](E a, E b) { return a + b; });
    case Op::sub: return both([](E a, E b) { return a - b; });
    case Op::mul: return both([](E a, E b) { return a * b; });
    case Op::lt: return both([](E a, E b) { return symbolic::lt(a, b); });
    case Op::le: return both([](E a, E b) { return symbolic::le(a, b); });
    case Op::gt: return both([](E a, E b) { return symbolic::gt(a, b); });
    case Op::ge: return both([](E a, E b) { return symbolic::ge(a, b); });
    default: return std::nullopt;
  }
}

namespace {

bool has_return(const ir::ControlFlowRegion& region) {
  return std::any_of(region.blocks().begin(), region.blocks().end(), [](const auto& block) {
    if (auto* jump = ir::as<ir::JumpBlock>(block.get())) return jump->jump() == ir::Jump::return_;
    if (auto* inner = ir::as<ir::ControlFlowRegion>(block.get())) return has_return(*inner);
    if (auto* conditional = ir::as<ir::ConditionalBlock>(block.get()))
      return std::any_of(conditional->branches().begin(), conditional->branches().end(),
                         [](const auto& branch) { return has_return(*branch.body); });
    return false;
  });
}

// condition as "variable < end" (step > 0) or "variable > end" (step < 0); nothing if it is not of that form.
std::optional<Expr> loop_end(const Expr& condition, const std::string& variable, bool upward) {
  using symbolic::Kind;
  if (condition.kind() != Kind::lt && condition.kind() != Kind::le) return std::nullopt;
  // positive <=> true
  Expr margin = condition.operands()[1] - condition.operands()[0];
  if (condition.kind() == Kind::le) margin = margin + 1;
  Expr counter = Expr::symbol(variable);
  Expr end = upward ? margin + counter : counter - margin;
  std::set<std::string> symbols;
  symbolic::collect_symbols(end, symbols);
  if (symbols.contains(variable)) return std::nullopt;
  return end;
}

bool mentions(const Expr& expr, const std::set<std::string>& names) {
  std::set<std::string> symbols;
  symbolic::collect_symbols(expr, symbols);
  return std::any_of(symbols.begin(), symbols.end(), [&](const auto& s) { return names.contains(s); });
}

bool reads_containers(const Expr& expr) {
  std::set<std::string> containers;
  symbolic::collect_containers(expr, containers);
  return !containers.empty();
}

}  // namespace

Status Lowering::lower_graph(Graph& graph) {
  if (!has_return(*graph.sdfg)) return lower_region(graph, *graph.sdfg);
  // A return leaves this one-turn loop.
  While once{ir::code::constant(false, ir::dtypes::bool_), {}, {}, next_id_++, true, false};
  graph.body_id = once.id;
  TW_TRY_VOID(into(once.body, [&] { return lower_region(graph, *graph.sdfg); }));
  add(std::move(once));
  return base::success();
}

Status Lowering::lower_region(Graph& graph, ir::ControlFlowRegion& region) {
  auto chain = region.chain();
  if (!chain) return lower_state_machine(graph, region);
  for (size_t i = 0; i < chain->size(); ++i) {
    TW_TRY_VOID(lower_block(graph, *(*chain)[i]));
    if (i + 1 < chain->size())
      for (const ir::InterstateEdge* edge : region.out_edges(*(*chain)[i]))
        TW_TRY_VOID(lower_assignments(graph, *edge));
  }
  return base::success();
}

// while (true) { if (block == 0) {...; block = 2; continue} ... }, blocks numbered as they were added.
Status Lowering::lower_state_machine(Graph& graph, ir::ControlFlowRegion& region) {
  std::map<const ir::ControlFlowBlock*, int64_t> number;
  for (const auto& block : region.blocks()) number.emplace(block.get(), static_cast<int64_t>(number.size()));
  std::string at = new_variable("next_block", ir::dtypes::int64);
  auto constant = [](int64_t value) { return ir::code::constant(value, ir::dtypes::int64); };
  add(Assign{at, constant(number.at(region.start())), {}});
  While machine{nullptr, {}, {}, next_id_++};
  Status status = into(machine.body, [&]() -> Status {
    for (const auto& block : region.blocks()) {
      If here{ir::code::make(Op::eq, ir::code::input(at, ir::dtypes::int64), constant(number.at(block.get()))), {}, {}};
      TW_TRY_VOID(into(here.then, [&]() -> Status {
        TW_TRY_VOID(lower_block(graph, *block));
        for (const ir::InterstateEdge* edge : region.out_edges(*block)) {
          Body take;
          TW_TRY_VOID(into(take, [&]() -> Status {
            TW_TRY_VOID(lower_assignments(graph, *edge));
            add(Assign{at, constant(number.at(&edge->target())), {}});
            add(Jump{Jump::Kind::continue_, machine.id});
            return base::success();
          }));
          if (!edge->get().condition) {
            for (Statement& s : take) out_->push_back(std::move(s));
            return base::success();
          }
          TW_TRY(Ptr condition, lower_condition(graph, edge->get().condition, edge->location()));
          add(If{condition, std::move(take), {}});
        }
        add(Jump{Jump::Kind::break_, machine.id});
        return base::success();
      }));
      add(std::move(here));
    }
    add(Jump{Jump::Kind::break_, machine.id});
    return base::success();
  });
  TW_TRY_VOID(std::move(status));
  add(std::move(machine));
  return base::success();
}

Status Lowering::lower_block(Graph& graph, ir::ControlFlowBlock& block) {
  return ir::match(
      block, [&](ir::State* state) { return lower_state(graph, *state); },
      [&](ir::ControlFlowRegion* region) { return lower_region(graph, *region); },
      [&](ir::LoopRegion* loop) { return lower_loop(graph, *loop); },
      [&](ir::ConditionalBlock* conditional) { return lower_conditional(graph, *conditional); },
      [&](ir::JumpBlock* jump) { return lower_jump(graph, *jump); });
}

Status Lowering::lower_loop(Graph& graph, ir::LoopRegion& loop) {
  add_source(loop.location());
  TW_TRY(bool done, lower_counted_loop(graph, loop));
  return done ? base::success() : lower_while(graph, loop);
}

// for (variable = init; variable < end; variable += step) where end and step cannot change inside.
Result<bool> Lowering::lower_counted_loop(Graph& graph, ir::LoopRegion& loop) {
  const ir::LoopFields& fields = loop.get();
  if (fields.variable.empty() || fields.inverted || !fields.update_before_condition) return false;
  auto condition = as_symbolic(fields.condition), update = as_symbolic(fields.update);
  if (!condition || !update) return false;
  auto step = (*update - Expr::symbol(fields.variable)).as_integer();
  if (!step || *step == 0) return false;
  auto end = loop_end(*condition, fields.variable, *step > 0);
  std::set<std::string> assigned;
  collect_assigned(loop, assigned);
  if (!end || assigned.contains(fields.variable) || mentions(*end, assigned) || reads_containers(*end)) return false;

  std::string variable = graph.symbols.at(fields.variable).name();
  Loop out{variable, 0, in(graph, *end), *step};
  auto begin = as_symbolic(fields.init);
  if (begin && !reads_containers(*begin)) {
    out.begin = in(graph, *begin);
  } else {
    TW_TRY_VOID(assign_symbol(graph, fields.variable, fields.init, loop.location()));
    out.begin = Expr::symbol(variable);
  }
  out.id = next_id_++;
  out.keep = true;
  out.poll = !in_map() || !options_.kernels;
  loops_.push_back({out.id});
  TW_TRY_VOID(into(out.body, [&]() -> Status {
    reallocate_for(graph, {fields.variable});
    return lower_region(graph, loop);
  }));
  loops_.pop_back();
  add(std::move(out));
  return true;
}

Status Lowering::lower_while(Graph& graph, ir::LoopRegion& loop) {
  const ir::LoopFields& fields = loop.get();
  if (!fields.variable.empty() && fields.init)
    TW_TRY_VOID(assign_symbol(graph, fields.variable, fields.init, loop.location()));
  if (fields.inverted && !fields.update_before_condition)
    return refuse(loop.location(), "a do-while loop that tests before its update cannot be compiled yet");
  While out{nullptr, {}, {}, next_id_++};
  out.poll = !in_map() || !options_.kernels;
  auto leave_unless = [&]() -> Status {
    if (!fields.condition) return base::success();
    TW_TRY(Ptr condition, lower_condition(graph, fields.condition, loop.location()));
    add(If{ir::code::make(Op::logical_not, condition), {{Jump{Jump::Kind::break_, out.id}}}, {}});
    return base::success();
  };
  loops_.push_back({out.id});
  TW_TRY_VOID(into(out.body, [&]() -> Status {
    if (!fields.inverted) TW_TRY_VOID(leave_unless());
    if (!fields.variable.empty()) reallocate_for(graph, {fields.variable});
    return lower_region(graph, loop);
  }));
  TW_TRY_VOID(into(out.update, [&]() -> Status {
    if (!fields.variable.empty() && fields.update)
      TW_TRY_VOID(assign_symbol(graph, fields.variable, fields.update, loop.location()));
    return fields.inverted ? leave_unless() : base::success();
  }));
  loops_.pop_back();
  add(std::move(out));
  return base::success();
}

Status Lowering::lower_conditional(Graph& graph, ir::ConditionalBlock& block) {
  // Conditions of later branches are evaluated only where the earlier ones failed.
  auto lower_from = [&](auto&& self, size_t index) -> Status {
    if (index == block.branches().size()) return base::success();
    const auto& branch = block.branches()[index];
    if (!branch.condition) return lower_region(graph, *branch.body);
    TW_TRY(Ptr condition, lower_condition(graph, branch.condition, block.location()));
    If out{condition, {}, {}};
    TW_TRY_VOID(into(out.then, [&] { return lower_region(graph, *branch.body); }));
    TW_TRY_VOID(into(out.otherwise, [&] { return self(self, index + 1); }));
    add(std::move(out));
    return base::success();
  };
  return lower_from(lower_from, 0);
}

Status Lowering::lower_jump(Graph& graph, ir::JumpBlock& jump) {
  if (jump.jump() == ir::Jump::return_) {
    TW_CHECK(graph.body_id >= 0, "return outside a graph");
    add(Jump{Jump::Kind::break_, graph.body_id});
    return base::success();
  }
  if (loops_.empty()) return refuse(jump.location(), "break or continue outside a loop");
  add(Jump{jump.jump() == ir::Jump::break_ ? Jump::Kind::break_ : Jump::Kind::continue_, loops_.back().id});
  return base::success();
}

Status Lowering::lower_assignments(Graph& graph, const ir::InterstateEdge& edge) {
  const auto& assignments = edge.get().assignments;
  if (assignments.empty()) return base::success();
  if (assignments.size() == 1) {
    TW_TRY_VOID(assign_symbol(graph, assignments[0].first, assignments[0].second, edge.location()));
    reallocate_for(graph, {assignments[0].first});
    return base::success();
  }
  std::vector<std::pair<std::string, std::string>> taken;
  std::set<std::string> symbols;
  for (const auto& [symbol, value] : assignments) {
    TW_TRY(Ptr right, translate(graph, value, nullptr, edge.location()));
    std::string variable = graph.symbols.at(symbol).name();
    std::string next = base::planted("lower.assign_in_order")
                           ? variable
                           : new_variable("next_" + symbol, program_.variables.at(variable).dtype);
    FlagSites flags = flag_sites(right, edge.location());
    add(Assign{next, ir::code::cast(right, program_.variables.at(variable).dtype), flags});
    taken.emplace_back(variable, next);
    symbols.insert(symbol);
  }
  for (const auto& [variable, next] : taken)
    add(Assign{variable, ir::code::input(next, program_.variables.at(variable).dtype), {}});
  reallocate_for(graph, symbols);
  return base::success();
}

Status Lowering::assign_symbol(Graph& graph, const std::string& symbol, const Ptr& value,
                               const base::Location& location) {
  std::string variable = graph.symbols.at(symbol).name();
  ir::DType dtype = program_.variables.at(variable).dtype;
  TW_TRY(Ptr right, translate(graph, value, nullptr, location));
  right = ir::code::cast(right, dtype);
  FlagSites flags = flag_sites(right, location);
  add(Assign{variable, right, flags});
  return base::success();
}

Result<Ptr> Lowering::lower_condition(Graph& graph, const Ptr& condition, const base::Location& location) {
  TW_TRY(Ptr value, translate(graph, condition, nullptr, location));
  if (!value->type.is_bool()) value = ir::code::cast(value, ir::dtypes::bool_);
  if (!ir::code::may_raise(*value)) return value;
  std::string variable = new_variable("condition", value->type);
  FlagSites flags = flag_sites(value, location);
  add(Assign{variable, value, flags});
  return ir::code::input(variable, value->type);
}

}  // namespace thalweg::lower
