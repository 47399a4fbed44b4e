// Ranges and subsets as text, and back.
#include "base/match.h"
#include "symbolic/subset.h"
#include "syntax/parse.h"

namespace thalweg::symbolic {

std::string to_string(const Range& range) {
  if (range.is_index()) return to_string(range.begin);
  std::string text = to_string(range.begin) + ":" + to_string(range.end());
  return range.step.is(1) ? text : text + ":" + to_string(range.step);
}

std::string to_string(const Subset& subset) {
  std::string out;
  for (const Range& range : subset.ranges) out += (out.empty() ? "" : ", ") + to_string(range);
  return out;
}

namespace {

base::Diagnostic range_error(const syntax::Expr& at, std::string message, std::string fix = "") {
  base::Diagnostic out;
  out.code = "TW0202";
  out.kind = base::ErrorKind::index;
  out.message = std::move(message);
  out.span = at.span;
  out.fix = std::move(fix);
  return out;
}

base::Result<Range> slice_from_syntax(const syntax::Slice& slice, const syntax::Expr& at, const Facts& facts,
                                      SliceLength length) {
  Expr begin = 0, step = 1;
  if (slice.step) {
    TW_TRY(step, from_syntax(*slice.step));
    if (step.is(0)) return range_error(*slice.step, "a slice's step cannot be zero");
  }
  if (slice.lower) {
    TW_TRY(begin, from_syntax(*slice.lower));
  } else if (!facts.proves(gt(step, 0))) {
    return range_error(at, "this slice needs a beginning: its step may be negative");
  }
  if (!slice.upper) return range_error(at, "this slice needs an end: no extent is known here", "write begin:end");
  TW_TRY(Expr end, from_syntax(*slice.upper));
  if (length == SliceLength::clamped) return Range::slice(begin, end, step, facts);
  Range range{begin, ceil_div(end - begin, step), step};
  if (range.is_index()) range.step = 1;
  return range;
}

}  // namespace

base::Result<Subset> subset_from_syntax(const std::vector<syntax::ExprPtr>& indices, const Facts& facts,
                                        SliceLength length) {
  Subset out;
  for (const syntax::ExprPtr& index : indices) {
    if (auto* slice = std::get_if<syntax::Slice>(&index->content)) {
      TW_TRY(Range range, slice_from_syntax(*slice, *index, facts, length));
      out.ranges.push_back(std::move(range));
    } else {
      TW_TRY(Expr at, from_syntax(*index));
      out.ranges.push_back(Range::index(std::move(at)));
    }
  }
  return out;
}

base::Result<Subset> parse_subset(std::string_view text, const Facts& facts, SliceLength length) {
  TW_TRY(std::vector<syntax::ExprPtr> indices, syntax::parse_subscript(text));
  return subset_from_syntax(indices, facts, length);
}

}  // namespace thalweg::symbolic
