// Append-only tables of named rows. Kinds that backends and users extend (dtypes, storages, schedules ...) are rows
// here and never cases of a switch; a row's id is its position, names are unique.
#pragma once
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace thalweg::base {

template <class Row>
class Registry {
 public:
  // Returns the id of the row with this name, adding it if it is new (an existing row is left as it is).
  uint16_t add(Row row) {
    std::lock_guard lock(mutex_);
    for (size_t i = 0; i < rows_.size(); ++i)
      if (rows_[i].name == row.name) return static_cast<uint16_t>(i);
    rows_.push_back(std::move(row));
    return static_cast<uint16_t>(rows_.size() - 1);
  }
  std::optional<uint16_t> find(std::string_view name) const {
    std::lock_guard lock(mutex_);
    for (size_t i = 0; i < rows_.size(); ++i)
      if (rows_[i].name == name) return static_cast<uint16_t>(i);
    return std::nullopt;
  }
  const Row& row(uint16_t id) const {
    std::lock_guard lock(mutex_);
    TW_CHECK(id < rows_.size(), "row id out of range");
    return rows_[id];  // rows never move: a deque
  }
  size_t size() const {
    std::lock_guard lock(mutex_);
    return rows_.size();
  }

 private:
  mutable std::mutex mutex_;
  std::deque<Row> rows_;
};

}  // namespace thalweg::base
