// What names mean behind a loop.
#include <algorithm>

#include "frontend/builder.h"

namespace thalweg::frontend {

namespace {

// The value with all its symbolic expressions changed; trees by the substitution that says the same.
Value changed(const Value& value, const symbolic::Substitution& by) {
  auto held = [&](const std::shared_ptr<Value>& part) {
    return part ? std::make_shared<Value>(changed(*part, by)) : nullptr;
  };
  Value out = value;
  if (auto* array = out.as<Array>()) {
    for (Expr& extent : array->shape) extent = symbolic::substitute(extent, by);
    for (Axis& axis : array->axes) {
      axis.begin = symbolic::substitute(axis.begin, by);
      axis.step = symbolic::substitute(axis.step, by);
    }
  } else if (auto* number = out.as<Computed>()) {
    for (Expr& extent : number->shape) extent = symbolic::substitute(extent, by);
    if (number->integer) number->integer = symbolic::substitute(*number->integer, by);
    if (number->condition) number->condition = symbolic::substitute(*number->condition, by);
    number->tree = code::replace(number->tree, {{}, {}, by});
  } else if (auto* parts = parts_of(out)) {
    for (Value& item : *parts) item = changed(item, by);
  } else if (auto* slice = out.as<SliceValue>()) {
    *slice = {held(slice->lower), held(slice->upper), held(slice->step)};
  } else if (auto* maybe = out.as<MaybeUnbound>()) {
    maybe->value = held(maybe->value);
    maybe->bound = symbolic::substitute(maybe->bound, by);
  } else if (auto* method = out.as<Method>()) {
    method->object = held(method->object);
  }
  return out;
}

}  // namespace

// Does the value depend on the symbol?
bool Builder::mentions_symbol(const Value& value, const std::string& symbol) const {
  auto in = [&](const Expr& expr) {
    std::set<std::string> used;
    symbolic::collect_symbols(expr, used);
    return used.count(symbol) > 0;
  };
  auto held = [&](const std::shared_ptr<Value>& part) { return part && mentions_symbol(*part, symbol); };
  if (auto* array = value.as<Array>()) {
    const std::vector<Expr> strides = strides_of(*array);
    return std::any_of(array->shape.begin(), array->shape.end(), in) ||
           std::any_of(strides.begin(), strides.end(), in) ||
           std::any_of(array->axes.begin(), array->axes.end(),
                       [&](const Axis& a) { return in(a.begin) || in(a.step); });
  }
  if (auto* number = value.as<Computed>()) {
    std::set<std::string> used;
    code::collect_symbols(*number->tree, used);
    return used.count(symbol) > 0 || std::any_of(number->shape.begin(), number->shape.end(), in);
  }
  if (auto* parts = parts_of(value))
    return std::any_of(parts->begin(), parts->end(), [&](const Value& item) { return mentions_symbol(item, symbol); });
  if (auto* slice = value.as<SliceValue>()) return held(slice->lower) || held(slice->upper) || held(slice->step);
  if (auto* maybe = value.as<MaybeUnbound>()) return in(maybe->bound) || held(maybe->value);
  if (auto* method = value.as<Method>()) return held(method->object);
  return false;
}

// A for loop's own variable has gone one step further when the loop ends, but not where `break` leaves it. Where what
// is read later depends on it and both may be, the body keeps the index of the iteration that runs.
bool Builder::settle_last_index(LoopPlan& plan, const LoopFrame& frame, const Scope& before) {
  if (plan.counter.empty() || plan.keeps_last || !frame.breaks) return true;
  for (const auto& name : plan.names) {
    if (before.names.count(name) && !before.names.at(name).as<Unbound>()) continue;
    for (const auto& arrival : frame.arrivals) plan.keeps_last |= mentions_symbol(arrival.at(name), plan.counter);
  }
  return !plan.keeps_last;
}

// The value at the end of the last iteration, in terms of what is known behind the loop.
Value Builder::at_loop_end(LoopPlan& plan, const Value& value, const Span& span) {
  if (plan.counter.empty() || !mentions_symbol(value, plan.counter)) return value;
  if (plan.last.empty()) {
    SymbolBounds bounds = symbols_.at(plan.counter);
    plan.last = assign_symbol(plan.counter + "_last", code::symbol(Expr::symbol(plan.counter) - plan.step), bounds,
                              dtypes::int64);
    flush_pending(span);
  }
  return changed(value, {{plan.counter, Expr::symbol(plan.last)}});
}

// After the loop: carried names mean what they were carried in; others are unknown outside.
Status Builder::leave_loop(LoopPlan& plan, LoopFrame& frame, const Scope& before, const Span& span) {
  Scope now = before;
  for (const auto& name : plan.names) {
    const bool bound_before = before.names.count(name) && !before.names.at(name).as<Unbound>();
    if (auto home = frame.homes.find(name); home != frame.homes.end()) {
      Computed value{home->second.dtype, {}, code::input(home->second.container, home->second.dtype)};
      value.mixed = plan.scalars[name].mixed;
      value.twin = plan.scalars[name].twin;
      auto flag = frame.flags.find(name);
      if (flag != frame.flags.end())
        value.weak = Expr::symbol(flag->second);
      else if (value.mixed)
        value.weak = weak_behind(plan, frame, before, name);
      now.names[name] = Value(std::move(value));
    }
    for (const CarriedArray& carried : frame.arrays)
      if (carried.name == name)
        now.names[name] = Value(whole_array(carried.reference, carried.like.dtype, carried.like.shape));
    if (bound_before) {
      TW_TRY_VOID(last_generation(plan, frame, name, now, span));
      continue;
    }
    // First bound inside: it means what the last iteration left, if there was one.
    const bool always =
        !frame.arrivals.empty() && std::all_of(frame.arrivals.begin(), frame.arrivals.end(), [&](auto& a) {
          return !a.at(name).template as<Unbound>() && same_value(a.at(name), frame.arrivals.front().at(name));
        });
    const std::string why = "the loop on line " + std::to_string(span.line) + " may end without binding it";
    // One way to the end of an iteration binds it and another does not: an earlier iteration may have bound it, or none.
    const bool not_each = std::any_of(frame.arrivals.begin(), frame.arrivals.end(), [&](auto& a) {
      return a.at(name).template as<Unbound>() || a.at(name).template as<MaybeUnbound>();
    });
    if (frame.homes.count(name) && not_each) now.names[name] = Value(Unbound{why, true});
    if (!frame.homes.count(name))
      now.names[name] = always ? at_loop_end(plan, frame.arrivals.front().at(name), span) : Value(Unbound{why, true});
    Value behind = after_loop(plan, frame, name, std::move(now.names[name]), why);
    // Where it may have been bound before, it is so behind a loop that does not run.
    auto entry = before.names.find(name);
    if (auto* maybe = behind.as<MaybeUnbound>();
        maybe && entry != before.names.end() && entry->second.as<Unbound>()->possibly)
      behind = facts_.proves(maybe->bound) ? Value(*maybe->value) : Value(Unbound{why, true});
    now.names[name] = std::move(behind);
  }
  NameSet assigned;
  for (const auto& [name, value] : scope_.names)
    if (!before.names.count(name) || !same_value(value, before.names.at(name))) assigned.insert(name);
  for (const auto& name : assigned)
    if (!plan.names.count(name)) now.names[name] = Value(Unbound{"it is not bound before this line"});
  scope_ = std::move(now);
  return base::success();
}

bool Builder::varies_at_run_time(const Expr& expr) const {
  std::set<std::string> used;
  symbolic::collect_symbols(expr, used);
  return std::any_of(used.begin(), used.end(), [&](const std::string& name) {
    auto found = symbols_.find(name);
    return found == symbols_.end() || found->second.at_run_time;
  });
}

// What a name that the loop binds first means behind it: `value`, if the loop has run.
Value Builder::after_loop(const LoopPlan& plan, const LoopFrame& frame, const std::string& name, Value value,
                          const std::string& why) const {
  if (value.as<Unbound>() || !plan.runs) return Value(Unbound{why, true});
  Expr bound = *plan.runs;
  if (auto* inner = value.as<MaybeUnbound>()) {
    // An earlier iteration may have bound it where the last one did not.
    if (varies_at_run_time(inner->bound)) return Value(Unbound{why, true});
    bound = symbolic::logical_and(bound, inner->bound);
    value = Value(*inner->value);
  }
  // In a loop around this one, an earlier iteration may have bound it where this one does not.
  const bool before_this = std::any_of(loops_.begin(), loops_.end(), [&](const LoopFrame* outer) {
    return outer->depth == frame.depth && live().at_head(*outer->statement).count(name);
  });
  if (before_this && varies_at_run_time(bound) && !facts_.proves(bound)) return Value(Unbound{why, true});
  if (bound.is(1)) return value;
  return Value(MaybeUnbound{std::make_shared<Value>(std::move(value)), bound, why});
}

// An array that every iteration makes anew is, behind a loop that runs, the one of the last iteration: no longer maybe
// what the name meant before.
Status Builder::last_generation(LoopPlan& plan, LoopFrame& frame, const std::string& name, Scope& now,
                                const Span& span) {
  if (!loops_.empty() || !plan.runs || frame.arrivals.empty() || !live().after(*frame.statement).count(name))
    return base::success();
  auto* made = frame.arrivals.front().at(name).as<Array>();
  if (!made || !plan.buffers.count(made->container)) return base::success();
  for (const auto& arrival : frame.arrivals)
    if (!same_value(arrival.at(name), frame.arrivals.front().at(name))) return base::success();
  if (decide(*plan.runs, span, "this loop runs at least once")) now.names[name] = at_loop_end(plan, Value(*made), span);
  return base::success();
}

}  // namespace thalweg::frontend
