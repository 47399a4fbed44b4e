// Comprehensions over what is known when compiling: evaluated item by item, like a loop over a tuple.
#include "frontend/builder.h"

namespace thalweg::frontend {

namespace {

constexpr size_t kMostItems = 256;

bool makes_function(const syntax::Expr& expr) { return std::holds_alternative<syntax::Lambda>(expr.content); }

}  // namespace

// A list, or a dictionary. Generators come here where their caller takes all items at once.
ValueResult Builder::evaluate_comprehension(const syntax::Comprehension& comprehension, const Span& span) {
  using Kind = syntax::Comprehension::Kind;
  if (makes_function(*comprehension.element))
    return error("TW1021", comprehension.element->span, "functions made in a comprehension are not supported",
                 "give each a name of its own");
  TW_TRY(Iteration first, iterate(*comprehension.clauses.front().iterable));
  const Scope around = scope_;
  NameSet targets;
  for (const auto& clause : comprehension.clauses) {
    const NameSet names = target_names(*clause.target);
    targets.insert(names.begin(), names.end());
  }
  for (const std::string& name : targets) {  // names of its own: those outside are not touched
    scope_.names[name] = Value(Unbound{"the comprehension has not bound it yet"});
    scope_.homes.erase(name);
  }
  Perhaps perhaps(*this, true);
  DictValue items;
  Status done = expand_clause(comprehension, 0, &first, items, span);
  for (const std::string& name : targets) {
    if (auto before = around.names.find(name); before != around.names.end())
      scope_.names[name] = before->second;
    else
      scope_.names.erase(name);
    if (auto home = around.homes.find(name); home != around.homes.end()) scope_.homes[name] = home->second;
  }
  if (!done) return std::move(done.error());
  if (comprehension.kind == Kind::dict) return Value(std::move(items));
  return new_list(std::move(items.values));
}

Status Builder::expand_clause(const syntax::Comprehension& comprehension, size_t at, const Iteration* first,
                              DictValue& into, const Span& span) {
  if (at == comprehension.clauses.size()) {
    if (into.values.size() >= kMostItems)
      return error("TW1091", span, "a comprehension of more than " + std::to_string(kMostItems) + " items",
                   "fill an array in a loop");
    Value key;
    if (comprehension.key) {
      TW_TRY(key, evaluate(*comprehension.key));
    }
    TW_TRY(Value item, evaluate(*comprehension.element));
    TW_TRY(item, settle(std::move(item), "item", span));
    if (comprehension.key) return put(into, std::move(key), std::move(item), span);
    into.values.push_back(std::move(item));
    return base::success();
  }
  const auto& clause = comprehension.clauses[at];
  Iteration over;
  if (first) {
    over = *first;
  } else {
    TW_TRY(over, iterate(*clause.iterable));
  }
  auto* call = std::get_if<syntax::Call>(&clause.iterable->content);
  const bool range = call && known_callee(*call) == "builtins.range";  // an int argument may say its length
  const auto count = range ? count_of_items(over.count, clause.iterable->span) : over.count.as_integer();
  if (!count)
    return error("TW1091", clause.iterable->span,
                 "a comprehension over something whose length is known only at run time",
                 "make an array with np.empty(n) and fill it in a loop, or compute on whole arrays");
  for (int64_t k = 0; k < *count; ++k) {
    TW_TRY(Value item, over.item(Expr(k)));
    TW_TRY_VOID(assign(*clause.target, std::move(item), clause.target->span));
    bool taken = true;
    for (const auto& condition : clause.conditions) {
      TW_TRY(Value asked, evaluate_for_truth(*condition));
      TW_TRY(Computed answer, truth(asked, condition->span));
      if (!answer.condition || !answer.condition->as_integer())
        return error("TW1091", condition->span, "a condition of a comprehension that is known only at run time",
                     "use a mask: a[a > 0]");
      taken = answer.condition->integer() != 0;
      if (!taken) break;
    }
    if (taken) TW_TRY_VOID(expand_clause(comprehension, at + 1, nullptr, into, span));
  }
  return base::success();
}

}  // namespace thalweg::frontend
