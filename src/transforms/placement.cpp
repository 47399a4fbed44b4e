#include "transforms/placement.h"

namespace thalweg::transforms {

using symbolic::Expr;
using symbolic::Range;
using symbolic::Subset;

namespace {

bool same(const Expr& a, const Expr& b) { return a == b || (a - b).is(0); }

}  // namespace

std::optional<Placement> Placement::of(const std::vector<Expr>& shape, std::string data, Subset base) {
  Placement out;
  out.data_ = std::move(data);
  out.dimension_.assign(base.rank(), -1);
  out.aligned_ = shape.size() == base.rank();
  for (size_t d = 0; d < shape.size() && out.aligned_; ++d) out.aligned_ = same(shape[d], base.ranges[d].size);
  if (out.aligned_) {
    for (size_t d = 0; d < shape.size(); ++d) out.dimension_[d] = static_cast<int>(d);
  } else {
    size_t d = 0;
    for (size_t k = 0; k < shape.size(); ++k) {
      if (shape[k].is(1)) continue;
      while (d < base.rank() && base.ranges[d].size.is(1)) ++d;
      if (d == base.rank() || !same(shape[k], base.ranges[d].size)) return std::nullopt;
      out.dimension_[d++] = static_cast<int>(k);
    }
    for (; d < base.rank(); ++d)
      if (!base.ranges[d].size.is(1)) return std::nullopt;
  }
  out.base_ = std::move(base);
  return out;
}

Subset Placement::at(const Subset& subset) const {
  Subset out = base_;
  for (size_t d = 0; d < dimension_.size(); ++d) {
    if (dimension_[d] < 0) continue;
    const Range& inner = subset.ranges[static_cast<size_t>(dimension_[d])];
    const Range& outer = base_.ranges[d];
    out.ranges[d] = {outer.begin + inner.begin * outer.step, inner.size, inner.step * outer.step};
  }
  return out;
}

}  // namespace thalweg::transforms
