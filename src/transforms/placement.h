// A container that stands for a subset of another one: where its elements lie there.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "ir/sdfg.h"

namespace thalweg::transforms {

class Placement {
 public:
  // Elements of a container of this shape, in row-major order, are those of `base` of container `data`; extents of 1
  // may be dropped or added. Nothing where the dimensions do not correspond.
  static std::optional<Placement> of(const std::vector<symbolic::Expr>& shape, std::string data, symbolic::Subset base);

  const std::string& data() const { return data_; }
  // The same elements as a subset of `data`.
  symbolic::Subset at(const symbolic::Subset& subset) const;
  // Does dimension k lie along dimension k?
  bool aligned() const { return aligned_; }
  // For each dimension of `data` the dimension of the container that lies along it; -1: none, a single index.
  const std::vector<int>& dimensions() const { return dimension_; }
  const symbolic::Subset& base() const { return base_; }

 private:
  std::string data_;
  symbolic::Subset base_;
  std::vector<int> dimension_;
  bool aligned_ = false;
};

}  // namespace thalweg::transforms
