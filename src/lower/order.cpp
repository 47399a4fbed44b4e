// Loop order and parallelism of map nests: the loop with unit stride goes innermost, and a loop runs in parallel only
// where no two iterations can meet in one element.
#include <algorithm>

#include "base/planted.h"
#include "lower/lowering.h"

namespace thalweg::lower {

namespace {

// How far a step of `variable` moves an access, in elements; nothing for computed indices that mention it.
std::optional<Expr> stride_of(const Buffer& buffer, const std::vector<Ptr>& index, const std::string& variable) {
  Expr total = 0;
  symbolic::Substitution next{{variable, Expr::symbol(variable) + 1}};
  for (size_t d = 0; d < index.size(); ++d) {
    if (const Expr* plain = plain_index(index[d])) {
      Expr moved = symbolic::substitute(*plain, next) - *plain;
      if (!moved.is(0)) total = total + moved * buffer.strides[d];
      continue;
    }
    std::set<std::string> symbols;
    ir::code::collect_symbols(*index[d], symbols);
    if (symbols.contains(variable)) return std::nullopt;
  }
  return total;
}

int64_t stride_cost(const std::optional<Expr>& stride) {
  if (!stride) return 8;
  auto constant = stride->as_integer();
  if (!constant) return 16;
  int64_t size = std::abs(*constant);
  return size == 0 ? 0 : size == 1 ? 1 : size <= 4 ? 3 : 8;
}

int64_t innermost_cost(const Program& program, const Body& body, const std::string& variable) {
  int64_t cost = 0;
  each_access(body, [&](const Access& access) {
    auto at = program.buffers.find(access.buffer);
    if (at == program.buffers.end()) return;
    int64_t one = stride_cost(stride_of(at->second, *access.index, variable));
    if (access.write && one == 0) one = 4;  // the same element again and again: no vector
    cost += access.write ? 2 * one : one;
  });
  return cost;
}

// Variables that a body changes otherwise than by combining a value with them.
std::set<std::string> plainly_written(const Body& body) {
  std::set<std::string> names;
  each_statement(const_cast<Body&>(body), [&](Statement& s) {
    if (auto* assign = std::get_if<Assign>(&s.node); assign && assign->wcr == ir::Wcr::none)
      names.insert(assign->variable);
    if (auto* loop = std::get_if<Loop>(&s.node); loop && loop->keep) names.insert(loop->variable);
    if (auto* reduce = std::get_if<Reduce>(&s.node)) names.insert(reduce->target);
    if (auto* product = std::get_if<MatMul>(&s.node)) names.insert(product->c.buffer);
  });
  return names;
}

// Where two iterations of the loop can meet through write-conflict resolution; nothing where they meet in another way:
// scalars that are set, pointers, an element that all write, Python.
std::optional<Meeting> meeting_of(const Program& program, const Loop& loop) {
  if (base::planted("lower.iterations_never_meet")) return Meeting();
  Uses touched = uses(loop.body, program);
  if (!touched.pointers_set.empty()) return std::nullopt;
  Meeting out;
  bool meet = false;
  const std::set<std::string> plain = plainly_written(loop.body);
  for (const std::string& name : touched.written) meet |= plain.contains(name);
  out.variables = touched.written;
  each_statement(const_cast<Body&>(loop.body), [&](Statement& s) { meet |= std::holds_alternative<Callback>(s.node); });
  each_access(loop.body, [&](const Access& access) {
    if (!access.write || meet || touched.declared.contains(access.buffer) ||
        touched.buffers_allocated.contains(access.buffer))
      return;
    bool apart = false, moves = false;
    for (const Ptr& index : *access.index) {
      std::set<std::string> symbols, inputs;
      ir::code::collect_symbols(*index, symbols);
      ir::code::collect_inputs(*index, inputs);
      const Expr* plain = plain_index(index);
      bool local = std::any_of(symbols.begin(), symbols.end(), [&](auto& s) { return touched.declared.contains(s); });
      bool mentions = symbols.contains(loop.variable);
      moves |= mentions || local || !inputs.empty();
      if (!plain || !mentions || local) continue;
      Expr step = symbolic::substitute(*plain, {{loop.variable, Expr::symbol(loop.variable) + 1}}) - *plain;
      apart |= step.as_integer().value_or(0) != 0;
    }
    // The map's contract keeps plain writes apart; only writes with a conflict resolution may meet.
    if (access.conflict && !apart) out.buffers.insert(access.buffer);
    meet |= !access.conflict && !moves;
  });
  if (meet) return std::nullopt;
  return out;
}

// Whether the loop may run inside those that it encloses now: in floating point, values that meet in one element keep
// their order.
bool may_go_inside(const Program& program, const Loop& loop) {
  auto meeting = meeting_of(program, loop);
  auto whole_buffer = [&](const std::string& name) {
    auto at = program.buffers.find(name);
    return at != program.buffers.end() && is_whole(at->second.dtype);
  };
  auto whole_variable = [&](const std::string& name) {
    auto at = program.variables.find(name);
    return at != program.variables.end() && is_whole(at->second.dtype);
  };
  return meeting && std::all_of(meeting->buffers.begin(), meeting->buffers.end(), whole_buffer) &&
         std::all_of(meeting->variables.begin(), meeting->variables.end(), whole_variable);
}

void order_chain(Program& program, std::vector<Loop*>& chain) {
  if (chain.size() < 2 || !independent_ranges(chain)) return;
  const Body& body = chain.back()->body;
  size_t best = chain.size() - 1;
  int64_t least = innermost_cost(program, body, chain[best]->variable);
  for (size_t k = chain.size() - 1; k-- > 0;) {
    int64_t cost = innermost_cost(program, body, chain[k]->variable);
    if (cost < least) {
      least = cost;
      best = k;
    }
  }
  if (best + 1 == chain.size() || !may_go_inside(program, *chain[best])) return;
  // Rotates the chosen loop to the end; the others keep their order.
  for (size_t k = best; k + 1 < chain.size(); ++k) swap_headers(*chain[k], *chain[k + 1]);
}

// How often the innermost body of a chain runs, where the ranges say so from outside; else the outermost one.
Expr iterations_of(const std::vector<Loop*>& chain) {
  Expr count = 1;
  for (size_t k = 0; k < (independent_ranges(chain) ? chain.size() : 1); ++k)
    count = count * symbolic::ceil_div(chain[k]->end - chain[k]->begin, chain[k]->step);
  return count;
}

void visit(Program& program, Body& body, bool inside_parallel, const Options& options) {
  Body line;  // the line of the user's that the next statement comes from
  for (Statement& statement : body) {
    if (std::holds_alternative<Source>(statement.node)) line = {statement};
    auto* loop = std::get_if<Loop>(&statement.node);
    if (!loop || !loop->simd_safe) {
      each_body(statement, [&](Body& inner) { visit(program, inner, inside_parallel, options); });
      continue;
    }
    std::vector<Loop*> chain = chain_of(*loop);
    order_chain(program, chain);
    std::optional<Combined> copies;
    if (auto meeting = meeting_of(program, *loop); meeting && !meeting->empty() && !inside_parallel &&
                                                   loop->level == Level::parallel && options.parallel &&
                                                   !options.kernels)
      copies = privatisable(program, *loop, *meeting);
    const Expr iterations = iterations_of(chain);
    for (Loop* one : chain)
      if (auto meeting = meeting_of(program, *one); !meeting || !meeting->empty()) {
        one->simd_safe = false;
        one->level = Level::serial;
      }
    // A nest that stays on the calling thread may run long: it looks for interrupts itself.
    if (!inside_parallel && !chain[0]->simd_safe) chain[0]->poll = true;
    visit(program, chain.back()->body, true, options);
    if (copies) statement.node = privatise(program, Loop(*loop), iterations, *copies, line);
  }
}

}  // namespace

void order_loops(Program& program, Body& body, const Options& options) { visit(program, body, false, options); }

}  // namespace thalweg::lower
