#include "ir/container.h"

namespace thalweg::ir {

std::vector<symbolic::Expr> contiguous_strides(const std::vector<symbolic::Expr>& shape) {
  std::vector<symbolic::Expr> strides(shape.size());
  symbolic::Expr stride = 1;
  for (size_t d = shape.size(); d-- > 0;) {
    strides[d] = stride;
    stride = stride * shape[d];
  }
  return strides;
}

bool is_contiguous(const ContainerFields& fields) {
  return fields.offset.is(0) && fields.strides == contiguous_strides(fields.shape);
}

symbolic::Expr total_elements(const std::vector<symbolic::Expr>& shape) {
  symbolic::Expr total = 1;
  for (const auto& extent : shape) total = total * extent;
  return total;
}

}  // namespace thalweg::ir
