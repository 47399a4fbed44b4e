// Cuts the program into functions: one per loop nest, with exactly the arguments it needs, so that pointers can be
// `restrict` and the C compiler sees small functions. What is left is the entry function.
#include <algorithm>

#include "lower/alias.h"
#include "lower/lowering.h"

namespace thalweg::lower {

using ir::code::Op;

namespace {

using Counts = std::map<std::string, int>;

// How often each variable is read, with the symbols in the layouts of buffers.
Counts count_reads(const Body& body, const Program& program) {
  Counts counts;
  auto symbols = [&](const Expr& expr) {
    std::set<std::string> names;
    symbolic::collect_symbols(expr, names);
    for (const std::string& name : names) ++counts[name];
  };
  auto layout = [&](const std::string& name) {
    auto at = program.buffers.find(name);
    if (at == program.buffers.end()) return;
    std::set<std::string> names;
    add_layout_symbols(at->second, true, names);
    for (const std::string& one : names) ++counts[one];
  };
  each_statement(const_cast<Body&>(body), [&](Statement& s) {
    each_expression(s, [&](Ptr& value) {
      each_leaf(value, [&](const ir::code::Expr& leaf) {
        if (leaf.op == Op::symbol) symbols(leaf.symbol);
        if (leaf.op == Op::input) ++counts[leaf.name];
        if (leaf.op == Op::element) layout(leaf.name);
      });
    });
    each_index(s, symbols);
    if (auto* store = std::get_if<Store>(&s.node)) layout(store->buffer);
    if (auto* allocate = std::get_if<Allocate>(&s.node)) layout(allocate->buffer);
    if (auto* set = std::get_if<SetPointers>(&s.node))
      for (auto& one : set->sets) layout(one.base);
    if (auto* reduce = std::get_if<Reduce>(&s.node)) layout(reduce->target);
    if (auto* call = std::get_if<Callback>(&s.node))
      for (auto& operand : call->inputs) ++counts[operand.name];
  });
  return counts;
}

// Every read of the variable comes after a write in the same body or one around it.
bool always_written_first(Body& body, const std::string& variable, bool written) {
  for (Statement& s : body) {
    bool read = false;
    each_expression(s, [&](Ptr& value) {
      each_leaf(value, [&](const ir::code::Expr& leaf) {
        if (leaf.op == Op::input) read |= leaf.name == variable;
        std::set<std::string> symbols;
        if (leaf.op == Op::symbol) symbolic::collect_symbols(leaf.symbol, symbols);
        read |= symbols.contains(variable);
      });
    });
    each_index(s, [&](Expr& expr) {
      std::set<std::string> symbols;
      symbolic::collect_symbols(expr, symbols);
      read |= symbols.contains(variable);
    });
    if (auto* call = std::get_if<Callback>(&s.node))
      for (auto& operand : call->inputs) read |= operand.name == variable;
    if (read && !written) return false;
    auto* loop = std::get_if<Loop>(&s.node);
    bool counts = loop && loop->variable == variable;
    bool ok = true;
    each_body(s, [&](Body& inner) { ok = ok && always_written_first(inner, variable, written || counts); });
    if (!ok) return false;
    written |= counts;
    if (auto* assign = std::get_if<Assign>(&s.node)) written |= assign->variable == variable;
    if (auto* declare = std::get_if<Declare>(&s.node)) written |= declare->name == variable;
    if (auto* reduce = std::get_if<Reduce>(&s.node)) written |= reduce->target == variable;
    if (auto* mm = std::get_if<MatMul>(&s.node)) written |= mm->c.buffer == variable;
  }
  return true;
}

// Simple operations of a body, over the variables that are known outside it.
class Work {
 public:
  Expr of(const Body& body) {
    Expr total = 0;
    for (const Statement& statement : body) total = total + of(const_cast<Statement&>(statement));
    return total;
  }
  Expr extent(const Loop& loop) {
    if (loop.step.is(1)) return loop.end - loop.begin;
    auto step = loop.step.as_integer();
    if (!step) return loop.end - loop.begin;
    return *step > 0 ? symbolic::floor_div(loop.end - loop.begin, *step)
                     : symbolic::floor_div(loop.begin - loop.end, -*step);
  }

 private:
  static int64_t operations(const Ptr& value) {
    int64_t total = 1;
    if (value->op == Op::symbol || value->op == Op::constant) return 0;
    if (value->op >= Op::exp && value->op <= Op::hypot) total = 12;
    if (value->op == Op::div || value->op == Op::sqrt || value->op == Op::pow) total = 4;
    for (const Ptr& argument : value->args) total += operations(argument);
    return total;
  }
  Expr of(Statement& s) {
    int64_t own = 0;
    each_expression(s, [&](Ptr& value) { own += operations(value); });
    if (std::holds_alternative<Store>(s.node)) ++own;
    if (auto* loop = std::get_if<Loop>(&s.node)) {
      Expr inside = of(loop->body);
      Expr middle = symbolic::floor_div(loop->begin + loop->end, 2);
      return symbolic::substitute(inside, {{loop->variable, middle}}) * extent(*loop) + 1;
    }
    if (auto* reduce = std::get_if<Reduce>(&s.node)) {
      Expr count = 1;
      for (auto& axis : reduce->axes) count = count * axis.extent;
      return count * own + 1;
    }
    if (auto* mm = std::get_if<MatMul>(&s.node)) return mm->m * mm->n * mm->k;
    Expr inside = own;
    int64_t factor = std::holds_alternative<While>(s.node) ? 16 : 1;
    each_body(s, [&](Body& body) { inside = inside + of(body) * factor; });
    return inside;
  }
};

class Outliner {
 public:
  Outliner(Program& program, const Options& options) : program_(program), options_(options) {}

  void run(Body body) {
    scalars_by_value(body);
    total_ = count_reads(body, program_);
    for (const auto& result : program_.signature.results) {
      ++total_[result.name];
      for (auto* list : {&result.shape, &result.strides})
        for (const Expr& expr : *list) count_symbols(expr);
      for (const Ptr& index : result.index)
        each_leaf(index, [&](const ir::code::Expr& leaf) { count_symbols(leaf.symbol); });
      count_symbols(result.expr);
    }
    Body entry = cut(std::move(body));
    finish_entry(std::move(entry));
  }

 private:
  void count_symbols(const Expr& expr) {
    std::set<std::string> names;
    symbolic::collect_symbols(expr, names);
    for (const std::string& name : names) ++total_[name];
  }

  // Scalar arguments that are only read become variables.
  void scalars_by_value(Body& body) {
    Uses touched = uses(body, program_);
    std::set<std::string> addressed;
    each_statement(body, [&](Statement& s) {
      if (auto* set = std::get_if<SetPointers>(&s.node))
        for (auto& one : set->sets) addressed.insert(one.base);
      if (auto* call = std::get_if<Callback>(&s.node))
        for (auto* side : {&call->inputs, &call->outputs})
          for (auto& operand : *side) addressed.insert(operand.name);
      if (auto* mm = std::get_if<MatMul>(&s.node))
        for (auto* operand : {&mm->a, &mm->b, &mm->c}) addressed.insert(operand->buffer);
    });
    for (const auto& result : program_.signature.results) addressed.insert(result.name);
    for (auto& argument : program_.arguments) {
      const Buffer& buffer = program_.buffers.at(argument.name);
      bool scalar = buffer.shape.size() == 1 && buffer.shape[0].is(1) && buffer.strides[0].is(1) && buffer.offset.is(0);
      if (!scalar || touched.buffers_written.contains(argument.name) || addressed.contains(argument.name) ||
          buffer.may_alias)
        continue;
      argument.by_value = true;
      program_.variables[argument.name] = {argument.name, buffer.dtype};
      ir::DType dtype = buffer.dtype;
      each_statement(body, [&](Statement& s) {
        each_expression(s, [&](Ptr& value) {
          value = rewrite(value, [&](const Ptr& node) -> Ptr {
            if (node->op != Op::element || node->name != argument.name) return nullptr;
            return ir::code::input(argument.name, dtype);
          });
        });
      });
      program_.buffers.erase(argument.name);
    }
  }

  // Loops that are whole nests of their own; the rest stays where it is and is searched.
  static bool is_nest(Statement& statement) {
    if (std::holds_alternative<Reduce>(statement.node)) return true;
    auto* loop = std::get_if<Loop>(&statement.node);
    if (!loop && !std::holds_alternative<While>(statement.node)) return false;
    if (loop && !loop->keep) return true;  // a map
    return is_plain(statement) && !leaves(statement);
  }
  // Jumps out of the statement: it cannot become a function.
  static bool leaves(Statement& statement) {
    std::set<int> inside;
    bool out = false;
    auto visit = [&](Statement& s) {
      if (auto* loop = std::get_if<Loop>(&s.node)) inside.insert(loop->id);
      if (auto* loose = std::get_if<While>(&s.node)) inside.insert(loose->id);
      if (auto* jump = std::get_if<Jump>(&s.node)) out |= !inside.contains(jump->loop);
    };
    visit(statement);
    each_body(statement, [&](Body& body) { each_statement(body, visit); });
    return out;
  }

  Body cut(Body body) {
    Body out;
    for (Statement& statement : body) {
      if (is_nest(statement)) {
        out.push_back({make_nest(std::move(statement), out)});
        continue;
      }
      each_body(statement, [&](Body& inner) { inner = cut(std::move(inner)); });
      out.push_back(std::move(statement));
    }
    return out;
  }

  Invoke make_nest(Statement statement, const Body& before) {
    Function function;
    function.name = "nest_" + std::to_string(program_.functions.size() + 1);
    Invoke call;
    call.function = static_cast<int>(program_.functions.size());
    // The line that the nest comes from heads the function, too.
    if (!before.empty())
      if (auto* source = std::get_if<Source>(&before.back().node)) function.body.push_back({*source});
    auto* outermost = std::get_if<Loop>(&statement.node);
    if (outermost && outermost->level == Level::parallel && options_.kernels) {
      function.kind = Function::Kind::kernel;
      spread_over_grid(*outermost);
    }
    if (auto* loop = std::get_if<Loop>(&statement.node); loop && loop->level == Level::parallel && options_.parallel) {
      call.ranged = call.parallel = function.ranged = true;
      call.begin = loop->begin;
      call.end = loop->end;
      if (!loop->step.is(1)) {
        // Chunks are counted in iterations: variable = first + k * step.
        call.begin = 0;
        call.end = symbolic::ceil_div(loop->end - loop->begin, loop->step);
        std::string counter = loop->variable + "_k";
        const symbolic::Substitution by{{loop->variable, loop->begin + Expr::symbol(counter) * loop->step}};
        substitute(loop->body, by);
        substitute_layouts(program_, loop->body, by);
        loop->variable = counter;
        loop->step = 1;
      }
      call.work = work_of(loop->body, loop->variable, loop->begin, loop->end);
      call.threshold = options_.parallel_threshold;
      program_.signature.parallel = true;
      look_inside(program_, *loop);
      loop->begin = Expr::symbol("begin");
      loop->end = Expr::symbol("end");
    }
    function.body.push_back(std::move(statement));
    if (function.kind == Function::Kind::nest) ask_for_repeats(program_, function.body);
    fill_parameters(function, call);
    if (function.kind == Function::Kind::nest) {
      if (auto* loop = std::get_if<Loop>(&function.body.back().node)) carry_in_registers(program_, *loop);
      jam(program_, function);
    }
    program_.functions.push_back(std::move(function));
    return call;
  }

  // Up to three perfectly nested parallel loops are the grid's dimensions.
  static void spread_over_grid(Loop& outermost) {
    Loop* loop = &outermost;
    for (int d = 0; d < 3; ++d) {
      loop->level = Level::grid;
      auto* inner = loop->body.size() == 1 ? std::get_if<Loop>(&loop->body[0].node) : nullptr;
      if (!inner || inner->level != Level::parallel) return;
      loop = inner;
    }
  }

  Expr work_of(const Body& body, const std::string& variable, const Expr& begin, const Expr& end) {
    Expr work = symbolic::substitute(Work().of(body), {{variable, symbolic::floor_div(begin + end, 2)}});
    // Bounds that are computed inside are not known here: taken as 16.
    std::set<std::string> symbols;
    symbolic::collect_symbols(work, symbols);
    Uses touched = uses(body, program_);
    symbolic::Substitution unknown;
    for (const std::string& name : symbols)
      if (touched.declared.contains(name) || touched.written.contains(name)) unknown[name] = Expr(16);
    return symbolic::substitute(work, unknown);
  }

  void fill_parameters(Function& function, Invoke& call) {
    Uses touched = uses(function.body, program_);
    Counts inside = count_reads(function.body, program_);
    function.may_stop = touched.stops;
    function.uses_context = touched.context;
    touched.read.erase("begin");
    touched.read.erase("end");
    std::set<std::string> buffers = touched.buffers_read;
    buffers.insert(touched.buffers_written.begin(), touched.buffers_written.end());
    for (const std::string& name : touched.pointers_set)
      if (set_inside(function.body, name)) function.pointers.push_back(name);
    for (const std::string& name : buffers) {
      if (touched.buffers_allocated.contains(name)) {
        function.heap.push_back(name);
        continue;
      }
      if (std::find(function.pointers.begin(), function.pointers.end(), name) != function.pointers.end()) continue;
      Parameter parameter{Parameter::Kind::pointer, name};
      parameter.const_ = !touched.buffers_written.contains(name) && !base_of_pointer(function.body, name);
      function.parameters.push_back(parameter);
      call.arguments.push_back(name);
    }
    for (Parameter& parameter : function.parameters) parameter.restrict_ = is_alone(parameter, function, touched);
    std::set<std::string> variables = touched.read;
    variables.insert(touched.written.begin(), touched.written.end());
    for (const std::string& name : variables) {
      bool written = touched.written.contains(name);
      if (written) {
        bool outside = total_[name] > inside[name];
        if (!outside && always_written_first(function.body, name, false)) {
          function.variables.push_back(name);
          continue;
        }
      }
      function.parameters.push_back({written ? Parameter::Kind::inout : Parameter::Kind::value, name});
      call.arguments.push_back(name);
    }
  }

  static bool set_inside(Body& body, const std::string& name) {
    bool set = false;
    each_statement(body, [&](Statement& s) {
      if (auto* pointers = std::get_if<SetPointers>(&s.node))
        for (auto& one : pointers->sets) set |= one.pointer == name;
    });
    return set;
  }
  static bool base_of_pointer(Body& body, const std::string& name) {
    bool base = false;
    each_statement(body, [&](Statement& s) {
      if (auto* pointers = std::get_if<SetPointers>(&s.node))
        for (auto& one : pointers->sets) base |= one.base == name;
    });
    return base;
  }

  // No other pointer of the function reaches its memory, or both only read.
  bool is_alone(const Parameter& parameter, const Function& function, const Uses& touched) const {
    if (base_of_pointer(const_cast<Body&>(function.body), parameter.name)) return false;
    auto writes = [&](const std::string& name) { return touched.buffers_written.contains(name); };
    std::vector<std::string> others = function.pointers;
    for (const Parameter& other : function.parameters)
      if (other.kind == Parameter::Kind::pointer) others.push_back(other.name);
    return std::none_of(others.begin(), others.end(), [&](const std::string& other) {
      return other != parameter.name && (writes(other) || writes(parameter.name)) &&
             may_overlap(program_, parameter.name, other);
    });
  }
  void finish_entry(Body body) {
    Function entry;
    entry.kind = Function::Kind::entry;
    entry.name = "thw_entry";
    entry.uses_context = entry.may_stop = true;
    std::set<std::string> own;
    for (const auto& argument : program_.arguments) own.insert(argument.name);
    for (const auto& variable : program_.symbol_variables) own.insert(variable);
    Uses touched = uses(body, program_);
    std::set<std::string> variables = touched.read, buffers = touched.buffers_read;
    variables.insert(touched.written.begin(), touched.written.end());
    buffers.insert(touched.buffers_written.begin(), touched.buffers_written.end());
    for (const auto& result : program_.signature.results) {
      if (program_.variables.contains(result.name)) variables.insert(result.name);
      if (program_.buffers.contains(result.name)) buffers.insert(result.name);
      std::set<std::string> symbols;
      symbolic::collect_symbols(result.expr, symbols);
      for (auto* list : {&result.shape, &result.strides})
        for (const Expr& expr : *list) symbolic::collect_symbols(expr, symbols);
      variables.insert(symbols.begin(), symbols.end());
    }
    for (const std::string& name : variables)
      if (!own.contains(name) && program_.variables.contains(name)) entry.variables.push_back(name);
    for (const std::string& name : buffers) {
      Home home = program_.buffers.at(name).home;
      if (home == Home::heap) entry.heap.push_back(name);
      if (home == Home::pointer || home == Home::result) entry.pointers.push_back(name);
    }
    entry.body = std::move(body);
    program_.functions.push_back(std::move(entry));
  }

  Program& program_;
  const Options& options_;
  Counts total_;
};

}  // namespace

bool is_plain(Statement& loop) {
  bool plain = true;
  auto check = [&](Statement& s) {
    if (auto* inner = std::get_if<Loop>(&s.node)) plain &= inner->keep;
    plain &= !std::holds_alternative<Allocate>(s.node) && !std::holds_alternative<Callback>(s.node) &&
             !std::holds_alternative<SetPointers>(s.node) && !std::holds_alternative<MatMul>(s.node) &&
             !std::holds_alternative<Reduce>(s.node);
  };
  each_body(loop, [&](Body& inside) { each_statement(inside, check); });
  return plain;
}

void outline(Program& program, Body body, const Options& options) { Outliner(program, options).run(std::move(body)); }

}  // namespace thalweg::lower
