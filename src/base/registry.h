// Append-only tables of named rows. Kinds that backends and users extend (dtypes, storages, schedules ...) are rows
// here and never cases of a switch; a row's id is its position, names are unique.
#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace thalweg::base {

// Rows are read without a lock, at every call of a program: they stand in chunks that never move, and the count is
// raised behind a row that is complete.
template <class Row>
class Registry {
 public:
  // Returns the id of the row with this name, adding it if it is new (an existing row is left as it is).
  uint16_t add(Row row) {
    std::lock_guard lock(adding_);
    if (auto found = find(row.name)) return *found;
    const size_t id = size();
    TW_CHECK(id < kChunks * kRows, "the table is full");
    auto& chunk = chunks_[id / kRows];
    if (!chunk) chunk = std::make_unique<std::array<Row, kRows>>();
    (*chunk)[id % kRows] = std::move(row);
    size_.store(id + 1, std::memory_order_release);
    return static_cast<uint16_t>(id);
  }
  std::optional<uint16_t> find(std::string_view name) const {
    for (size_t i = 0, count = size(); i < count; ++i)
      if (at(i).name == name) return static_cast<uint16_t>(i);
    return std::nullopt;
  }
  const Row& row(uint16_t id) const {
    TW_CHECK(id < size(), "row id out of range");
    return at(id);
  }
  size_t size() const { return size_.load(std::memory_order_acquire); }

 private:
  static constexpr size_t kRows = 32, kChunks = 128;
  const Row& at(size_t id) const { return (*chunks_[id / kRows])[id % kRows]; }

  std::mutex adding_;
  std::atomic<size_t> size_ = 0;
  std::array<std::unique_ptr<std::array<Row, kRows>>, kChunks> chunks_;
};

}  // namespace thalweg::base
