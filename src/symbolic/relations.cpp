// covers and intersects: per dimension, then together.
#include <numeric>

#include "symbolic/interval.h"

namespace thalweg::symbolic {

namespace {

// Whether all of b's elements stand on a's lattice (a.begin + multiples of a.step). "no" presumes that b is not empty.
Truth on_lattice(const Interval& a, const Interval& b, const Facts& facts) {
  if (a.constant_stride() == 1 && !a.range().is_index()) return Truth::yes;
  if (a.range().is_index()) return Truth::yes;  // the ends decide
  auto s = a.constant_stride(), t = b.constant_stride();
  Truth phase = s ? multiple_of(b.range().begin, a.range().begin, *s, facts)
                  : multiple_of(b.range().begin - a.range().begin, a.stride(), facts);
  if (phase != Truth::yes || b.range().is_index()) return phase;
  if (s && t && *t % *s == 0) return Truth::yes;
  Truth steps = multiple_of(b.stride(), a.stride(), facts);
  if (steps != Truth::no) return steps;
  // Steps that do not fit show only where b has two elements.
  return facts.proves(ge(b.range().size, 2)) ? Truth::no : Truth::unknown;
}

}  // namespace

Truth covers(const Range& a, const Range& b, const Facts& facts) {
  if (a == b) return Truth::yes;
  auto x = Interval::of(a, facts), y = Interval::of(b, facts);
  if (x && y) {
    Truth lattice = on_lattice(*x, *y, facts);
    if (lattice == Truth::no) return Truth::no;
    bool inside = lattice == Truth::yes && low_at_most_low(*x, *y, facts) && high_at_most_high(*y, *x, facts);
    if (inside) return Truth::yes;
    if (low_at_most_low(*y, *x, facts, -1) || high_at_most_high(*x, *y, facts, -1)) return Truth::no;
  }
  if (is_empty(b, facts)) return Truth::yes;
  return is_empty(a, facts) ? Truth::no : Truth::unknown;
}

namespace {

// An end of a that surely lies in b.
bool end_inside(const Interval& a, const Range& b, const Facts& facts) {
  return covers(b, Range::index(a.low()), facts) == Truth::yes ||
         covers(b, Range::index(a.high()), facts) == Truth::yes;
}

bool residues_clash(const Interval& x, const Interval& y, const Facts& facts) {
  auto s = x.constant_stride(), t = y.constant_stride();
  if (!s || !t) return false;
  int64_t g = x.range().is_index() ? *t : y.range().is_index() ? *s : std::gcd(*s, *t);
  return g > 1 && multiple_of(x.range().begin, y.range().begin, g, facts) == Truth::no;
}

// Both lattices are the same, so that overlapping intervals share an element.
bool same_lattice(const Interval& x, const Interval& y, const Facts& facts) {
  if (x.constant_stride() == 1 && y.constant_stride() == 1) return true;
  if (x.constant_stride() && y.constant_stride())
    return x.constant_stride() == y.constant_stride() &&
           multiple_of(x.range().begin, y.range().begin, *x.constant_stride(), facts) == Truth::yes;
  return x.stride() == y.stride() && multiple_of(x.range().begin - y.range().begin, x.stride(), facts) == Truth::yes;
}

std::optional<int64_t> constant_size(const std::optional<Range>& range) {
  return range ? range->size.as_integer() : std::nullopt;
}

Truth both(Truth a, Truth b) {
  if (a == Truth::no || b == Truth::no) return Truth::no;
  return a == Truth::yes && b == Truth::yes ? Truth::yes : Truth::unknown;
}

}  // namespace

Truth intersects(const Range& a, const Range& b, const Facts& facts) {
  auto x = Interval::of(a, facts), y = Interval::of(b, facts);
  if (!x || !y) {
    if (is_empty(a, facts) || is_empty(b, facts)) return Truth::no;
    return a == b && not_empty(a, facts) ? Truth::yes : Truth::unknown;
  }
  Truth overlap = reaches(*x, *y, facts);
  if (overlap != Truth::no) overlap = both(overlap, reaches(*y, *x, facts));
  if (overlap == Truth::no) return Truth::no;
  bool filled = not_empty(a, facts) && not_empty(b, facts);
  bool dense = x->constant_stride() == 1 && y->constant_stride() == 1;
  if (filled && dense) return overlap;
  if (is_empty(a, facts) || is_empty(b, facts) || residues_clash(*x, *y, facts)) return Truth::no;
  if (!filled) return Truth::unknown;
  if (same_lattice(*x, *y, facts)) return overlap;
  if (end_inside(*x, b, facts) || end_inside(*y, a, facts)) return Truth::yes;
  auto known = constant_size(intersection(a, b, facts));
  if (!known) return Truth::unknown;
  return *known > 0 ? Truth::yes : Truth::no;
}

Truth covers(const Subset& a, const Subset& b, const Facts& facts) {
  TW_CHECK(a.rank() == b.rank(), "covers: " + to_string(a) + " and " + to_string(b) + " differ in rank");
  bool all = true, refuted = false;
  for (size_t d = 0; d < a.rank(); ++d) {
    Truth one = covers(a.ranges[d], b.ranges[d], facts);
    all &= one == Truth::yes;
    refuted |= one == Truth::no;
  }
  if (all) return Truth::yes;
  bool filled = true;
  for (const Range& range : b.ranges) {
    if (not_empty(range, facts)) continue;
    if (is_empty(range, facts)) return Truth::yes;
    filled = false;
  }
  return refuted && filled ? Truth::no : Truth::unknown;
}

Truth intersects(const Subset& a, const Subset& b, const Facts& facts) {
  TW_CHECK(a.rank() == b.rank(), "intersects: " + to_string(a) + " and " + to_string(b) + " differ in rank");
  bool all = true;
  for (size_t d = 0; d < a.rank(); ++d) {
    Truth one = intersects(a.ranges[d], b.ranges[d], facts);
    if (one == Truth::no) return Truth::no;
    all &= one == Truth::yes;
  }
  return all ? Truth::yes : Truth::unknown;
}

}  // namespace thalweg::symbolic
