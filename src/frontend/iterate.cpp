// for: what a loop goes over (a range, an array, a tuple; enumerate, zip and reversed of these), and the loop itself.
#include <algorithm>

#include "frontend/builder.h"

namespace thalweg::frontend {

using namespace symbolic;  // lt, ge ... build conditions

namespace {

constexpr int64_t kMostUnrolled = 256;

// Does the body jump out of this loop (or of the function)?
bool jumps_out(const std::vector<syntax::StmtPtr>& body) {
  return contains_return(body) || std::any_of(body.begin(), body.end(), [](const syntax::StmtPtr& statement) {
           if (auto* branch = std::get_if<syntax::If>(&statement->content))
             return jumps_out(branch->body) || jumps_out(branch->orelse);
           if (auto* with = std::get_if<syntax::With>(&statement->content)) return jumps_out(with->body);
           return std::holds_alternative<syntax::Break>(statement->content) ||
                  std::holds_alternative<syntax::Continue>(statement->content);
         });
}

// Does the body append to a list?
bool appends(const std::vector<syntax::StmtPtr>& body) {
  return std::any_of(body.begin(), body.end(), [](const syntax::StmtPtr& statement) {
    if (auto* branch = std::get_if<syntax::If>(&statement->content))
      return appends(branch->body) || appends(branch->orelse);
    auto* expression = std::get_if<syntax::ExprStatement>(&statement->content);
    auto* call = expression ? std::get_if<syntax::Call>(&expression->value->content) : nullptr;
    auto* method = call ? std::get_if<syntax::Attribute>(&call->function->content) : nullptr;
    return method && (method->attribute == "append" || method->attribute == "extend");
  });
}

// Does the body assign items of one of these names?
bool sets_items(const std::vector<syntax::StmtPtr>& body, const std::function<bool(const std::string&)>& of) {
  auto is_item = [&](const syntax::ExprPtr& target) {
    auto* place = std::get_if<syntax::Subscript>(&target->content);
    auto* name = place ? std::get_if<syntax::Name>(&place->value->content) : nullptr;
    return name && of(name->id);
  };
  return std::any_of(body.begin(), body.end(), [&](const syntax::StmtPtr& statement) {
    if (auto* branch = std::get_if<syntax::If>(&statement->content))
      return sets_items(branch->body, of) || sets_items(branch->orelse, of);
    auto* assign = std::get_if<syntax::Assign>(&statement->content);
    auto* update = std::get_if<syntax::AugmentedAssign>(&statement->content);
    return (update && is_item(update->target)) ||
           (assign && std::any_of(assign->targets.begin(), assign->targets.end(), is_item));
  });
}

Value tuple_of(std::vector<Value> items) { return Value(TupleValue{std::move(items)}); }

}  // namespace

Result<Builder::RangeLoop> Builder::range_arguments(const syntax::Call& call, const Span& span) {
  if (!call.keywords.empty()) return error("TW1026", span, "range() takes no keyword arguments");
  if (call.arguments.empty() || call.arguments.size() > 3)
    return error("TW1026", span,
                 "range() takes 1 to 3 arguments, " + std::to_string(call.arguments.size()) + " were given");
  std::vector<Expr> parts;
  for (const auto& argument : call.arguments) {
    TW_TRY(Value value, evaluate(*argument));
    TW_TRY(Expr part, symbol_of(value, argument->span, "an argument of range()"));
    parts.push_back(part);
  }
  RangeLoop range{0, parts[0], 1};
  if (parts.size() > 1) range = {parts[0], parts[1], parts.size() > 2 ? parts[2] : Expr(1)};
  if (range.step.is(0)) return error("TW1053", span, "range() arg 3 must not be zero");
  range.ascending = decide(ge(range.step, 1), span, "this loop counts upwards");
  if (!range.ascending) range.known_direction = decide(le(range.step, -1), span, "this loop counts downwards");
  if (!range.known_direction)
    emit_check(ne(range.step, 0), base::ErrorKind::value, "range() arg 3 must not be zero", {}, span);
  return range;
}

// The path of what an expression calls, if it is a function that Python or a known module offers.
std::string Builder::known_callee(const syntax::Call& call) {
  if (!std::holds_alternative<syntax::Name>(call.function->content)) return "";
  auto function = evaluate(*call.function);
  auto* known = function ? function->as<HostKnown>() : nullptr;
  return known ? known->path : "";
}

Result<Builder::Iteration> Builder::iteration_of_call(const syntax::Call& call, const std::string& callee,
                                                      const Span& span) {
  if (callee == "builtins.range") {
    TW_TRY(RangeLoop range, range_arguments(call, span));
    if (!range.known_direction)
      return error("TW1055", span, "a range inside zip(), enumerate() or reversed() needs a step of known sign",
                   "write for i in range(...)");
    const Expr distance = range.ascending ? range.stop - range.start : range.start - range.stop;
    const Expr stride = range.ascending ? range.step : -range.step;
    const Expr count = decide(ge(distance, 0), span, "this range is not reversed")
                           ? ceil_div(distance, stride)
                           : symbolic::max(ceil_div(distance, stride), 0);
    return Iteration{count, false, [range](const Expr& at) -> ValueResult {
                       return Value(integer_value(range.start + range.step * at));
                     }};
  }
  std::vector<Iteration> parts;
  const bool enumerates = callee == "builtins.enumerate";
  const size_t iterables = callee == "builtins.zip" ? call.arguments.size() : 1;
  const size_t most = enumerates ? 2 : iterables;
  if (call.arguments.size() < iterables || call.arguments.size() > most || iterables == 0 ||
      call.keywords.size() > (enumerates ? 1u : 0u))
    return error("TW1055", span, "a loop over " + callee.substr(9) + "() with these arguments is not supported",
                 "loop over range(n) and index");
  for (size_t i = 0; i < iterables; ++i) {
    TW_TRY(Iteration part, iterate(*call.arguments[i]));
    parts.push_back(std::move(part));
  }
  if (enumerates) {
    Expr start = 0;
    if (call.arguments.size() == 2 || !call.keywords.empty()) {
      const syntax::Expr& given = call.arguments.size() == 2 ? *call.arguments[1] : *call.keywords[0].value;
      TW_TRY(Value value, evaluate(given));
      TW_TRY(start, symbol_of(value, span, "the start of enumerate()"));
    }
    Iteration out = parts[0];
    out.item = [this, start, span, inner = parts[0].item](const Expr& at) -> ValueResult {
      TW_TRY(Value item, inner(at));
      TW_TRY(Value number, binary(syntax::BinaryOperator::add, integer_value(start), integer_value(at), span));
      return tuple_of({std::move(number), std::move(item)});
    };
    return out;
  }
  if (callee == "builtins.reversed") {
    Iteration out = parts[0];
    out.item = [count = out.count, inner = parts[0].item](const Expr& at) { return inner(count - 1 - at); };
    return out;
  }
  Iteration out = parts[0];
  for (const Iteration& part : parts) {
    out.unrolled |= part.unrolled;
    if (!decide(le(out.count, part.count), span, "the first of these ends first"))
      out.count = min(out.count, part.count);
  }
  out.item = [parts](const Expr& at) -> ValueResult {
    std::vector<Value> items;
    for (const Iteration& part : parts) {
      TW_TRY(Value item, part.item(at));
      items.push_back(std::move(item));
    }
    return tuple_of(std::move(items));
  };
  return out;
}

Result<Builder::Iteration> Builder::iterate(const syntax::Expr& iterable) {
  const Span& span = iterable.span;
  if (auto* call = std::get_if<syntax::Call>(&iterable.content)) {
    const std::string callee = known_callee(*call);
    for (const char* known : {"builtins.range", "builtins.enumerate", "builtins.zip", "builtins.reversed"})
      if (callee == known) return iteration_of_call(*call, callee, span);
  }
  TW_TRY(Value value, evaluate(iterable));
  if (auto* facet = value.as<Method>(); facet && facet->name == "flat") {
    TW_TRY(value, flat_elements(Value(*facet->object), span));
  }
  if (auto* dict = value.as<DictValue>()) value = Value(TupleValue{std::vector<Value>(dict->keys)});
  if (value.as<TupleValue>()) {
    TW_TRY(value, settle(std::move(value), name_hint_, span));
    const auto items = value.as<TupleValue>()->items;
    return Iteration{Expr(static_cast<int64_t>(items.size())), true,
                     [items](const Expr& at) -> ValueResult { return items.at(static_cast<size_t>(at.integer())); }};
  }
  auto* computed = value.as<Computed>();
  if (value.as<Array>() || (computed && !computed->scalar())) {
    TW_TRY(Array array, materialize(value, "", span));
    if (array.rank() > 0)
      return Iteration{array.shape[0], false, [this, array, span](const Expr& at) -> ValueResult {
                         return subscript(Value(array), Value(integer_value(at)), span);
                       }};
  }
  if (value.as<Array>() || computed || value.as<NoneObject>())
    return about(value,
                 error("TW1090", span, describe(value) + " is not iterable", "loop over range(n), or over an array"));
  return error("TW1055", span, "a loop over " + describe(value) + " is not supported",
               "loop over a range, an array or a tuple; for i, j in thalweg.map[0:n, 0:m] runs in parallel");
}

// A tuple's items differ in kind and type: the body is built for each.
Status Builder::unrolled_loop(const syntax::For& loop, const syntax::Stmt& statement, const Iteration& over) {
  const Span& span = statement.span;
  auto count = over.count.as_integer();
  if (!count || *count > kMostUnrolled)
    return error("TW1055", loop.iterable->span,
                 "a loop over a tuple needs a number of items that is known when compiling, at most " +
                     std::to_string(kMostUnrolled),
                 "use an array");
  if (jumps_out(loop.body)) return turns(loop, statement, over, 0, *count);
  for (int64_t k = 0; k < *count; ++k) {
    TW_TRY(Value item, over.item(Expr(k)));
    TW_TRY_VOID(assign(*loop.target, std::move(item), span));
    TW_TRY_VOID(statements(sequence(loop.body)));
  }
  return base::success();
}

// a.b.c: to evaluate it twice does nothing twice.
static bool is_path(const syntax::Expr& expr) {
  auto* attribute = std::get_if<syntax::Attribute>(&expr.content);
  return std::holds_alternative<syntax::Name>(expr.content) || (attribute && is_path(*attribute->value));
}

Status Builder::for_statement(const syntax::For& loop, const syntax::Stmt& statement) {
  const Span& span = statement.span;
  if (auto* ranges = std::get_if<syntax::Subscript>(&loop.iterable->content); ranges && is_path(*ranges->value)) {
    TW_TRY(Value object, evaluate(*ranges->value));
    if (auto* known = object.as<HostKnown>(); known && known->path == "thalweg.map")
      return map_statement(loop, *ranges, span);
  }
  auto is_known = [&](const std::string& name) {  // a list or dictionary
    const auto found = scope_.names.find(name);
    if (found == scope_.names.end()) return false;
    auto* list = found->second.as<TupleValue>();
    return (list && list->is_list) || found->second.as<DictValue>();
  };
  if (appends(loop.body) || sets_items(loop.body, is_known)) {  // it changes turn by turn: each is built by itself
    const Checkpoint point = checkpoint();
    TW_TRY(Iteration turn_by_turn, iterate(*loop.iterable));
    if (turn_by_turn.count.as_integer()) return unrolled_loop(loop, statement, turn_by_turn);
    restore(point);
  }
  auto* call = std::get_if<syntax::Call>(&loop.iterable->content);
  if (call && known_callee(*call) == "builtins.range") {
    TW_TRY(RangeLoop range, range_arguments(*call, loop.iterable->span));
    return counting_loop(loop, statement, range,
                         [&](const Expr& counter) -> ValueResult { return Value(integer_value(counter)); });
  }
  TW_TRY(Iteration over, iterate(*loop.iterable));
  if (over.unrolled) return unrolled_loop(loop, statement, over);
  return counting_loop(loop, statement, RangeLoop{0, over.count, 1}, over.item);
}

// The counter stops behind the last element of the range: a step beyond it must not leave 64 bits.
void Builder::check_last_step(const RangeLoop& range, const Span& span) {
  if (range.step.is(1) || range.step.is(-1)) return;
  if (range.known_direction && fits(range.stop + range.step, span)) return;
  constexpr int64_t far = int64_t{1} << 62;
  for (const Expr& each : {range.stop, range.step})
    if (const auto known = interval(each); !known || known->low < -far || known->high > far)
      emit_check(logical_and(ge(each, -far), le(each, far)), base::ErrorKind::overflow,
                 "a range near the ends of 64 bits (Python ints are 64 bits here)", {}, span);
}

// A loop whose counter runs through a range; its target is bound to item(counter).
Status Builder::counting_loop(const syntax::For& loop, const syntax::Stmt& statement, const RangeLoop& range,
                              const std::function<ValueResult(const Expr&)>& item) {
  const Span& span = statement.span;
  auto* name = std::get_if<syntax::Name>(&loop.target->content);
  LoopPlan plan = plan_loop(statement, target_names(*loop.target), loop.body);
  const Expr &start = range.start, &stop = range.stop, &step = range.step;
  plan.runs = range.known_direction ? (range.ascending ? lt(start, stop) : gt(start, stop))
                                    : select(gt(step, 0), lt(start, stop), gt(start, stop));
  auto bounds_of = [&](const std::string& symbol) {
    SymbolBounds bounds;
    auto low = interval(range.ascending ? start : stop), high = interval(range.ascending ? stop : start);
    if (range.known_direction && low) bounds.low = low->low;
    if (range.known_direction && high) bounds.high = high->high;
    bounds.at_run_time = true;
    if (range.known_direction) {
      bounds.first = range.ascending ? start : stop + 1;
      bounds.last = range.ascending ? stop - 1 : start;
    }
    declare_symbol(symbol, dtypes::int64, bounds);
  };
  check_last_step(range, span);
  const std::string variable = fresh(name ? name->id : "item");
  const Expr counter = Expr::symbol(variable);
  ir::LoopFields fields;
  fields.variable = variable;
  fields.init = code::symbol(start);
  fields.update = code::symbol(counter + step);
  const Expr rising = lt(counter, stop), falling = gt(counter, stop);
  const Expr go_on = !range.known_direction
                         ? logical_or(logical_and(gt(step, 0), rising), logical_and(lt(step, 0), falling))
                     : range.ascending ? rising
                                       : falling;
  fields.condition = condition_code(go_on);
  plan.counter = variable;
  plan.step = step;
  auto body = [&]() -> Status {
    bounds_of(variable);
    if (LoopPlan& running = *loops_.back()->plan; running.keeps_last) {
      running.last = fresh(variable + "_last");
      bounds_of(running.last);
      assign_together({{running.last, code::symbol(counter)}});
    }
    if (range.known_direction) {
      facts_.assume(range.ascending ? ge(counter, start) : le(counter, start));
      facts_.assume(go_on);
      // What lies below the least of several lies below each: range(b, min(b + 8, n)).
      const bool up = range.ascending;
      if (start.kind() == (up ? symbolic::Kind::max : symbolic::Kind::min))
        for (const Expr& each : start.operands()) facts_.assume(up ? ge(counter, each) : le(counter, each));
      if (stop.kind() == (up ? symbolic::Kind::min : symbolic::Kind::max))
        for (const Expr& each : stop.operands()) facts_.assume(up ? lt(counter, each) : gt(counter, each));
    }
    TW_TRY(Value value, item(counter));
    TW_TRY_VOID(assign(*loop.target, std::move(value), span));
    return statements(sequence(loop.body));
  };
  const std::string label = "for_" + (name ? name->id : std::string("item")) + "_" + std::to_string(span.line);
  return carried_loop(statement, fields, label, std::move(plan), body);
}

}  // namespace thalweg::frontend
