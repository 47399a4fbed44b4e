// Random subsets with their elements enumerated, for tests that judge what is said about subsets.
#pragma once
#include <algorithm>
#include <set>

#include "symbolic/random.h"

namespace thalweg::symbolic::testing {

using Element = std::vector<int64_t>;
using Elements = std::set<Element>;

// Nothing if some range has a negative size or step 0 there: then it is no range.
inline std::optional<Elements> elements_of(const Subset& subset, const Values& values) {
  Elements out{{}};
  for (const Range& range : subset.ranges) {
    auto begin = evaluate(range.begin, values), size = evaluate(range.size, values),
         step = evaluate(range.step, values);
    if (!begin || !size || !step || *size < 0 || *step == 0) return std::nullopt;
    Elements next;
    for (const Element& front : out)
      for (int64_t i = 0; i < *size; ++i) {
        Element element = front;
        element.push_back(*begin + i * *step);
        next.insert(std::move(element));
      }
    out = std::move(next);
  }
  return out;
}

inline bool includes(const Elements& a, const Elements& b) {
  return std::includes(a.begin(), a.end(), b.begin(), b.end());
}

inline bool disjoint(const Elements& a, const Elements& b) {
  return std::none_of(a.begin(), a.end(), [&](const Element& e) { return b.contains(e); });
}

inline Elements meet(const Elements& a, const Elements& b) {
  Elements out;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::inserter(out, out.end()));
  return out;
}

inline Elements join(Elements a, const Elements& b) {
  a.insert(b.begin(), b.end());
  return a;
}

// N and M are extents, i an index; half of the ranges are constant.
inline Range random_range(Random& random, bool symbolic) {
  auto number = [&](int64_t low, int64_t high) { return Expr(random.between(low, high)); };
  Expr n = Expr::symbol("N"), m = Expr::symbol("M"), i = Expr::symbol("i");
  if (!symbolic) {
    if (random.chance(20)) return Range::index(number(-3, 8));
    static const std::vector<int64_t> steps = {1, 1, 1, 2, 3, 4, -1, -2, -3};
    return {number(-3, 8), number(0, 6), random.pick(steps)};
  }
  static const std::vector<int64_t> steps = {1, 1, 1, 1, 2, -1, -2};
  Facts extents = facts_of({"N >= 0", "M >= 0", "i >= 0"});
  const std::vector<Expr> begins = {0, 1, 2, i, i + 1, i - 1, n - 1, n - 2, m, 2 * i, min(i, n)};
  const std::vector<Expr> ends = {n, n - 1, n + 1, m, m - 2, i + 2, i + 4, 3, 6, n - i};
  switch (random.between(0, 3)) {
    case 0: return Range::index(random.pick(begins));
    case 1: return {random.pick(begins), random.between(0, 4), random.pick(steps)};
    default: {
      int64_t step = random.pick(steps);
      Expr low = random.pick(begins), high = random.pick(ends);
      return step > 0 ? Range::slice(low, high, step, extents) : Range::slice(high - 1, low - 1, step, extents);
    }
  }
}

inline Subset random_subset(Random& random, size_t rank, bool symbolic) {
  Subset out;
  for (size_t d = 0; d < rank; ++d) out.ranges.push_back(random_range(random, symbolic));
  return out;
}

inline Facts random_facts(Random& random) {
  static const std::vector<std::string> choices = {"N >= 1",    "N >= 2", "M >= 1", "i >= 0",     "i < N",
                                                   "i + 1 < N", "M <= N", "N == M", "M == N + 1", "N % 2 == 0"};
  Facts facts = facts_of({"N >= 0", "M >= 0"});
  for (int64_t count = random.between(0, 3); count > 0; --count) facts.assume(expr(random.pick(choices)));
  return facts;
}

inline bool meets(const Facts& facts, const Values& values) {
  return std::all_of(facts.conditions().begin(), facts.conditions().end(), [&](const Expr& condition) {
    auto value = evaluate(condition, values);
    return value && *value != 0;
  });
}

struct Case {
  Case(uint64_t seed, size_t max_rank) : random(seed) {
    symbolic = random.chance(60);
    size_t rank = static_cast<size_t>(random.between(1, static_cast<int64_t>(max_rank)));
    a = random_subset(random, rank, symbolic);
    b = random_subset(random, rank, symbolic);
    facts = random_facts(random);
    text =
        "seed " + std::to_string(seed) + ": [" + to_string(a) + "] and [" + to_string(b) + "] under " + describe(facts);
  }

  // visit(values, elements of a, elements of b), where both are proper subsets and the facts hold.
  template <class Visit>
  void for_all(Visit&& visit) const {
    for_all_values({"N", "M", "i"}, symbolic ? -1 : 0, symbolic ? 6 : 0, [&](const Values& values) {
      if (symbolic && !meets(facts, values)) return;
      auto x = elements_of(a, values), y = elements_of(b, values);
      if (x && y) visit(values, *x, *y);
    });
  }

  Random random;
  Subset a, b;
  Facts facts;
  bool symbolic;
  std::string text;
};

}  // namespace thalweg::symbolic::testing
