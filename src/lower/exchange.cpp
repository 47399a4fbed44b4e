// A temporary that is copied whole and not needed afterwards changes places with the buffer it is copied to.
//
//   loop:                              loop:
//     allocate made; made = ...          allocate made; made = ...
//     allocate kept                      kept and made exchange their memory
//     for i: kept[i] = made[i]
//
// Legal when: all that is done with the elements of `made` stands between an allocation and the copy, in one body; no pointer
// stands for it; the copy fills all of `kept`, in the layout of `made`; nothing touches `kept` between its allocation and
// the copy. What `kept` held is lost at its allocation either way.
#include <algorithm>

#include "lower/lowering.h"

namespace thalweg::lower {

using ir::code::Op;

namespace {

class Exchanger {
 public:
  Exchanger(const Program& program, Body& root) : program_(program), root_(root) {
    each_statement(root, [&](Statement& s) {
      if (auto* set = std::get_if<SetPointers>(&s.node))
        for (auto& one : set->sets) pinned_.insert(one.base);
    });
    for (const auto& result : program.signature.results) named_.insert(result.name);
  }

  void visit(Body& body) {
    for (size_t k = 0; k < body.size(); ++k) {
      if (auto* loop = std::get_if<Loop>(&body[k].node); loop && loop->simd_safe)
        exchange_at(body, k);
      else
        each_body(body[k], [&](Body& inner) { visit(inner); });
    }
  }

 private:
  struct Copy {
    std::string from, to;
  };

  // Does the nest copy all elements of one buffer to the same places of another one of its layout?
  std::optional<Copy> whole_copy(Loop& nest) const {
    const std::vector<Loop*> chain = chain_of(nest);
    const Body& body = chain.back()->body;
    const Store* store = nullptr;
    for (const Statement& s : body) {
      if (std::holds_alternative<Source>(s.node)) continue;
      if (store || !std::holds_alternative<Store>(s.node)) return std::nullopt;
      store = &std::get<Store>(s.node);
    }
    if (!store || store->conflict || store->value->op != Op::element) return std::nullopt;
    const auto target = program_.buffers.find(store->buffer), source = program_.buffers.find(store->value->name);
    if (target == program_.buffers.end() || source == program_.buffers.end()) return std::nullopt;
    const Buffer &to = target->second, &from = source->second;
    if (to.name == from.name || to.home != Home::heap || from.home != Home::heap || to.dtype != from.dtype ||
        to.space != from.space || to.strides != from.strides || !to.offset.is(0) || !from.offset.is(0) ||
        chain.size() != to.shape.size())
      return std::nullopt;
    Expr dense = 1;
    for (size_t d = to.shape.size(); d-- > 0; dense = dense * to.shape[d]) {
      const Loop& loop = *chain[d];
      const Expr *written = plain_index(store->index[d]), *read = plain_index(store->value->args[d]);
      const Expr at = Expr::symbol(loop.variable);
      if (to.strides[d] != dense || !loop.begin.is(0) || !loop.step.is(1) || loop.end != to.shape[d] || !written ||
          !read || *written != at || *read != at)
        return std::nullopt;
    }
    return Copy{from.name, to.name};
  }

  Uses touched_by(Body& body, size_t begin, size_t end) const {
    Body part(std::make_move_iterator(body.begin() + static_cast<std::ptrdiff_t>(begin)),
              std::make_move_iterator(body.begin() + static_cast<std::ptrdiff_t>(end)));
    Uses touched = uses(part, program_);
    std::move(part.begin(), part.end(), body.begin() + static_cast<std::ptrdiff_t>(begin));
    return touched;
  }
  static bool touches(const Uses& touched, const std::string& name) {
    return touched.buffers_read.contains(name) || touched.buffers_written.contains(name) ||
           touched.buffers_allocated.contains(name);
  }

  static std::optional<size_t> last_allocation(const Body& body, size_t before, const std::string& name) {
    for (size_t k = before; k-- > 0;)
      if (auto* allocate = std::get_if<Allocate>(&body[k].node); allocate && allocate->buffer == name) return k;
    return std::nullopt;
  }

  // All that the program does with the buffer's elements is done by the statements from `begin` to `end`.
  bool lives_within(Body& body, size_t begin, size_t end, const std::string& name) {
    Body part(std::make_move_iterator(body.begin() + static_cast<std::ptrdiff_t>(begin)),
              std::make_move_iterator(body.begin() + static_cast<std::ptrdiff_t>(end)));
    for (size_t k = begin; k < end; ++k) body[k] = {Source{}};
    std::vector<std::pair<Statement*, Statement>> allocations;
    each_statement(root_, [&](Statement& s) {
      auto* allocate = std::get_if<Allocate>(&s.node);
      if (allocate && allocate->buffer == name && allocate->takes.empty())
        allocations.emplace_back(&s, std::exchange(s, Statement{Source{}}));
    });
    const Uses outside = uses(root_, program_);
    for (auto& [place, statement] : allocations) *place = std::move(statement);
    std::move(part.begin(), part.end(), body.begin() + static_cast<std::ptrdiff_t>(begin));
    return !touches(outside, name);
  }

  void exchange_at(Body& body, size_t at) {
    const auto copy = whole_copy(std::get<Loop>(body[at].node));
    if (!copy || pinned_.contains(copy->from) || named_.contains(copy->from) || named_.contains(copy->to)) return;
    const auto made = last_allocation(body, at, copy->from), room = last_allocation(body, at, copy->to);
    if (!made || !room) return;
    const Uses between = touched_by(body, *room + 1, at);
    std::set<std::string> layout;
    add_layout_symbols(program_.buffers.at(copy->to), true, layout);
    const bool moves = std::none_of(layout.begin(), layout.end(), [&](const std::string& name) {
      return between.written.contains(name) || between.declared.contains(name);
    });
    if (!moves || touches(between, copy->to) || between.pointers_set.contains(copy->to) ||
        !lives_within(body, *made, at + 1, copy->from))
      return;
    Allocate exchange{copy->to, std::get<Allocate>(body[*room].node).site, copy->from};
    exchange.gives = true;
    body[at] = {std::move(exchange)};
    body[*room] = {Source{}};
  }

  const Program& program_;
  Body& root_;
  std::set<std::string> pinned_, named_;
};

}  // namespace

void exchange_memory(const Program& program, Body& root) { Exchanger(program, root).visit(root); }

}  // namespace thalweg::lower
