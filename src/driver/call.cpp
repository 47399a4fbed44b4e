#include "driver/call.h"

#include <algorithm>
#include <cstring>

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

bool elements_may_share_memory(const CallArgument& array) {
  std::array<std::pair<int64_t, int64_t>, kMaxRank> dims;  // stride, extent
  size_t count = 0;
  for (int d = 0; d < array.rank; ++d) {
    if (array.shape[d] == 0) return false;
    if (array.shape[d] > 1) dims[count++] = {std::abs(array.strides[d]), array.shape[d]};
  }
  std::sort(dims.begin(), dims.begin() + static_cast<std::ptrdiff_t>(count));
  int64_t covered = array.dtype.bytes();
  for (size_t k = 0; k < count; ++k) {
    if (dims[k].first < covered) return true;
    covered += (dims[k].second - 1) * dims[k].first;
  }
  return false;
}

void append_key(const CallArgument& argument, SignatureKey& key) {
  uint64_t head = static_cast<uint64_t>(argument.kind) | static_cast<uint64_t>(argument.dtype.id) << 8;
  if (argument.kind == CallArgument::Kind::array)
    head |= static_cast<uint64_t>(argument.rank) << 32 | static_cast<uint64_t>(argument.contiguous) << 40 |
            static_cast<uint64_t>(argument.writeable) << 41 | static_cast<uint64_t>(argument.shared) << 42 |
            static_cast<uint64_t>(argument.state_of != nullptr) << 43;
  if (argument.kind == CallArgument::Kind::sparse)
    head |= static_cast<uint64_t>(argument.sparse.format) << 32 | static_cast<uint64_t>(argument.sparse.is_array) << 40;
  if (argument.kind == CallArgument::Kind::structure)
    head |= static_cast<uint64_t>(static_cast<uint32_t>(argument.same_as)) << 32;
  key.push_back(head);
  if (argument.kind != CallArgument::Kind::fixed && argument.kind != CallArgument::Kind::structure) return;
  key.push_back(argument.fixed.size());
  for (size_t at = 0; at < argument.fixed.size(); at += sizeof(uint64_t)) {
    uint64_t word = 0;
    std::memcpy(&word, argument.fixed.data() + at, std::min(sizeof word, argument.fixed.size() - at));
    key.push_back(word);
  }
}

}  // namespace thalweg::driver
