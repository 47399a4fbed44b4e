// Intrusive reference counting that a Python object can take over.
//
// A Counted object starts out counted by itself. Once Python has made an object for it, that object is
// the only one there will ever be, and the count lives in the Python object from then on: so `is` works,
// Python attributes survive while C++ alone holds the element, and nothing is freed twice.
#pragma once
#include <atomic>
#include <cstdint>
#include <utility>

namespace thalweg::base {

struct PythonHooks {
  void (*inc_ref)(void* python_object) noexcept = nullptr;
  void (*dec_ref)(void* python_object) noexcept = nullptr;
};
// Filled in once by the Python module; stays empty in C++ programs.
PythonHooks& python_hooks();

class Counted {
 public:
  Counted() = default;
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
  virtual ~Counted() = default;

  void inc_ref() const noexcept;
  void dec_ref() const noexcept;

  // The Python object of this element, or null. Once set it never changes.
  void* python_object() const noexcept {
    uintptr_t word = word_.load(std::memory_order_acquire);
    return word & 1 ? nullptr : reinterpret_cast<void*>(word);
  }
  void set_python_object(void* object) noexcept;

 private:
  mutable std::atomic<uintptr_t> word_{1};  // a count, or the Python object: see counted.cpp
};

template <class T>
class Ref {
 public:
  Ref() = default;
  Ref(std::nullptr_t) {}
  Ref(T* pointer) : pointer_(pointer) {
    if (pointer_) pointer_->inc_ref();
  }
  Ref(const Ref& other) : Ref(other.pointer_) {}
  Ref(Ref&& other) noexcept : pointer_(std::exchange(other.pointer_, nullptr)) {}
  template <class U>
    requires std::is_convertible_v<U*, T*>
  Ref(const Ref<U>& other) : Ref(other.get()) {}
  ~Ref() {
    if (pointer_) pointer_->dec_ref();
  }
  Ref& operator=(Ref other) noexcept {
    std::swap(pointer_, other.pointer_);
    return *this;
  }
  T* get() const { return pointer_; }
  T* operator->() const { return pointer_; }
  T& operator*() const { return *pointer_; }
  explicit operator bool() const { return pointer_ != nullptr; }
  friend bool operator==(const Ref& a, const Ref& b) { return a.pointer_ == b.pointer_; }
  friend bool operator==(const Ref& a, const T* b) { return a.pointer_ == b; }

 private:
  T* pointer_ = nullptr;
};

template <class T, class... Args>
Ref<T> make_ref(Args&&... args) {
  return Ref<T>(new T(std::forward<Args>(args)...));
}

}  // namespace thalweg::base
