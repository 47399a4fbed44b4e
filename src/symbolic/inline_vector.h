// A vector whose first N elements need no allocation: operand and term lists are nearly always short.
#pragma once
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace thalweg::symbolic {

template <class T, size_t N>
class InlineVector {
 public:
  InlineVector() = default;
  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  T* data() { return size_ <= N ? inline_ : heap_.data(); }
  const T* data() const { return size_ <= N ? inline_ : heap_.data(); }
  T* begin() { return data(); }
  T* end() { return data() + size_; }
  const T* begin() const { return data(); }
  const T* end() const { return data() + size_; }
  T& operator[](size_t i) { return data()[i]; }
  const T& operator[](size_t i) const { return data()[i]; }
  T& back() { return data()[size_ - 1]; }
  operator std::span<const T>() const { return {data(), size_}; }

  void push_back(T value) {
    if (size_ < N) {
      inline_[size_++] = std::move(value);
      return;
    }
    if (size_ == N) heap_.assign(std::make_move_iterator(inline_), std::make_move_iterator(inline_ + N));
    heap_.push_back(std::move(value));
    ++size_;
  }
  // Drops everything from `size` on.
  void shrink(size_t size) {
    if (size_ > N && size <= N)
      for (size_t i = 0; i < size; ++i) inline_[i] = std::move(heap_[i]);
    if (size_ > N) heap_.resize(size <= N ? 0 : size);
    size_ = size;
  }
  void erase(size_t at) {
    T* items = data();
    for (size_t i = at + 1; i < size_; ++i) items[i - 1] = std::move(items[i]);
    shrink(size_ - 1);
  }

 private:
  T inline_[N];
  std::vector<T> heap_;
  size_t size_ = 0;
};

}  // namespace thalweg::symbolic
