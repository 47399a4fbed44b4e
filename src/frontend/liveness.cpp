#include "frontend/liveness.h"

#include "base/match.h"

namespace thalweg::frontend {

namespace {

void reads_of(const syntax::Function& function, NameSet& into);
void reads_of(const syntax::Comprehension& comprehension, NameSet& into);

template <class... Fs>
void visit_expr(const syntax::Expr& expr, Fs&&... fs) {
  base::match(expr.content, std::forward<Fs>(fs)...);
}

void reads_of(const syntax::ExprPtr& expr, NameSet& into) {
  if (expr) collect_reads(*expr, into);
}

void reads_of(const std::vector<syntax::ExprPtr>& exprs, NameSet& into) {
  for (const auto& expr : exprs) reads_of(expr, into);
}

// Names bound by an assignment target; what its subscripts read goes to `reads`.
void targets_of(const syntax::Expr& target, NameSet& bound, NameSet& reads) {
  if (auto* name = std::get_if<syntax::Name>(&target.content)) {
    bound.insert(name->id);
  } else if (auto* tuple = std::get_if<syntax::Tuple>(&target.content)) {
    for (const auto& element : tuple->elements) targets_of(*element, bound, reads);
  } else if (auto* list = std::get_if<syntax::List>(&target.content)) {
    for (const auto& element : list->elements) targets_of(*element, bound, reads);
  } else if (auto* starred = std::get_if<syntax::Starred>(&target.content)) {
    targets_of(*starred->value, bound, reads);
  } else {
    collect_reads(target, reads);
  }
}

void merge(NameSet& into, const NameSet& from) { into.insert(from.begin(), from.end()); }

void remove(NameSet& from, const NameSet& names) {
  for (const auto& name : names) from.erase(name);
}

// Every name that is read somewhere in these statements.
NameSet reads_in(const std::vector<syntax::StmtPtr>& body) {
  NameSet bound, reads;
  for (const auto& statement : body)
    base::match(
        statement->content,
        [&](const syntax::Assign& a) {
          for (const auto& target : a.targets) targets_of(*target, bound, reads);
          reads_of(a.value, reads);
        },
        [&](const syntax::AnnotatedAssign& a) { targets_of(*a.target, bound, reads), reads_of(a.value, reads); },
        [&](const syntax::AugmentedAssign& a) { reads_of(a.target, reads), reads_of(a.value, reads); },
        [&](const syntax::ExprStatement& e) { reads_of(e.value, reads); },
        [&](const syntax::If& i) {
          reads_of(i.condition, reads), merge(reads, reads_in(i.body)), merge(reads, reads_in(i.orelse));
        },
        [&](const syntax::For& f) {
          targets_of(*f.target, bound, reads), reads_of(f.iterable, reads);
          merge(reads, reads_in(f.body)), merge(reads, reads_in(f.orelse));
        },
        [&](const syntax::While& w) {
          reads_of(w.condition, reads), merge(reads, reads_in(w.body)), merge(reads, reads_in(w.orelse));
        },
        [&](const syntax::Return& r) { reads_of(r.value, reads); }, [](const syntax::Break&) {},
        [](const syntax::Continue&) {}, [](const syntax::Pass&) {}, [](const syntax::Delete&) {},
        [&](const syntax::Raise& r) { reads_of(r.exception, reads), reads.insert(r.names.begin(), r.names.end()); },
        [&](const syntax::FunctionDef& f) { reads_of(*f.function, reads); },
        [&](const syntax::With& w) { reads_of(w.contexts, reads), merge(reads, reads_in(w.body)); },
        [](const syntax::UnsupportedStmt&) {});
  return reads;
}

// What making a function object reads, and what calling it will.
void reads_of(const syntax::Function& function, NameSet& into) {
  for (const syntax::Parameter& parameter : function.parameters) reads_of(parameter.default_value, into);
  merge(into, free_names(function));
}

// Its targets are names of its own, but what the first clause goes over is looked up outside.
void reads_of(const syntax::Comprehension& comprehension, NameSet& into) {
  NameSet inside, targets;
  reads_of(comprehension.key, inside), reads_of(comprehension.element, inside);
  for (const auto& clause : comprehension.clauses) {
    targets_of(*clause.target, targets, inside);
    reads_of(clause.iterable, &clause == &comprehension.clauses.front() ? into : inside);
    reads_of(clause.conditions, inside);
  }
  remove(inside, targets);
  merge(into, inside);
}

// Calls visit(part) for every expression directly inside this one.
template <class Visit>
void each_part(const syntax::Expr& expr, const Visit& visit) {
  auto one = [&](const syntax::ExprPtr& part) {
    if (part) visit(*part);
  };
  auto all = [&](const std::vector<syntax::ExprPtr>& parts) {
    for (const auto& part : parts) one(part);
  };
  visit_expr(
      expr, [](const syntax::Constant&) {}, [](const syntax::Name&) {},
      [&](const syntax::Attribute& a) { one(a.value); },
      [&](const syntax::Subscript& s) { one(s.value), one(s.index); },
      [&](const syntax::Slice& s) { one(s.lower), one(s.upper), one(s.step); },
      [&](const syntax::Tuple& t) { all(t.elements); }, [&](const syntax::List& t) { all(t.elements); },
      [&](const syntax::Dict& d) { all(d.keys), all(d.values); }, [&](const syntax::Unary& u) { one(u.operand); },
      [&](const syntax::Binary& b) { one(b.left), one(b.right); }, [&](const syntax::Bool& b) { all(b.values); },
      [&](const syntax::Compare& c) { one(c.left), all(c.comparators); },
      [&](const syntax::Call& c) {
        one(c.function), all(c.arguments);
        for (const auto& keyword : c.keywords) one(keyword.value);
      },
      [&](const syntax::Conditional& c) { one(c.condition), one(c.then_value), one(c.else_value); },
      [&](const syntax::Starred& s) { one(s.value); }, [](const syntax::Lambda&) {},
      [&](const syntax::Comprehension& c) {
        one(c.key), one(c.element);
        for (const auto& clause : c.clauses) one(clause.target), one(clause.iterable), all(clause.conditions);
      },
      [&](const syntax::Walrus& w) { one(w.value); }, [](const syntax::UnsupportedExpr&) {});
}

bool holds_lambda(const syntax::Expr& expr) {
  bool found = std::holds_alternative<syntax::Lambda>(expr.content);
  each_part(expr, [&](const syntax::Expr& part) { found = found || holds_lambda(part); });
  return found;
}

// Names that := binds somewhere in the expression.
void walrus_names(const syntax::Expr& expr, NameSet& into) {
  if (auto* walrus = std::get_if<syntax::Walrus>(&expr.content)) into.insert(walrus->name);
  each_part(expr, [&](const syntax::Expr& part) { walrus_names(part, into); });
}

void walrus_names(const syntax::ExprPtr& expr, NameSet& into) {
  if (expr) walrus_names(*expr, into);
}

}  // namespace

void collect_reads(const syntax::Expr& expr, NameSet& into) {
  visit_expr(
      expr, [](const syntax::Constant&) {}, [&](const syntax::Name& n) { into.insert(n.id); },
      [&](const syntax::Attribute& a) { reads_of(a.value, into); },
      [&](const syntax::Subscript& s) { reads_of(s.value, into), reads_of(s.index, into); },
      [&](const syntax::Slice& s) { reads_of(s.lower, into), reads_of(s.upper, into), reads_of(s.step, into); },
      [&](const syntax::Tuple& t) { reads_of(t.elements, into); },
      [&](const syntax::List& t) { reads_of(t.elements, into); },
      [&](const syntax::Dict& d) { reads_of(d.keys, into), reads_of(d.values, into); },
      [&](const syntax::Unary& u) { reads_of(u.operand, into); },
      [&](const syntax::Binary& b) { reads_of(b.left, into), reads_of(b.right, into); },
      [&](const syntax::Bool& b) { reads_of(b.values, into); },
      [&](const syntax::Compare& c) { reads_of(c.left, into), reads_of(c.comparators, into); },
      [&](const syntax::Call& c) {
        reads_of(c.function, into), reads_of(c.arguments, into);
        for (const auto& keyword : c.keywords) reads_of(keyword.value, into);
      },
      [&](const syntax::Conditional& c) {
        reads_of(c.condition, into), reads_of(c.then_value, into), reads_of(c.else_value, into);
      },
      [&](const syntax::Starred& s) { reads_of(s.value, into); },
      [&](const syntax::Lambda& l) { reads_of(*l.function, into); },
      [&](const syntax::Comprehension& c) { reads_of(c, into); },
      [&](const syntax::Walrus& w) { reads_of(w.value, into); }, [](const syntax::UnsupportedExpr&) {});
}

NameSet free_names(const syntax::Function& function) {
  NameSet reads = reads_in(function.body);
  remove(reads, assigned_names(function.body));
  for (const syntax::Parameter& parameter : function.parameters) reads.erase(parameter.name);
  return reads;
}

Liveness::Liveness(const std::vector<syntax::StmtPtr>& body, const NameSet& after) {
  for (size_t before = 1, now = 0; now != before;) {  // a function may be handed from name to name
    before = now;
    find_captures(body);
    now = 0;
    for (const auto& [name, names] : captures_) now += 1 + names.size();
  }
  block(body, after);
}

// `bound` may stand for the functions that the value holds.
void Liveness::holds(const NameSet& bound, const syntax::Expr& value) {
  NameSet captured, reads;
  bool function = std::holds_alternative<syntax::Lambda>(value.content);
  collect_reads(value, reads);
  for (const std::string& name : reads)
    if (auto known = captures_.find(name); known != captures_.end()) {
      function = true;
      merge(captured, known->second);
    }
  if (!function && !holds_lambda(value)) return;
  merge(captured, reads);
  for (const std::string& name : bound) merge(captures_[name], captured);
}

void Liveness::find_captures(const std::vector<syntax::StmtPtr>& body) {
  for (const auto& statement : body) {
    const auto& content = statement->content;
    if (auto* def = std::get_if<syntax::FunctionDef>(&content)) {
      NameSet names = free_names(*def->function);
      for (const std::string& name : free_names(*def->function))
        if (auto known = captures_.find(name); known != captures_.end()) merge(names, known->second);
      merge(captures_[def->function->name], names);
    } else if (auto* assign = std::get_if<syntax::Assign>(&content)) {
      for (const auto& target : assign->targets) holds(target_names(*target), *assign->value);
    } else if (auto* annotated = std::get_if<syntax::AnnotatedAssign>(&content)) {
      if (annotated->value) holds(target_names(*annotated->target), *annotated->value);
    } else if (auto* branch = std::get_if<syntax::If>(&content)) {
      find_captures(branch->body), find_captures(branch->orelse);
    } else if (auto* loop = std::get_if<syntax::For>(&content)) {
      holds(target_names(*loop->target), *loop->iterable);
      find_captures(loop->body), find_captures(loop->orelse);
    } else if (auto* again = std::get_if<syntax::While>(&content)) {
      find_captures(again->body), find_captures(again->orelse);
    } else if (auto* with = std::get_if<syntax::With>(&content)) {
      find_captures(with->body);
    }
  }
}

NameSet Liveness::block(const std::vector<syntax::StmtPtr>& body, NameSet live) {
  for (size_t i = body.size(); i-- > 0;) {
    after_[body[i].get()] = live;
    live = statement(*body[i], std::move(live));
  }
  return live;
}

NameSet Liveness::loop(const syntax::Stmt& statement, const std::vector<syntax::StmtPtr>& body, const NameSet& used,
                       const NameSet& bound, const NameSet& after) {
  NameSet head = after;
  merge(head, used);
  for (;;) {  // grows until it is stable: at most one round per name
    loops_.push_back({after, head});
    NameSet next = block(body, head);
    loops_.pop_back();
    remove(next, bound);
    merge(next, head);
    if (next == head) break;
    head = std::move(next);
  }
  head_[&statement] = head;
  return head;
}

// What may be read where a loop has ended: by its else block, too.
void Liveness::behind(const syntax::Stmt& statement, const std::vector<syntax::StmtPtr>& orelse, NameSet& live) {
  merge(live, block(orelse, live));
  after_[&statement] = live;
}

NameSet Liveness::statement(const syntax::Stmt& statement, NameSet live) {
  NameSet reads;
  base::match(
      statement.content,
      [&](const syntax::Assign& a) {
        NameSet bound;
        for (const auto& target : a.targets) targets_of(*target, bound, reads);
        remove(live, bound);
        reads_of(a.value, reads);
      },
      [&](const syntax::AnnotatedAssign& a) {
        NameSet bound;
        targets_of(*a.target, bound, reads);
        if (a.value) remove(live, bound);
        reads_of(a.value, reads);
      },
      [&](const syntax::AugmentedAssign& a) { reads_of(a.target, reads), reads_of(a.value, reads); },
      [&](const syntax::ExprStatement& e) { reads_of(e.value, reads); },
      [&](const syntax::If& i) {
        NameSet other = block(i.orelse, live);
        live = block(i.body, live);
        merge(live, other);
        reads_of(i.condition, reads);
      },
      [&](const syntax::For& f) {
        NameSet bound, used;
        targets_of(*f.target, bound, used);
        behind(statement, f.orelse, live);
        live = loop(statement, f.body, used, bound, live);
        reads_of(f.iterable, reads);
      },
      [&](const syntax::While& w) {
        NameSet used;
        reads_of(w.condition, used);
        behind(statement, w.orelse, live);
        live = loop(statement, w.body, used, {}, live);
      },
      [&](const syntax::Return& r) {
        live.clear();
        reads_of(r.value, reads);
      },
      [&](const syntax::Break&) { live = loops_.empty() ? NameSet{} : loops_.back().after_loop; },
      [&](const syntax::Continue&) { live = loops_.empty() ? NameSet{} : loops_.back().next_iteration; },
      [](const syntax::Pass&) {},
      [&](const syntax::Delete& d) {
        for (const auto& name : d.names) live.erase(name);
      },
      [&](const syntax::Raise& r) {
        live.clear();
        reads_of(r.exception, reads);
        reads.insert(r.names.begin(), r.names.end());
      },
      [&](const syntax::FunctionDef& f) {
        live.erase(f.function->name);
        for (const auto& parameter : f.function->parameters) reads_of(parameter.default_value, reads);
      },
      [&](const syntax::With& w) {
        live = block(w.body, live);
        reads_of(w.contexts, reads);
      },
      [](const syntax::UnsupportedStmt&) {});
  merge(live, reads);
  for (const std::string& name : reads)
    if (auto known = captures_.find(name); known != captures_.end()) merge(live, known->second);
  return live;
}

NameSet walrus_names(const syntax::Expr& expr) {
  NameSet names;
  walrus_names(expr, names);
  return names;
}

NameSet target_names(const syntax::Expr& target) {
  NameSet bound, reads;
  targets_of(target, bound, reads);
  return bound;
}

NameSet assigned_names(const std::vector<syntax::StmtPtr>& body) {
  NameSet bound, reads;
  for (const auto& statement : body) {
    base::match(
        statement->content,
        [&](const syntax::Assign& a) {
          for (const auto& target : a.targets) targets_of(*target, bound, reads);
          walrus_names(a.value, bound);
        },
        [&](const syntax::AnnotatedAssign& a) { targets_of(*a.target, bound, reads), walrus_names(a.value, bound); },
        [&](const syntax::AugmentedAssign& a) { targets_of(*a.target, bound, reads), walrus_names(a.value, bound); },
        [&](const syntax::ExprStatement& e) { walrus_names(e.value, bound); },
        [&](const syntax::If& i) {
          walrus_names(i.condition, bound);
          merge(bound, assigned_names(i.body)), merge(bound, assigned_names(i.orelse));
        },
        [&](const syntax::For& f) {
          targets_of(*f.target, bound, reads);
          walrus_names(f.iterable, bound);
          merge(bound, assigned_names(f.body)), merge(bound, assigned_names(f.orelse));
        },
        [&](const syntax::While& w) {
          walrus_names(w.condition, bound);
          merge(bound, assigned_names(w.body)), merge(bound, assigned_names(w.orelse));
        },
        [&](const syntax::Return& r) { walrus_names(r.value, bound); }, [](const syntax::Break&) {},
        [](const syntax::Continue&) {}, [](const syntax::Pass&) {},
        [&](const syntax::Delete& d) { bound.insert(d.names.begin(), d.names.end()); }, [](const syntax::Raise&) {},
        [&](const syntax::FunctionDef& f) { bound.insert(f.function->name); },
        [&](const syntax::With& w) { merge(bound, assigned_names(w.body)); }, [](const syntax::UnsupportedStmt&) {});
  }
  return bound;
}

bool always_leaves(const std::vector<syntax::StmtPtr>& body) {
  for (const auto& statement : body) {
    if (std::holds_alternative<syntax::Return>(statement->content) ||
        std::holds_alternative<syntax::Break>(statement->content) ||
        std::holds_alternative<syntax::Continue>(statement->content) ||
        std::holds_alternative<syntax::Raise>(statement->content))
      return true;
    if (auto* branch = std::get_if<syntax::If>(&statement->content))
      if (always_leaves(branch->body) && always_leaves(branch->orelse)) return true;
    if (auto* with = std::get_if<syntax::With>(&statement->content))
      if (always_leaves(with->body)) return true;
  }
  return false;
}

bool contains_return(const std::vector<syntax::StmtPtr>& body) {
  for (const auto& statement : body) {
    if (std::holds_alternative<syntax::Return>(statement->content)) return true;
    if (auto* branch = std::get_if<syntax::If>(&statement->content))
      if (contains_return(branch->body) || contains_return(branch->orelse)) return true;
    if (auto* loop = std::get_if<syntax::For>(&statement->content))
      if (contains_return(loop->body) || contains_return(loop->orelse)) return true;
    if (auto* loop = std::get_if<syntax::While>(&statement->content))
      if (contains_return(loop->body) || contains_return(loop->orelse)) return true;
    if (auto* with = std::get_if<syntax::With>(&statement->content))
      if (contains_return(with->body)) return true;
  }
  return false;
}

bool contains_break(const std::vector<syntax::StmtPtr>& body) {
  return std::any_of(body.begin(), body.end(), [](const syntax::StmtPtr& statement) {
    if (auto* branch = std::get_if<syntax::If>(&statement->content))
      return contains_break(branch->body) || contains_break(branch->orelse);
    if (auto* loop = std::get_if<syntax::For>(&statement->content)) return contains_break(loop->orelse);
    if (auto* loop = std::get_if<syntax::While>(&statement->content)) return contains_break(loop->orelse);
    if (auto* with = std::get_if<syntax::With>(&statement->content)) return contains_break(with->body);
    return std::holds_alternative<syntax::Break>(statement->content);
  });
}

}  // namespace thalweg::frontend
