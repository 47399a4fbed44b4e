// Walks over loop IR.
#include "lower/walk.h"

#include "base/planted.h"

namespace thalweg::lower {

using base::match;
using ir::code::Op;
using symbolic::Expr;

void each_expression(Statement& statement, const std::function<void(Ptr&)>& visit) {
  auto maybe = [&](Ptr& value) {
    if (value) visit(value);
  };
  auto all = [&](std::vector<Ptr>& values) {
    for (Ptr& value : values) maybe(value);
  };
  match(
      statement.node, [&](Assign& s) { maybe(s.value); },
      [&](Store& s) {
        all(s.index);
        maybe(s.value);
      },
      [&](Declare&) {}, [&](Allocate&) {},
      [&](SetPointers& s) {
        for (auto& one : s.sets) all(one.index);
      },
      [&](Loop&) {}, [&](While& s) { maybe(s.condition); }, [&](If& s) { maybe(s.condition); }, [&](Jump&) {},
      [&](Check& s) {
        maybe(s.condition);
        all(s.values);
      },
      [&](Reduce& s) {
        maybe(s.value);
        all(s.index);
      },
      [&](MatMul& s) {
        for (auto* operand : {&s.a, &s.b, &s.c}) all(operand->index);
      },
      [&](Callback& s) {
        for (auto* side : {&s.inputs, &s.outputs})
          for (auto& operand : *side) all(operand.index);
      },
      [&](Invoke&) {}, [&](SetResult&) {}, [&](Source&) {});
}

void each_index(Statement& statement, const std::function<void(Expr&)>& visit) {
  auto all = [&](std::vector<Expr>& values) {
    for (Expr& value : values) visit(value);
  };
  match(
      statement.node, [&](Assign&) {}, [&](Store&) {}, [&](Declare&) {}, [&](Allocate&) {}, [&](SetPointers&) {},
      [&](Loop& s) {
        visit(s.begin);
        visit(s.end);
        visit(s.step);
      },
      [&](While&) {}, [&](If&) {}, [&](Jump&) {}, [&](Check&) {},
      [&](Reduce& s) {
        for (auto& axis : s.axes) visit(axis.extent);
      },
      [&](MatMul& s) {
        for (auto* operand : {&s.a, &s.b, &s.c}) {
          visit(operand->row);
          visit(operand->column);
        }
        visit(s.m);
        visit(s.n);
        visit(s.k);
      },
      [&](Callback& s) {
        for (auto* side : {&s.inputs, &s.outputs})
          for (auto& operand : *side) {
            all(operand.shape);
            all(operand.strides);
          }
      },
      [&](Invoke& s) {
        if (!s.ranged) return;
        visit(s.begin);
        visit(s.end);
        visit(s.work);
      },
      [&](SetResult&) {}, [&](Source&) {});
}

void each_body(Statement& statement, const std::function<void(Body&)>& visit) {
  match(
      statement.node, [&](Loop& s) { visit(s.body); },
      [&](While& s) {
        visit(s.body);
        visit(s.update);
      },
      [&](If& s) {
        visit(s.then);
        visit(s.otherwise);
      },
      [](Assign&) {}, [](Store&) {}, [](Declare&) {}, [](Allocate&) {}, [](SetPointers&) {}, [](Jump&) {},
      [](Check&) {}, [](Reduce&) {}, [](MatMul&) {}, [](Callback&) {}, [](Invoke&) {}, [](SetResult&) {},
      [](Source&) {});
}

void each_statement(Body& body, const std::function<void(Statement&)>& visit) {
  for (Statement& statement : body) {
    visit(statement);
    each_body(statement, [&](Body& inner) { each_statement(inner, visit); });
  }
}

void each_leaf(const Ptr& expression, const std::function<void(const ir::code::Expr&)>& visit) {
  if (expression->op == Op::input || expression->op == Op::element || expression->op == Op::symbol) visit(*expression);
  for (const Ptr& argument : expression->args) each_leaf(argument, visit);
}

Ptr rewrite(const Ptr& expression, const std::function<Ptr(const Ptr&)>& change) {
  bool changed = false;
  std::vector<Ptr> args;
  args.reserve(expression->args.size());
  for (const Ptr& argument : expression->args) {
    args.push_back(rewrite(argument, change));
    changed |= args.back() != argument;
  }
  Ptr rebuilt = expression;
  if (changed) {
    auto copy = std::make_shared<ir::code::Expr>(*expression);
    copy->args = std::move(args);
    rebuilt = copy;
  }
  Ptr replaced = change(rebuilt);
  return replaced ? replaced : rebuilt;
}

void add_layout_symbols(const Buffer& buffer, bool shape, std::set<std::string>& into) {
  for (const Expr& stride : buffer.strides) symbolic::collect_symbols(stride, into);
  symbolic::collect_symbols(buffer.offset, into);
  if (shape)
    for (const Expr& extent : buffer.shape) symbolic::collect_symbols(extent, into);
}

namespace {

class UsesWalk {
 public:
  explicit UsesWalk(const Program& program) : program_(program) {}

  void expression(const Ptr& value) {
    each_leaf(value, [&](const ir::code::Expr& leaf) {
      if (leaf.op == Op::symbol) symbolic::collect_symbols(leaf.symbol, found_.read);
      if (leaf.op == Op::input) found_.read.insert(leaf.name);
      if (leaf.op == Op::element) buffer(leaf.name, false);
    });
  }
  void buffer(const std::string& name, bool write, bool shape = false) {
    auto at = program_.buffers.find(name);
    if (at == program_.buffers.end()) {
      (write ? found_.written : found_.read).insert(name);
      return;
    }
    (write ? found_.buffers_written : found_.buffers_read).insert(name);
    add_layout_symbols(at->second, shape, found_.read);
  }
  void statement(Statement& s) {
    each_expression(s, [&](Ptr& value) { expression(value); });
    each_index(s, [&](Expr& value) { symbolic::collect_symbols(value, found_.read); });
    match(
        s.node,
        [&](Assign& assign) {
          found_.written.insert(assign.variable);
          flags(assign.flags);
        },
        [&](Store& store) {
          buffer(store.buffer, true);
          flags(store.flags);
        },
        [&](Declare& declare) { found_.declared.insert(declare.name); },
        [&](Allocate& allocate) {
          buffer(allocate.buffer, true, true);
          found_.buffers_allocated.insert(allocate.buffer);
          if (!allocate.takes.empty()) buffer(allocate.takes, true);
          found_.stops = found_.context = true;
        },
        [&](SetPointers& set) {
          for (auto& one : set.sets) {
            buffer(one.base, false);
            buffer(one.pointer, false);
            found_.pointers_set.insert(one.pointer);
          }
        },
        [&](Loop& loop) {
          (loop.keep ? found_.written : found_.declared).insert(loop.variable);
          if (loop.keep) found_.read.insert(loop.variable);
          if (loop.poll) found_.stops = found_.context = true;
        },
        [&](While& loop) {
          if (loop.poll) found_.stops = found_.context = true;
        },
        [&](If&) {}, [&](Jump&) {}, [&](Check&) { found_.stops = found_.context = true; },
        [&](Reduce& reduce) {
          for (auto& axis : reduce.axes) found_.declared.insert(axis.variable);
          buffer(reduce.target, true);
        },
        [&](MatMul& mm) {
          buffer(mm.a.buffer, false);
          buffer(mm.b.buffer, false);
          buffer(mm.c.buffer, true);
          found_.context = true;
        },
        [&](Callback& call) {
          for (auto& operand : call.inputs) buffer(operand.name, false);
          for (auto& operand : call.outputs) buffer(operand.name, true);
          found_.stops = found_.context = true;
        },
        [&](Invoke& call) { invoke(call); }, [&](SetResult&) {}, [&](Source&) {});
  }
  Uses take() {
    for (const std::string& name : found_.declared) {
      found_.read.erase(name);
      found_.written.erase(name);
      found_.buffers_read.erase(name);
      found_.buffers_written.erase(name);
    }
    return std::move(found_);
  }

 private:
  void flags(const FlagSites& sites) {
    if (sites.any()) found_.stops = found_.context = true;
  }
  void invoke(Invoke& call) {
    const Function& callee = program_.functions[call.function];
    for (size_t i = 0; i < call.arguments.size(); ++i) {
      const Parameter& parameter = callee.parameters[i];
      if (parameter.kind == Parameter::Kind::pointer) {
        buffer(call.arguments[i], !parameter.const_);
      } else {
        found_.read.insert(call.arguments[i]);
        if (parameter.kind == Parameter::Kind::inout) found_.written.insert(call.arguments[i]);
      }
    }
    found_.context |= callee.uses_context || call.parallel;
    found_.stops |= callee.may_stop || call.parallel;
  }

  const Program& program_;
  Uses found_;
};

}  // namespace

Uses uses(const Body& body, const Program& program) {
  UsesWalk walk(program);
  each_statement(const_cast<Body&>(body), [&](Statement& s) { walk.statement(s); });
  return walk.take();
}

std::set<std::string> loop_variables(const Body& body) {
  std::set<std::string> names;
  each_statement(const_cast<Body&>(body), [&](Statement& s) {
    if (auto* loop = std::get_if<Loop>(&s.node)) names.insert(loop->variable);
    if (auto* reduce = std::get_if<Reduce>(&s.node))
      for (const auto& axis : reduce->axes) names.insert(axis.variable);
  });
  return names;
}

std::string fresh_name(const Program& program, const std::set<std::string>& taken, const std::string& base) {
  std::string name = base;
  for (int k = 1; taken.contains(name) || program.variables.contains(name) || program.buffers.contains(name); ++k)
    name = base + "_" + std::to_string(k);
  return name;
}

std::vector<Loop*> chain_of(Loop& loop) {
  std::vector<Loop*> chain{&loop};
  while (chain.back()->body.size() == 1) {
    auto* next = std::get_if<Loop>(&chain.back()->body[0].node);
    if (!next || !next->simd_safe) break;
    chain.push_back(next);
  }
  return chain;
}

bool independent_ranges(const std::vector<Loop*>& chain) {
  for (const Loop* loop : chain) {
    std::set<std::string> symbols;
    for (const Expr* bound : {&loop->begin, &loop->end, &loop->step}) symbolic::collect_symbols(*bound, symbols);
    for (const Loop* other : chain)
      if (symbols.contains(other->variable)) return false;
  }
  return true;
}

void swap_headers(Loop& a, Loop& b) {
  std::swap(a.body, b.body);
  std::swap(a, b);
}

void each_access(const Body& body, const std::function<void(const Access&)>& visit) {
  each_statement(const_cast<Body&>(body), [&](Statement& s) {
    each_expression(s, [&](Ptr& value) {
      each_leaf(value, [&](const ir::code::Expr& leaf) {
        if (leaf.op == Op::element) visit({leaf.name, &leaf.args, false, false});
      });
    });
    if (auto* store = std::get_if<Store>(&s.node)) visit({store->buffer, &store->index, true, store->conflict});
    if (auto* reduce = std::get_if<Reduce>(&s.node)) visit({reduce->target, &reduce->index, true, false});
  });
}

namespace {

Ptr substitute_in(const Ptr& value, const symbolic::Substitution& by) {
  return rewrite(value, [&](const Ptr& node) -> Ptr {
    if (node->op != Op::symbol) return nullptr;
    Expr changed = symbolic::substitute(node->symbol, by);
    return changed == node->symbol ? nullptr : ir::code::symbol(changed, node->type);
  });
}

}  // namespace

void substitute(Body& body, const symbolic::Substitution& by) {
  each_statement(body, [&](Statement& s) {
    each_expression(s, [&](Ptr& value) { value = substitute_in(value, by); });
    each_index(s, [&](Expr& value) { value = symbolic::substitute(value, by); });
  });
}

void substitute_layouts(Program& program, const Body& body, const symbolic::Substitution& by) {
  if (base::planted("lower.layouts_stay")) return;
  Uses touched = uses(body, program);
  touched.buffers_read.merge(touched.buffers_written);
  touched.buffers_read.merge(touched.pointers_set);
  for (const std::string& name : touched.buffers_read) {
    Buffer& buffer = program.buffers.at(name);
    for (auto* list : {&buffer.shape, &buffer.strides})
      for (Expr& expr : *list) expr = symbolic::substitute(expr, by);
    buffer.offset = symbolic::substitute(buffer.offset, by);
  }
}

void rename_variable(Body& body, const std::string& from, const std::string& to) {
  substitute(body, {{from, Expr::symbol(to)}});
  each_statement(body, [&](Statement& s) {
    each_expression(s, [&](Ptr& value) {
      value = rewrite(value, [&](const Ptr& node) -> Ptr {
        if (node->op != Op::input || node->name != from) return nullptr;
        return ir::code::input(to, node->type);
      });
    });
    match(
        s.node,
        [&](Assign& x) {
          if (x.variable == from) x.variable = to;
        },
        [&](Declare& x) {
          if (x.name == from) x.name = to;
        },
        [&](Loop& x) {
          if (x.variable == from) x.variable = to;
        },
        [&](Reduce& x) {
          if (x.target == from) x.target = to;
          for (auto& axis : x.axes)
            if (axis.variable == from) axis.variable = to;
        },
        [&](MatMul& x) {
          if (x.c.buffer == from) x.c.buffer = to;
        },
        [&](Callback& x) {
          for (auto* side : {&x.inputs, &x.outputs})
            for (auto& operand : *side)
              if (operand.name == from) operand.name = to;
        },
        [](Store&) {}, [](Allocate&) {}, [](SetPointers&) {}, [](While&) {}, [](If&) {}, [](Jump&) {}, [](Check&) {},
        [](Invoke&) {}, [](SetResult&) {}, [](Source&) {});
  });
}

Ptr index_of(const Expr& expr) { return ir::code::symbol(expr, ir::dtypes::int64); }

const Expr* plain_index(const Ptr& index) { return index->op == Op::symbol ? &index->symbol : nullptr; }

Ptr linear_index(const Buffer& buffer, const std::vector<Ptr>& index) {
  TW_CHECK(index.size() == buffer.strides.size(), "access to " + buffer.name + " has the wrong rank");
  Expr known = buffer.offset;
  Ptr computed;
  for (size_t d = 0; d < index.size(); ++d) {
    if (buffer.strides[d].is(0)) continue;
    if (const Expr* plain = plain_index(index[d])) {
      known = known + *plain * buffer.strides[d];
      continue;
    }
    Ptr term = ir::code::cast(index[d], ir::dtypes::int64);
    if (!buffer.strides[d].is(1)) term = ir::code::make(Op::mul, term, index_of(buffer.strides[d]));
    computed = computed ? ir::code::make(Op::add, computed, term) : term;
  }
  if (!computed) return index_of(known);
  return known.is(0) ? computed : ir::code::make(Op::add, index_of(known), computed);
}

}  // namespace thalweg::lower
