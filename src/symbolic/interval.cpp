// The ends of ranges and comparisons between them. These are the hot questions: forms are summed, no nodes are built.
#include "symbolic/interval.h"

namespace thalweg::symbolic {

std::optional<Interval> Interval::of(const Range& range, const Facts& facts) {
  Interval out;
  out.range_ = &range;
  if (range.is_index()) {
    out.stride_ = 1;
    return out;
  }
  if (auto step = range.step.as_integer()) {
    if (*step == 0 || *step == INT64_MIN) return std::nullopt;
    out.rising_ = *step > 0;
    out.stride_ = out.rising_ ? *step : -*step;
    return out;
  }
  if (!facts.proves(ge(range.step, 1))) {
    if (!facts.proves(le(range.step, -1))) return std::nullopt;
    out.rising_ = false;
  }
  out.last_ = range.last();
  return out;
}

bool Interval::add_last(Form& form, int64_t by) const {
  if (range_->is_index()) return form.add(range_->begin, by);
  if (stride_ == 0) return form.add(last_, by);
  int64_t scaled;
  if (multiply_overflows(rising_ ? stride_ : -stride_, by, scaled)) return false;
  return form.add(range_->begin, by) && form.add(range_->size, scaled) && scaled != INT64_MIN &&
         !add_overflows(form.constant, -scaled, form.constant);
}

namespace {

bool non_negative(const Form& form, const Facts& facts) {
  if (form.list.empty()) return form.constant >= 0;
  auto low = Prover(facts).lower_bound(form, 0);
  return low && *low >= 0;
}

}  // namespace

bool low_at_most_low(const Interval& x, const Interval& y, const Facts& facts, int64_t slack) {
  Form form;
  form.constant = slack;
  return y.add_low(form, 1) && x.add_low(form, -1) && non_negative(form, facts);
}

bool high_at_most_high(const Interval& x, const Interval& y, const Facts& facts, int64_t slack) {
  Form form;
  form.constant = slack;
  return y.add_high(form, 1) && x.add_high(form, -1) && non_negative(form, facts);
}

bool low_at_most_high(const Interval& x, const Interval& y, const Facts& facts, int64_t slack) {
  Form form;
  form.constant = slack;
  return y.add_high(form, 1) && x.add_low(form, -1) && non_negative(form, facts);
}

bool high_at_most_low(const Interval& x, const Interval& y, const Facts& facts, int64_t slack) {
  Form form;
  form.constant = slack;
  return y.add_low(form, 1) && x.add_high(form, -1) && non_negative(form, facts);
}

Truth reaches(const Interval& x, const Interval& y, const Facts& facts) {
  Form form;
  if (!y.add_high(form, 1) || !x.add_low(form, -1)) return Truth::unknown;
  if (non_negative(form, facts)) return Truth::yes;
  if (!form.scale(-1) || add_overflows(form.constant, -1, form.constant)) return Truth::unknown;
  return non_negative(form, facts) ? Truth::no : Truth::unknown;
}

bool not_empty(const Range& range, const Facts& facts) {
  if (auto size = range.size.as_integer()) return *size >= 1;
  Form form;
  form.constant = -1;
  return form.add(range.size) && non_negative(form, facts);
}

bool is_empty(const Range& range, const Facts& facts) {
  if (auto size = range.size.as_integer()) return *size <= 0;
  Form form;
  return form.add(range.size, -1) && non_negative(form, facts);
}

Truth multiple_of(const Expr& a, const Expr& b, int64_t m, const Facts& facts) {
  if (m == 1) return Truth::yes;
  // Cheap cases first: every coefficient is a multiple, so the constant decides.
  Form form;
  bool ok = form.add(a, 1) && form.add(b, -1);
  for (const Form::Item& item : form.list) ok = ok && item.coefficient % m == 0;
  if (ok) return form.constant % m == 0 ? Truth::yes : Truth::no;
  return multiple_of(a - b, m, facts);
}

Truth multiple_of(const Expr& d, const Expr& m, const Facts& facts) {
  if (m.is(1) || d.is(0)) return Truth::yes;
  Expr rest = mod(d, m);
  if (auto value = rest.as_integer()) return *value == 0 ? Truth::yes : Truth::no;
  return facts.prove(eq(rest, 0));
}

}  // namespace thalweg::symbolic
