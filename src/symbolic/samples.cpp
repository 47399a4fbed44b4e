// Expressions and relations of subsets at the samples, all of them at once.
#include "symbolic/samples.h"

#include <algorithm>

#include "symbolic/sampler.h"
#include "symbolic/terms.h"

namespace thalweg::symbolic {

namespace {

constexpr size_t count = Samples::count;
constexpr int64_t largest = int64_t{1} << 30;
constexpr int max_depth = 24;
constexpr int max_elements = 4096;  // that a range is searched through

template <class Out, class F>
void each(Out& out, F&& f) {
  for (size_t k = 0; k < count; ++k) out[k] = static_cast<int32_t>(f(k));
}

// Bit k: the value at k is 1.
unsigned bits(const std::array<int32_t, count>& values) {
  unsigned out = 0;
  for (size_t k = 0; k < count; ++k) out |= static_cast<unsigned>(values[k] & 1) << k;
  return out;
}

}  // namespace

Samples::Samples(const Facts& facts, const LinearFacts& linear) : linear_(linear) {
  Sampler sampler(linear, *this);
  sampler.draw();
  for (const Expr& condition : facts.conditions())
    if (alive_) sampler.hold_against(condition);
}

bool Samples::evaluate(const Node* node, Lanes& out, unsigned& defined, int depth) const {
  if (auto value = integer_of(node)) {
    if (*value > largest || *value < -largest) return false;
    out.at.fill(static_cast<int32_t>(*value));
    out.limit = *value < 0 ? -*value : *value;
    return true;
  }
  if (node->kind == Kind::symbol) {
    const uint32_t known = linear_.find(node);
    if (known != LinearFacts::none) {
      out = values_[known];
    } else {  // nothing is assumed of it
      out.limit = Sampler::free_value_limit;
      each(out.at, [&](size_t k) { return Sampler::free_value(node, k); });
    }
    return true;
  }
  if (depth > max_depth || (node->flags & Node::opaque)) return false;
  return evaluate_operator(node, out, defined, depth + 1) && out.limit <= largest;
}

bool Samples::evaluate_operator(const Node* node, Lanes& out, unsigned& defined, int depth) const {
  std::span<const Expr> operands = node->operands();
  if (!evaluate(Node::of(operands[0]), out, defined, depth)) return false;
  if (node->kind == Kind::logical_not) {
    each(out.at, [&](size_t k) { return out.at[k] == 0; });
    out.limit = 1;
    return true;
  }
  Lanes a, b;
  for (size_t i = 1; i < operands.size(); ++i) {
    if (!evaluate(Node::of(operands[i]), b, defined, depth)) return false;
    auto apply = [&](int64_t limit, auto&& f) {
      out.limit = limit;
      if (limit > largest) return false;
      each(out.at, [&](size_t k) { return f(out.at[k], b.at[k]); });
      return true;
    };
    bool fits = true;
    switch (node->kind) {
      case Kind::add: fits = apply(out.limit + b.limit, [](int32_t x, int32_t y) { return x + y; }); break;
      case Kind::mul: fits = apply(out.limit * b.limit, [](int32_t x, int32_t y) { return x * y; }); break;
      case Kind::min: apply(std::max(out.limit, b.limit), [](int32_t x, int32_t y) { return std::min(x, y); }); break;
      case Kind::max: apply(std::max(out.limit, b.limit), [](int32_t x, int32_t y) { return std::max(x, y); }); break;
      case Kind::floor_div:
      case Kind::mod:
        for (size_t k = 0; k < count; ++k)
          if (b.at[k] == 0) defined &= ~(1u << k), b.at[k] = 1;
        if (node->kind == Kind::mod)
          apply(b.limit, [](int32_t x, int32_t y) { return floor_remainder(x, y); });
        else
          apply(out.limit, [](int32_t x, int32_t y) { return floor_quotient(x, y); });
        break;
      case Kind::lt: apply(1, [](int32_t x, int32_t y) { return x < y; }); break;
      case Kind::le: apply(1, [](int32_t x, int32_t y) { return x <= y; }); break;
      case Kind::eq: apply(1, [](int32_t x, int32_t y) { return x == y; }); break;
      case Kind::ne: apply(1, [](int32_t x, int32_t y) { return x != y; }); break;
      case Kind::logical_and: apply(1, [](int32_t x, int32_t y) { return x != 0 && y != 0; }); break;
      case Kind::logical_or: apply(1, [](int32_t x, int32_t y) { return x != 0 || y != 0; }); break;
      case Kind::select:
        if (i == 1) {
          a = b;
        } else {
          each(out.at, [&](size_t k) { return out.at[k] ? a.at[k] : b.at[k]; });
          out.limit = std::max(a.limit, b.limit);
        }
        break;
      default: return false;
    }
    if (!fits) return false;
  }
  return true;
}

bool Samples::evaluate_range(const Range& range, Ends& out, unsigned& defined) const {
  if (!evaluate(Node::of(range.begin), out.low, defined)) return false;
  out.dense = true;
  if (range.is_index()) {
    out.high = out.low;
    return true;
  }
  Lanes size, step;
  if (!evaluate(Node::of(range.size), size, defined)) return false;
  for (size_t k = 0; k < count; ++k) defined &= ~(static_cast<unsigned>(size.at[k] < 0) << k);
  if (range.step.is(1)) {
    each(out.high.at, [&](size_t k) { return out.low.at[k] + size.at[k] - 1; });
    return true;
  }
  if (!evaluate(Node::of(range.step), step, defined) || step.limit * size.limit > largest) return false;
  out.dense = false;
  for (size_t k = 0; k < count; ++k) {
    const int32_t begin = out.low.at[k], last = begin + (size.at[k] - 1) * step.at[k];
    if (step.at[k] == 0) defined &= ~(1u << k);
    out.step[k] = step.at[k] == 0 ? 1 : std::abs(step.at[k]);
    out.low.at[k] = step.at[k] < 0 ? last : begin;
    out.high.at[k] = size.at[k] <= 0 ? out.low.at[k] - 1 : step.at[k] < 0 ? begin : last;
  }
  return true;
}

std::optional<int64_t> Samples::value(const Expr& expr, size_t sample) const {
  Lanes lanes{};
  unsigned defined = 1u << sample;
  if (!evaluate(Node::of(expr), lanes, defined) || !defined) return std::nullopt;
  return lanes.at[sample];
}

template <class Holds>
Seen Samples::look(const Subset& a, const Subset& b, Holds&& holds) const {
  unsigned defined = alive_;
  Values all, empty{};
  all.fill(1);
  Seen seen;
  for (size_t d = 0; d < a.rank(); ++d) {
    Ends x, y;
    if (!evaluate_range(a.ranges[d], x, defined) || !evaluate_range(b.ranges[d], y, defined) || !defined) return {};
    if (x.dense) x.step.fill(1);
    if (y.dense) y.step.fill(1);
    Values below, above;
    holds(x, y, all, empty, defined, below, above);
    const uint32_t bit = d < 32 ? 1u << d : 0;
    if (unsigned(bits(below) & defined) == defined) seen.below |= bit;
    if (unsigned(bits(above) & defined) == defined) seen.above |= bit;
  }
  const unsigned yes = (bits(all) | bits(empty)) & defined;
  seen.yes = yes != 0;
  seen.no = yes != defined;
  return seen;
}

Seen Samples::covers(const Subset& a, const Subset& b) const {
  return look(a, b, [](const Ends& x, const Ends& y, auto& all, auto& empty, unsigned&, auto& below, auto& above) {
    for (size_t k = 0; k < count; ++k) {
      below[k] = y.low.at[k] < x.low.at[k];
      above[k] = y.high.at[k] > x.high.at[k];
      all[k] &= ~(below[k] | above[k]);
      empty[k] |= y.low.at[k] > y.high.at[k];
    }
    if (x.dense) return;
    for (size_t k = 0; k < count; ++k) {
      const bool phase = (y.low.at[k] - x.low.at[k]) % x.step[k] == 0;
      all[k] &= phase && (y.low.at[k] == y.high.at[k] || y.step[k] % x.step[k] == 0);
    }
  });
}

Seen Samples::intersects(const Subset& a, const Subset& b) const {
  return look(a, b, [](const Ends& x, const Ends& y, auto& all, auto&, unsigned& defined, auto& below, auto& above) {
    for (size_t k = 0; k < count; ++k) {
      below[k] = y.high.at[k] < x.low.at[k];
      above[k] = y.low.at[k] > x.high.at[k];
      const int32_t filled = (x.low.at[k] <= x.high.at[k]) & static_cast<int32_t>(y.low.at[k] <= y.high.at[k]);
      all[k] &= filled & ~(below[k] | above[k]);
    }
    if (x.dense && y.dense) return;
    for (size_t k = 0; k < count; ++k) {
      if (!all[k] || !(defined >> k & 1)) continue;
      bool found = false;
      int32_t steps = 0;
      for (int32_t e = x.low.at[k]; e <= x.high.at[k] && !found && steps < max_elements; e += x.step[k], ++steps)
        found = e >= y.low.at[k] && e <= y.high.at[k] && (e - y.low.at[k]) % y.step[k] == 0;
      if (!found && steps == max_elements) defined &= ~(1u << k);
      all[k] = found;
    }
  });
}

}  // namespace thalweg::symbolic
