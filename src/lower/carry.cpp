// In-register recurrences: what a loop reads of an array is what its last iteration stored there, so it is kept in a
// variable and not read again.
//
//   for j: A[i, j] = A[i, j] + A[i, j - 1]
//   ==>
//   carried = A[i, begin - 1]; for j: carried = A[i, j] + carried; A[i, j] = carried
//
// There is one store in the loop, so nothing else has changed the element since. The first read only happens where the loop runs.
#include <algorithm>

#include "base/planted.h"
#include "lower/lowering.h"

namespace thalweg::lower {

using ir::code::Op;

namespace {

bool is_straight_line(const Body& body) {
  return std::all_of(body.begin(), body.end(), [](const Statement& s) {
    return std::holds_alternative<Assign>(s.node) || std::holds_alternative<Store>(s.node) ||
           std::holds_alternative<Source>(s.node) || std::holds_alternative<Declare>(s.node);
  });
}

std::optional<std::vector<Expr>> plain(const std::vector<Ptr>& index) {
  std::vector<Expr> out;
  for (const Ptr& one : index) {
    const Expr* expr = plain_index(one);
    if (!expr) return std::nullopt;
    out.push_back(*expr);
  }
  return out;
}

std::vector<Ptr> moved(const std::vector<Expr>& index, const symbolic::Substitution& by) {
  std::vector<Ptr> out;
  for (const Expr& one : index) out.push_back(index_of(symbolic::substitute(one, by)));
  return out;
}

class Carry {
 public:
  Carry(Program& program, Loop& loop) : program_(program), loop_(loop) {}

  // What has to come before the loop; empty where nothing is carried.
  Body run() {
    if (loop_.simd_safe || !loop_.step.as_integer() || !is_straight_line(loop_.body) || !find_store()) return {};
    const Buffer& buffer = program_.buffers.at(store_->buffer);
    const Expr at = Expr::symbol(loop_.variable);
    const auto index = plain(store_->index);
    if (!index) return {};
    const Expr before = at - loop_.step * (base::planted("lower.carry_from_further_back") ? 2 : 1);
    const std::vector<Ptr> last = moved(*index, {{loop_.variable, before}});
    if (same(last, store_->index) || !reads(last)) return {};

    const std::string name = fresh_name(program_, loop_variables(loop_.body), buffer.name + "_last");
    program_.variables[name] = {name, buffer.dtype};
    const Ptr carried = ir::code::input(name, buffer.dtype);
    replace(last, carried);
    const Ptr value = std::exchange(store_->value, carried);
    const FlagSites flags = std::exchange(store_->flags, {});
    const Store* store = store_;
    const auto place = std::find_if(loop_.body.begin(), loop_.body.end(),
                                    [&](const Statement& s) { return std::get_if<Store>(&s.node) == store; });
    loop_.body.insert(place, Statement{Assign{name, value, flags}});
    return {{Declare{name}}, {Assign{name, first_value(*index, buffer), {}}}};
  }

 private:
  // The only store of the loop, at a place that only the loop moves.
  bool find_store() {
    std::set<std::string> assigned;
    for (Statement& s : loop_.body) {
      if (auto* assign = std::get_if<Assign>(&s.node)) assigned.insert(assign->variable);
      auto* store = std::get_if<Store>(&s.node);
      if (!store) continue;
      if (store_) return false;
      store_ = store;
    }
    if (!store_ || store_->conflict || !program_.buffers.contains(store_->buffer)) return false;
    std::set<std::string> used;
    for (const Ptr& one : store_->index) ir::code::collect_symbols(*one, used);
    if (std::any_of(assigned.begin(), assigned.end(), [&](const std::string& name) { return used.contains(name); }))
      return false;
    const ir::DType dtype = program_.buffers.at(store_->buffer).dtype;
    return (dtype == ir::dtypes::float64 || dtype == ir::dtypes::float32 || dtype == ir::dtypes::int64) &&
           store_->value->type == dtype;
  }

  static bool same(const std::vector<Ptr>& a, const std::vector<Ptr>& b) {
    const auto x = plain(a), y = plain(b);
    return x && y && *x == *y;
  }
  bool is_last(const ir::code::Expr& leaf, const std::vector<Ptr>& last) const {
    return leaf.op == Op::element && leaf.name == store_->buffer && same(leaf.args, last);
  }
  // Is the element read, before the store?
  bool reads(const std::vector<Ptr>& last) {
    bool before = true, found = false, behind = false;
    for (Statement& s : loop_.body) {
      each_expression(s, [&](Ptr& value) {
        each_leaf(value, [&](const ir::code::Expr& leaf) { (before ? found : behind) |= is_last(leaf, last); });
      });
      before = before && std::get_if<Store>(&s.node) != store_;
    }
    return found && !behind;
  }
  void replace(const std::vector<Ptr>& last, const Ptr& by) {
    for (Statement& s : loop_.body)
      each_expression(s, [&](Ptr& value) {
        value = rewrite(value, [&](const Ptr& node) -> Ptr { return is_last(*node, last) ? by : nullptr; });
      });
  }
  Ptr first_value(const std::vector<Expr>& index, const Buffer& buffer) const {
    const bool up = *loop_.step.as_integer() > 0;
    const Ptr runs = ir::code::make(up ? Op::lt : Op::gt, index_of(loop_.begin), index_of(loop_.end));
    const Ptr nothing = buffer.dtype.is_integer() ? ir::code::constant(int64_t{0}, buffer.dtype)
                                                  : ir::code::constant(0.0, buffer.dtype);
    const Ptr element =
        ir::code::element(buffer.name, buffer.dtype, moved(index, {{loop_.variable, loop_.begin - loop_.step}}));
    return ir::code::make(Op::select, {runs, element, nothing});
  }

  Program& program_;
  Loop& loop_;
  Store* store_ = nullptr;
};

}  // namespace

void carry_in_registers(Program& program, Loop& nest) {
  for (size_t k = 0; k < nest.body.size(); ++k) {
    auto* loop = std::get_if<Loop>(&nest.body[k].node);
    if (!loop) continue;
    carry_in_registers(program, *loop);
    Body before = Carry(program, *loop).run();
    const size_t count = before.size();
    nest.body.insert(nest.body.begin() + static_cast<std::ptrdiff_t>(k), std::move_iterator(before.begin()),
                     std::move_iterator(before.end()));
    k += count;
  }
}

}  // namespace thalweg::lower
