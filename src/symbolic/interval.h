// A range seen from its two ends, whichever way it runs; what the relations between ranges are computed from.
#pragma once
#include "symbolic/prover.h"
#include "symbolic/subset.h"

namespace thalweg::symbolic {

// low <= elements <= high, both inclusive and both attained if the range is not empty; high = low - |step| if it is.
class Interval {
 public:
  // Nothing if the sign of the step is unknown and matters.
  static std::optional<Interval> of(const Range& range, const Facts& facts);

  // form += low * by; form += high * by. False on overflow.
  bool add_low(Form& form, int64_t by) const { return rising_ ? form.add(range_->begin, by) : add_last(form, by); }
  bool add_high(Form& form, int64_t by) const { return rising_ ? add_last(form, by) : form.add(range_->begin, by); }
  Expr low() const { return rising_ ? range_->begin : last(); }
  Expr high() const { return rising_ ? last() : range_->begin; }
  // |step|: 1 for an index.
  Expr stride() const { return range_->is_index() ? Expr(1) : rising_ ? range_->step : -range_->step; }
  std::optional<int64_t> constant_stride() const { return stride_ > 0 ? std::optional(stride_) : std::nullopt; }
  const Range& range() const { return *range_; }

 private:
  bool add_last(Form& form, int64_t by) const;
  Expr last() const { return range_->is_index() ? range_->begin : range_->last(); }

  const Range* range_ = nullptr;
  bool rising_ = true;
  int64_t stride_ = 0;  // 0 if it is no constant
  Expr last_;           // where the step is symbolic: owns what forms point to
};

// Whether d, or a - b, is a multiple of m (m >= 1).
Truth multiple_of(const Expr& d, const Expr& m, const Facts& facts);
Truth multiple_of(const Expr& a, const Expr& b, int64_t m, const Facts& facts);
// Whether x's low (high) end is at most y's: decided as facts decide.
bool low_at_most_low(const Interval& x, const Interval& y, const Facts& facts,
                     int64_t slack = 0);  // low x <= low y + slack
bool high_at_most_high(const Interval& x, const Interval& y, const Facts& facts,
                       int64_t slack = 0);  // high x <= high y + slack
bool low_at_most_high(const Interval& x, const Interval& y, const Facts& facts,
                      int64_t slack = 0);  // low x <= high y + slack
bool high_at_most_low(const Interval& x, const Interval& y, const Facts& facts,
                      int64_t slack = 0);  // high x <= low y + slack
// Whether low x <= high y; "no" if the opposite is shown.
Truth reaches(const Interval& x, const Interval& y, const Facts& facts);
bool not_empty(const Range& range, const Facts& facts);
bool is_empty(const Range& range, const Facts& facts);

Truth covers(const Range& a, const Range& b, const Facts& facts);      // "no" presumes that b is not empty
Truth intersects(const Range& a, const Range& b, const Facts& facts);  // "no" holds in any case
std::optional<Range> intersection(const Range& a, const Range& b, const Facts& facts);
std::optional<Range> hull(const Range& a, const Range& b, const Facts& facts);
std::optional<Range> exact_union(const Range& a, const Range& b, const Facts& facts);

}  // namespace thalweg::symbolic
