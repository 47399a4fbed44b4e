// Loops that are left by return, and what stands in their else blocks. A return in a loop breaks out of all loops of its
// function with a number in a symbol; behind the outermost one the function ends with the value of that number, or goes
// on. What names mean is not carried on that way: nobody asks. The fields of objects are.
#include "frontend/builder.h"

namespace thalweg::frontend {

using namespace symbolic;  // eq, ne build conditions

namespace {

struct LoopParts {
  const std::vector<syntax::StmtPtr>* body = nullptr;
  const std::vector<syntax::StmtPtr>* orelse = nullptr;
  bool endless = false;  // but for break and return
};

LoopParts parts_of(const syntax::Stmt& statement) {
  if (auto* loop = std::get_if<syntax::For>(&statement.content)) return {&loop->body, &loop->orelse, false};
  auto* loop = std::get_if<syntax::While>(&statement.content);
  if (!loop) return {};
  auto* constant = std::get_if<syntax::Constant>(&loop->condition->content);
  auto* truth = constant ? std::get_if<bool>(&constant->value) : nullptr;
  return {&loop->body, &loop->orelse, truth && *truth && !contains_break(loop->body)};
}

}  // namespace

bool Builder::is_loop_with_more(const syntax::Stmt& statement) const {
  const LoopParts loop = parts_of(statement);
  return loop.body && (!loop.orelse->empty() || (!in_loop() && contains_return(*loop.body)));
}

size_t Builder::returns_so_far() const {
  const auto& points = frames_.back().return_points;
  return points.empty() ? 0 : points.back().values.size();
}

// A symbol that is 0 unless the loop that follows says otherwise.
static std::string new_flag(Builder& builder, const std::string& base) {
  SymbolBounds bounds;
  bounds.low = 0;
  return builder.assign_symbol(base, code::constant(int64_t{0}, dtypes::int64), bounds, dtypes::int64);
}

static Computed flag_is(Builder& builder, const std::string& flag, int64_t value) {
  builder.flush_pending({});
  const Expr holds = eq(Expr::symbol(flag), value);
  Computed out{dtypes::pybool, {}, builder.condition_code(holds)};
  out.condition = holds;
  return out;
}

Status Builder::loop_and_rest(const syntax::Stmt& statement, const Sequence& rest) {
  const LoopParts loop = parts_of(statement);
  const Span& span = statement.span;
  const bool returns = !in_loop() && (contains_return(*loop.body) || contains_return(*loop.orelse));
  const bool asks = !loop.orelse->empty() && contains_break(*loop.body);
  if (returns) frames_.back().return_points.push_back({new_flag(*this, "returned"), {}, {}});
  const std::string broke = asks ? new_flag(*this, "broke") : "";
  broke_ = broke;
  TW_TRY_VOID(this->statement(statement));
  broke_.clear();
  if (cursor_.left) {  // it raises
    if (returns) frames_.back().return_points.pop_back();
    return base::success();
  }
  Sequence with_else = sequence(*loop.orelse);
  if (!returns) {
    if (!asks)
      TW_TRY_VOID(statements(with_else));
    else
      TW_TRY_VOID(two_ways(flag_is(*this, broke, 0), span,
                           {[&] { return statements(with_else); }, [] { return base::success(); }},
                           &live().after(statement)));
    return statements(rest);
  }
  ReturnPoint point = std::move(frames_.back().return_points.back());
  frames_.back().return_points.pop_back();
  with_else.insert(with_else.end(), rest.begin(), rest.end());
  auto go_on = [&]() -> Status {
    if (!asks) return statements(with_else);
    return two_ways(flag_is(*this, broke, 0), span,
                    {[&] { return statements(with_else); }, [&] { return statements(rest); }}, nullptr);
  };
  return returned_or(std::move(point), 0, loop.endless, go_on, span);
}

// The values of the returns from number `from` on, each where its number stands; else the rest.
Status Builder::returned_or(ReturnPoint point, size_t from, bool endless, const std::function<Status()>& rest,
                            const Span& span) {
  const bool last = from + 1 == point.values.size();
  auto give = [&] {
    result_ = point.values[from];
    for (const auto& [name, value] : point.fields[from])
      if (auto known = scope_.names.find(name); known == scope_.names.end() || known->second.as<Unbound>())
        scope_.names[name] = value;
    cursor_.left = true;
    return base::success();
  };
  if (from == point.values.size()) {
    if (!endless) return rest();
    cursor_.left = true;  // nothing comes here
    return base::success();
  }
  if (last && endless) return give();
  const Computed condition = flag_is(*this, point.flag, static_cast<int64_t>(from) + 1);
  return two_ways(condition, span, {give, [&] { return returned_or(point, from + 1, endless, rest, span); }}, nullptr);
}

Status Builder::return_from_loop(Value value, const Span& span) {
  auto& points = frames_.back().return_points;
  TW_CHECK(!points.empty(), "a return in a loop that nobody waits for");
  std::map<std::string, Value> fields;
  TW_TRY(value, apart_from_fields(std::move(value), fields, span));
  points.back().fields.push_back(std::move(fields));
  points.back().values.push_back(std::move(value));
  TW_TRY_VOID(commit_fields(*loops_.back(), span));
  const auto which = static_cast<int64_t>(points.back().values.size());
  assign_together({{points.back().flag, code::constant(which, dtypes::int64)}});
  append_block(ir::make_ref<ir::JumpBlock>(unique_label("return"), ir::Jump::break_), located(span));
  cursor_.left = true;
  return base::success();
}

// Behind a loop inside another one of the function: on the way out?
Status Builder::leave_if_returned(size_t before, const Span& span) {
  if (returns_so_far() == before || !in_loop()) return base::success();
  flush_pending(span);
  ir::ConditionalBlock& leave =
      append_block(ir::make_ref<ir::ConditionalBlock>(unique_label("returned")), located(span));
  const Cursor outer = cursor_;
  ir::ControlFlowRegion& out =
      leave.add_branch(condition_code(ne(Expr::symbol(frames_.back().return_points.back().flag), 0)),
                       ir::make_ref<ir::ControlFlowRegion>(unique_label("leave")));
  cursor_ = Cursor{outer.sdfg, &out, nullptr, false, {}};
  TW_TRY_VOID(commit_fields(*loops_.back(), span));
  append_block(ir::make_ref<ir::JumpBlock>(unique_label("return"), ir::Jump::break_), located(span));
  cursor_ = outer;
  return base::success();
}

}  // namespace thalweg::frontend
