// What may be relied on: facts that follow, guards on the call's sizes, and constant bounds of integers.
#include <algorithm>

#include "frontend/builder.h"

namespace thalweg::frontend {

namespace {

constexpr __int128 kLow = -(static_cast<__int128>(1) << 63), kHigh = (static_cast<__int128>(1) << 63) - 1;

// The constant factor of `symbol` in a sum of products; nothing when it occurs in any other way.
std::optional<int64_t> linear_factor(const Expr& expr, const std::string& symbol) {
  std::set<std::string> used;
  symbolic::collect_symbols(expr, used);
  if (!used.count(symbol)) return 0;
  if (expr.is_symbol()) return 1;
  if (expr.kind() == symbolic::Kind::add) {
    int64_t total = 0;
    for (const Expr& term : expr.operands()) {
      auto factor = linear_factor(term, symbol);
      if (!factor) return std::nullopt;
      total += *factor;
    }
    return total;
  }
  if (expr.kind() == symbolic::Kind::mul && expr.operands().size() == 2 && expr.operands()[0].as_integer()) {
    auto factor = linear_factor(expr.operands()[1], symbol);
    if (factor) return *factor * expr.operands()[0].integer();
  }
  return std::nullopt;
}

}  // namespace

// A condition over entry symbols alone from which `condition` follows for every iteration of the loops around.
std::optional<Expr> Builder::worst_case(const Expr& condition) const {
  Expr current = condition;
  for (int round = 0; round < 16; ++round) {
    std::set<std::string> used;
    symbolic::collect_symbols(current, used);
    auto inner = std::find_if(used.begin(), used.end(), [&](const std::string& name) {
      auto found = symbols_.find(name);
      return found == symbols_.end() || found->second.at_run_time;
    });
    if (inner == used.end()) return current;
    auto bounds = symbols_.find(*inner);
    if (bounds == symbols_.end() || !bounds->second.first || !bounds->second.last) return std::nullopt;
    const bool le = current.kind() == symbolic::Kind::le, lt = current.kind() == symbolic::Kind::lt;
    if (!le && !lt) return std::nullopt;
    const Expr room = current.operands()[1] - current.operands()[0];  // must be >= 0 (or > 0)
    auto factor = linear_factor(room, *inner);
    if (!factor) return std::nullopt;
    const Expr worst =
        symbolic::substitute(room, {{*inner, *factor > 0 ? *bounds->second.first : *bounds->second.last}});
    current = le ? symbolic::ge(worst, 0) : symbolic::gt(worst, 0);
  }
  return std::nullopt;
}

bool Builder::decide(const Expr& condition, const Span& span, const std::string& reason) {
  switch (facts_.prove(condition)) {
    case symbolic::Truth::yes: return true;
    case symbolic::Truth::no: return false;
    case symbolic::Truth::unknown: break;
  }
  auto guard = worst_case(condition);
  if (!guard) return false;
  if (*guard != condition) {
    const symbolic::Truth known = facts_.prove(*guard);
    if (known == symbolic::Truth::no) return false;
    if (known == symbolic::Truth::yes) {
      facts_.assume(condition);
      return true;
    }
  }
  if (!request_.assumptions->assume(*guard, located(span), reason)) return false;
  entry_facts_.push_back(*guard);
  facts_.assume(*guard);
  if (*guard != condition) facts_.assume(condition);
  return true;
}

// Which of the two holds: either is as good, and becomes a guard. Nothing where the entry does not say.
std::optional<bool> Builder::ask(const Expr& asked, const Span& span, const std::string& reason) {
  const Expr condition = symbolic::substitute(asked, named_);
  for (const Expr& each : {asked, condition})
    if (const symbolic::Truth known = facts_.prove(each); known != symbolic::Truth::unknown)
      return known == symbolic::Truth::yes;
  std::set<std::string> used;
  symbolic::collect_symbols(condition, used);
  for (const auto& name : used)
    if (auto found = symbols_.find(name); found == symbols_.end() || found->second.at_run_time || found->second.first)
      return std::nullopt;
  const auto holds = request_.assumptions->choose(condition, located(span), reason);
  if (!holds) return std::nullopt;
  const Expr guard = *holds ? condition : symbolic::logical_not(condition);
  entry_facts_.push_back(guard);
  facts_.assume(guard);
  return holds;
}

bool Builder::same(const Expr& a, const Expr& b) const { return a == b || facts_.proves(symbolic::eq(a, b)); }

bool Builder::equal_extents(const Expr& a, const Expr& b, const Span& span) {
  return same(a, b) || decide(symbolic::eq(a, b), span, "these extents are equal");
}

std::optional<Builder::Interval> Builder::interval(const Expr& expr) const {
  using symbolic::Kind;
  auto operand = [&](size_t i) { return interval(expr.operands()[i]); };
  auto clamp = [](__int128 low, __int128 high) -> std::optional<Interval> {
    if (low < kLow || high > kHigh) return std::nullopt;
    return Interval{low, high};
  };
  switch (expr.kind()) {
    case Kind::integer: return Interval{expr.integer(), expr.integer()};
    case Kind::symbol: {
      auto found = symbols_.find(expr.name());
      if (found == symbols_.end()) return Interval{kLow, kHigh};
      return Interval{found->second.low, found->second.high};
    }
    case Kind::add:
    case Kind::mul: {
      const bool sum = expr.kind() == Kind::add;
      Interval total{sum ? 0 : 1, sum ? 0 : 1};
      for (size_t i = 0; i < expr.operands().size(); ++i) {
        auto part = operand(i);
        if (!part) return std::nullopt;
        if (sum) {
          total = {total.low + part->low, total.high + part->high};
        } else {
          // Both factors lie in 64 bits, so the products lie in 128.
          const __int128 p[] = {total.low * part->low, total.low * part->high, total.high * part->low,
                                total.high * part->high};
          total = {*std::min_element(p, p + 4), *std::max_element(p, p + 4)};
        }
        auto kept = clamp(total.low, total.high);
        if (!kept) return std::nullopt;
      }
      return total;
    }
    case Kind::floor_div: {
      auto a = operand(0), b = operand(1);
      if (!a || !b || (b->low <= 0 && b->high >= 0)) return std::nullopt;
      const __int128 most = std::max(a->low < 0 ? -a->low : a->low, a->high < 0 ? -a->high : a->high);
      return clamp(a->low < 0 || b->low < 0 ? -most : 0, a->high > 0 || b->low < 0 ? most : 0);
    }
    case Kind::mod: {
      auto b = operand(1);
      if (!b || (b->low <= 0 && b->high >= 0)) return std::nullopt;
      return b->low > 0 ? Interval{0, b->high - 1} : Interval{b->low + 1, 0};
    }
    case Kind::min:
    case Kind::max: {
      auto total = operand(0);
      for (size_t i = 1; total && i < expr.operands().size(); ++i) {
        auto part = operand(i);
        if (!part) return std::nullopt;
        total = expr.kind() == Kind::min ? Interval{std::min(total->low, part->low), std::min(total->high, part->high)}
                                         : Interval{std::max(total->low, part->low), std::max(total->high, part->high)};
      }
      return total;
    }
    case Kind::select: {
      auto a = operand(1), b = operand(2);
      if (!a || !b || !operand(0)) return std::nullopt;
      return Interval{std::min(a->low, b->low), std::max(a->high, b->high)};
    }
    case Kind::lt:
    case Kind::le:
    case Kind::eq:
    case Kind::ne:
    case Kind::logical_and:
    case Kind::logical_or:
    case Kind::logical_not:
      for (const Expr& part : expr.operands())
        if (!interval(part)) return std::nullopt;
      return Interval{0, 1};
    case Kind::element:
    case Kind::call: return std::nullopt;
  }
  return std::nullopt;
}

// The symbols of an expression, and those between which its loop variables run.
std::set<std::string> Builder::symbols_behind(const Expr& expr) const {
  std::set<std::string> all, later;
  symbolic::collect_symbols(expr, later);
  while (!later.empty()) {
    const std::string name = *later.begin();
    later.erase(later.begin());
    if (!all.insert(name).second) continue;
    auto found = symbols_.find(name);
    if (found == symbols_.end() || !found->second.first || !found->second.last) continue;
    std::set<std::string> ends;
    symbolic::collect_symbols(*found->second.first, ends);
    symbolic::collect_symbols(*found->second.last, ends);
    later.insert(ends.begin(), ends.end());
  }
  return all;
}

// What holds wherever the program is, by a guard if need be. A branch's own condition is not enough.
bool Builder::decide_everywhere(const Expr& condition, const Span& span, const std::string& reason) {
  if (facts_.prove(condition) == symbolic::Truth::yes) {
    symbolic::Facts entry;
    for (const Expr& fact : entry_facts_) entry.assume(fact);
    if (entry.prove(condition) == symbolic::Truth::yes) return true;
    if (!request_.assumptions->assume(condition, located(span), reason)) return false;
    entry_facts_.push_back(condition);
    return true;
  }
  return decide(condition, span, reason);
}

bool Builder::fits(const Expr& expr, const Span& span) {
  if (interval(expr)) return true;
  // Entry symbols beyond 31 bits are not the plain case: a guard excludes them, one symbol at a time. Loop variables
  // that run to them are bounded with them.
  const std::set<std::string> used = symbols_behind(expr);
  constexpr int64_t limit = int64_t{1} << 31;
  for (const auto& name : used) {
    auto found = symbols_.find(name);
    if (found == symbols_.end() || found->second.first || found->second.at_run_time) continue;
    SymbolBounds& bounds = found->second;
    const Expr symbol = Expr::symbol(name);
    if (bounds.high > limit &&
        decide_everywhere(symbolic::le(symbol, limit), span, "an integer that cannot overflow here"))
      bounds.high = limit;
    if (bounds.low < -limit &&
        decide_everywhere(symbolic::ge(symbol, -limit), span, "an integer that cannot overflow here"))
      bounds.low = -limit;
    for (const auto& variable : used) {
      auto loop = symbols_.find(variable);
      if (loop == symbols_.end() || !loop->second.first || !loop->second.last) continue;
      const auto first = interval(*loop->second.first), last = interval(*loop->second.last);
      if (first) loop->second.low = std::max(loop->second.low, first->low);
      if (last) loop->second.high = std::min(loop->second.high, last->high);
    }
    if (interval(expr)) return true;
  }
  return false;
}

// a - b, small enough to be counted with; raises where it leaves 64 bits.
Result<Expr> Builder::difference(const Expr& a, const Expr& b, const Span& span) {
  constexpr int64_t far = int64_t{1} << 62;
  auto small = [&](const Expr& each) {
    const auto found = interval(each);
    return found && found->low >= -far && found->high <= far;
  };
  if (a == 0 || b == 0 || small(a - b)) return a - b;
  if (fits(a - b, span) && small(a - b)) return a - b;
  TW_TRY(const Value found, binary(syntax::BinaryOperator::sub, integer_value(a), integer_value(b), span));
  TW_TRY(const Expr distance, symbol_of(found, span, "a distance"));
  emit_check(symbolic::le(distance, far), base::ErrorKind::overflow,
             "a range of 2^62 numbers (Python ints are 64 bits here)", {}, span);
  return named(symbolic::max(distance, -far), "distance");
}

void Builder::declare_symbol(const std::string& name, DType dtype, SymbolBounds bounds) {
  cursor_.sdfg->add_symbol(name, dtype);
  symbols_[name] = std::move(bounds);
}

// A new symbol that gets this value on the next transition.
std::string Builder::assign_symbol(const std::string& base, code::Ptr value, SymbolBounds bounds, DType dtype) {
  const std::string name = fresh(base);
  bounds.at_run_time = true;
  declare_symbol(name, dtype, std::move(bounds));
  assign_together({{name, std::move(value)}});
  return name;
}

}  // namespace thalweg::frontend
