#include "frontend/liveness.h"

#include "base/match.h"

namespace thalweg::frontend {

namespace {

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
  } else {
    collect_reads(target, reads);
  }
}

void merge(NameSet& into, const NameSet& from) { into.insert(from.begin(), from.end()); }

void remove(NameSet& from, const NameSet& names) {
  for (const auto& name : names) from.erase(name);
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
      [&](const syntax::Starred& s) { reads_of(s.value, into); }, [](const syntax::UnsupportedExpr&) {});
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
      [&](const syntax::Raise& r) {
        live.clear();
        reads_of(r.exception, reads);
        reads.insert(r.names.begin(), r.names.end());
      },
      [](const syntax::UnsupportedStmt&) {});
  merge(live, reads);
  return live;
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
        },
        [&](const syntax::AnnotatedAssign& a) { targets_of(*a.target, bound, reads); },
        [&](const syntax::AugmentedAssign& a) { targets_of(*a.target, bound, reads); },
        [](const syntax::ExprStatement&) {},
        [&](const syntax::If& i) { merge(bound, assigned_names(i.body)), merge(bound, assigned_names(i.orelse)); },
        [&](const syntax::For& f) {
          targets_of(*f.target, bound, reads);
          merge(bound, assigned_names(f.body)), merge(bound, assigned_names(f.orelse));
        },
        [&](const syntax::While& w) { merge(bound, assigned_names(w.body)), merge(bound, assigned_names(w.orelse)); },
        [](const syntax::Return&) {}, [](const syntax::Break&) {}, [](const syntax::Continue&) {},
        [](const syntax::Pass&) {}, [](const syntax::Raise&) {}, [](const syntax::UnsupportedStmt&) {});
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
  }
  return false;
}

bool contains_break(const std::vector<syntax::StmtPtr>& body) {
  return std::any_of(body.begin(), body.end(), [](const syntax::StmtPtr& statement) {
    if (auto* branch = std::get_if<syntax::If>(&statement->content))
      return contains_break(branch->body) || contains_break(branch->orelse);
    if (auto* loop = std::get_if<syntax::For>(&statement->content)) return contains_break(loop->orelse);
    if (auto* loop = std::get_if<syntax::While>(&statement->content)) return contains_break(loop->orelse);
    return std::holds_alternative<syntax::Break>(statement->content);
  });
}

}  // namespace thalweg::frontend
