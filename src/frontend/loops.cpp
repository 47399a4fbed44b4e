// Loops: what the body assigns and a later iteration (or what follows) reads is carried in scalar containers and
// references. Types and containers are guessed from the values on entry; where an arrival at the head shows another
// one, the loop is built again from the checkpoint with what was learned.
#include <algorithm>

#include "base/planted.h"
#include "frontend/builder.h"

namespace thalweg::frontend {

LoopPlan Builder::plan_loop(const syntax::Stmt& statement, NameSet assigned, const std::vector<syntax::StmtPtr>& body) {
  LoopPlan plan;
  plan.broke = std::exchange(broke_, "");
  const NameSet inside = assigned_names(body);
  assigned.insert(inside.begin(), inside.end());
  const NameSet &head = live().at_head(statement), &after = live().after(statement);
  for (const auto& name : assigned)
    if (head.count(name) || after.count(name)) plan.names.insert(name);
  for (const auto& name : plan.names) {
    auto found = scope_.names.find(name);
    if (found == scope_.names.end()) continue;
    if (auto* maybe = found->second.as<MaybeUnbound>()) {
      const std::string reason = "'" + name + "' is bound here";
      std::optional<bool> bound = decide(maybe->bound, statement.span, reason);
      if (!*bound) bound = ask(maybe->bound, statement.span, reason);  // or never, or nobody knows
      Value settled = bound.value_or(false) ? *maybe->value : Value(Unbound{maybe->why, !bound});
      found->second = std::move(settled);
    }
    if (auto* scalar = found->second.as<Computed>()) {
      plan.scalars[name] = *scalar;
    } else if (auto* array = found->second.as<Array>()) {
      plan.arrays[name] = *array;
    }
  }
  return plan;
}

Status Builder::carried_loop(const syntax::Stmt& statement, const ir::LoopFields& fields, const std::string& label,
                             LoopPlan plan, const LoopBody& build_body) {
  const Checkpoint point = checkpoint();
  const size_t granted = entry_facts_.size(), returns = returns_so_far();
  for (int attempt = 0; attempt < 16; ++attempt) {
    Result<bool> settled = try_loop(statement, fields, label, plan, build_body);
    if (settled && *settled) return leave_if_returned(returns, statement.span);
    restore(point);
    if (returns_so_far() > returns) {
      frames_.back().return_points.back().values.resize(returns, Value(NoneObject{}));
      frames_.back().return_points.back().fields.resize(returns);
    }
    for (size_t i = granted; i < entry_facts_.size(); ++i) facts_.assume(entry_facts_[i]);
    if (!settled) return wrong_inside(plan, settled.error(), statement.span);
  }
  if (plan.runs && ask(*plan.runs, statement.span, "whether this loop runs") == false) return base::success();
  // Types only widen and sets of containers only grow; names that take turns in sharing what changes its size do neither.
  return error("TW1058", statement.span, "the arrays that this loop hands on to its next turn do not settle",
               "copy what one name gives to another: c = a.copy()");
}

// What CPython would raise inside a loop, it raises where the loop runs.
Status Builder::wrong_inside(const LoopPlan& plan, const base::Diagnostic& problem, const Span& span) {
  if (!plan.runs || !raised_when_reached(problem)) return problem;
  const std::optional<bool> runs = ask(*plan.runs, span, "whether this loop runs");
  if (!runs) return refused_operand(problem);
  return *runs ? Status(problem) : base::success();
}

Result<bool> Builder::try_loop(const syntax::Stmt& statement, const ir::LoopFields& fields, const std::string& label,
                               LoopPlan& plan, const LoopBody& build_body) {
  const Span& span = statement.span;
  LoopFrame frame;
  frame.statement = &statement;
  frame.depth = frames_.size();
  frame.plan = &plan;
  TW_TRY_VOID(enter_objects(plan, frame, span));
  const Scope before = scope_;
  TW_TRY_VOID(enter_loop(plan, frame, span));
  ir::LoopRegion& region = append_block(ir::make_ref<ir::LoopRegion>(unique_label(label), fields), located(span));
  const Cursor outer = cursor_;
  cursor_ = Cursor{outer.sdfg, &region, nullptr, false, {}};
  const FactsMark mark = mark_facts();
  loops_.push_back(&frame);
  Status status = build_body();
  if (status && !cursor_.left) status = commit_carried(frame, span);
  loops_.pop_back();
  if (!status) return std::move(status.error());
  flush_pending(span);
  if (region.blocks().empty()) new_state("nothing", span);
  cursor_ = outer;
  return_to(mark);
  TW_TRY(bool settled, settle_arrivals(plan, frame, before, span));
  if (!settled || !settle_last_index(plan, frame, before) || !settle_flags(plan, frame, before)) return false;
  TW_TRY_VOID(leave_loop(plan, frame, before, span));
  return true;
}

Status Builder::enter_loop(LoopPlan& plan, LoopFrame& frame, const Span& span) {
  for (const auto& [name, type] : plan.scalars) {
    const std::string container = new_scalar(name, type.dtype);
    frame.homes[name] = {container, type.dtype};
    std::optional<Expr> flag;
    if (plan.flagged.count(name)) flag = begin_flag(frame, name, scope_.names[name]);
    auto* entry = scope_.names[name].as<Computed>();
    if (!entry) continue;
    TW_TRY(Computed start, cast(*entry, type.dtype, span));
    TW_TRY_VOID(emit_scalar(container, start, span));
    Computed bound{type.dtype, {}, code::input(container, type.dtype)};
    bound.mixed = type.mixed;
    bound.twin = type.twin;
    bound.weak = flag;
    scope_.names[name] = Value(std::move(bound));
  }
  for (const auto& [made, buffer] : plan.buffers) {
    const int generations = buffer.generations;
    std::vector<Expr> shape = buffer.like.shape;
    shape.insert(shape.begin(), Expr(generations));
    // Not an array "made inside": its generations outlive this loop and those around it, if none changes its size.
    frame.buffers[made] = fresh(made + "_buffers");
    cursor_.sdfg->add_array(frame.buffers[made], buffer.like.dtype, shape, true);
    for (LoopFrame* outer : loops_)
      if (varies(*outer, shape)) outer->born.insert(frame.buffers[made]);
    TW_TRY_VOID(check_other_holders(plan, frame, frame.buffers[made], span));
    const std::string turn = fresh(made + "_turn");
    SymbolBounds bounds;
    bounds.low = 0;
    bounds.high = generations - 1;
    bounds.at_run_time = true;
    declare_symbol(turn, dtypes::int64, bounds);
    initial_.emplace_back(turn, code::constant(int64_t{0}, dtypes::int64));
    frame.turns[made] = turn;
  }
  std::vector<std::pair<std::string, Array>> sets;
  for (const auto& [name, array] : plan.arrays) {
    if (!plan.targets.count(name)) continue;  // so far it always means the same array
    CarriedArray carried{name, "", array, strides_of(array), "", {}};
    TW_TRY_VOID(vary(plan, frame, carried, span));
    TW_TRY(std::vector<size_t> order,
           plan.unordered.count(name) ? std::vector<size_t>() : order_of_copies({array}, span));
    carried.reference = new_reference(name, array.dtype, carried.like.shape, carried.strides);
    orders_[carried.reference] = std::move(order);
    sets.emplace_back(carried.reference, array);
    frame.arrays.push_back(std::move(carried));
  }
  set_references(sets, span);
  for (const CarriedArray& carried : frame.arrays) {
    ir::Container& container = cursor_.sdfg->container(carried.reference);
    std::set<std::string> all(container->targets.begin(), container->targets.end());
    all.insert(plan.targets[carried.name].begin(), plan.targets[carried.name].end());
    if (!carried.room.empty()) all.insert(carried.room);
    container.set<&ir::ContainerFields::targets>(std::vector<std::string>(all.begin(), all.end()));
    std::vector<std::string> others;
    for (const CarriedArray& other : frame.arrays)
      if (plan.distinct && other.name != carried.name) others.push_back(other.reference);
    container.set<&ir::ContainerFields::distinct>(std::move(others));
    scope_.names[carried.name] = Value(whole_array(carried.reference, carried.like.dtype, carried.like.shape));
  }
  for (const auto& [name, home] : frame.homes) scope_.homes[name] = home;
  return base::success();
}

// A buffer keeps the generations that this loop carries. In a loop around this one, another name may still mean an
// earlier generation: it would be overwritten here.
Status Builder::check_other_holders(const LoopPlan& plan, const LoopFrame& frame, const std::string& buffer,
                                    const Span& span) {
  for (const auto& [name, value] : scope_.names) {
    auto* maybe = value.as<MaybeUnbound>();
    auto* array = maybe ? maybe->value->as<Array>() : value.as<Array>();
    const bool later =
        is_field(name) || live().at_head(*frame.statement).count(name) || live().after(*frame.statement).count(name);
    if (!array || !later || plan.names.count(name) || !memory_of(array->container).count(buffer)) continue;
    return error("TW1058", span, "'" + name + "' may mean an array of an earlier iteration that this loop overwrites",
                 "copy it: " + name + " = " + name + ".copy()");
  }
  return base::success();
}

Status Builder::commit_carried(LoopFrame& frame, const Span& span) {
  std::map<std::string, Value> values;
  for (const auto& name : frame.plan->names) {
    auto found = scope_.names.find(name);
    values[name] = found == scope_.names.end() ? Value(Unbound{}) : found->second;
  }
  commit_objects(frame, values);
  TW_TRY_VOID(commit_scalars(frame, values, span));
  TW_TRY_VOID(commit_arrays(frame, values, span));
  frame.arrivals.push_back(std::move(values));
  return base::success();
}

// Carried scalars := their new values. Values that read another carried scalar are taken before any is written.
Status Builder::commit_scalars(LoopFrame& frame, const std::map<std::string, Value>& values, const Span& span) {
  std::vector<std::pair<std::string, Computed>> stores;
  for (const auto& [name, home] : frame.homes) {
    auto* value = values.at(name).as<Computed>();
    if (!value || !value->scalar()) continue;
    auto type = join_type(name, frame.plan->scalars[name], *value, span);
    if (!type || type->dtype != home.dtype) continue;  // the loop is built again, or refused when it settles
    if (value->tree->op == code::Op::input && value->tree->name == home.container) continue;
    TW_TRY(Computed stored, cast(*value, home.dtype, span));
    stores.emplace_back(home.container, std::move(stored));
  }
  for (auto& [container, value] : stores) {
    const bool crossed = std::any_of(stores.begin(), stores.end(), [&](const auto& other) {
      return other.first != container && reads_container(value, other.first);
    });
    if (crossed && !base::planted("frontend.carried_in_order")) {
      TW_TRY(value, store_scalar(value, container + "_next", span));
    }
  }
  for (auto& [container, value] : stores) TW_TRY_VOID(emit_scalar(container, value, span));
  commit_flags(frame, values);
  return base::success();
}

Status Builder::commit_arrays(LoopFrame& frame, const std::map<std::string, Value>& values, const Span& span) {
  std::vector<std::pair<std::string, Array>> sets;
  std::set<std::string> adopted;
  TW_TRY_VOID(commit_rooms(frame, values, span));
  for (const CarriedArray& carried : frame.arrays) {
    auto* value = values.at(carried.name).as<Array>();
    const Array now = whole_array(carried.reference, carried.like.dtype, carried.like.shape);
    if (!value || (value->container == carried.reference && value->axes == now.axes)) continue;
    const bool kept = goes_to_room(frame, carried, *value);
    if (!kept && made_inside(frame, *value)) continue;  // the loop is built again, with a buffer or room, or refused
    sets.emplace_back(carried.reference, kept ? whole_array(carried.room, value->dtype, carried.room_shape) : *value);
    if (frame.turns.count(value->container)) adopted.insert(value->container);
  }
  set_references(sets, span);
  commit_extents(frame, values);
  for (const auto& made : adopted) {
    const Expr turn = Expr::symbol(frame.turns[made]);
    const int generations = frame.plan->buffers[made].generations;
    assign_together(
        {{frame.turns[made], code::symbol(generations == 2 ? 1 - turn : symbolic::mod(turn + 1, generations))}});
  }
  return base::success();
}

}  // namespace thalweg::frontend
