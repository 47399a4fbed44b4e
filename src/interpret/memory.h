// Memory blocks and the arrays that lie in them. Every access is checked against the array's extents and against the
// block, so a wrong graph gives a report and never undefined behaviour.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "interpret/failure.h"
#include "interpret/scalar.h"
#include "interpret/stream.h"

namespace thalweg::interpret {

struct Memory {
  std::string name;  // of the container it was made for, for messages
  std::byte* data = nullptr;
  int64_t bytes = 0;
  std::vector<std::byte> storage;    // empty when the caller owns the bytes
  std::vector<uint8_t> written;      // per byte; empty: all written
  std::shared_ptr<int64_t> account;  // bytes of all living memory of one run; null when nobody counts

  bool owned() const { return !storage.empty(); }

  Memory() = default;
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;
  ~Memory() {
    if (account) *account -= bytes;
  }
};
// Memory of our own, holding a pattern that is unlikely to look like a result; not written yet.
std::shared_ptr<Memory> allocate(std::string name, int64_t bytes, std::shared_ptr<int64_t> account = nullptr);

// Where a container's elements are: element (0, 0 ...) is at `offset` bytes of the memory; strides are in elements.
// For streams the memory is a set of channels and the offset counts channels.
struct Array {
  ir::DType dtype;
  std::shared_ptr<Memory> memory;
  std::shared_ptr<Channels> channels;
  int64_t offset = 0;
  std::vector<int64_t> shape, strides;

  bool bound() const { return memory || channels; }
  int64_t item_bytes() const { return channels ? 1 : dtype.bytes(); }
  int64_t num_elements() const;
};

// A memlet's subset with numbers in it.
struct Box {
  std::vector<int64_t> begin, size, step;
  int64_t num_elements() const;
  bool is_element() const;
  // Container indices of an index into the box.
  void at(std::span<const int64_t> index, std::vector<int64_t>& into) const;
};

// Offset of an element in the array's memory, or nothing (and a report) when it is out of bounds.
std::optional<int64_t> locate(const Array& array, std::span<const int64_t> index, const std::string& name, Failure&);
// The same without looking at the extents: where a view or an inner array of an empty subset starts.
int64_t place(const Array& array, std::span<const int64_t> index);

// Reads and writes one element; `at` is checked against the block.
Scalar load(const Array& array, int64_t at, const std::string& name, Failure&);
void store(const Array& array, int64_t at, const Scalar& value, const std::string& name, Failure&);
bool is_written(const Array& array, int64_t at);
void mark_unwritten(const Array& array, int64_t at);

// Calls visit(index) for every index of the extents in row-major order; stops when it returns false.
template <class Visit>
void for_each_index(const std::vector<int64_t>& extents, Visit&& visit) {
  for (int64_t extent : extents)
    if (extent <= 0) return;
  std::vector<int64_t> index(extents.size(), 0);
  while (true) {
    if (!visit(index)) return;
    size_t d = extents.size();
    while (d > 0 && ++index[d - 1] == extents[d - 1]) index[--d] = 0;
    if (d == 0) return;
  }
}

}  // namespace thalweg::interpret
