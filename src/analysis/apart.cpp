// Indices that are no linear function of the iteration, and yet no two iterations have in common: remainders of fewer
// iterations than the divisor, quotient and remainder together, and what grows from one iteration to the next by more
// than the rest of the index varies.
#include <algorithm>

#include "analysis/collect.h"
#include "analysis/dependences.h"

namespace thalweg::analysis {

using symbolic::Expr;
using symbolic::Facts;
using symbolic::Kind;

namespace {

// One index of two iterations, and their variables.
struct Pair {
  Expr x, y;
};

std::set<std::string> symbols_in(const Expr& expr) {
  std::set<std::string> used;
  symbolic::collect_symbols(expr, used);
  return used;
}

// The divisor is not 0 where an index has a value.
void assume_divisors(const Expr& expr, Facts& facts) {
  const Kind kind = expr.kind();
  if (kind == Kind::symbol || kind == Kind::integer || kind == Kind::element) return;
  if ((kind == Kind::floor_div || kind == Kind::mod) && !expr.operands()[1].as_integer())
    facts.assume(ne(expr.operands()[1], 0));
  if (kind == Kind::select) return;  // the sides may not be evaluated
  for (const Expr& operand : expr.operands()) assume_divisors(operand, facts);
}

class TwoIterations {
 public:
  TwoIterations(std::string variable, std::string later, const symbolic::Range& range, Facts facts)
      : variable_(std::move(variable)), later_(std::move(later)), range_(range), facts_(std::move(facts)) {}

  // f % m == f' % m means f == f', and so one iteration, where f moves by less than m altogether.
  bool by_remainder(const Pair& index) const {
    if (index.x.kind() != Kind::mod || index.y.kind() != Kind::mod) return false;
    const Expr &f = index.x.operands()[0], &m = index.x.operands()[1];
    const auto slope = common_slope(f, index.y.operands()[0]);
    if (!slope || m != index.y.operands()[1] || moves(m)) return false;
    const Expr all = *slope * range_.step * (not_empty(range_).size - 1);
    for (const Expr& distance : {all, -1 * all})
      if (facts_.proves(ge(distance, 0)) && facts_.proves(lt(distance, m)) && nonzero(*slope)) return true;
    return false;
  }

  // f // m == f' // m and f % m == f' % m mean f == f'.
  bool by_parts(const Pair& one, const Pair& other) const {
    if (one.x.kind() != Kind::floor_div || one.y.kind() != Kind::floor_div) return false;
    if (other.x.kind() != Kind::mod || other.y.kind() != Kind::mod) return false;
    auto same = [](const Expr& a, const Expr& b) {
      return a.operands()[0] == b.operands()[0] && a.operands()[1] == b.operands()[1];
    };
    if (!same(one.x, other.x) || !same(one.y, other.y)) return false;
    const Expr& m = one.x.operands()[1];
    if (m != one.y.operands()[1] || moves(m)) return false;
    const auto slope = common_slope(one.x.operands()[0], one.y.operands()[0]);
    return slope && nonzero(*slope);
  }

  // p // c + h: from one iteration to any later one p // c grows by at least g, and h falls by less than that.
  bool by_growth(const Pair& index) const {
    for (const bool first : {true, false})
      if (!grows(first ? index.x : index.y, first ? index.y : index.x, first)) return false;
    return true;
  }

 private:
  bool moves(const Expr& expr) const {
    const auto used = symbols_in(expr);
    return std::any_of(used.begin(), used.end(), [&](const std::string& name) {
      return name == variable_ || name == later_ || name.find('@') != std::string::npos;
    });
  }
  bool nonzero(const Expr& expr) const { return facts_.proves(ne(expr, 0)); }

  // S, where f = S*i + r and f' = S*i' + r with one r for both.
  std::optional<Expr> common_slope(const Expr& f, const Expr& g) const {
    const Expr at = Expr::symbol(variable_);
    const Expr slope = symbolic::substitute(f, {{variable_, at + 1}}) - f;
    if (moves(slope)) return std::nullopt;
    if (f - slope * at != g - slope * Expr::symbol(later_) || moves(f - slope * at)) return std::nullopt;
    return slope;
  }

  static std::vector<Expr> quotients(const Expr& expr) {
    std::vector<Expr> out;
    const auto terms = expr.kind() == Kind::add ? expr.operands() : std::span<const Expr>(&expr, 1);
    for (const Expr& term : terms)
      if (term.kind() == Kind::floor_div && term.operands()[1].as_integer().value_or(0) > 0) out.push_back(term);
    return out;
  }

  // Is the index `to` of an iteration that comes later always above `from`? `forward`: from is of the iteration i, to
  // of i'; else the other way round.
  bool grows(const Expr& from, const Expr& to, bool forward) const {
    const std::string &before = forward ? variable_ : later_, &behind = forward ? later_ : variable_;
    const Expr at = Expr::symbol(before), far = Expr::symbol("$far");
    const Expr moved = at + range_.step + range_.step * far;
    Facts facts = facts_;
    facts.assume(ge(far, 0));
    const symbolic::Substitution by{{behind, moved}};
    for (const Expr& condition : facts_.conditions()) facts.assume(symbolic::substitute(condition, by));
    const Expr target = symbolic::substitute(to, by);
    for (const Expr& low : quotients(from))
      for (const Expr& high : quotients(target)) {
        const Expr& c = low.operands()[1];
        if (c != high.operands()[1]) continue;
        const Expr gain = high.operands()[0] - low.operands()[0];
        const Expr next = symbolic::substitute(gain, {{"$far", Expr(0)}});
        const Expr growth = symbolic::floor_div(next, c);
        if (growth * c != next || !facts.proves(ge(gain, next))) continue;
        if (facts.proves(gt((target - high) - (from - low) + growth, 0))) return true;
      }
    return false;
  }

  std::string variable_, later_;
  symbolic::Range range_;
  Facts facts_;
};

}  // namespace

bool Dependences::apart_by_function(const BodyAccess& a, const BodyAccess& b) const {
  if (iterations_.variables.size() != 1 || !a.placed || !b.placed || a.subset.rank() != b.subset.rank()) return false;
  const symbolic::Range& range = iterations_.ranges[0];
  if (!range.step.as_integer() || *range.step.as_integer() < 1) return false;
  const std::string &variable = iterations_.variables[0], later = variable + "'";
  symbolic::Substitution second{{variable, Expr::symbol(later)}};
  for (const Frame* frame : b.frames) second[frame->variable] = Expr::symbol(frame->variable + "'");
  for (const std::string& name : b.unknowns) second[name] = Expr::symbol(name + "'");
  Facts facts = facts_;
  std::vector<Expr> conditions;
  add_range(range, Expr::symbol(variable), conditions);
  add_range(range, Expr::symbol(later), conditions);
  for (const Expr& condition : a.conditions) conditions.push_back(condition);
  for (const Expr& condition : b.conditions) conditions.push_back(symbolic::substitute(condition, second));
  for (const Expr& condition : conditions) facts.assume(condition);
  std::vector<Pair> indices;
  for (size_t d = 0; d < a.subset.rank(); ++d) {
    if (!a.subset.ranges[d].is_index() || !b.subset.ranges[d].is_index()) continue;
    const Expr x = a.subset.ranges[d].begin, y = symbolic::substitute(b.subset.ranges[d].begin, second);
    // A choice by sign, of a quotient or remainder: its condition has a value.
    for (const Expr& index : {x, y}) {
      assume_divisors(index, facts);
      if (index.kind() == Kind::select) assume_divisors(index.operands()[0], facts);
    }
    indices.push_back({x, y});
  }
  for (Pair& index : indices) index = {facts.simplify(index.x), facts.simplify(index.y)};
  const TwoIterations two(variable, later, range, facts);
  for (const Pair& one : indices) {
    if (two.by_remainder(one) || two.by_growth(one)) return true;
    for (const Pair& other : indices)
      if (two.by_parts(one, other)) return true;
  }
  return false;
}

}  // namespace thalweg::analysis
