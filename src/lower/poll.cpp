// Where loops look for interrupts. The runtime polls between the chunks of a region, whose length it bounds by the
// estimated work; what the estimate does not know, or what is long in one iteration, looks from inside:
//
//   for i in the region:  for j:  (looks, counting M)  for k < M: ...       rows of a map look between rows
//                         for k:  (looks every 65536)                       loops of the program
//
// Rows themselves, innermost loops whose iterations are independent or known to be few, stay clean: the next loop out
// counts them.
#include <algorithm>

#include "lower/lowering.h"

namespace thalweg::lower {

namespace {

bool has_loop(const Body& body) {
  bool found = false;
  each_statement(const_cast<Body&>(body), [&](Statement& s) {
    found |= std::holds_alternative<Loop>(s.node) || std::holds_alternative<While>(s.node) ||
             std::holds_alternative<Reduce>(s.node);
  });
  return found;
}

// At most 65536 iterations, whatever the symbols are: so in the end of a block, min(begin + 512, N).
bool is_short(const Loop& loop) {
  auto step = loop.step.as_integer();
  if (!step || *step <= 0) return false;
  std::vector<Expr> ends{loop.end};
  if (loop.end.kind() == symbolic::Kind::min) ends.assign(loop.end.operands().begin(), loop.end.operands().end());
  return std::any_of(ends.begin(), ends.end(), [&](const Expr& end) {
    auto distance = (end - loop.begin).as_integer();
    return distance && *distance / *step <= 65536;
  });
}

// Iterations of the loops and reductions directly inside that do not look themselves; 16 where that is not known yet.
Expr rows_inside(Body& body, const Uses& inside) {
  Expr total = 0;
  auto known = [&](const Expr& count) {
    std::set<std::string> symbols;
    symbolic::collect_symbols(count, symbols);
    for (const std::string& name : symbols)
      if (inside.declared.contains(name) || inside.written.contains(name)) return Expr(16);
    return count;
  };
  for (Statement& s : body) {
    if (auto* reduce = std::get_if<Reduce>(&s.node)) {
      Expr count = 1;
      for (const auto& axis : reduce->axes) count = count * axis.extent;
      total = total + known(count);
    } else if (auto* loop = std::get_if<Loop>(&s.node)) {
      if (!loop->poll) total = total + known(loop->end - loop->begin);
    } else {
      each_body(s, [&](Body& inner) { total = total + rows_inside(inner, inside); });
    }
  }
  return total;
}

void visit(const Program& program, Body& body) {
  for (Statement& s : body) {
    each_body(s, [&](Body& inner) { visit(program, inner); });
    auto* loop = std::get_if<Loop>(&s.node);
    if (!loop) continue;
    bool innermost = !has_loop(loop->body);
    loop->poll = innermost ? !loop->simd_safe && !is_short(*loop) : true;
    if (!innermost) loop->work = 1 + rows_inside(loop->body, uses(loop->body, program));
  }
}

}  // namespace

void look_inside(const Program& program, Loop& region) { visit(program, region.body); }

}  // namespace thalweg::lower
