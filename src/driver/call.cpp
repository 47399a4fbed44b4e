#include "driver/call.h"

namespace thalweg::driver {

MemoryExtent extent_of(const CallArgument& array) {
  const char *low = array.data, *high = array.data + array.dtype.bytes();
  for (int d = 0; d < array.rank; ++d) {
    if (array.shape[d] == 0) return {};  // touches nothing: overlaps nothing
    int64_t reach = (array.shape[d] - 1) * array.strides[d];
    (reach < 0 ? low : high) += reach;
  }
  return {low, high};
}

void append_key(const CallArgument& argument, SignatureKey& key) {
  uint64_t head = static_cast<uint64_t>(argument.kind) | static_cast<uint64_t>(argument.dtype.id) << 8;
  if (argument.kind == CallArgument::Kind::array)
    head |= static_cast<uint64_t>(argument.rank) << 32 | static_cast<uint64_t>(argument.contiguous) << 40;
  key.push_back(head);
  if (argument.kind == CallArgument::Kind::fixed) key.push_back(reinterpret_cast<uint64_t>(argument.fixed));
}

}  // namespace thalweg::driver
