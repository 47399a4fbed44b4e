#include "symbolic/questions.h"

#include <algorithm>

namespace thalweg::symbolic {

namespace {

Answer answer(Truth truth) {
  return truth == Truth::yes ? Answer::yes : truth == Truth::no ? Answer::no : Answer::unknown;
}

// The short proofs below are about ranges without gaps, whose ends need no facts.
bool dense(const Range& range) { return range.is_index() || range.step.is(1); }

enum class End { low, high };

// form += end * by. False on overflow.
bool add(Form& form, const Range& range, End end, int64_t by) {
  if (!form.add(range.begin, by)) return false;
  if (end == End::low || range.is_index()) return true;
  return form.add(range.size, by) && !add_overflows(form.constant, -by, form.constant);
}

}  // namespace

bool Questions::at_least_zero(const Form& form) const {
  if (linear_.hold(form)) return true;
  if (form.list.empty()) return false;
  auto low = Prover(facts_).lower_bound(form, 0);
  return low && *low >= 0;
}

bool Questions::filled(const Subset& subset) const {
  return std::all_of(subset.ranges.begin(), subset.ranges.end(), [&](const Range& range) {
    if (auto size = range.size.as_integer()) return *size >= 1;
    Form form;
    form.constant = -1;
    return form.add(range.size) && at_least_zero(form);
  });
}

bool Questions::surely_covers(const Range& a, const Range& b) const {
  if (a == b) return true;
  if (!dense(a) || !dense(b)) return symbolic::covers(a, b, facts_) == Truth::yes;
  Form low, high;
  return add(low, b, End::low, 1) && add(low, a, End::low, -1) && at_least_zero(low) && add(high, a, End::high, 1) &&
         add(high, b, End::high, -1) && at_least_zero(high);
}

// Some dimension of b, of which no dimension is empty, reaches beyond that of a.
bool Questions::surely_sticks_out(const Subset& a, const Subset& b, const Seen& seen) const {
  for (size_t d = 0; d < a.rank() && d < 32; ++d) {
    const Range &x = a.ranges[d], &y = b.ranges[d];
    if (!dense(x) || !dense(y)) continue;
    Form low, high;
    low.constant = high.constant = -1;
    const bool out =
        (seen.below >> d & 1 && add(low, x, End::low, 1) && add(low, y, End::low, -1) && at_least_zero(low)) ||
        (seen.above >> d & 1 && add(high, y, End::high, 1) && add(high, x, End::high, -1) && at_least_zero(high));
    if (out) return filled(b);
  }
  return false;
}

// Of ranges that are not empty.
bool Questions::surely_meets(const Range& a, const Range& b) const {
  if (a == b) return true;
  if (!dense(a) || !dense(b)) return symbolic::intersects(a, b, facts_) == Truth::yes;
  Form one, other;
  return add(one, b, End::high, 1) && add(one, a, End::low, -1) && at_least_zero(one) && add(other, a, End::high, 1) &&
         add(other, b, End::low, -1) && at_least_zero(other);
}

bool Questions::surely_apart(const Subset& a, const Subset& b, const Seen& seen) const {
  for (size_t d = 0; d < a.rank() && d < 32; ++d) {
    const Range &x = a.ranges[d], &y = b.ranges[d];
    if (!dense(x) || !dense(y)) continue;
    Form below, above;
    below.constant = above.constant = -1;
    if (seen.below >> d & 1 && add(below, x, End::low, 1) && add(below, y, End::high, -1) && at_least_zero(below))
      return true;
    if (seen.above >> d & 1 && add(above, y, End::low, 1) && add(above, x, End::high, -1) && at_least_zero(above))
      return true;
  }
  return false;
}

Answer Questions::covers(const Subset& a, const Subset& b) const {
  TW_CHECK(a.rank() == b.rank(), "covers: " + to_string(a) + " and " + to_string(b) + " differ in rank");
  if (a == b) return Answer::yes;
  const Seen seen = samples_.covers(a, b);
  if (seen.yes && seen.no) return Answer::depends;
  if (seen.yes) {
    bool all = true;
    for (size_t d = 0; d < a.rank() && all; ++d) all = surely_covers(a.ranges[d], b.ranges[d]);
    if (all) return Answer::yes;
  }
  if (seen.no && surely_sticks_out(a, b, seen)) return Answer::no;
  return answer(symbolic::covers(a, b, facts_));
}

Answer Questions::intersects(const Subset& a, const Subset& b) const {
  TW_CHECK(a.rank() == b.rank(), "intersects: " + to_string(a) + " and " + to_string(b) + " differ in rank");
  const Seen seen = samples_.intersects(a, b);
  if (seen.yes && seen.no) return Answer::depends;
  if (seen.yes && filled(a) && filled(b)) {
    bool all = true;
    for (size_t d = 0; d < a.rank() && all; ++d) all = surely_meets(a.ranges[d], b.ranges[d]);
    if (all) return Answer::yes;
  }
  if (seen.no && surely_apart(a, b, seen)) return Answer::no;
  return answer(symbolic::intersects(a, b, facts_));
}

}  // namespace thalweg::symbolic
