// Outer loops that are known to be too short for the threads go inside a longer one, which runs in parallel instead:
//
//   parallel for i in 0:2: for j: for k: ...     parallel for j: for i in 0:2: for k: ...
//   parallel for i in 0:2: for j in 0:M: ...     parallel for b: for i in 0:2: for j in b*512 : min((b + 1)*512, M): ...
//
// All iterations of such a chain are independent, so any order gives the same bits. The innermost loop, which has the
// unit stride, stays innermost.
#include <algorithm>

#include "lower/lowering.h"

namespace thalweg::lower {

namespace {

constexpr int64_t kFew = 4;            // iterations that leave threads without work
constexpr int64_t kColumnBlock = 512;  // elements of a row in one piece

bool is_few(const Loop& loop) {
  auto count = (loop.end - loop.begin).as_integer();
  return count && *count <= kFew;
}

bool is_row(const Loop& loop) {
  bool row = true;
  each_statement(const_cast<Body&>(loop.body), [&](Statement& s) {
    row &= !std::holds_alternative<Loop>(s.node) && !std::holds_alternative<While>(s.node) &&
           !std::holds_alternative<Reduce>(s.node);
  });
  return row;
}

// The nest as blocks of its innermost loop.
Loop in_column_blocks(const Program& program, Statement nest) {
  Loop& row = *chain_of(std::get<Loop>(nest.node)).back();
  std::string name = fresh_name(program, loop_variables(Body{nest}), row.variable + "_block");
  Expr first = row.begin + Expr::symbol(name) * kColumnBlock;
  Loop blocks{name, 0, symbolic::ceil_div(row.end - row.begin, kColumnBlock)};
  blocks.level = Level::parallel;
  blocks.simd_safe = true;
  row.end = symbolic::min(first + kColumnBlock, row.end);
  row.begin = first;
  blocks.body.push_back(std::move(nest));
  return blocks;
}

void spread_nest(const Program& program, Statement& statement) {
  std::vector<Loop*> chain = chain_of(std::get<Loop>(statement.node));
  auto independent = [](const Loop* loop) { return loop->simd_safe && loop->step.is(1); };
  if (!std::all_of(chain.begin(), chain.end(), independent) || !independent_ranges(chain)) return;
  size_t wide = 0;
  while (wide < chain.size() && is_few(*chain[wide])) ++wide;
  if (wide == 0 || wide == chain.size()) return;
  if (wide + 1 == chain.size() && is_row(*chain[wide])) {
    statement.node = in_column_blocks(program, std::move(statement));
    return;
  }
  for (size_t k = wide; k > 0; --k) swap_headers(*chain[k - 1], *chain[k]);
}

}  // namespace

void spread_loops(const Program& program, Body& body) {
  for (Statement& statement : body) {
    auto* loop = std::get_if<Loop>(&statement.node);
    if (loop && loop->level == Level::parallel && loop->simd_safe)
      spread_nest(program, statement);
    else if (!loop || loop->keep)
      each_body(statement, [&](Body& inner) { spread_loops(program, inner); });
  }
}

}  // namespace thalweg::lower
