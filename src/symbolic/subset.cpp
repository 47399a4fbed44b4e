// Ranges and subsets as values: construction, sizes, composition, substitution.
#include "symbolic/subset.h"

namespace thalweg::symbolic {

Range Range::slice(const Expr& begin, const Expr& end, const Expr& step, const Facts& facts) {
  TW_CHECK(!step.is(0), "a slice with step 0");
  Range range{begin, facts.simplify(max(0, ceil_div(end - begin, step))), step};
  if (range.is_index()) range.step = 1;
  return range;
}

Subset Subset::whole(const std::vector<Expr>& shape) {
  Subset out;
  for (const Expr& extent : shape) out.ranges.push_back(Range::whole(extent));
  return out;
}

Subset Subset::indices(const std::vector<Expr>& indices) {
  Subset out;
  for (const Expr& index : indices) out.ranges.push_back(Range::index(index));
  return out;
}

std::vector<Expr> Subset::sizes() const {
  std::vector<Expr> out;
  out.reserve(ranges.size());
  for (const Range& range : ranges) out.push_back(range.size);
  return out;
}

Expr Subset::num_elements() const {
  Expr count = 1;
  for (const Range& range : ranges) count = count * range.size;
  return count;
}

bool Subset::is_element() const {
  for (const Range& range : ranges)
    if (!range.is_index()) return false;
  return true;
}

Subset compose(const Subset& outer, const Subset& inner) {
  TW_CHECK(outer.rank() == inner.rank(), "compose: " + to_string(outer) + " with " + to_string(inner));
  Subset out;
  for (size_t d = 0; d < outer.rank(); ++d) {
    const Range &o = outer.ranges[d], &i = inner.ranges[d];
    out.ranges.push_back({o.at(i.begin), i.size, i.is_index() ? Expr(1) : o.step * i.step});
  }
  return out;
}

Subset offset(const Subset& subset, const std::vector<Expr>& offsets) {
  TW_CHECK(subset.rank() == offsets.size(), "offset: one offset per dimension of " + to_string(subset));
  Subset out = subset;
  for (size_t d = 0; d < out.rank(); ++d) out.ranges[d].begin = out.ranges[d].begin + offsets[d];
  return out;
}

Range substitute(const Range& range, const Substitution& by) {
  return {substitute(range.begin, by), substitute(range.size, by), substitute(range.step, by)};
}

Subset substitute(const Subset& subset, const Substitution& by) {
  Subset out;
  out.ranges.reserve(subset.rank());
  for (const Range& range : subset.ranges) out.ranges.push_back(substitute(range, by));
  return out;
}

void collect_symbols(const Subset& subset, std::set<std::string>& into) {
  for (const Range& range : subset.ranges) {
    collect_symbols(range.begin, into);
    collect_symbols(range.size, into);
    collect_symbols(range.step, into);
  }
}

Subset simplify(const Subset& subset, const Facts& facts) {
  Subset out;
  for (const Range& range : subset.ranges) {
    Range simple{facts.simplify(range.begin), facts.simplify(range.size), facts.simplify(range.step)};
    if (simple.is_index()) simple.step = 1;
    out.ranges.push_back(std::move(simple));
  }
  return out;
}

}  // namespace thalweg::symbolic
