#include "interpret/memory.h"

#include <algorithm>

namespace thalweg::interpret {

std::shared_ptr<Memory> allocate(std::string name, int64_t bytes, std::shared_ptr<int64_t> account) {
  auto memory = std::make_shared<Memory>();
  memory->name = std::move(name);
  memory->bytes = bytes;
  // At least one byte, so that an empty array has an address too.
  memory->storage.assign(static_cast<size_t>(std::max<int64_t>(bytes, 1)), std::byte{0xCB});
  memory->data = memory->storage.data();
  memory->written.assign(static_cast<size_t>(bytes), 0);
  memory->account = std::move(account);
  if (memory->account) *memory->account += bytes;
  return memory;
}

int64_t Array::num_elements() const {
  int64_t count = 1;
  for (int64_t extent : shape) count *= extent;
  return count;
}

int64_t Box::num_elements() const {
  int64_t count = 1;
  for (int64_t extent : size) count *= extent;
  return count;
}

bool Box::is_element() const {
  return std::all_of(size.begin(), size.end(), [](int64_t extent) { return extent == 1; });
}

void Box::at(std::span<const int64_t> index, std::vector<int64_t>& into) const {
  into.resize(begin.size());
  for (size_t d = 0; d < begin.size(); ++d) into[d] = begin[d] + index[d] * step[d];
}

int64_t place(const Array& array, std::span<const int64_t> index) {
  // Modular arithmetic: an address far outside wraps somewhere and is then refused like any other.
  uint64_t element = 0;
  for (size_t d = 0; d < index.size() && d < array.strides.size(); ++d)
    element += static_cast<uint64_t>(index[d]) * static_cast<uint64_t>(array.strides[d]);
  return static_cast<int64_t>(static_cast<uint64_t>(array.offset) +
                              element * static_cast<uint64_t>(array.item_bytes()));
}

namespace {

// A scalar may be subscripted with zeros: (0,) and () mean the same element.
bool inside(const Array& array, std::span<const int64_t> index, const std::string& name, Failure& failure) {
  const bool scalar = array.shape.empty() && std::all_of(index.begin(), index.end(), [](int64_t i) { return i == 0; });
  if (!scalar && index.size() != array.shape.size()) {
    failure.bug("'" + name + "' has " + std::to_string(array.shape.size()) + " dimensions but " +
                std::to_string(index.size()) + " indices are given");
    return false;
  }
  for (size_t d = 0; d < array.shape.size(); ++d) {
    if (index[d] >= 0 && index[d] < array.shape[d]) continue;
    failure.bug("index " + std::to_string(index[d]) + " is out of bounds for dimension " + std::to_string(d) + " of '" +
                name + "' with size " + std::to_string(array.shape[d]));
    return false;
  }
  return true;
}

bool in_block(const Array& array, int64_t at, const std::string& name, Failure& failure) {
  const int64_t bytes = array.dtype.bytes();
  if (array.memory && at >= 0 && at <= array.memory->bytes - bytes) return true;
  failure.bug(array.memory ? "'" + name + "' reaches outside the memory of '" + array.memory->name + "' (byte " +
                                 std::to_string(at) + " of " + std::to_string(array.memory->bytes) + ")"
                           : "'" + name + "' has no memory here");
  return false;
}

}  // namespace

std::optional<int64_t> locate(const Array& array, std::span<const int64_t> index, const std::string& name,
                              Failure& failure) {
  if (!inside(array, index, name, failure)) return std::nullopt;
  return place(array, index);
}

bool is_written(const Array& array, int64_t at) {
  const std::vector<uint8_t>& written = array.memory->written;
  if (written.empty()) return true;
  for (int64_t i = 0; i < array.dtype.bytes(); ++i)
    if (!written[static_cast<size_t>(at + i)]) return false;
  return true;
}

void mark_unwritten(const Array& array, int64_t at) {
  std::vector<uint8_t>& written = array.memory->written;
  if (!written.empty()) std::fill_n(written.begin() + at, array.dtype.bytes(), uint8_t{0});
}

Scalar load(const Array& array, int64_t at, const std::string& name, Failure& failure) {
  Scalar value{array.dtype, {}};
  if (!in_block(array, at, name, failure)) return value;
  std::memcpy(value.bytes.data(), array.memory->data + at, static_cast<size_t>(array.dtype.bytes()));
  return value;
}

void store(const Array& array, int64_t at, const Scalar& value, const std::string& name, Failure& failure) {
  if (!in_block(array, at, name, failure)) return;
  std::memcpy(array.memory->data + at, value.bytes.data(), static_cast<size_t>(array.dtype.bytes()));
  std::vector<uint8_t>& written = array.memory->written;
  if (!written.empty()) std::fill_n(written.begin() + at, array.dtype.bytes(), uint8_t{1});
}

}  // namespace thalweg::interpret
