// Intersection, hull and exact union of two ranges, then of subsets.
#include <numeric>

#include "symbolic/interval.h"

namespace thalweg::symbolic {

namespace {

// The elements low, low + step, ... up to high.
Range between(const Expr& low, const Expr& high, int64_t step, const Facts& facts) {
  Range out{low, facts.simplify(max(0, floor_div(high - low, step) + 1)), step};
  if (out.is_index()) out.step = 1;
  return out;
}

// x = first (mod step): the numbers on two lattices.
struct Lattice {
  Expr first;
  int64_t step;
};

// Numbers t = 0 (mod s) and t = d (mod t_step); nothing if there are none or arithmetic overflows.
std::optional<int64_t> solve_congruence(int64_t s, int64_t d, int64_t t) {
  int64_t g = std::gcd(s, t);
  if (d % g != 0) return std::nullopt;
  int64_t count = t / g, step = (s / g) % count, wanted = floor_remainder(d / g, count);
  // Extended Euclid for step's inverse modulo count.
  int64_t r0 = count, r1 = step, x0 = 0, x1 = 1;
  while (r1 != 0) {
    int64_t q = r0 / r1;
    r0 = std::exchange(r1, r0 - q * r1);
    x0 = std::exchange(x1, x0 - q * x1);
  }
  __int128 k = static_cast<__int128>(floor_remainder(x0, count)) * wanted % count;
  __int128 result = k * s;
  if (result > INT64_MAX) return std::nullopt;
  return static_cast<int64_t>(result);
}

std::optional<Lattice> common_lattice(const Interval& x, const Interval& y, const Facts& facts) {
  auto s = x.constant_stride(), t = y.constant_stride();
  if (!s || !t) return std::nullopt;
  if (x.range().is_index() || y.range().is_index()) return std::nullopt;
  if (*s % *t == 0 && multiple_of(x.low() - y.low(), *t, facts) == Truth::yes) return Lattice{x.low(), *s};
  if (*t % *s == 0 && multiple_of(y.low() - x.low(), *s, facts) == Truth::yes) return Lattice{y.low(), *t};
  auto distance = (y.low() - x.low()).as_integer();
  if (!distance) return std::nullopt;
  auto shift = solve_congruence(*s, *distance, *t);
  int64_t step;
  if (!shift || multiply_overflows(*s / std::gcd(*s, *t), *t, step)) return std::nullopt;
  return Lattice{x.low() + *shift, step};
}

// One of the ranges is an index: the overlap is that index or nothing.
std::optional<Range> index_overlap(const Interval& x, const Interval& y) {
  const Range& at = x.range().is_index() ? x.range() : y.range();
  const Interval& other = x.range().is_index() ? y : x;
  Expr inside = logical_and(le(other.low(), at.begin), le(at.begin, other.high()));
  inside = logical_and(inside, eq(mod(at.begin - other.range().begin, other.stride()), 0));
  return Range{at.begin, inside, 1};
}

}  // namespace

std::optional<Range> intersection(const Range& a, const Range& b, const Facts& facts) {
  if (covers(a, b, facts) == Truth::yes) return b;
  if (covers(b, a, facts) == Truth::yes) return a;
  if (is_empty(a, facts) || is_empty(b, facts)) return Range{a.begin, 0, 1};
  if (a.begin == b.begin && a.step == b.step) return Range{a.begin, facts.simplify(min(a.size, b.size)), a.step};
  auto x = Interval::of(a, facts), y = Interval::of(b, facts);
  if (!x || !y) return std::nullopt;
  if (high_at_most_low(*x, *y, facts, -1) || high_at_most_low(*y, *x, facts, -1)) return Range{a.begin, 0, 1};
  if (a.is_index() || b.is_index()) {
    auto result = index_overlap(*x, *y);
    if (result) result->size = facts.simplify(result->size);
    return result;
  }
  auto lattice = common_lattice(*x, *y, facts);
  if (!lattice) {
    auto s = x->constant_stride(), t = y->constant_stride();
    bool clash = s && t && multiple_of(x->low() - y->low(), std::gcd(*s, *t), facts) == Truth::no;
    if (clash) return Range{a.begin, 0, 1};
    return std::nullopt;
  }
  Expr low = facts.simplify(max(x->low(), y->low())), high = facts.simplify(min(x->high(), y->high()));
  Expr first = lattice->step == 1
                   ? low
                   : facts.simplify(lattice->first + ceil_div(low - lattice->first, lattice->step) * lattice->step);
  return between(first, high, lattice->step, facts);
}

namespace {

// The stride that both ranges share, phase included; 1 if they share none.
int64_t shared_stride(const Interval& x, const Interval& y, const Facts& facts) {
  auto s = x.constant_stride(), t = y.constant_stride();
  if (!s || !t) return 1;
  bool x_index = x.range().is_index(), y_index = y.range().is_index();
  int64_t stride = x_index ? *t : *s;
  if (x_index && y_index) return 1;
  if (!x_index && !y_index && *s != *t) return 1;
  return multiple_of(x.range().begin - y.range().begin, stride, facts) == Truth::yes ? stride : 1;
}

std::optional<Subset> per_dimension(const Subset& a, const Subset& b, const Facts& facts,
                                    std::optional<Range> (*combine)(const Range&, const Range&, const Facts&)) {
  Subset out;
  for (size_t d = 0; d < a.rank(); ++d) {
    std::optional<Range> one = combine(a.ranges[d], b.ranges[d], facts);
    if (!one) return std::nullopt;
    out.ranges.push_back(std::move(*one));
  }
  return out;
}

}  // namespace

std::optional<Range> hull(const Range& a, const Range& b, const Facts& facts) {
  if (covers(a, b, facts) == Truth::yes) return a;
  if (covers(b, a, facts) == Truth::yes) return b;
  if (a.begin == b.begin && a.step == b.step) return Range{a.begin, facts.simplify(max(a.size, b.size)), a.step};
  auto x = Interval::of(a, facts), y = Interval::of(b, facts);
  if (!x || !y) return std::nullopt;
  Expr low = facts.simplify(min(x->low(), y->low())), high = facts.simplify(max(x->high(), y->high()));
  return between(low, high, shared_stride(*x, *y, facts), facts);
}

std::optional<Range> exact_union(const Range& a, const Range& b, const Facts& facts) {
  if (covers(a, b, facts) == Truth::yes) return a;
  if (covers(b, a, facts) == Truth::yes) return b;
  auto x = Interval::of(a, facts), y = Interval::of(b, facts);
  if (!x || !y) return std::nullopt;
  auto s = x->constant_stride(), t = y->constant_stride();
  if (!s || !t) return std::nullopt;
  int64_t stride;
  if (a.is_index() && b.is_index()) {
    // Two elements are always a range, if their distance is known.
    auto distance = (b.begin - a.begin).as_integer();
    if (!distance || *distance == INT64_MIN) return std::nullopt;
    stride = *distance < 0 ? -*distance : *distance;
  } else {
    stride = shared_stride(*x, *y, facts);
    bool whole = (a.is_index() || *s == stride) && (b.is_index() || *t == stride);
    if (!whole) return std::nullopt;
  }
  if (!low_at_most_high(*y, *x, facts, stride) || !low_at_most_high(*x, *y, facts, stride)) return std::nullopt;
  Expr low = facts.simplify(min(x->low(), y->low())), high = facts.simplify(max(x->high(), y->high()));
  return between(low, high, stride, facts);
}

std::optional<Subset> bounding_box(const Subset& a, const Subset& b, const Facts& facts) {
  TW_CHECK(a.rank() == b.rank(), "bounding_box: " + to_string(a) + " and " + to_string(b) + " differ in rank");
  if (covers(a, b, facts) == Truth::yes) return a;
  if (covers(b, a, facts) == Truth::yes) return b;
  return per_dimension(a, b, facts, hull);
}

std::optional<Subset> intersection(const Subset& a, const Subset& b, const Facts& facts) {
  TW_CHECK(a.rank() == b.rank(), "intersection: " + to_string(a) + " and " + to_string(b) + " differ in rank");
  return per_dimension(a, b, facts, intersection);
}

std::optional<Subset> exact_union(const Subset& a, const Subset& b, const Facts& facts) {
  TW_CHECK(a.rank() == b.rank(), "exact_union: " + to_string(a) + " and " + to_string(b) + " differ in rank");
  if (covers(a, b, facts) == Truth::yes) return a;
  if (covers(b, a, facts) == Truth::yes) return b;
  // Boxes that differ in one dimension only.
  std::optional<size_t> differs;
  for (size_t d = 0; d < a.rank(); ++d) {
    const Range &x = a.ranges[d], &y = b.ranges[d];
    if (x == y || (covers(x, y, facts) == Truth::yes && covers(y, x, facts) == Truth::yes)) continue;
    if (differs) return std::nullopt;
    differs = d;
  }
  if (!differs) return a;
  std::optional<Range> one = exact_union(a.ranges[*differs], b.ranges[*differs], facts);
  if (!one) return std::nullopt;
  Subset out = a;
  out.ranges[*differs] = std::move(*one);
  return out;
}

}  // namespace thalweg::symbolic
