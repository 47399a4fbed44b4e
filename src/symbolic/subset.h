// Ranges and subsets: which elements of a container are meant.
#pragma once
#include <string>
#include <vector>

#include "symbolic/facts.h"

namespace thalweg::symbolic {

// The integers begin, begin + step, ..., `size` of them. step is never 0 and may be negative; size >= 0.
// Text is Python's: "begin:end:step" with end = begin + size*step; a single index prints as "begin".
struct Range {
  Expr begin;
  Expr size = 1;
  Expr step = 1;

  static Range index(Expr at) { return {std::move(at), 1, 1}; }
  static Range whole(Expr extent) { return {0, std::move(extent), 1}; }
  // begin:end:step as Python writes it, with size = max(0, ceil((end - begin) / step)) simplified under `facts`.
  static Range slice(const Expr& begin, const Expr& end, const Expr& step, const Facts& facts);

  Expr end() const { return begin + size * step; }         // one past the last, in step direction
  Expr last() const { return begin + (size - 1) * step; }  // last element if size >= 1
  Expr at(const Expr& position) const { return begin + position * step; }
  bool is_index() const { return size.is(1); }
  friend bool operator==(const Range&, const Range&) = default;
};

struct Subset {
  std::vector<Range> ranges;  // one per dimension; empty for a scalar

  size_t rank() const { return ranges.size(); }
  static Subset whole(const std::vector<Expr>& shape);
  static Subset indices(const std::vector<Expr>& indices);
  std::vector<Expr> sizes() const;
  Expr num_elements() const;
  bool is_element() const;  // every range is an index
  friend bool operator==(const Subset&, const Subset&) = default;
};

// Every element of b is in a / some element is in both. Empty subsets are covered by all and meet none.
Truth covers(const Subset& a, const Subset& b, const Facts& facts);
Truth intersects(const Subset& a, const Subset& b, const Facts& facts);
// Smallest box (step 1 unless both have the same stride and phase) that holds both, or nothing when it cannot be said.
std::optional<Subset> bounding_box(const Subset& a, const Subset& b, const Facts& facts);
// The exact union when it is one subset, else nothing.
std::optional<Subset> exact_union(const Subset& a, const Subset& b, const Facts& facts);
std::optional<Subset> intersection(const Subset& a, const Subset& b, const Facts& facts);
// inner is relative to outer: compose({2:10}, {1:3}) = {3:5}.
Subset compose(const Subset& outer, const Subset& inner);
// Shifts every range: begin + offsets[d].
Subset offset(const Subset& subset, const std::vector<Expr>& offsets);
// What is touched when parameter runs over range: replaces `parameter` in the subset by the hull over its values;
// nothing when it cannot be said exactly or as a box.
std::optional<Subset> project(const Subset& subset, const std::string& parameter, const Range& over,
                              const Facts& facts);

Range substitute(const Range& range, const Substitution& by);
Subset substitute(const Subset& subset, const Substitution& by);
void collect_symbols(const Subset& subset, std::set<std::string>& into);
Subset simplify(const Subset& subset, const Facts& facts);

std::string to_string(const Range& range);
std::string to_string(const Subset& subset);  // "i, 0:N, 1:N:2"

// How long begin:end:step is when nothing shows that end lies behind begin.
enum class SliceLength {
  clamped,  // Python's meaning: never less than nothing, so the size may hold a max(0, ...)
  given,    // the text was printed from a Range: its size is (end - begin) / step and known to be no less than 0
};
base::Result<Subset> parse_subset(std::string_view text, const Facts& facts = {},
                                  SliceLength length = SliceLength::clamped);
base::Result<Subset> subset_from_syntax(const std::vector<syntax::ExprPtr>& indices, const Facts& facts = {},
                                        SliceLength length = SliceLength::clamped);

}  // namespace thalweg::symbolic
