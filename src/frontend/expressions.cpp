// Expressions to values. Nothing is stored here: element-wise results stay computations until a statement needs them.
#include "base/match.h"
#include "frontend/builder.h"

namespace thalweg::frontend {

ValueResult Builder::evaluate(const syntax::Expr& expr) {
  const Span& span = expr.span;
  auto refuse = [&](const std::string& what, const std::string& fix = "") -> ValueResult {
    return error("TW1021", span, what + " is not supported", fix);
  };
  return base::match(
      expr.content, [&](const syntax::Constant& c) { return evaluate_constant(c, span); },
      [&](const syntax::Name& n) { return resolve(n.id, span); },
      [&](const syntax::Attribute& a) { return evaluate_attribute(a, span); },
      [&](const syntax::Subscript& s) -> ValueResult {
        TW_TRY(Value object, evaluate(*s.value));
        TW_TRY(Value index, evaluate_index(*s.index));
        return subscript(object, index, span);
      },
      [&](const syntax::Slice&) { return refuse("a slice here"); },
      [&](const syntax::Tuple& t) { return evaluate_items(t.elements, false); },
      [&](const syntax::List& t) { return evaluate_items(t.elements, true); },
      [&](const syntax::Dict& d) { return evaluate_dict(d, span); },
      [&](const syntax::Unary& u) -> ValueResult {
        TW_TRY(Value operand,
               u.op == syntax::UnaryOperator::logical_not ? evaluate_for_truth(*u.operand) : evaluate(*u.operand));
        return unary(u.op, operand, span);
      },
      [&](const syntax::Binary& b) -> ValueResult {
        TW_TRY(Value left, evaluate(*b.left));
        TW_TRY(left, freeze_if_called(std::move(left), *b.right, span));
        TW_TRY(Value right, evaluate(*b.right));
        return binary(b.op, left, right, span);
      },
      [&](const syntax::Bool& b) { return evaluate_bool(b, span); },
      [&](const syntax::Compare& c) { return evaluate_compare(c, span); },
      [&](const syntax::Call& c) { return evaluate_call(c, span); },
      [&](const syntax::Conditional& c) { return evaluate_conditional(c, span); },
      [&](const syntax::Starred&) { return refuse("unpacking with * here", "write the items out"); },
      [&](const syntax::Lambda& l) { return make_function(l.function, span); },
      [&](const syntax::Comprehension& c) -> ValueResult {
        if (c.kind == syntax::Comprehension::Kind::generator)
          return refuse("a generator here", "write a list: [... for ... in ...]");
        return evaluate_comprehension(c, span);
      },
      [&](const syntax::Walrus& w) { return evaluate_walrus(w, span); },
      [&](const syntax::UnsupportedExpr& u) {
        return refuse("Python's " + u.kind, "write it as plain statements and NumPy expressions");
      });
}

ValueResult Builder::evaluate_constant(const syntax::Constant& constant, const Span& span) {
  return base::match(
      constant.value, [](const syntax::NoneValue&) -> ValueResult { return Value(NoneObject{}); },
      [](const syntax::EllipsisValue&) -> ValueResult { return Value(EllipsisObject{}); },
      [](bool b) -> ValueResult { return Value(constant_bool(b)); },
      [](int64_t i) -> ValueResult { return Value(integer_value(i)); },
      [&](const syntax::BigInteger& big) -> ValueResult {
        return Value(exact_integer(BigInteger::parse(big.digits), span));
      },
      [](double d) -> ValueResult { return Value(constant_float(d)); },
      [](const std::complex<double>& z) -> ValueResult {
        return Value(Computed{dtypes::pycomplex, {}, code::constant(z, dtypes::pycomplex)});
      },
      [](const std::string& s) -> ValueResult { return Value(Text{s}); });
}

ValueResult Builder::evaluate_items(const std::vector<syntax::ExprPtr>& items, bool is_list) {
  TupleValue tuple{{}, is_list};
  for (size_t i = 0; i < items.size(); ++i) {
    if (auto* starred = std::get_if<syntax::Starred>(&items[i]->content)) {
      CallArguments spread;
      TW_TRY_VOID(unpack_argument(*starred, spread));
      tuple.items.insert(tuple.items.end(), spread.positional.begin(), spread.positional.end());
      continue;
    }
    TW_TRY(Value item, evaluate(*items[i]));
    for (size_t later = i + 1; later < items.size(); ++later) {
      TW_TRY(item, freeze_if_called(std::move(item), *items[later], items[i]->span));
    }
    tuple.items.push_back(std::move(item));
  }
  if (is_list) return new_list(std::move(tuple.items));
  return Value(std::move(tuple));
}

// Does evaluating this call a function that may write to memory?
bool Builder::calls_out(const syntax::Expr& expr) {
  if (auto* call = std::get_if<syntax::Call>(&expr.content)) {
    for (const auto& argument : call->arguments)
      if (calls_out(*argument)) return true;
    if (auto* name = std::get_if<syntax::Name>(&call->function->content)) {
      auto function = resolve(name->id, expr.span);
      return function && (function->as<HostFunction>() || function->as<HostCallable>() ||
                          function->as<LocalFunction>() || function->as<HostClass>());
    }
    if (auto* method = std::get_if<syntax::Attribute>(&call->function->content)) return object_at(*method->value);
    return std::holds_alternative<syntax::Lambda>(call->function->content);
  }
  if (auto* choice = std::get_if<syntax::Conditional>(&expr.content))
    return calls_out(*choice->condition) || calls_out(*choice->then_value) || calls_out(*choice->else_value);
  if (auto* all = std::get_if<syntax::Bool>(&expr.content)) {
    for (const auto& part : all->values)
      if (calls_out(*part)) return true;
    return false;
  }
  if (auto* walrus = std::get_if<syntax::Walrus>(&expr.content)) return calls_out(*walrus->value);
  if (auto* tuple = std::get_if<syntax::Tuple>(&expr.content)) {
    for (const auto& part : tuple->elements)
      if (calls_out(*part)) return true;
    return false;
  }
  if (auto* list = std::get_if<syntax::List>(&expr.content)) {
    for (const auto& part : list->elements)
      if (calls_out(*part)) return true;
    return false;
  }
  if (auto* comprehension = std::get_if<syntax::Comprehension>(&expr.content))
    return calls_out(*comprehension->element);
  if (auto* binary = std::get_if<syntax::Binary>(&expr.content))
    return calls_out(*binary->left) || calls_out(*binary->right);
  if (auto* unary = std::get_if<syntax::Unary>(&expr.content)) return calls_out(*unary->operand);
  if (auto* subscript = std::get_if<syntax::Subscript>(&expr.content)) return calls_out(*subscript->value);
  if (auto* attribute = std::get_if<syntax::Attribute>(&expr.content)) {
    const std::string& name = attribute->attribute;
    auto bound = std::get_if<syntax::Name>(&attribute->value->content)
                     ? scope_.names.find(std::get<syntax::Name>(attribute->value->content).id)
                     : scope_.names.end();
    auto* object = bound == scope_.names.end() ? nullptr : bound->second.as<StructureValue>();
    if (object) return member(object->is, name, false, nullptr).kind == HostMember::Kind::property;
    return calls_out(*attribute->value);
  }
  if (auto* compare = std::get_if<syntax::Compare>(&expr.content)) {
    for (const auto& part : compare->comparators)
      if (calls_out(*part)) return true;
    return calls_out(*compare->left);
  }
  return false;
}

// A computation is made before `later` may change what it reads; arrays stay as they are, as in NumPy.
ValueResult Builder::freeze_if_called(Value value, const syntax::Expr& later, const Span& span) {
  auto* pending = value.as<Computed>();
  if (!pending || !calls_out(later)) return value;
  return settle(std::move(value), name_hint_, span);
}

bool Builder::unchanged_since(const Cursor& before) const {
  return cursor_.last == before.last && cursor_.region == before.region &&
         cursor_.pending.size() == before.pending.size();
}

ValueResult Builder::evaluate_for_truth(const syntax::Expr& expr) {
  if (auto* either = std::get_if<syntax::Bool>(&expr.content)) only_truth_ = either;
  if (auto* compare = std::get_if<syntax::Compare>(&expr.content)) only_truth_ = compare;
  return evaluate(expr);
}

ValueResult Builder::evaluate_bool(const syntax::Bool& expr, const Span& span) {
  const bool truth_only = only_truth_ == &expr;
  const auto operand = [&](size_t i) {
    return truth_only ? evaluate_for_truth(*expr.values[i]) : evaluate(*expr.values[i]);
  };
  TW_TRY(Value first, operand(0));
  for (size_t i = 1; i < expr.values.size(); ++i) {
    TW_TRY(Computed left, truth(first, span));
    if (left.condition &&
        left.condition->as_integer()) {  // decided now: the other side is never looked at, or is the answer
      if ((left.condition->integer() != 0) != expr.is_and) return first;
      TW_TRY(first, operand(i));
      continue;
    }
    const Checkpoint point = checkpoint();
    Perhaps perhaps(*this);
    TW_TRY(Value second, perhaps_asked(point.cursor, operand(i), span));
    auto *a = first.as<Computed>(), *b = second.as<Computed>();
    const auto truth_value = [](const Computed* side) { return side && side->scalar() && side->dtype.is_bool(); };
    if (!truth_value(a) || !truth_value(b)) {  // one of the operands, whatever they are
      restore(point);
      TW_TRY(first, settle(std::move(first), "left_side", span));
      TW_TRY(left, truth(first, span));
      const auto other = [&] { return operand(i); };
      const auto same = [&]() -> ValueResult { return first; };
      TW_TRY(first, expr.is_and ? choose(left, {other, same}, span) : choose(left, {same, other}, span));
      if (auto* number = first.as<Computed>(); number && number->mixed)
        return error("TW1050", span, "one operand is Python's number and the other NumPy's",
                     "convert both by float() or by np.float64()");
      continue;
    }
    TW_TRY(Computed right, truth(second, span));
    if (unchanged_since(point.cursor) && right.checks.empty() && !code::may_raise(*right.tree)) {
      if (left.condition && right.condition) {
        first = Value(condition_value(expr.is_and ? symbolic::logical_and(*left.condition, *right.condition)
                                                  : symbolic::logical_or(*left.condition, *right.condition)));
        continue;
      }
      const DType type = left.dtype.python() && right.dtype.python() ? dtypes::pybool : dtypes::bool_;
      TW_TRY(Computed both,
             apply(expr.is_and ? code::Op::logical_and : code::Op::logical_or, {left, right}, type, span));
      if (!truth_only) TW_TRY_VOID(mark_either(both, left, right, expr.is_and, span));
      first = Value(std::move(both));
      continue;
    }
    // The right side may raise or needs states of its own: it runs only where the left side does not decide.
    restore(point);
    Computed either = left;
    if (left.dtype != right.dtype) {
      TW_TRY(either, cast(left, dtypes::bool_, span));
    }
    TW_TRY(Computed answer, store_scalar(either, "holds", span));
    if (!truth_only) TW_TRY_VOID(mark_either(answer, left, right, expr.is_and, span));
    auto block = ir::make_ref<ir::ConditionalBlock>(unique_label(expr.is_and ? "and" : "or"));
    ir::ConditionalBlock& conditional = append_block(block, span);
    const code::Ptr go_on = expr.is_and ? answer.tree : code::make(code::Op::logical_not, answer.tree);
    const Cursor outer = cursor_;
    ir::ControlFlowRegion& body =
        conditional.add_branch(go_on, ir::make_ref<ir::ControlFlowRegion>(unique_label("right_side")));
    cursor_ = Cursor{outer.sdfg, &body, nullptr, false, {}};
    const FactsMark mark = mark_facts();
    if (left.condition) facts_.assume(expr.is_and ? *left.condition : symbolic::logical_not(*left.condition));
    TW_TRY(second, operand(i));
    TW_TRY(right, truth(second, span));
    TW_TRY(right, cast(right, answer.dtype, span));
    TW_TRY_VOID(emit_scalar(answer.tree->name, right, span));
    flush_pending(span);
    return_to(mark);
    cursor_ = outer;
    first = Value(std::move(answer));
  }
  return first;
}

// An operand that is not evaluated on every way, and what is known where the program came to it: one that surely raises is
// refused.
ValueResult Builder::perhaps_asked(const Cursor& before, ValueResult operand, const Span& span) {
  if (before.left || !std::exchange(cursor_.left, false)) return if_asked(std::move(operand));
  return error("TW1020", span, "what is not evaluated on every way raises where it is", "put it into an if statement");
}

ValueResult Builder::evaluate_conditional(const syntax::Conditional& expr, const Span& span) {
  TW_TRY(Value asked, evaluate_for_truth(*expr.condition));
  TW_TRY(Computed condition, truth(asked, span));
  if (condition.condition && condition.condition->as_integer())
    return evaluate(condition.condition->integer() ? *expr.then_value : *expr.else_value);
  Perhaps perhaps(*this);
  const Checkpoint point = checkpoint();
  TW_TRY(Value yes, perhaps_asked(point.cursor, evaluate(*expr.then_value), span));
  TW_TRY(Value no, perhaps_asked(point.cursor, evaluate(*expr.else_value), span));
  auto *a = yes.as<Computed>(), *b = no.as<Computed>();
  auto simple = [&](const Computed* c) { return c && c->scalar() && c->checks.empty() && !code::may_raise(*c->tree); };
  if (unchanged_since(point.cursor) && simple(a) && simple(b) && a->dtype == b->dtype && !a->mixed && !b->mixed) {
    Computed out{a->dtype, {}, code::make(code::Op::select, {condition.tree, a->tree, b->tree})};
    out.checks = condition.checks;
    if (a->integer && b->integer && condition.condition) {
      const Expr either = symbolic::select(*condition.condition, *a->integer, *b->integer);
      if (interval(either)) out = integer_value(either);
    }
    return Value(std::move(out));
  }
  restore(point);
  return choose(condition, {[&] { return evaluate(*expr.then_value); }, [&] { return evaluate(*expr.else_value); }},
                span);
}

// The value of one of two sides, of which only that one is evaluated.
ValueResult Builder::choose(Computed condition, const std::array<std::function<ValueResult()>, 2>& sides,
                            const Span& span) {
  TW_TRY(condition, condition_for_branch(condition, span));
  ir::ConditionalBlock& conditional = append_block(ir::make_ref<ir::ConditionalBlock>(unique_label("choose")), span);
  const Cursor outer = cursor_;
  std::vector<Branch> branches;
  std::vector<Value> values;
  for (const auto& side : sides) {
    ir::ControlFlowRegion& body = conditional.add_branch(branches.empty() ? condition.tree : nullptr,
                                                         ir::make_ref<ir::ControlFlowRegion>(unique_label("side")));
    cursor_ = Cursor{outer.sdfg, &body, nullptr, false, {}};
    const FactsMark mark = mark_facts();
    if (condition.condition)
      facts_.assume(branches.empty() ? *condition.condition : symbolic::logical_not(*condition.condition));
    TW_TRY(Value value, side());
    TW_TRY(value, settle(std::move(value), name_hint_, span));
    return_to(mark);
    values.push_back(std::move(value));
    branches.push_back({cursor_, scope_, std::nullopt});
  }
  std::vector<Branch*> arms{&branches[0], &branches[1]};
  cursor_ = outer;
  TW_TRY(Value joined, join_values(name_hint_, arms, std::move(values), span));
  for (Branch& branch : branches) {
    cursor_ = branch.cursor;
    flush_pending(span);
  }
  cursor_ = outer;
  return joined;
}

}  // namespace thalweg::frontend
