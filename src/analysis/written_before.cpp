// Whether what an iteration reads of a container is what it wrote itself: then each iteration may have its own.
#include <algorithm>

#include "analysis/dependences.h"
#include "sets/budget.h"
#include "sets/set.h"

namespace thalweg::analysis {

using sets::Set;
using symbolic::Expr;
using symbolic::Subset;

namespace {

size_t common_frames(const BodyAccess& a, const BodyAccess& b) {
  size_t n = 0;
  while (n < a.frames.size() && n < b.frames.size() && a.frames[n] == b.frames[n]) ++n;
  return n;
}

// Is the write over, in the same iteration and the same turns of the loops around both, before the read begins?
bool over_before(const BodyAccess& write, const BodyAccess& read, size_t common) {
  if (!write.ordered || !read.ordered) return false;
  const int end = write.frames.size() > common ? write.frames[common]->leave : write.order;
  const int begin = read.frames.size() > common ? read.frames[common]->enter : read.order;
  return end < begin;
}

bool is_subset(const std::vector<Expr>& conditions, const std::vector<Expr>& of) {
  return std::all_of(conditions.begin(), conditions.end(),
                     [&](const Expr& one) { return std::find(of.begin(), of.end(), one) != of.end(); });
}

sets::Dims element_names(size_t rank) {
  sets::Dims out;
  for (size_t d = 0; d < rank; ++d) out.push_back("$" + std::to_string(d));
  return out;
}

// Elements that the access touches, for each value of what is fixed around both.
Set elements_of(const BodyAccess& access, const Subset& subset, size_t common, const symbolic::Facts& facts) {
  const sets::Dims names = element_names(subset.rank());
  sets::Dims dims = names, inner;
  for (size_t k = common; k < access.frames.size(); ++k) inner.push_back(access.frames[k]->variable);
  dims.insert(dims.end(), inner.begin(), inner.end());
  std::vector<Expr> conditions = facts.conditions();
  conditions.insert(conditions.end(), access.conditions.begin(), access.conditions.end());
  for (size_t d = 0; d < subset.rank(); ++d) {
    const symbolic::Range& range = subset.ranges[d];
    const Expr at = Expr::symbol(names[d]);
    if (range.is_index()) {
      conditions.push_back(eq(at, range.begin));
    } else {
      auto step = range.step.as_integer();
      if (!step || *step == INT64_MIN) {
        conditions.push_back(eq(Expr::element("?", {at}), 0));  // not affine: the set is then not exact
        continue;
      }
      conditions.push_back(*step > 0 ? ge(at, range.begin) : le(at, range.begin));
      conditions.push_back(*step > 0 ? lt(at, range.end()) : gt(at, range.end()));
      if (*step != 1 && *step != -1) conditions.push_back(eq(mod(at - range.begin, *step > 0 ? *step : -*step), 0));
    }
  }
  return Set(dims, conditions).without(inner);
}

}  // namespace

bool Dependences::covered(const BodyAccess& read) const {
  const sets::Budget budget;
  const Subset wanted = subset_of(read);
  std::optional<Set> written;
  std::optional<size_t> fixed;
  for (const BodyAccess& write : body_.accesses) {
    if (!write.write || !write.placed || write.wcr != ir::Wcr::none) continue;
    if (write.container != read.container || write.subset.rank() != wanted.rank()) continue;
    const size_t common = common_frames(write, read);
    if (!write.exact && !(write.exact_in_turn && write.frames.size() == common)) continue;
    if (!over_before(write, read, common)) continue;
    if (write.frames.size() == common && write.subset == wanted && is_subset(write.conditions, read.conditions))
      return true;
    // What varies in loops around the write alone has no one value for all of them.
    const bool moving = std::any_of(write.unknowns.begin(), write.unknowns.end(), [&](const std::string& name) {
      auto at = body_.depth.find(name);
      return at != body_.depth.end() && at->second > common;
    });
    if (moving) continue;
    if (fixed && *fixed != common) continue;  // one union for one choice of what is fixed
    fixed = common;
    Set elements = elements_of(write, write.subset, common, facts_);
    if (!elements.exact()) continue;
    written = written ? written->unite(elements) : std::move(elements);
  }
  if (!written) return false;
  return elements_of(read, wanted, *fixed, facts_).subset_of(*written) == symbolic::Truth::yes;
}

bool Dependences::written_before_read(const std::string& container) const {
  for (const BodyAccess& access : body_.accesses) {
    if (access.container != container) continue;
    if (access.write && access.wcr != ir::Wcr::none) return false;  // combining reads
    if (!access.write && !covered(access)) return false;
  }
  return true;
}

bool Dependences::always_written(const std::string& container) const {
  const ir::Container* found = graph_.find(container);
  if (!found) return false;
  BodyAccess all;
  all.container = container;
  all.placed = false;
  all.order = INT32_MAX;
  return covered(all);
}

}  // namespace thalweg::analysis
